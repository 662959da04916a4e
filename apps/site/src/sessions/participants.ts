import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { Participant } from '../api/console.ts';

/** What `participants` of the table `sessions` becomes when those that `are` meant, over `p`, leave who have not left. */
export const participantsLeft = (are: RawBuilder<unknown>, at: Date): RawBuilder<unknown> => sql`(
  select coalesce(jsonb_agg(case when p->>'leftAt' is null and ${are}
    then p || jsonb_build_object('leftAt', ${at.toISOString()}::text) else p end order by place), '[]')
  from jsonb_array_elements(participants) with ordinality as each(p, place))`;

/** False: it has ended. */
export const addParticipant = async (tx: Sql, sessionId: string, participant: Participant): Promise<boolean> => {
  const { rows } = await sql`
    update sessions set participants = participants || ${JSON.stringify([participant])}::jsonb
    where session_id = ${sessionId} and state = 'open' returning session_id`.execute(tx);
  return rows.length === 1;
};

export const endParticipant = async (tx: Sql, sessionId: string, userId: number, at: Date): Promise<void> => {
  await sql`update sessions set participants = ${participantsLeft(sql`(p->>'userId')::int = ${userId}`, at)}
    where session_id = ${sessionId}`.execute(tx);
};
