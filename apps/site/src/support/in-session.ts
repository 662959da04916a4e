import type { Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import { audit } from '@gatehouse/server';
import { tellOfEnd } from '../notices/index.ts';
import { type Author, Refusal } from '../objects/index.ts';
import { addEvent, type NewSupportEvent } from './events.ts';
import { listParticipants, markLeft } from './participants.ts';
import { type SessionAct, stateAfter } from './states.ts';
import { lockSession, type SupportSession, setEnded } from './store.ts';

/** One change: its transaction, who makes it, and when. What fails undoes its events and audit entries with it. */
export interface Change {
  readonly tx: Sql;
  readonly by: Author;
  readonly now: Date;
}

export type Members = Awaited<ReturnType<typeof listParticipants>>;
export const count = (here: Members) => ({
  representatives: here.filter(({ kind }) => kind === 'representative').length,
  customers: here.filter(({ kind }) => kind === 'customer').length,
});

/** One act on a session that is locked and goes on, with its audit entry. Resolves with how it is afterwards. */
export const inSession = async (
  change: Change,
  lsid: string,
  act: SessionAct,
  about: Readonly<Record<string, Json>>,
  work: (session: SupportSession, here: Members) => Promise<void>,
): Promise<SupportSession | null> => {
  const { tx, by } = change;
  const session = await lockSession(tx, lsid);
  if (session === null) return null;
  const here = (await listParticipants(tx, session.lsid)).filter(({ leftAt }) => leftAt === null);
  if (stateAfter(session.state, act, count(here)) === null) throw new Refusal([], 'The session is over.');
  await work(session, here);
  await audit(
    tx,
    { ...by, correlationId: session.correlationId },
    {
      action: `support-session.${act}`,
      target: here.find(({ kind }) => kind === 'customer')?.name || 'Customer',
      change: { lsid: session.lsid, ...about, request: by.correlationId },
    },
  );
  return await lockSession(tx, session.lsid);
};

/** Whoever is no participant is named. */
export const note = (
  { tx, by, now }: Change,
  { lsid }: SupportSession,
  type: NewSupportEvent['type'],
  performedBy: number | null,
  body: Readonly<Record<string, Json>>,
): Promise<void> =>
  addEvent(tx, lsid, {
    ...{ type, at: now, performedBy },
    body: performedBy === null ? { ...body, by: by.principal.name } : body,
  });

/** Whoever is in it leaves, and it is over. In `work` alone. */
export const over = async (change: Change, session: SupportSession, reason: string): Promise<void> => {
  await markLeft(change.tx, session.lsid, null, change.now);
  await setEnded(change.tx, session.lsid, reason, change.now);
  await note(change, session, 'ended', null, { reason });
  await tellOfEnd(change.tx, session.lsid, { at: change.now });
};
