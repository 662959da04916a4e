import type { FakeVendor } from '@gatehouse/connector-kit/testing';
import { type BadVendor, large, type Turn } from './bad-vendor.ts';
import { openProxy, type Passed } from './spoiling-proxy.ts';

/** What differs between vendors that speak HTTP. */
export interface Web {
  readonly fake: FakeVendor & { settings(origin: string): Readonly<Record<string, unknown>> };
  /** Paths of what is asked to sign in and out. */
  readonly door: RegExp;
  /** The vendor's words for a credential that is good no more. */
  readonly refusal: string;
  /** Whether the door refuses too; else it goes on handing out what is refused then. */
  readonly isDoorShut: boolean;
  /** Lists that go on by a number in the query of this name, and by no link. */
  readonly offset?: string;
}

/** A vendor behind a proxy that spoils its answers. Its lists have two items to a page. */
export const openBadWeb = async ({ fake, door, refusal, isDoorShut, offset }: Web): Promise<BadVendor> => {
  const running = await fake.start();
  const proxy = await openProxy(running.origin);
  const settings = fake.settings(proxy.origin);
  let turned: Turn | null = null;
  let answers = 0;
  let isLargeSent = false;
  /** By path: where its list began. */
  const began = new Map<string, { readonly url: string; readonly answer: Passed }>();

  const leadingBack = (answer: Passed, url: string): Passed => {
    const path = url.split('?')[0] ?? '';
    const first = began.get(path) ?? { url, answer };
    began.set(path, first);
    if (offset !== undefined) return new URL(url, proxy.origin).searchParams.has(offset) ? first.answer : answer;
    return answer.headers.link === undefined ? linkedTo(first.url, answer) : answer;
  };
  const withLarge = (answer: Passed): Passed => {
    if (isLargeSent || !/^\s*[[{]/.test(answer.body)) return answer;
    const body = JSON.stringify(JSON.parse(answer.body), (key, value: unknown) => {
      if (isLargeSent || !words.has(key) || typeof value !== 'string') return value;
      isLargeSent = true;
      return large;
    });
    return { ...answer, body };
  };
  const spoilt = (answer: Passed, url: string, { how }: Turn): Passed => {
    switch (how) {
      case 'a web page':
        return webPage(answer);
      case 'something that breaks off':
        return { ...answer, body: answer.body.slice(0, answer.body.length - 7) };
      case 'with half an answer':
        return { ...answer, isCut: true };
      case 'a refusal of every credential': {
        const { date } = answer.headers;
        return { status: 401, headers: { 'content-type': 'application/json', date }, body: refusal };
      }
      case 'what leads back':
        return leadingBack(answer, url);
      case 'everything twice':
        return { ...answer, body: doubled(answer.body) };
      case 'a text of 10 MB':
        return withLarge(answer);
    }
  };

  proxy.spoil = (answer, { url }) => {
    const path = url.split('?')[0] ?? '';
    const isAtDoor = door.test(path);
    if (turned === null || (turned.only && !turned.only.test(path))) {
      if (!isAtDoor) answers++;
      return answer;
    }
    if (isAtDoor)
      return isDoorShut && turned.how === 'a refusal of every credential' ? spoilt(answer, url, turned) : answer;
    const before = answers++;
    if (before < turned.from) return answer;
    return before >= (turned.most ?? Number.POSITIVE_INFINITY) ? webPage(answer) : spoilt(answer, url, turned);
  };
  return {
    settings,
    secrets: () => fake.secrets,
    turn(next) {
      turned = next;
      answers = 0;
      isLargeSent = false;
      began.clear();
      // Where places are numbers, a list of which everything comes twice cannot be cut in the middle.
      fake.capPages(offset !== undefined && next?.how === 'everything twice' ? 1_000 : 2);
    },
    answers: () => answers,
    async close() {
      await proxy.close();
      await running.close();
    },
  };
};

const words: ReadonlySet<string> = new Set([
  ...['name', 'label', 'description', 'title', 'note', 'displayMessage', 'firstName', 'department'],
  // Not `Name`, by which Password Safe tells its administrators.
  ...['Description', 'Title', 'SystemName', 'AccountName', 'AssetName', 'UserName', 'DisplayName', 'Section'],
]);

const webPage = (answer: Passed): Passed => ({
  ...answer,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Sign in to the proxy</title><form><input name="password"></form>',
});

/** The answer with a next link, where it holds a list. */
const linkedTo = (url: string, answer: Passed): Passed =>
  /^\[|:\[\{/.test(answer.body) ? { ...answer, headers: { ...answer.headers, link: `<${url}>; rel="next"` } } : answer;

/** The body with every list in it twice, also the one inside an object, which may say how long it is. */
const doubled = (body: string): string => {
  if (!/^\s*[[{]/.test(body)) return body;
  const value: unknown = JSON.parse(body);
  if (Array.isArray(value)) return JSON.stringify([...value, ...value]);
  const parts = Object.entries({ ...(value as object) }).map(([name, one]) => {
    if (name === 'TotalCount') return [name, Number(one) * 2];
    return [name, Array.isArray(one) && one.some((item) => typeof item === 'object') ? [...one, ...one] : one];
  });
  return JSON.stringify(Object.fromEntries(parts));
};
