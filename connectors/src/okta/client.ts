import { readPrivateKey, type SigningKey } from '@gatehouse/connector-kit';
import { type Answer, type Host, type OutgoingRequest, type Readable, readable, statusOf } from '@gatehouse/host';
import { Fault, type Secret, toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import { explain, isAbsent } from './refusal.ts';
import type { Scope } from './scopes.ts';
import { createSession, type Session } from './session.ts';
import { linkOf, listAt } from './shapes.ts';
import { createTokenSource, type TokenSource } from './token.ts';

/** One page of one of Okta's lists, without what of it cannot be read. */
export interface Listing<T> extends Readable<T> {
  /** Path of the next page; null on the last one. */
  readonly next: string | null;
}

export interface OktaClient {
  readonly origin: string;
  readonly clientId: string;
  readonly session: Session;
  readonly tokens: TokenSource;
  /** Okta's time, as well as its answers tell it. */
  now(): Date;
  get<S extends z.ZodType>(path: string, shape: S): Promise<Answer<z.output<S>>>;
  /** Null for what Okta says is not there. */
  find<S extends z.ZodType>(path: string, shape: S): Promise<Answer<z.output<S>> | null>;
  /** A bare list with its next page in the Link header. */
  list<S extends z.ZodType>(path: string, item: S): Promise<Listing<z.output<S>>>;
  /**
   * One page of a list that belongs to an item: `first`, or `from` further on. Empty where the item is gone; a page
   * further on that Okta no longer knows is a Fault, because its records are not gone.
   */
  listOf<S extends z.ZodType>(first: string, from: string | null, item: S): Promise<Listing<z.output<S>>>;
  /** A list inside an object with its next page in `_links`, as all of `/api/v1/iam` has it. */
  listIn<S extends z.ZodType>(path: string, name: string, item: S): Promise<Listing<z.output<S>>>;
  /** All of a list that is small by nature, such as the permissions of a role; null where it is gone. */
  allIn<S extends z.ZodType>(path: string, name: string, item: S): Promise<Readable<z.output<S>> | null>;
  /** Whether a path can be read at all. What the organisation does not have can be, as nothing. */
  probe(path: string, ...needed: readonly Scope[]): Promise<void>;
}

export const createClient = (
  host: Host,
  of: { origin: string; clientId: string; keyId: string | null; privateKey: Secret },
): OktaClient => {
  const { origin, clientId, keyId } = of;
  const { clock } = host;
  let key: Promise<SigningKey> | null = null;
  const tokens = createTokenSource({
    ...{ http: host.http({ origin, system: 'Okta', bucket: () => 'sign-in' }), clock, origin, clientId, keyId },
    signal: host.signal,
    key: () => (key ??= readPrivateKey(of.privateKey, keyWords)),
  });
  const session = createSession(tokens, () => clock.now());
  let learned = false;
  const http = host.http({
    ...{ origin, system: 'Okta', bucket, authorize: session.authorize },
    explain: (refusal) => {
      learned = session.learn(refusal.headers) || learned;
      return explain(refusal);
    },
  });

  /** A refusal may teach something, once each: a nonce for the proofs, and that the token is over. */
  const get = async <S extends z.ZodType>(path: string, shape: S): Promise<Answer<z.output<S>>> => {
    const learnt = { nonce: false, token: false };
    for (;;) {
      const generation = await session.generation();
      try {
        const answer = await http.request(path, shape);
        session.learn(answer.headers);
        return answer;
      } catch (error) {
        const status = statusOf(error);
        if (learned && !learnt.nonce && (status === 400 || status === 401)) {
          learned = false;
          learnt.nonce = true;
        } else if (status === 401 && !learnt.token && toFault(error).kind === 'unauthorized') {
          session.renew(generation);
          learnt.token = true;
        } else {
          throw error;
        }
      }
    }
  };

  const find: OktaClient['find'] = (path, shape) => unlessGone(get(path, shape));

  const listIn: OktaClient['listIn'] = async (path, name, item) => {
    const { body, next } = await get(path, listNamed(name));
    return { ...itemsIn(listAt(body, name), item), next: next ?? toPath(linkOf(body, 'next'), origin) };
  };

  return {
    ...{ origin, clientId, session, tokens, get, find },
    now: () => new Date(clock.now().getTime() + tokens.skewMs()),
    async list(path, item) {
      const { body, next } = await get(path, anyList);
      return { ...itemsIn(body, item), next };
    },
    async listOf(first, from, item) {
      const answer = from === null ? await find(first, anyList) : await get(from, anyList);
      return answer === null ? nothing : { ...itemsIn(answer.body, item), next: answer.next };
    },
    listIn,
    async allIn(first, name, item) {
      const found: z.output<typeof item>[] = [];
      const leftOut: string[] = [];
      const seen = new Set<string>();
      for (let path: string | null = first; path !== null; ) {
        if (seen.has(path)) throw endless(path);
        seen.add(path);
        const asked: Promise<Listing<z.output<typeof item>>> = listIn(path, name, item);
        // Only the first page says that it is gone; one further on was forgotten, and the read begins anew.
        const page: Listing<z.output<typeof item>> | null = await (path === first ? unlessGone(asked) : asked);
        if (page === null) return null;
        found.push(...page.items);
        leftOut.push(...page.leftOut);
        path = page.next;
      }
      return { items: found, leftOut };
    },
    async probe(path, ...needed) {
      await session.require(...needed);
      try {
        await get(path, z.unknown());
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },
  };
};

/** Null for what Okta says is not there. */
export const unlessGone = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
};

export const nothing: Listing<never> = { items: [], leftOut: [], next: null };

export const anyList = z.array(z.unknown());

/** The list may be null or missing where nothing is in it; something without `_links` is another answer. */
const listNamed = (name: string) =>
  z.union([
    z.looseObject({ [name]: anyList }),
    z.looseObject({ [name]: z.null().optional(), _links: z.looseObject({}) }),
  ]);

export const itemsIn = <S extends z.ZodType>(list: readonly unknown[], item: S): Readable<z.output<S>> =>
  readable(list, (one) => {
    const parsed = item.safeParse(one);
    if (parsed.success) return parsed.data;
    throw new Fault('unexpected', 'Okta sent a record that cannot be read.', z.prettifyError(parsed.error));
  });

const keyWords = {
  setting: 'Private key',
  right: 'the private key that Okta showed when it was generated',
  again: 'Generate a new key in Okta and copy all of it.',
};

export const endless = (path: string): Fault =>
  new Fault(
    'unexpected',
    'Okta sent the same page again and again. The next run tries once more.',
    `the next link of ${path.slice(0, 300)} leads back`,
  );

/** An address of our own organisation as a path. Any other is left as it is: the host refuses it. */
const toPath = (address: string | null, origin: string): string | null => {
  const url = address === null ? null : URL.parse(address, origin);
  return url === null || url.origin !== origin ? address : `${url.pathname}${url.search}`;
};

/** Okta counts requests per endpoint: the path without its ids. */
const bucket = ({ url }: OutgoingRequest): string =>
  url.pathname
    .split('/')
    .map((segment) => (/^[a-z][a-z0-9-]{0,17}$/i.test(segment) && !/\d.*[A-Z]|[A-Z].*\d/.test(segment) ? segment : '*'))
    .join('/');
