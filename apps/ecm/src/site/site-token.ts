import { createHost } from '@gatehouse/host';
import { type Clock, type FaultKind, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { type EcmSettings, wayTo } from '../settings/index.ts';

/** Tokens of the API account, as the site gives them out. */
export interface SiteTokens {
  /** One that is good for a minute at least. @throws Fault */
  get(): Promise<Secret>;
  /** The site has refused it. */
  drop(): void;
}

export type SiteAccount = Pick<EcmSettings, 'site' | 'clientId' | 'clientSecret'>;

const Answer = z.object({
  access_token: z.string().min(1).max(10_000),
  expires_in: z.number().positive().max(10_000_000).default(3_600),
});

export const siteSystem = 'the site';

export const createSiteTokens = (account: SiteAccount, clock: Clock, signal: AbortSignal): SiteTokens => {
  const { site, clientId, clientSecret } = account;
  let known: { readonly value: Secret; readonly until: number } | null = null;
  return {
    async get() {
      if (known !== null && known.until > performance.now()) return known.value;
      const http = createHost({ signal, clock, attempts: 1 }).http({
        ...{ origin: site.url, system: siteSystem, timeoutMs: 15_000, maxBytes: 100_000 },
        ...wayTo(site),
        authorize({ headers }) {
          const pair = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
          headers.set('authorization', `Basic ${pair}`);
        },
        explain: ({ status }) => explanations[status],
      });
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const answer = await http.request('/oauth2/token', Answer, { method: 'POST', body, retry: false });
      const { access_token: value, expires_in: seconds } = answer.body;
      known = { value: new Secret(value), until: performance.now() + Math.max(0, seconds - 60) * 1_000 };
      return known.value;
    },
    drop() {
      known = null;
    },
  };
};

const refused = {
  kind: 'unauthorized',
  advice: 'The site refuses the API account. Check the client id and the client secret.',
} as const;
const explanations: Readonly<Record<number, { readonly kind: FaultKind; readonly advice: string }>> = {
  400: refused,
  401: refused,
  403: {
    kind: 'forbidden',
    advice: 'The site does not let this API account in: it is off, locked, or this network is not among its own.',
  },
  404: { kind: 'misconfigured', advice: 'There is no site at this address. Check its name.' },
};
