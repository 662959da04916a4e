import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Hold } from '../api/retention.ts';

/** Sessions of one kind, as far as somebody keeps them whatever the retention says. */
export interface Kept {
  readonly table: 'sessions' | 'support_sessions';
  readonly key: 'session_id' | 'lsid';
  /** In the audit: `session.hold`. */
  readonly noun: 'session' | 'support-session';
  /** What one is called there, over the alias `s`. */
  readonly name: ReturnType<typeof sql<string>>;
}

export const keptSessions: Kept = {
  ...{ table: 'sessions', key: 'session_id', noun: 'session', name: sql<string>`s.hostname` },
};
export const keptSupport: Kept = {
  ...{ table: 'support_sessions', key: 'lsid', noun: 'support-session' },
  name: sql<string>`coalesce((select nullif(c.name, '') from support_participants c
    where c.lsid = s.lsid and c.kind = 'customer' order by c.gsnumber limit 1), 'Customer')`,
};

/** Undefined: there is no such session. Null: nobody holds it. */
export const findHold = async (tx: Sql, { table, key }: Kept, id: string) => {
  const { rows } = await sql<{ by: string | null; at: Date | null; reason: string | null }>`
    select hold_by as by, hold_at as at, hold_reason as reason from ${sql.table(table)}
    where ${sql.ref(key)} = ${id}`.execute(tx);
  const row = rows[0];
  if (row === undefined) return undefined;
  return row.at === null ? null : Hold.parse({ ...row, at: row.at.toISOString() });
};

/** The session; null where there is none, or what was wanted is so already. */
export const changeHold = async (
  tx: Sql,
  { table, key, name }: Kept,
  id: string,
  hold: { readonly by: string; readonly at: Date; readonly reason: string } | null,
): Promise<{ readonly name: string; readonly correlationId: string } | null> => {
  const { rows } = await sql<{ name: string; correlationId: string }>`
    update ${sql.table(table)} s
    set hold_by = ${hold?.by ?? null}, hold_at = ${hold?.at ?? null}, hold_reason = ${hold?.reason ?? null}
    where ${sql.ref(key)} = ${id} and (hold_at is null) = ${hold !== null}
    returning ${name} as name, correlation_id as "correlationId"`.execute(tx);
  return rows[0] ?? null;
};
