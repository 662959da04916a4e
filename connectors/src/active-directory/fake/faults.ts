import type { Asked, Refusing } from '@gatehouse/connector-kit/fake';
import { type AnsweredEntry, bindMessage } from './answer.ts';
import { isAtOrBelow, keyOf } from './dn.ts';
import type { Plant } from './plant.ts';
import type { Request } from './request.ts';
import { type AskedSearch, searchIn } from './searches.ts';

/**
 * What goes wrong with a directory, turned on by knobs, in its own words: result codes (RFC 4511 4.1.9), referrals,
 * values of another syntax, bytes that are no LDAP. `of` says which searches belong to which stream.
 */
export const createFaults = (
  of: {
    readonly streams: Readonly<Record<string, (search: AskedSearch) => boolean>>;
    readonly hidden: Readonly<Record<string, string>>;
  },
  password: string,
) => {
  const requests: { refused: Refusing | null }[] = [];
  const listeners: ((request: Asked) => void)[] = [];
  const forbidden = new Set<string>();
  const strange = new Map<string, string>();
  const elsewhere = new Map<string, string>();
  let refusal: string | null = null;
  let isBusy = false;
  let besides: ((request: Request) => Plant | undefined) | null = null;

  const known = (stream: string): string => {
    if (stream in of.streams) return stream;
    throw new Error(`the fake knows no stream ${stream}`);
  };

  const refuseWith = (asked: { refused: Refusing | null }, why: Refusing, code: number, diagnostic: string): Plant => {
    asked.refused = why;
    return { kind: 'result', outcome: { code, diagnostic } };
  };

  const planted = (request: Request): Plant | undefined => {
    // Nobody waits for an answer to it.
    if (request.kind === 'unbind') return undefined;
    const asked = { refused: null as Refusing | null };
    requests.push(asked);
    for (const listener of listeners) listener(asked);
    if (refusal !== null) {
      // As bad as a server can be: it repeats what it was told.
      const words = `80090308: LdapErr: DSID-0C090439, comment: ${password} is wrong, data ${refusal}, v4563`;
      if (request.kind === 'bind') return refuseWith(asked, 'unauthorized', 49, words);
      return { kind: 'goAway', afterEntries: 0 };
    }
    const search = searchIn(request);
    if (search === null) return besides?.(request);
    const streams = Object.keys(of.streams).filter((name) => of.streams[name]?.(search));
    if (isBusy && streams.length > 0) {
      isBusy = false;
      return refuseWith(asked, 'throttled', 51, '00002095: SvcErr: DSID-03210F6B, problem 5001 (BUSY), data 0');
    }
    for (const stream of forbidden) {
      const hidden = of.hidden[stream];
      if (hidden === undefined && streams.includes(stream))
        return refuseWith(
          asked,
          'forbidden',
          50,
          '00000005: SecErr: DSID-03152E29, problem 4003 (INSUFF_ACCESS_RIGHTS)',
        );
      if (hidden !== undefined && isAtOrBelow(search.base, keyOf(hidden)))
        return refuseWith(asked, 'forbidden', 32, '0000208D: NameErr: DSID-0310028D, problem 2001 (NO_OBJECT)');
    }
    for (const stream of streams) {
      const how = strange.get(stream);
      if (how !== undefined) return strangeness[how]?.(request.id);
      const address = elsewhere.get(stream);
      if (address !== undefined) return pointing(`ldap://${address}/DC=north,DC=corp,DC=example`);
    }
    return besides?.(request) ?? hiding([...forbidden].flatMap((stream) => of.hidden[stream] ?? []));
  };

  return {
    requests: requests as readonly Asked[],
    strangeness: Object.keys(strangeness),
    planted,
    onRequest: (listener: (request: Asked) => void) => void listeners.push(listener),
    /** `52e` wrong password, `532` expired; who is signed in is thrown out. Null: lets everybody in again. */
    refuseCredentials(subCode: string | null) {
      refusal = subCode;
    },
    forbid: (stream: string) => void forbidden.add(stream in of.hidden ? stream : known(stream)),
    beBusyOnce() {
      isBusy = true;
    },
    answerStrange: (stream: string, how: string) => void strange.set(known(stream), how),
    pointElsewhere: (stream: string, address: string) => void elsewhere.set(known(stream), address),
    /** Asked where no knob says anything; null takes it back. */
    besides(plant: ((request: Request) => Plant | undefined) | null) {
      besides = plant;
    },
  };
};

/** In place of an answer. */
const strangeness: Readonly<Record<string, (id: number) => Plant>> = {
  /** Values that no attribute has: neither a SID, a GUID, a number nor a name. */
  shape: () => ({ kind: 'alter', entry: (entry) => [withValues(entry, () => [Buffer.from([0xff, 0xfe, 0x00])])] }),
  /** As a proxy answers that speaks something else. */
  html: () => ({ kind: 'bytes', bytes: Buffer.from('HTTP/1.1 200 OK\r\n\r\n<!doctype html><p>Sign in</p>') }),
  /** Success, but of something else that was never asked. */
  other: (id) => ({ kind: 'bytes', bytes: bindMessage(id, { code: 0 }) }),
};

export const withValues = (
  { dn, attributes }: AnsweredEntry,
  change: (name: string, values: readonly Buffer[]) => readonly Buffer[],
): AnsweredEntry => ({
  dn,
  attributes: attributes.map(({ name, values }) => ({ name, values: change(name, values) })),
});

const pointing = (url: string): Plant => ({
  ...{ kind: 'references', urls: [url] },
  outcome: { code: 10, diagnostic: '0000202B: RefErr: DSID-031007F9, data 0', referrals: [url] },
});

/** Active Directory says nothing of what an account may not see, as if it were not there. */
const hiding = (names: readonly string[]): Plant | undefined =>
  names.length === 0
    ? undefined
    : {
        kind: 'alter',
        entry: (entry) => {
          const key = keyOf(entry.dn.replace(/^(<[^>]*>;)+/, ''));
          return names.some((name) => isAtOrBelow(key, keyOf(name))) ? [] : [entry];
        },
      };
