import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { Schedule } from '../api/jump-policies.ts';
import type { JumpItemId } from '../ecm/index.ts';
import { isWithin } from '../jump-policies/index.ts';
import { findReach, obstacleWords } from '../reach/index.ts';
import type { End } from './model.ts';
import { findPlace } from './place.ts';

/** Whether somebody may go on with what they began. */
export interface Outlook {
  /** Null: they may. */
  readonly end: End | null;
  /** For them, as long as it is so. */
  readonly note: string | null;
}

/** As everything stands at this moment: the user, their policies, the item, and its schedule. */
export const findOutlook = async (
  tx: Sql,
  { userId, item }: { readonly userId: number; readonly item: JumpItemId },
  at: Date,
): Promise<Outlook> => {
  const reach = await findReach(tx, userId, item, at);
  if (reach === null)
    return (await findPlace(tx, item)) === null
      ? ended('access', 'This endpoint was removed from the site.')
      : ended('access', 'You may not have sessions with this endpoint any more.');
  if (reach.obstacle !== null && reach.obstacle !== 'schedule') return ended('access', obstacleWords[reach.obstacle]);
  const timed = reach.jumpPolicyId === null ? null : await findTimed(tx, reach.jumpPolicyId);
  if (timed === null) return { end: null, note: null };
  if (timed.isStrict && reach.obstacle === 'schedule')
    return ended('schedule', 'The time for sessions with this endpoint is over.');
  if (reach.obstacle === 'schedule')
    return {
      end: null,
      note: 'The time for sessions with this endpoint is over: you may finish, and not begin another.',
    };
  const left = timed.isStrict ? minutesLeft(timed.schedule, at) : null;
  if (left === null) return { end: null, note: null };
  const minutes = left === 1 ? 'a minute' : `${left} minutes`;
  return { end: null, note: `This session ends within ${minutes}, because the time for it is over then.` };
};

const ended = (ending: 'access' | 'schedule', problem: string): Outlook => ({
  end: { ending, by: null, problem },
  note: null,
});

/** What people are told before a schedule ends their session, in minutes. */
const warnings = [1, 2, 5, 10, 15] as const;
const minuteMs = 60_000;

const minutesLeft = (schedule: Schedule, at: Date): number | null =>
  warnings.find((minutes) => !isWithin(schedule, new Date(at.getTime() + minutes * minuteMs))) ?? null;

const Row = z.object({ isStrict: z.boolean(), timezone: z.string(), entries: z.array(z.unknown()) });

/** Null: its schedule is off. */
const findTimed = async (tx: Sql, jumpPolicyId: number) => {
  const { rows } = await sql`
    select schedule_strict as "isStrict", schedule_timezone as timezone, schedule_entries as entries from jump_policies
    where id = ${jumpPolicyId} and schedule_enabled`.execute(tx);
  if (rows[0] === undefined) return null;
  const { isStrict, ...schedule } = Row.parse(rows[0]);
  return { isStrict, schedule: Schedule.parse(schedule) };
};
