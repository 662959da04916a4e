import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Requests of one API account, over all addresses of the API together. */
export const limits = { inSecond: 20, inHour: 15_000 } as const;

/** How a request stands to the limits. `retryAfterSeconds` is null while it is within them. */
export interface Use {
  readonly remaining: number;
  readonly retryAfterSeconds: number | null;
}

/** Counts one request. In the database, so that several copies of the program count together. */
export const countUse = async (tx: Sql, accountId: number, now: Date): Promise<Use> => {
  const second = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000);
  const { rows } = await sql<{ inHour: number; inSecond: number }>`
    insert into api_use as u (account_id, hour_at, in_hour, second_at, in_second)
    values (${accountId}, ${hour}, 1, ${second}, 1)
    on conflict (account_id) do update set
      in_hour = case when u.hour_at = excluded.hour_at then least(u.in_hour + 1, 1000000) else 1 end,
      in_second = case when u.second_at = excluded.second_at then least(u.in_second + 1, 1000000) else 1 end,
      hour_at = excluded.hour_at, second_at = excluded.second_at
    returning in_hour as "inHour", in_second as "inSecond"`.execute(tx);
  const { inHour = 1, inSecond = 1 } = rows[0] ?? {};
  const wait =
    inHour > limits.inHour
      ? Math.ceil((hour.getTime() + 3_600_000 - now.getTime()) / 1_000)
      : inSecond > limits.inSecond
        ? 1
        : null;
  return { remaining: Math.max(0, limits.inHour - inHour), retryAfterSeconds: wait };
};
