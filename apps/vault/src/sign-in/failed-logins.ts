import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** How failed log-ins of a name slow the next ones down. */
const free = 5;
const longestMs = 15 * 60_000;
/** After so long without a failure a name begins anew. */
const forgottenMs = 24 * 3_600_000;

/** Milliseconds until this name may try again; 0: now. */
export const blockedFor = async (tx: Sql, name: string, now: Date): Promise<number> => {
  const { rows } = await sql<{ until: Date | null }>`
    select blocked_until as until from failed_logins where name = ${keyOf(name)}`.execute(tx);
  return Math.max(0, (rows[0]?.until?.getTime() ?? 0) - now.getTime());
};

/** Counts a failure: after some, each doubles the wait, up to a quarter of an hour. Names that are not known count alike. */
export const noteFailure = async (tx: Sql, name: string, now: Date): Promise<void> => {
  await sql`
    insert into failed_logins as f (name, failures, last_at) values (${keyOf(name)}, 1, ${now})
    on conflict (name) do update set last_at = ${now},
      failures = case when f.last_at < ${new Date(now.getTime() - forgottenMs)} then 1 else f.failures + 1 end`.execute(
    tx,
  );
  await sql`
    update failed_logins set blocked_until = ${now}::timestamptz
      + make_interval(secs => least(${longestMs / 1_000}, power(2, least(failures - ${free}, 20))))
    where name = ${keyOf(name)} and failures >= ${free}`.execute(tx);
};

export const forgetFailures = async (tx: Sql, name: string): Promise<void> => {
  await sql`delete from failed_logins where name = ${keyOf(name)}`.execute(tx);
};

/** Names that were tried long ago: an attacker can make up as many as it likes. */
export const forgetOldFailures = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from failed_logins where last_at < ${new Date(now.getTime() - forgottenMs)}`.execute(tx);
};

const keyOf = (name: string) => name.toLowerCase().slice(0, 300);
