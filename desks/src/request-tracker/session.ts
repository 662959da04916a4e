import { type Explanation, type Host, type Http, headerText, type Refusal } from '@gatehouse/host';
import type { Clock, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Settings } from './settings.ts';

export const system = 'Request Tracker';

export interface RtClient {
  readonly http: Http;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Number of the account that the token is of; null where the token is none of this system. */
  readonly account: string | null;
  /** As somebody else: whoever this token is of. */
  as(token: Secret): Http;
  /** Where people see a page. */
  page(path: string): string;
}

export const connect = (settings: Settings, host: Host): RtClient => {
  const { url, token, certificateAuthorities } = settings;
  const base = url.replace(/\/+$/, '').replace(/\/REST\/2\.0$/, '');
  const as = (secret: Secret): Http =>
    host.http({
      ...{ origin: `${base}/REST/2.0`, system, explain },
      ...(certificateAuthorities !== null && { certificateAuthorities }),
      authorize: ({ headers }) => headers.set('authorization', headerText(`token ${secret.reveal()}`)),
    });
  return {
    ...{ http: as(token), settings, clock: host.clock, signal: host.signal, account: accountOf(token), as },
    page: (path) => `${base}${path}`,
  };
};

/** A token begins with a version and the number of the account that it is of. */
export const accountOf = (token: Secret): string | null => /^\d+-(\d{1,12})-/.exec(token.reveal())?.[1] ?? null;

/** Numbers come as numbers in a record and as texts in a list. */
export const Id = z.union([z.number().int().positive(), z.string().regex(/^\d{1,12}$/)]).transform(String);

const explain = ({ status, path }: Refusal): Explanation | undefined => {
  if (status === 401) return { kind: 'unauthorized', advice: `${system} does not know the token. Enter another one.` };
  if (status === 403) return { kind: 'forbidden', advice: `${system} does not let the account do this: ${path}.` };
  if (status === 404) return { kind: 'misconfigured', advice: `${system} has no REST 2 interface at this address.` };
  return undefined;
};
