import { type Answer, type Explanation, type Host, type Refusal, type RequestOptions, statusOf } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import type { Token, Tokens } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { Settings } from './settings.ts';

export const system = 'OpenBao';

export type Ask = <S extends z.ZodType>(
  token: Secret,
  path: string,
  shape: S,
  options?: Omit<RequestOptions, 'headers'>,
) => Promise<Answer<z.output<S>>>;

export interface Session {
  readonly ask: Ask;
  readonly tokens: Tokens;
  /** Names a token in the host's cache: never the same for two servers. */
  keyOf(...parts: readonly string[]): string;
  /** Runs `use` with the token of the plugin. */
  using<T>(use: (token: Secret) => Promise<T>): Promise<T>;
  /** Runs `use` with a token that was made for it and is given back. */
  anew<T>(use: (token: Secret) => Promise<T>): Promise<T>;
}

/** A token as logging in and making one answer it. */
export const Authenticated = z.object({
  auth: z.object({
    client_token: z.string().min(1).max(10_000),
    accessor: z.string().min(1).max(500),
    lease_duration: z.number().nonnegative(),
  }),
});

export const createSession = (host: Host, settings: Settings, tokens: Tokens): Session => {
  const { url, namespace, signIn, certificateAuthorities } = settings;
  const base = `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
  const http = host.http({
    ...{ origin: base, system, explain, ...(certificateAuthorities !== null && { certificateAuthorities }) },
    authorize: ({ headers }) => {
      if (namespace !== null) headers.set('x-vault-namespace', namespace);
    },
  });
  const send: Ask = (token, path, shape, options) =>
    http.request(path, shape, { ...options, headers: { 'x-vault-token': token.reveal() } });

  /** An expired token and a missing right are both 403; only looking at the token itself tells one from the other. */
  const ask: Ask = async (token, path, shape, options) => {
    try {
      return await send(token, path, shape, options);
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      const { status } = await send(token, '/auth/token/lookup-self', z.unknown(), { accept: [403] });
      throw status === 403 ? notKnown() : error;
    }
  };

  const logIn = async (): Promise<Token> => {
    if (signIn.method === 'token') return { value: signIn.token, expiresAt: null };
    const body = { role_id: signIn.roleId, secret_id: signIn.secretId.reveal() };
    const path = `/auth/${encodeURIComponent(signIn.mount)}/login`;
    const answer = await http.request(path, Authenticated, { method: 'POST', body, retry: true });
    return toToken(answer.body, host.clock.now());
  };
  const keyOf = (...parts: readonly string[]) => JSON.stringify([base, namespace, ...parts]);

  return {
    ...{ ask, tokens, keyOf },
    // A token that was entered is not remembered: entered anew, it counts at once.
    using: (use) =>
      signIn.method === 'token' ? use(signIn.token) : tokens.using(keyOf('approle', signIn.roleId), logIn, use),
    async anew(use) {
      const { value } = await logIn();
      const result = await use(value);
      if (signIn.method === 'approle') await ask(value, '/auth/token/revoke-self', z.unknown(), { method: 'POST' });
      return result;
    },
  };
};

/** `lease_duration` is in seconds; 0 is a token without an end. */
export const toToken = ({ auth }: z.output<typeof Authenticated>, now: Date): Token => ({
  value: new Secret(auth.client_token),
  // A little earlier, because the clocks of two machines differ.
  expiresAt: auth.lease_duration === 0 ? null : new Date(now.getTime() + Math.max(1, auth.lease_duration - 5) * 1_000),
});

const notKnown = (): Fault =>
  new Fault(
    'unauthorized',
    `${system} does not know the token, or it has expired. Enter another one.`,
    '-> 403, also to lookup-self',
  );

const explain = ({ status, path }: Refusal): Explanation | undefined => {
  if (/\/v1\/auth\/[^/]+\/login$/.test(path) && (status === 400 || status === 403)) {
    return { kind: 'unauthorized', advice: `${system} refused the AppRole. Check role ID, secret ID and mount.` };
  }
  switch (status) {
    case 403:
      return { kind: 'forbidden', advice: `${system} does not permit this. Add it to the policy of the plugin.` };
    case 404:
      return { kind: 'misconfigured', advice: `${system} has nothing at a path of the settings. Check the mounts.` };
    case 503:
      return { kind: 'unreachable', advice: `${system} is sealed or starting. Unseal it.` };
    default:
      return undefined;
  }
};
