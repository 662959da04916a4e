import type { Mapping } from '@gatehouse/desk-kit';
import { type Explanation, type Host, type Http, headerText, type Refusal } from '@gatehouse/host';
import type { z } from 'zod';
import { apiFolder } from './api.ts';
import type { config } from './settings.ts';

export const system = 'The desk';

export interface BuiltinClient {
  readonly http: Http;
  readonly settings: z.output<typeof config>;
  readonly mapping: Mapping;
}

export const connect = (settings: z.output<typeof config>, host: Host): BuiltinClient => {
  const { url, token, certificateAuthorities } = settings;
  const http = host.http({
    ...{ origin: `${url.replace(/\/+$/, '')}${apiFolder}`, system, explain },
    ...(certificateAuthorities !== null && { certificateAuthorities }),
    authorize: ({ headers }) => headers.set('authorization', headerText(`Bearer ${token.reveal()}`)),
  });
  return { http, settings, mapping: settings.fields };
};

const explain = ({ status, path }: Refusal): Explanation | undefined => {
  if (status === 401) return { kind: 'unauthorized', advice: `${system} does not know the token. Enter another one.` };
  if (status === 403) return { kind: 'forbidden', advice: `Give the account the permission ${permissionFor(path)}.` };
  if (status === 404) return { kind: 'misconfigured', advice: `There is no built-in desk at this address.` };
  return undefined;
};

const permissionFor = (path: string): string => {
  if (path.includes('/people')) return 'people.read';
  if (path.includes('/notes')) return 'notes.write';
  if (path.includes('/replies')) return 'replies.write';
  return /\/(?:fields|status)$/.test(path) ? 'cases.write' : /\/cases$/.test(path) ? 'cases.create' : 'cases.read';
};
