import type { VaultAnswer } from '@gatehouse/vault-kit/testing';
import type { FakeState, FakeToken } from './state.ts';

export interface Called {
  readonly method: string;
  /** Decoded, without the version: `kv/data/hosts/web1/root`. */
  readonly path: string;
  readonly isList: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: FakeToken;
}

export const refusal = (status: number, ...errors: readonly string[]): VaultAnswer => ({ status, body: { errors } });
const missing = refusal(404);
const data = (found: unknown, more: Readonly<Record<string, unknown>> = {}): VaultAnswer => ({
  body: { request_id: 'r', lease_id: '', renewable: false, lease_duration: 0, ...more, data: found, warnings: null },
});

/** The engines that are mounted; null for a path that none of them has. */
export const engines = (state: FakeState, called: Called): VaultAnswer | null => {
  const [mount = ''] = called.path.split('/');
  const rest = called.path.slice(mount.length + 1);
  switch (mount) {
    case 'kv':
      return keyValue(state, called, rest);
    case 'cubbyhole':
      return cubbyhole(called);
    case 'ldap':
      return called.method === 'POST' && rest === 'library/admins/check-out' ? checkOut(state, called) : null;
    case 'database':
      return database(state, called, rest);
    case 'ssh-signer':
      return called.method === 'POST' && rest === 'sign/operators' ? sign(state, called) : null;
    default:
      return null;
  }
};

const keyValue = (state: FakeState, { method, isList }: Called, rest: string): VaultAnswer | null => {
  const [, kind, path = ''] = /^(data|metadata)\/(.*)$/s.exec(rest) ?? [];
  if (method !== 'GET' || kind === undefined) return null;
  if (isList) {
    const keys = [...state.secrets.keys()].filter((key) => key.startsWith(`${path}/`));
    const names = keys.map((key) => key.slice(path.length + 1)).map((key) => key.replace(/\/.*$/s, '/'));
    return names.length === 0 ? missing : data({ keys: [...new Set(names)] });
  }
  const secret = state.secrets.get(path);
  if (secret === undefined) return missing;
  return kind === 'data'
    ? data({ data: secret, metadata: { version: 1 } })
    : data({ custom_metadata: state.metadata.get(path) ?? null, current_version: 1 });
};

const cubbyhole = ({ method, token, body }: Called): VaultAnswer => {
  if (method === 'POST') {
    token.hole = body;
    return { status: 204 };
  }
  return token.hole === null ? missing : data(token.hole);
};

const lend = (state: FakeState, token: FakeToken, prefix: string, username: string) => {
  const number = state.leases.length + 1;
  const password = `handed-out-${number}-${'p'.repeat(12)}`;
  const lease = { id: `${prefix}/lease-${number}`, token, username, isOver: false };
  state.leases.push(lease);
  state.handedOut.push(password);
  return { lease, password };
};

const checkOut = (state: FakeState, { token }: Called): VaultAnswer => {
  const taken = state.leases.filter(({ isOver }) => !isOver).map(({ username }) => username);
  const free = state.library.find((name) => !taken.includes(name));
  if (free === undefined) return refusal(400, 'No service accounts available for check-out.');
  const { lease, password } = lend(state, token, 'ldap/library/admins/check-out', free);
  return data({ service_account_name: free, password }, { lease_id: lease.id, renewable: true, lease_duration: 3_600 });
};

const database = (state: FakeState, { method, token }: Called, rest: string): VaultAnswer | null => {
  if (method !== 'GET') return null;
  if (rest === 'static-creds/app') {
    return data({ username: 'app', password: 'password-of-the-static-role', rotation_period: 86_400, ttl: 80_000 });
  }
  if (rest !== 'creds/readonly') return refusal(400, 'unknown role');
  const { lease, password } = lend(state, token, 'database/creds/readonly', `v-gatehouse-${state.leases.length + 1}`);
  return data({ username: lease.username, password }, { lease_id: lease.id, renewable: true, lease_duration: 3_600 });
};

const sign = (state: FakeState, { body }: Called): VaultAnswer => {
  const isKey = typeof body.public_key === 'string' && body.public_key.startsWith('ssh-ed25519 AAAA');
  if (!isKey || body.cert_type !== 'user') return refusal(400, 'failed to parse public_key as SSH key');
  state.signed.push(body);
  return data({ serial_number: '1', signed_key: `ssh-ed25519-cert-v01@openssh.com AAAAfake${state.signed.length}\n` });
};
