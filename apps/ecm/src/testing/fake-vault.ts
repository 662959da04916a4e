import { randomBytes } from 'node:crypto';
import { fields } from '@gatehouse/fields';
import { type Arrived, type FakeServer, type Reply, reply, startServer } from '@gatehouse/host/testing';
import { Secret } from '@gatehouse/kernel';
import { defineVault } from '@gatehouse/vault-kit';
import { z } from 'zod';

/** A vault of its own, over HTTP, that remembers what is checked out. */
export interface FakeVault {
  readonly origin: string;
  /** Leases that are checked out now, with the credential. */
  readonly out: ReadonlyMap<string, string>;
  /** Every lease that ever was. */
  readonly ever: ReadonlySet<string>;
  /** Passwords that were handed out: what must be found nowhere. */
  readonly passwords: readonly string[];
  readonly logIns: number;
  readonly server: FakeServer;
  knobs: {
    /** Answers every request with this instead. */
    broken: Reply | null;
    /** Before a check-out is done. */
    before: (() => Promise<void>) | null;
    needsApproval: boolean;
  };
  /** Every token is refused from now on. */
  refuseTokens(): void;
}

export const startFakeVault = async (): Promise<FakeVault> => {
  const out = new Map<string, string>();
  const ever = new Set<string>();
  const known = new Map<string, string>();
  let tokens = new Set<string>();
  let logIns = 0;
  const knobs: FakeVault['knobs'] = { broken: null, before: null, needsApproval: false };
  const guarded =
    (act: (body: Readonly<Record<string, string>>) => unknown): Reply =>
    async (arrived, response) => {
      if (knobs.broken !== null) return knobs.broken(arrived, response);
      const token = String(arrived.headers.authorization).replace('Bearer ', '');
      if (!tokens.has(token)) return reply.status(401)(arrived, response);
      return reply.json((await act(bodyOf(arrived))) ?? {})(arrived, response);
    };
  const server = await startServer({
    '/log-in': (arrived, response) => {
      if (knobs.broken !== null) return knobs.broken(arrived, response);
      if (bodyOf(arrived).password !== 'vault-password') return reply.status(401)(arrived, response);
      logIns++;
      const token = `token-of-vault-${randomBytes(8).toString('hex')}`;
      tokens.add(token);
      return reply.json({ token, seconds: 600 })(arrived, response);
    },
    '/list': guarded(() => [{ id: 'web1/root', label: 'web1\\root', needsApproval: knobs.needsApproval }]),
    '/check-out': guarded(async ({ lease = '', credential = '' }) => {
      await knobs.before?.();
      out.set(lease, credential);
      ever.add(lease);
      const password = known.get(lease) ?? `vaulted-${randomBytes(9).toString('hex')}`;
      known.set(lease, password);
      return { password };
    }),
    '/check-in': guarded(({ lease = '' }) => {
      out.delete(lease);
    }),
  });
  return {
    ...{ origin: server.origin, server, out, ever, knobs },
    get passwords() {
      return [...known.values()];
    },
    get logIns() {
      return logIns;
    },
    refuseTokens() {
      tokens = new Set();
    },
  };
};

const bodyOf = ({ body }: Arrived): Readonly<Record<string, string>> => JSON.parse(body === '' ? '{}' : body);

const config = fields.object({
  url: fields.url('Address', 'Where the vault is.'),
  password: fields.secret('Password', 'Of the account that the plugin signs in with.'),
  domains: z
    .string()
    .max(500)
    .meta({ title: 'Map domains', description: 'One per line.', format: 'textarea' })
    .default(''),
  falls: fields.toggle('Fall back', 'Try again without the domain.').default(false),
});

/** The plugin for it, as one of the registry would be. */
export const memoryVault = defineVault({
  ...{ id: 'memory', name: 'Memory Vault', summary: 'Keeps everything in memory.', config },
  impersonation: 'filters-by-service-account',
  connect({ url, password }, host, tokens) {
    const http = host.http({ origin: url, system: 'the vault' });
    const post = <S extends z.ZodType>(path: string, body: object, shape: S, token?: Secret) =>
      http.request(path, shape, {
        ...{ method: 'POST', body, retry: false },
        ...(token && { headers: { authorization: `Bearer ${token.reveal()}` } }),
      });
    const logIn = async () => {
      const { body } = await post(
        '/log-in',
        { password: password.reveal() },
        z.object({ token: z.string(), seconds: z.number() }),
      );
      return { value: new Secret(body.token), expiresAt: new Date(Date.now() + body.seconds * 1_000) };
    };
    return {
      call: <S extends z.ZodType>(path: string, body: object, shape: S) =>
        tokens.using(url, logIn, async (token) => (await post(path, body, shape, token)).body),
    };
  },
  async check({ call }) {
    await call('/list', {}, z.unknown());
  },
  async *list({ call }, { person, endpoint, trace }) {
    trace(`asking for "${endpoint.hostname}" as "${person}": as the site names them`);
    if (person === 'nobody') return;
    const shape = z.array(z.object({ id: z.string(), label: z.string(), needsApproval: z.boolean() }));
    for (const { id, label, needsApproval } of await call('/list', {}, shape))
      yield { credential: id, kind: 'password', username: 'root', label, needsApproval };
  },
  async retrieve({ call }, { id, credential }, { keep }) {
    const { password } = await call('/check-out', { lease: id, credential }, z.object({ password: z.string() }));
    await keep(`request-${id}`);
    return {
      state: 'ready',
      credential: { kind: 'password', username: 'root', domain: null, password: new Secret(password) },
    };
  },
  async release({ call }, { id }) {
    await call('/check-in', { lease: id }, z.unknown());
  },
});
