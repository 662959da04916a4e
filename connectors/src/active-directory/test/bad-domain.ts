import { entryMessage } from '../fake/answer.ts';
import { sequence, valuesIn } from '../fake/ber.ts';
import { withValues } from '../fake/faults.ts';
import type { Plant } from '../fake/plant.ts';
import type { Request } from '../fake/request.ts';
import type { DomainFake } from '../fake/vendor.ts';

/** What can go wrong, in the words of the tests of bad input. */
interface Turn {
  readonly how: string;
  readonly from: number;
  readonly most?: number;
}

/** A domain whose answers to searches are spoilt. Its lists have two entries to a page. */
export const openBadDomain = async (fake: DomainFake, large: string) => {
  fake.capPages(2);
  const running = await fake.start();
  let turned: Turn | null = null;
  let answers = 0;
  let isLargeSent = false;
  const withLarge: Plant = {
    kind: 'alter',
    entry: (entry) => [
      withValues(entry, (name, values) => {
        if (isLargeSent || !words.has(name.toLowerCase())) return values;
        isLargeSent = true;
        return [Buffer.from(large)];
      }),
    ],
  };
  fake.faults.besides((request) => {
    if (request.kind !== 'search') return undefined;
    const before = answers++;
    if (turned === null || before < turned.from) return undefined;
    if (before >= (turned.most ?? Number.POSITIVE_INFINITY)) return webPage;
    if (turned.how === 'a refusal of every credential') {
      // Who is signed in is thrown out, and the password has expired.
      fake.faults.refuseCredentials('532');
      return { kind: 'goAway', afterEntries: 0 };
    }
    return turned.how === 'a text of 10 MB' ? withLarge : plants[turned.how]?.(request);
  });
  return {
    settings: fake.settings(running.origin),
    ...(fake.nearby && { nearby: fake.nearby }),
    secrets: () => fake.secrets,
    turn(next: Turn | null) {
      turned = next;
      answers = 0;
      isLargeSent = false;
      fake.faults.refuseCredentials(null);
    },
    answers: () => answers,
    close: running.close,
  };
};

const webPage: Plant = { kind: 'bytes', bytes: Buffer.from('HTTP/1.1 200 OK\r\n\r\n<!doctype html><p>Sign in</p>') };

const plants: Readonly<Record<string, (request: Request) => Plant>> = {
  'a web page': () => webPage,
  'something that breaks off': ({ id }) => {
    const whole = entryMessage(id, {
      dn: 'CN=Ada',
      attributes: [{ name: 'cn', values: [Buffer.from('Ada Lovelace')] }],
    });
    const content = valuesIn(whole)[0]?.content ?? whole;
    return { kind: 'bytes', bytes: sequence(content.subarray(0, content.length - 7)) };
  },
  'with half an answer': () => ({ kind: 'cut' }),
  'what leads back': () => ({ kind: 'firstPage' }),
  'everything twice': () => ({ kind: 'alter', entry: (entry) => [entry, entry] }),
};

const words: ReadonlySet<string> = new Set([
  'displayname',
  'description',
  'department',
  'trustpartner',
  'samaccountname',
]);
