import { Fault, Secret } from '@gatehouse/kernel';
import { type Lease, quoted, type Retrieval, type Token } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { OpenBaoClient } from './openbao.ts';
import { Authenticated, system, toToken } from './session.ts';

/** What a credential of an engine consists of that makes one for each who asks. */
export interface Issued {
  readonly username: string;
  readonly password: Secret;
}

/** The accessor of the token that all of a lease hangs on, and the lease id that the engine gave. Neither opens anything. */
const Kept = z.object({ accessor: z.string(), leaseId: z.string().nullable() });
type Kept = z.output<typeof Kept>;

const readKept = (text: string | null): Kept | null => (text === null ? null : Kept.parse(JSON.parse(text)));

const Fresh = z.object({
  lease_id: z.string().min(1).max(700),
  data: z.object({
    username: z.string().min(1).max(500).optional(),
    service_account_name: z.string().min(1).max(500).optional(),
    password: z.string().min(1).max(100_000),
  }),
});

const Stored = z.object({ data: z.object({ username: z.string().min(1), password: z.string().min(1) }) });
const hole = '/cubbyhole/gatehouse';

/** The token of a lease is not there any more, and must not be made anew by whoever only looks. */
class NoToken extends Fault {}

/**
 * Takes a credential that the engine makes or lends. It hangs on a token of its own, made for the lease and known by its
 * accessor before the engine is asked: an answer that is lost is given back with the token. The same token keeps the
 * credential for whoever asks again.
 */
export const take = async (
  client: OpenBaoClient,
  lease: Lease,
  { keep, trace }: Retrieval,
  from: { readonly path: string; readonly method: 'GET' | 'POST' },
): Promise<Issued> => {
  const { session, now } = client;
  const { ask, tokens } = session;
  const key = session.keyOf('lease', lease.id);
  const before = readKept(lease.kept);
  if (before !== null) {
    const known = await stored(client, key);
    if (known !== null) return known;
    // Whatever came then, nobody knows it: it is given back before another one is taken.
    await giveBack(client, before);
    await tokens.forget(key);
    trace('what was taken before for this lease is given back, and taken anew');
  }
  let kept: Kept = { accessor: '', leaseId: null };
  const write = (more: Partial<Kept>): Promise<void> => {
    kept = { ...kept, ...more };
    return keep(JSON.stringify(kept));
  };
  const ttl = Math.max(60, Math.ceil((lease.expiresAt.getTime() - now().getTime()) / 1_000) + 60);
  const makeToken = (): Promise<Token> =>
    session.using(async (token) => {
      const meta = { lease: lease.id, person: lease.person.slice(0, 200) };
      // An orphan: the token of the plugin ends long before some sessions do, and would take it along.
      const body = { ttl: `${ttl}s`, renewable: false, display_name: 'gatehouse', meta };
      const made = await ask(token, '/auth/token/create-orphan', Authenticated, { method: 'POST', body });
      await write({ accessor: made.body.auth.accessor, leaseId: null });
      return toToken(made.body, now());
    });
  return tokens.using(key, makeToken, async (token) => {
    const { method, path } = from;
    const body = method === 'POST' ? { ttl: `${ttl}s` } : undefined;
    // Not sent again when the connection breaks: each time is another one.
    const wanted = { method, body, retry: false, accept: [400] } as const;
    const answer = await ask(token, path, z.union([Fresh, Refused]), wanted);
    if ('errors' in answer.body) throw noneFree(path, answer.body.errors);
    const { lease_id, data } = answer.body;
    await write({ leaseId: lease_id });
    const username = data.username ?? data.service_account_name;
    if (username === undefined) throw noName(path);
    await ask(token, hole, z.unknown(), { method: 'POST', body: { username, password: data.password } });
    trace(`${quoted(username)} was taken for the lease`);
    return { username, password: new Secret(data.password) };
  });
};

/** What the token of a lease keeps; null where there is no token or nothing in it. */
const stored = async ({ session }: OpenBaoClient, key: string): Promise<Issued | null> => {
  const none = () => Promise.reject(new NoToken('unauthorized', 'The token of this lease is gone.'));
  try {
    return await session.tokens.using(key, none, async (token) => {
      const shape = z.union([Stored, Refused]);
      const { body } = await session.ask(token, hole, shape, { accept: [404] });
      if ('errors' in body) return null;
      return { username: body.data.username, password: new Secret(body.data.password) };
    });
  } catch (error) {
    if (error instanceof NoToken) return null;
    throw error;
  }
};

const Refused = z.object({ errors: z.array(z.string()) });

/** Ends what a lease holds, and the token that it hangs on. Ended or unknown is a success. */
const giveBack = async ({ session }: OpenBaoClient, { accessor, leaseId }: Kept): Promise<void> =>
  session.using(async (token) => {
    if (leaseId !== null) {
      // Waits until the engine has done it: a password that could not be changed is an error, not a job for later.
      const body = { lease_id: leaseId, sync: true };
      await session.ask(token, '/sys/leases/revoke', z.unknown(), { method: 'POST', body, retry: true, accept: [404] });
    }
    const wanted = { method: 'POST', body: { accessor }, retry: true, accept: [400, 404] } as const;
    const { status, body } = await session.ask(token, '/auth/token/revoke-accessor', z.unknown(), wanted);
    const said = Refused.safeParse(body).data?.errors.join(' ') ?? '';
    // 400 and 404 for an accessor that is not known, which is what it should be; other mistakes are said.
    if (status >= 400 && !/accessor/i.test(said)) throw notRevoked(status);
  });

export const release = async (
  client: OpenBaoClient,
  lease: Lease,
  { trace }: Pick<Retrieval, 'trace'>,
): Promise<void> => {
  const kept = readKept(lease.kept);
  if (kept === null) {
    trace('nothing is lent for this lease, so nothing is given back');
    return;
  }
  await giveBack(client, kept);
  await client.session.tokens.forget(client.session.keyOf('lease', lease.id));
  trace('what was taken for the lease is revoked');
};

const noneFree = (path: string, errors: readonly string[]): Fault =>
  new Fault(
    'forbidden',
    `${system} has none to hand out now, or could not make one. ${errors.join(' ').slice(0, 200)}`,
    `${path} -> 400`,
  );

const noName = (path: string): Fault =>
  new Fault(
    'unexpected',
    `${system} handed out a credential without a name.`,
    `${path}: neither username nor service_account_name`,
  );

const notRevoked = (status: number): Fault =>
  new Fault('unexpected', `${system} did not end a token. It is tried again.`, `revoke-accessor -> ${status}`);
