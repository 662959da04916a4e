import { type Answer, type Explanation, type Host, type Readable, type Refusal, readable } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import { createSession, isSignedOut, type SignIn, versionAdvice } from './session.ts';
import { listAt, numberAt } from './shapes.ts';

/** One stretch of a list: what of it could be read, and where the next one begins. */
export interface Stretch<T> extends Readable<T> {
  /** Null on the last one. */
  readonly next: Place | null;
  /** How many items the list has, where Password Safe says so. */
  readonly total: number | null;
}

/**
 * A place in a list: how many items come before it, and how many there were at all when it was last looked at. `first`:
 * how the stretch before it began, because nothing but that tells that a list comes again from its beginning.
 */
export interface Place {
  readonly offset: number;
  readonly total: number | null;
  readonly first?: string | undefined;
}

export interface PasswordSafeClient {
  /** Where the API begins. */
  readonly base: string;
  /** The clock of the host. */
  now(): Date;
  /** All of a list that Password Safe does not divide. `read` throws an `unexpected` Fault for an item that it cannot read. */
  list<T>(path: string, read: (item: unknown) => T): Promise<Readable<T>>;
  /** A stretch of a list that takes `limit` and `offset`; the first one without a place. */
  stretch<T>(path: string, from: Place | null, read: (item: unknown) => T): Promise<Stretch<T>>;
  /** Whether a path can be read at all. */
  probe(path: string): Promise<void>;
  /** Remembers what `make` gives, for as long as the run lasts. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Opens a session where there is none. */
  signIn(): Promise<void>;
  signOut(): Promise<void>;
}

/** Items that are asked for at once. */
const most = 1_000;

export const createClient = (host: Host, signIn: SignIn): PasswordSafeClient => {
  const { base, certificateAuthorities } = signIn;
  const session = createSession(host, signIn);
  const http = host.http({
    ...{ origin: base, system: 'Password Safe', authorize: session.authorize, explain },
    ...(certificateAuthorities && { certificateAuthorities }),
    // It tells nothing of limits, and serves people at the same time; some of its lists take long to gather.
    ...{ concurrency: 2, timeoutMs: 120_000 },
  });
  const remembered = new Map<string, Promise<unknown>>();

  const get = async (path: string): Promise<Answer<unknown>> => {
    for (let isFirst = true; ; isFirst = false) {
      const generation = await session.generation();
      try {
        const answer = await http.request(path, z.unknown());
        session.learn(generation, answer.headers);
        return answer;
      } catch (error) {
        if (!isSignedOut(error)) throw error;
        if (!isFirst) throw notPermitted(error);
        session.renew(generation);
      }
    }
  };

  const stretch: PasswordSafeClient['stretch'] = async (path, from, read) => {
    for (let place: Place = from ?? { offset: 0, total: null }; ; ) {
      const { offset, total: before } = place;
      const query = new URLSearchParams({ limit: String(most), offset: String(offset) });
      const { body } = await get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
      const { found, total } = toStretch(body, path);
      const lost = before === null || total === null ? 0 : before - total;
      // What went away before this place has moved everything behind it: those that slipped past are looked at again.
      if (lost > 0 && offset > 0) {
        place = { offset: Math.max(0, offset - lost), total };
        continue;
      }
      return { ...readable(found, read), total, next: nextPlace(path, place, found, total) };
    }
  };

  return {
    ...{ base, stretch },
    now: () => host.clock.now(),
    async list(path, read) {
      const { body } = await get(path);
      const { found, total } = toStretch(body, path);
      if (total !== null && found.length < total) throw cut(path, found.length, total);
      return readable(found, read);
    },
    probe: async (path) => void toStretch((await get(path)).body, path),
    once: <T>(key: string, make: () => Promise<T>): Promise<T> => {
      // The key names one maker, which is who asks for it again.
      const known = remembered.get(key) as Promise<T> | undefined;
      if (known) return known;
      const made = make();
      remembered.set(key, made);
      // What failed is tried again by the next stream.
      made.catch(() => remembered.delete(key));
      return made;
    },
    signIn: async () => void (await session.generation()),
    signOut: session.end,
  };
};

/** `{ TotalCount, Data }` where a limit was named and the version knows it, else the bare list, which then is all of it. */
const toStretch = (body: unknown, path: string): { found: readonly unknown[]; total: number | null } => {
  if (Array.isArray(body)) return { found: body, total: null };
  const total = numberAt(body, 'TotalCount');
  if (total !== null && total >= 0) return { found: listAt(body, 'Data'), total };
  throw new Fault(
    'unexpected',
    'Password Safe gave an answer that cannot be understood. The log of this server says what it was.',
    `GET ${path}: neither a list nor TotalCount and Data`,
  );
};

const nextPlace = (path: string, { offset, first }: Place, found: readonly unknown[], total: number | null) => {
  const next = offset + found.length;
  const begins = JSON.stringify(found[0] ?? null).slice(0, 200);
  if (total === null) {
    // A version that divides nothing sends all there is, again and again.
    return found.length === most && begins !== first ? { offset: next, total, first: begins } : null;
  }
  // What the list has already would fill it up to its number, and what is missing would count as gone.
  if (found.length > 0 && begins === first) throw leadsBack(path, offset);
  if (next >= total) return null;
  if (found.length > 0) return { offset: next, total, first: begins };
  throw cut(path, offset, total);
};

const leadsBack = (path: string, offset: number): Fault =>
  new Fault(
    'unexpected',
    'Password Safe answered with a part of a list that it had sent before. The next run tries once more.',
    `GET ${path}: the part at ${offset} leads back to the one before it`,
  );

const cut = (path: string, found: number, total: number): Fault =>
  new Fault(
    'unexpected',
    'Password Safe ended a list before its end. The next run tries once more.',
    `GET ${path}: ${found} of ${total} items`,
  );

/** Signing in has just worked, so what is refused is not the user but what the user asks for. */
const notPermitted = (error: unknown): Fault => {
  const { detail } = toFault(error);
  return new Fault(
    'forbidden',
    'Password Safe signs the run-as user in but does not let it read this. Grant the documented permission. If several servers share the address, requests of one session must reach the same one.',
    detail,
    { cause: error },
  );
};

const explain = ({ status, path }: Refusal): Explanation | undefined => {
  if (status === 410) return { kind: 'misconfigured', advice: versionAdvice };
  if (status === 404) {
    return {
      kind: 'unexpected',
      advice: `Password Safe does not know ${path.replace(/^.*\/api\/public\/v3/i, '')}. Older versions lack some lists: update it, where that is possible.`,
    };
  }
  return undefined;
};
