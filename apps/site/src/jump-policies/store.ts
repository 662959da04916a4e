import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Schedule } from '../api/jump-policies.ts';

/** Null: there is no such Jump policy. */
export const findSchedule = async (tx: Sql, jumpPolicyId: number): Promise<Schedule | null> => {
  const { rows } = await sql`
    select schedule_timezone as timezone, schedule_entries as entries from jump_policies where id = ${jumpPolicyId}`.execute(
    tx,
  );
  return rows[0] === undefined ? null : Schedule.parse(rows[0]);
};

export const saveSchedule = async (tx: Sql, jumpPolicyId: number, { timezone, entries }: Schedule): Promise<void> => {
  await sql`update jump_policies set schedule_timezone = ${timezone}, schedule_entries = ${JSON.stringify(entries)}::jsonb
    where id = ${jumpPolicyId}`.execute(tx);
};
