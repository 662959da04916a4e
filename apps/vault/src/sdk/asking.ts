import type { Request } from '@gatehouse/server';
import { Refusal } from '../refusal.ts';
import type { Asked } from './callers.ts';
import { keyHeader } from './registrations.ts';

/** A minute, from one address: an ECM that brokers thousands of sessions is one address; somebody who guesses is another. */
export const perMinute = { calls: 120_000, logIns: 120 } as const;
export const largestBody = 65_536;

/** What a request asks for, with its token in the body unless it is given. @throws Refusal `invalid` for one in the address */
export const toAsked = (request: Request, body: unknown, token: string | null = tokenIn(body)): Asked => {
  refuseTokenInAddress(request.url);
  return {
    ...{ key: headerOf(request.headers[keyHeader]), address: request.ip, correlationId: request.id, body, token },
  };
};

export const headerOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const tokenIn = (body: unknown): string | null => {
  const given =
    typeof body === 'object' && body !== null && 'AuthenticationToken' in body ? body.AuthenticationToken : null;
  return typeof given === 'string' ? given : null;
};

/** Addresses are kept by proxies and in histories. */
const refuseTokenInAddress = (url: string): void => {
  const [, query = ''] = url.split('?', 2);
  for (const name of new URLSearchParams(query).keys())
    if (/token|password/i.test(name))
      throw new Refusal('invalid', 'AuthenticationToken: must not stand in the address. Log out, and log in again.');
};
