import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { SupportSession as View } from '../api/support.ts';
import { listEvents } from './events.ts';
import { listParticipants } from './participants.ts';
import { writeQueue } from './queues.ts';
import type { SupportSession } from './store.ts';

const when = (at: Date | null) => at?.toISOString() ?? null;

/** Sessions as they are answered, with the name of the first customer of each. */
export const toViews = async (tx: Sql, sessions: readonly SupportSession[]): Promise<z.output<typeof View>[]> => {
  const { rows } = await sql<{ lsid: string; name: string }>`
    select distinct on (lsid) lsid, name from support_participants
    where lsid = any(${sessions.map(({ lsid }) => lsid)}::text[]) and kind = 'customer' order by lsid, gsnumber`.execute(
    tx,
  );
  const names = new Map(rows.map(({ lsid, name }) => [lsid, name]));
  return sessions.map((session) => ({
    ...{ lsid: session.lsid, state: session.state, queue: writeQueue(session.queue), issue: session.issue },
    ...{ priority: session.priority, externalKey: session.attributes.externalKey, owner: session.owner },
    ...{ attributes: { ...session.attributes.fields }, customer: names.get(session.lsid) ?? '' },
    ...{ beganAt: session.beganAt.toISOString(), waitingSince: when(session.waitingSince) },
    ...{ waitedSeconds: session.waitedSeconds, endedAt: when(session.endedAt), endReason: session.endReason },
    jumpClientId: session.jumpClientId,
  }));
};

/** With everybody who was in it, and what happened, after the event `after`. */
export const toWhole = async (tx: Sql, session: SupportSession, after: number) => {
  const [view] = await toViews(tx, [session]);
  if (view === undefined) throw new Error('a session has no view');
  const participants = await listParticipants(tx, session.lsid);
  const events = await listEvents(tx, session.lsid, { after, limit: 1_000 });
  return {
    ...view,
    participants: participants.map(({ clientId: _, ...one }) => ({
      ...one,
      joinedAt: one.joinedAt.toISOString(),
      leftAt: when(one.leftAt),
    })),
    events: events.map((event) => ({ ...event, body: { ...event.body }, at: event.at.toISOString() })),
  };
};
