import { type Host, type HttpOptions, type OutgoingRequest, redact } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';

const Token = z.object({ access_token: z.string().min(1).max(10_000), expires_in: z.number().positive().max(86_400) });
const Refused = z.object({ error: z.string().max(200), message: z.string().max(1_000).default('') });

/** The token of an API account. One request for one is under way at most, whoever needs it. */
export interface TokenSource {
  authorize(request: OutgoingRequest): Promise<void>;
  /** Which token, counted from 1, the next request will carry. */
  generation(): Promise<number>;
  /** Forgets the token of that generation, so that the next request asks for a new one; one that is newer stays. */
  renew(generation: number): void;
}

const path = '/oauth2/token';
/** A token is not used in its last minute: it may be over when it arrives. */
const marginMs = 60_000;

export const createTokenSource = (
  host: Host,
  access: { readonly clientId: string; readonly clientSecret: Secret },
  options: HttpOptions,
): TokenSource => {
  const { clientId, clientSecret } = access;
  const basic = () => Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
  const http = host.http({
    ...{ ...options, bucket: () => 'token' },
    authorize: ({ headers }) => headers.set('authorization', `Basic ${basic()}`),
  });
  let token: Promise<{ readonly value: Secret; readonly until: number }> | null = null;
  let generation = 0;

  const ask = async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const response = await http.fetch(path, { method: 'POST', body });
    const text = await response.text();
    if (response.status !== 200) throw refusal(response.status, text, [clientSecret.reveal(), basic()]);
    const parsed = Token.safeParse(toJson(text));
    // Not the answer itself, which may hold a token.
    if (!parsed.success) throw new Fault('unexpected', 'The site answered no token.', `POST ${path}: no token`);
    const { access_token: value, expires_in: seconds } = parsed.data;
    return { value: new Secret(value), until: host.clock.now().getTime() + seconds * 1_000 - marginMs };
  };

  const current = async () => {
    const before = token;
    if (before !== null) {
      const held = await before;
      if (host.clock.now().getTime() < held.until) return held;
      if (token !== null && token !== before) return token;
    }
    const asked = ask();
    generation += 1;
    token = asked;
    asked.catch(() => {
      if (token === asked) token = null;
    });
    return asked;
  };

  return {
    authorize: async ({ headers }) => headers.set('authorization', `Bearer ${(await current()).value.reveal()}`),
    generation: async () => {
      await current();
      return generation;
    },
    renew: (old) => {
      if (old === generation) token = null;
    },
  };
};

/** With the code of OAuth as the site said it: the same account may be wrong in more than one way. */
const refusal = (status: number, text: string, known: readonly string[]): Fault => {
  const parsed = Refused.safeParse(toJson(text));
  const said = parsed.success ? `${parsed.data.error} ${parsed.data.message}` : 'no error code';
  const detail = `POST ${path} -> ${status} ${redact(said, known)}`.trim();
  if (status >= 500) return new Fault('unreachable', 'The site has a problem of its own.', detail);
  if (!parsed.success)
    return new Fault('misconfigured', 'No site answers at this address. Enter the one that people use.', detail);
  if (status === 403)
    return new Fault('forbidden', 'Switch the XML API on in the API configuration of the site.', detail);
  return new Fault(
    'unauthorized',
    'The site does not know this API account. Enter its id and secret again, and look whether it is enabled and may come from here.',
    detail,
  );
};

export const toJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
