import type { Sql } from '@gatehouse/database';
import { type Act, problems } from '@gatehouse/server';
import { requireUser } from '../users/index.ts';
import { isInvited } from './invitations.ts';
import { listParticipants, type Member, type Participant } from './participants.ts';
import { findRights, mayTake, type Rights } from './rights.ts';
import { findSession, type SupportSession } from './store.ts';

export const requireRepresentative = async (tx: Sql, by: Act): Promise<Rights> => {
  const rights = await findRights(tx, (await requireUser(tx, by)).id);
  if (rights === null || !rights.maySupport) throw problems.notFound();
  return rights;
};

export const findIn = async (tx: Sql, { userId }: Rights, lsid: string): Promise<Participant | undefined> =>
  (await listParticipants(tx, lsid)).find((one) => one.userId === userId && one.leftAt === null);

/** A session that they are in, that waits where they may take it, or that they were invited to. */
export const see = async (tx: Sql, rights: Rights, lsid: string): Promise<SupportSession> => {
  const session = await findSession(tx, lsid);
  if (session === null) throw problems.notFound();
  const maySee =
    (session.state === 'waiting' && mayTake(rights, session.queue)) ||
    (await findIn(tx, rights, session.lsid)) !== undefined ||
    (session.state !== 'ended' && (await isInvited(tx, session.lsid, rights.userId)));
  if (!maySee) throw problems.notFound();
  return session;
};

/** One that they are in now, and as whom. */
export const requireMember = async (tx: Sql, rights: Rights, lsid: string): Promise<Member> => {
  const session = await findSession(tx, lsid);
  const held = session === null ? undefined : await findIn(tx, rights, session.lsid);
  if (session === null || held === undefined) throw problems.notFound();
  return { lsid: session.lsid, gsnumber: held.gsnumber, kind: 'representative', name: held.name };
};

/** The same, also after they left or it ended: the last time they were in it. Null: they never were. */
export const findPast = async (tx: Sql, rights: Rights, lsid: string): Promise<Member | null> => {
  const session = await findSession(tx, lsid);
  const held = (session === null ? [] : await listParticipants(tx, session.lsid)).findLast(
    ({ userId }) => userId === rights.userId,
  );
  if (session === null || held === undefined) return null;
  return { lsid: session.lsid, gsnumber: held.gsnumber, kind: 'representative', name: held.name };
};

export const requirePast = async (tx: Sql, rights: Rights, lsid: string): Promise<Member> => {
  const past = await findPast(tx, rights, lsid);
  if (past === null) throw problems.notFound();
  return past;
};

export const requireOwner = async (tx: Sql, rights: Rights, session: SupportSession): Promise<void> => {
  if (session.owner === null || (await findIn(tx, rights, session.lsid))?.gsnumber !== session.owner)
    throw problems.forbidden('This is for the owner of the session.');
};
