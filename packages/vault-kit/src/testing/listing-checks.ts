import { unexplained } from '@gatehouse/fields/testing';
import { isSecretName } from '@gatehouse/host';
import { overhear, textsOf } from '@gatehouse/host/testing';
import type { Listing } from '../vault.ts';
import { type Check, claim, type Process, type Subject, secretOf, type Trial, withTrial } from './trial.ts';
import { strangeness, type VaultFake } from './vault-fake.ts';

export const settingsAreExplained: Check = {
  name: 'every setting has a title and a sentence, and no plain text smells of a secret',
  async prove({ vault }) {
    const [problem] = unexplained(vault.config, isSecretName);
    claim(problem === undefined, problem ?? '');
    claim(/^[a-z][a-z0-9-]*$/.test(vault.id) && vault.summary.endsWith('.'), 'id or summary are missing');
  },
};

export const listingsAreStable: Check = {
  name: 'a listing names every credential once, in words for people, and in the same way at every listing',
  prove: (subject) =>
    withTrial(subject, async (trial) => {
      const listings = await trial.process().list();
      claim(listings.length > 0, 'nothing is listed');
      const names = listings.map(({ credential }) => credential);
      claim(new Set(names).size === names.length, 'a credential is listed twice');
      for (const { credential, label, username } of listings) {
        claim(
          credential.length >= 1 && credential.length <= 500,
          `${label} is named by ${credential.length} characters`,
        );
        claim(label.trim() !== '' && username.trim() !== '', `${credential} has no label or no name`);
      }
      const again = await trial.process().list();
      claim(JSON.stringify(again) === JSON.stringify(listings), 'another listing has other words for the same');
      claim(trial.fake.held().length === 0, `listing took ${trial.fake.held().join(', ')}`);
      claimPlain(trial.traces);
    }),
};

export const secretsStaySecret: Check = {
  name: 'no secret and no token is in any listing, trace, log line, error or JSON',
  async prove(subject) {
    const printed: string[] = [];
    const restore = overhear(printed);
    try {
      for (const turn of waysToFail) {
        await withTrial(subject, async (trial) => {
          const seen: Record<string, unknown> = {};
          const process = trial.process();
          const listings = await process.list();
          turn(trial.fake);
          for (const [i, act] of actsOf(process, trial, listings).entries()) {
            seen[`outcome ${i}`] = await act().catch((error: unknown) => error);
          }
          trial.fake.answerStrange(null, 'shape');
          const texts = textsOf({ ...seen, listings, traces: trial.traces, log: trial.log, printed });
          const all = [...subject.secrets, ...trial.fake.secrets()];
          claimAbsent(all, { ...texts, kept: [...trial.kept.values()].join('\n') });
          claimAbsent(trial.fake.unspoken(), texts);
        });
      }
    } finally {
      restore();
    }
  },
};

const waysToFail: readonly ((fake: VaultFake) => void)[] = [
  () => undefined,
  (fake) => fake.refuseCredentials(),
  (fake) => fake.expireTokens(),
  (fake) => fake.decide(() => 'lost'),
  ...strangeness.flatMap((how) => [
    (fake: VaultFake) => fake.answerStrange('log-ins', how),
    (fake: VaultFake) => fake.answerStrange('others', how),
  ]),
];

const actsOf = (process: Process, trial: Trial, listings: readonly Listing[]): readonly (() => Promise<unknown>)[] => [
  () => process.check(),
  () => trial.process().check(),
  () => trial.process().list(),
  ...listings.flatMap((listing) => {
    const lease = trial.lease(listing);
    return [() => process.ask(lease), () => process.retrieve(lease), () => process.release(lease)];
  }),
];

const claimAbsent = (secrets: readonly string[], texts: Readonly<Record<string, string>>): void => {
  for (const secret of secrets) {
    for (const [where, text] of Object.entries(texts)) {
      claim(!text.includes(secret), `a secret beginning with "${secret.slice(0, 4)}" is in: ${where}`);
    }
  }
};

/** Names with everything that quotes, patterns, paths, filters and logs give a meaning to. */
const hostile = [
  "o'brien",
  'a"b',
  'two\nlines',
  '*',
  '%',
  'web%25_',
  'a?b#c&d=e',
  '../up',
  '..',
  '(cn=*)',
  'semi;colon',
  'c[1]',
  'Zoë',
  '{hostname}',
  '$(id)',
];

export const hostileNames: Check = {
  name: 'a name with quotes, line breaks, wildcards or slashes is asked for exactly, or not at all',
  async prove(subject) {
    let asked = 0;
    for (const name of hostile) {
      asked += await tryName(subject, { hostname: name, person: subject.person });
      asked += await tryName(subject, { hostname: 'plain-host', person: name });
    }
    claim(asked > 0, 'no hostile name could be asked for, so nothing was tried');
  },
};

/** How often the name found what it names: 0 or 1. */
const tryName = (subject: Subject, { hostname, person }: { hostname: string; person: string }): Promise<number> =>
  withTrial(subject, async (trial) => {
    const process = trial.process();
    const endpointOf = (name: string) => ({ ...subject.endpoint, hostname: name, address: null, domain: null });
    const endpoint = endpointOf(hostname);
    const list = (where = endpoint) => process.list({ person, endpoint: where }).catch(() => []);
    const everywhere = (await list(endpointOf('no-such-host'))).map(({ credential }) => credential);
    const before = (await list()).map(({ credential }) => credential);
    const wrong = before.filter((one) => !everywhere.includes(one));
    claim(wrong.length === 0, `${JSON.stringify([hostname, person])} finds what belongs to others: ${wrong.join()}`);
    const enrolled = trial.fake.enrol(person, hostname);
    const added = (await list()).filter(({ credential }) => !before.includes(credential));
    claimPlain(trial.traces);
    const [listing] = added;
    const most = enrolled === null ? 0 : 1;
    claim(added.length === most, `${JSON.stringify([hostname, person])} finds ${added.length} instead of ${most}`);
    if (listing === undefined || enrolled === null) return 0;
    const lease = { ...trial.lease(listing), person, endpoint };
    const secret = secretOf(await process.retrieve(lease));
    claim(secret === enrolled.secret, `${JSON.stringify([hostname, person])} hands out what belongs to another name`);
    await process.release(lease);
    return 1;
  });

const claimPlain = (traces: readonly string[]): void => {
  for (const line of traces) {
    claim(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(line) && line.length <= 1_000, `a trace is no line: ${JSON.stringify(line)}`);
  }
  claim(traces.length > 0, 'nothing was traced: nobody can find out which names were asked for');
};
