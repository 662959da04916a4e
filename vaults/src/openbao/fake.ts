import { fakeVault, type VaultAnswer, type VaultDialect, type VaultFake } from '@gatehouse/vault-kit/testing';
import { type Called, engines, refusal } from './fake/engines.ts';
import { type FakeState, type FakeToken, fixedToken, smallState } from './fake/state.ts';

export { type FakeState, fixedToken, smallState } from './fake/state.ts';

type Asked = Parameters<VaultDialect['answer']>[0];

export interface OpenBaoFake extends VaultFake {
  readonly state: FakeState;
}

/** An OpenBao over HTTP: tokens with their leases, KV version 2, an LDAP library, a database and an SSH signer. */
export const fakeOpenBao = (state: FakeState = smallState()): OpenBaoFake => {
  let refusing = false;

  const answer = (request: Asked): VaultAnswer => {
    const url = new URL(request.url, 'http://bao.example');
    if (!url.pathname.startsWith('/v1/')) return refusal(404, 'Not Found');
    if (state.isSealed) return refusal(503, 'Vault is sealed');
    const path = decodeURIComponent(url.pathname.slice(4));
    if (path.split('/').includes('..')) return refusal(400, 'path cannot contain parent references');
    if (/\p{Cc}/u.test(path)) return refusal(400, 'path contains non-printable characters');
    if ((request.headers['x-vault-namespace'] ?? null) !== state.namespace) return refusal(403, 'permission denied');
    const body = bodyOf(request);
    if (request.method === 'POST' && path === 'auth/approle/login') return logIn(body);
    const token = state.tokens.get(String(request.headers['x-vault-token'] ?? ''));
    // No words of its own for a token that is not known.
    if (refusing || token === undefined || token.isOver) return refusal(403, 'permission denied');
    const isList = url.searchParams.get('list') === 'true';
    const called = { method: request.method, path, isList, body, token };
    const own = ownPaths(called);
    if (own !== null) return own;
    if (state.forbidden.has(path)) return refusal(403, '1 error occurred: permission denied');
    return engines(state, called) ?? refusal(404, `no handler for route "${path}". route entry not found.`);
  };

  const newToken = (seconds: number): VaultAnswer => {
    const text = `s.token-${state.tokens.size}-${'t'.repeat(20)}`;
    const token = { accessor: `accessor-${state.tokens.size}`, policies: ['gatehouse'], isOver: false, hole: null };
    state.tokens.set(text, token);
    const auth = { client_token: text, accessor: token.accessor, lease_duration: seconds, policies: token.policies };
    return { body: { auth: { ...auth, renewable: false, token_type: 'service' }, data: null } };
  };

  const logIn = ({ role_id, secret_id }: Called['body']): VaultAnswer => {
    const isRight = !refusing && role_id === state.roleId && secret_id === state.secretId;
    return isRight ? newToken(1_200) : refusal(400, 'invalid role or secret ID');
  };

  /** A token takes all its leases along. */
  const end = (token: FakeToken): void => {
    token.isOver = true;
    for (const lease of state.leases) if (lease.token === token) lease.isOver = true;
  };

  /** Paths of the system and of tokens; null for those of engines. */
  const ownPaths = ({ method, path, body, token }: Called): VaultAnswer | null => {
    switch (`${method} ${path}`) {
      case 'GET auth/token/lookup-self':
        return { body: { data: { accessor: token.accessor, policies: token.policies, ttl: 600 } } };
      case 'POST auth/token/revoke-self':
        end(token);
        return { status: 204 };
      case 'POST auth/token/create-orphan':
        return newToken(Number.parseInt(String(body.ttl), 10));
      case 'POST auth/token/revoke-accessor': {
        const found = [...state.tokens.values()].find((one) => one.accessor === body.accessor && !one.isOver);
        if (found === undefined) return refusal(400, 'invalid accessor');
        end(found);
        return { status: 204 };
      }
      case 'POST sys/leases/revoke': {
        for (const lease of state.leases) if (lease.id === body.lease_id) lease.isOver = true;
        return { status: 204 };
      }
      case 'POST sys/capabilities-self':
        return { body: { data: capabilities(body.paths) } };
      default:
        return null;
    }
  };

  const capabilities = (paths: unknown): Record<string, readonly string[]> =>
    Object.fromEntries(
      (Array.isArray(paths) ? paths.map(String) : []).map((path) => [
        path,
        state.forbidden.has(path) ? ['deny'] : ['read', 'update'],
      ]),
    );

  const fake = fakeVault({
    answer,
    logIn: ({ url }) => (url.startsWith('/v1/auth/approle/login') ? 'approle' : null),
    secrets: () => [
      ...[state.secretId, 'password-of-the-static-role', ...state.tokens.keys(), ...state.handedOut],
      ...[...state.secrets.values()].flatMap(({ password, passphrase, private_key = '' }) => [
        ...[password, passphrase].filter((text) => text !== undefined),
        ...private_key.split('\n').filter((line) => line.length >= 40),
      ]),
    ],
    unspoken: () => [],
    held: () => state.leases.filter(({ isOver }) => !isOver).map(({ username, id }) => `${username} by ${id}`),
    refuseCredentials: () => {
      refusing = true;
    },
    expireTokens: () => {
      for (const [text, token] of state.tokens) if (text !== fixedToken) end(token);
    },
    approve: () => undefined,
    enrol(_, hostname) {
      if (/[/\p{Cc}]/u.test(hostname) || hostname === '..') return null;
      const password = `enrolled-${state.secrets.size}-for-this-name`;
      state.secrets.set(`hosts/${hostname}/enrolled`, { username: 'enrolled', password });
      return { secret: password };
    },
  });
  return Object.assign(fake, { state });
};

const bodyOf = ({ body }: Asked): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};
