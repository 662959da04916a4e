import { Fault, Secret } from '@gatehouse/kernel';
import type { Credential, Lease, Retrieval, Retrieved } from '@gatehouse/vault-kit';
import { quoted } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { type Named, toNamed } from './accounts.ts';
import type { PasswordSafeClient } from './password-safe.ts';
import { type Ask, system } from './session.ts';

/** What is remembered of a lease: that a request was asked for, and which it became. */
const Kept = z.object({ request: z.number().int().nullable() });
type Kept = z.output<typeof Kept>;

const readKept = (text: string | null): Kept | null => (text === null ? null : Kept.parse(JSON.parse(text)));

/** Requests an account and reads its credential, or says that somebody has to approve first. */
export const retrieve = async (
  { session, settings, now }: PasswordSafeClient,
  lease: Lease,
  { keep, trace }: Retrieval,
): Promise<Retrieved> => {
  const named = toNamed(lease.credential);
  if (named === null) throw new Fault('forbidden', 'This credential is not of this vault. List the credentials again.');
  // Outside of what runs again in a new session.
  let kept = readKept(lease.kept);
  const write = async (request: number | null): Promise<void> => {
    kept = { request };
    await keep(JSON.stringify(kept));
  };
  return session.using(lease.person, async (ask) => {
    let request = kept?.request ?? null;
    if (request === null) {
      // Asked for before, or not: the answer may have been lost.
      request = kept === null ? null : ((await ownRequests(ask, lease))[0]?.RequestID ?? null);
      if (kept === null) await write(null);
      request ??= await make(ask, named, lease, { ...settings, now: now() });
      await write(request);
      trace(`requested ${quoted(named.name)}`);
    }
    return read(ask, request, named, trace);
  });
};

const make = async (
  ask: Ask,
  named: Named,
  lease: Lease,
  { rotateOnCheckin, ticketSystemId, now }: PasswordSafeClient['settings'] & { now: Date },
): Promise<number> => {
  const minutes = Math.ceil((lease.expiresAt.getTime() - now.getTime()) / 60_000);
  const body = {
    ...{ AccessType: 'View', SystemID: named.system, AccountID: named.account },
    ...{ DurationMinutes: Math.min(525_600, Math.max(1, minutes)), Reason: reasonOf(lease) },
    // A request of another session for the same account is shared; it is checked in by the one that made it.
    ...{ ConflictOption: 'reuse', RotateOnCheckin: rotateOnCheckin },
    ...(ticketSystemId !== undefined &&
      lease.ticket !== null && { TicketSystemID: ticketSystemId, TicketNumber: lease.ticket }),
  };
  return (await ask('/Requests', z.number().int(), { method: 'POST', body })).body;
};

/** The lease comes first, so that it is never cut off: a request is found again by it. */
const reasonOf = ({ id, reason, person }: Lease): string => `${markOf(id)} ${reason} (${person})`.slice(0, 500);
const markOf = (id: string): string => `[lease ${id}]`;

const read = async (ask: Ask, request: number, named: Named, trace: (line: string) => void): Promise<Retrieved> => {
  const key = named.key ? await readOne(ask, request, 'dsskey') : null;
  if (key === 'waiting') return waiting;
  if (key !== null) {
    const passphrase = await readOne(ask, request, 'passphrase');
    trace(`got the SSH key of ${quoted(named.name)}`);
    const secret = passphrase === null || passphrase === 'waiting' ? null : passphrase;
    return ready({ kind: 'ssh-key', username: named.name, privateKey: key, passphrase: secret });
  }
  if (named.key) trace(`${quoted(named.name)} has no SSH key, so its password is asked for`);
  const password = await readOne(ask, request, 'password');
  if (password === 'waiting') return waiting;
  if (password === null) throw new Fault('forbidden', `The request for this account in ${system} is over. Ask again.`);
  trace(`got the password of ${quoted(named.name)}`);
  return ready({ kind: 'password', username: named.name, domain: named.domain, password });
};

const ready = (credential: Credential): Retrieved => ({ state: 'ready', credential });
const waiting: Retrieved = {
  state: 'waiting',
  advice: `Somebody has to approve the request in ${system} first.`,
  againMs: 5_000,
};

/** Null where there is no such thing: the request is over, or the account has no key. */
const readOne = async (
  ask: Ask,
  request: number,
  type: 'password' | 'dsskey' | 'passphrase',
): Promise<Secret | 'waiting' | null> => {
  const shape = z.union([z.string().max(100_000), z.number(), z.null()]);
  const { status, body } = await ask(`/Credentials/${request}?type=${type}`, shape, { accept: [403, 404] });
  if (status === 404) return null;
  // 4031: no permission. 4034: not approved yet.
  if (status === 403 && String(body).includes('4034')) return 'waiting';
  if (status === 403 || typeof body !== 'string') throw notReadable(status, type);
  return body === '' ? null : new Secret(body);
};

const notReadable = (status: number, type: string): Fault =>
  status === 403
    ? new Fault('forbidden', `${system} does not let this user read the ${type}.`, 'GET /Credentials/… -> 403')
    : new Fault(
        'unexpected',
        `${system} answered with something that is no ${type}.`,
        `GET /Credentials/… -> ${status}`,
      );

/** Checks in what was requested for the lease. */
export const release = async (
  { session }: PasswordSafeClient,
  lease: Lease,
  { trace }: Pick<Retrieval, 'trace'>,
): Promise<void> => {
  if (readKept(lease.kept) === null) {
    trace('nothing was requested for this lease, so nothing is checked in');
    return;
  }
  await session.using(lease.person, async (ask) => {
    const own = await ownRequests(ask, lease);
    for (const { RequestID, isPending } of own) {
      // Released already, by its end or by an answer that was lost: 404 and 409.
      const wanted = {
        method: 'PUT',
        body: { Reason: 'End of the session' },
        accept: [404, 409],
        retry: true,
      } as const;
      await ask(`/Requests/${RequestID}/${isPending ? 'Deny' : 'Checkin'}`, z.unknown(), wanted);
    }
    const shared = own.length === 0 ? ': it has ended, or is a request that another session made and checks in' : '';
    trace(`checked in ${own.length} of the requests of this lease${shared}`);
  });
};

const Request = z.object({ RequestID: z.number().int(), Reason: z.string().nullish() });

/** Requests that were made for this lease and are not over, known by their reason. */
const ownRequests = async (ask: Ask, { id }: Lease) => {
  const found: { RequestID: number; isPending: boolean }[] = [];
  for (const status of ['active', 'pending'] as const) {
    const { body } = await ask(`/Requests?status=${status}&queue=req`, z.array(Request));
    const own = body.filter(({ Reason }) => Reason?.includes(markOf(id)) === true);
    found.push(...own.map(({ RequestID }) => ({ RequestID, isPending: status === 'pending' })));
  }
  return found;
};
