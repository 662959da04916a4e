import { type Database, decodePlace, encodePlace, type Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { PageOf, PageQuery } from '../paging.ts';
import { invalid } from '../problems.ts';
import type { KeptEntry } from './lines.ts';
import { listEntries } from './store.ts';

export interface AuditFilter {
  readonly event?: string | undefined;
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly succeeded?: boolean | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const countLimit = 10_000;
const batch = 500;

/** A condition over `vault_audit`. */
const conditionOf = (of: AuditFilter): RawBuilder<unknown> => {
  const has = (column: RawBuilder<unknown>, words: string | undefined) =>
    words ? [sql`position(lower(${words}) in lower(coalesce(${column}, ''))) > 0`] : [];
  const isNumber = of.event !== undefined && /^\d+$/.test(of.event);
  const all = [
    sql`true`,
    ...(of.event ? [isNumber ? sql`event_id = ${Number(of.event)}` : sql`event = ${of.event}`] : []),
    ...has(sql`concat(actor, ' ', impersonator)`, of.actor),
    ...has(sql`target`, of.target),
    ...(of.correlationId ? [sql`correlation_id = ${of.correlationId}`] : []),
    ...(of.succeeded === undefined ? [] : [sql`succeeded = ${of.succeeded}`]),
    ...(of.from ? [sql`at >= ${of.from}::timestamptz`] : []),
    ...(of.until ? [sql`at < ${of.until}::timestamptz`] : []),
  ];
  return sql`(${sql.join(all, sql` and `)})`;
};

/** Newest first. @throws Problem that names the field `cursor` */
export const listAudit = async (
  tx: Sql,
  filter: AuditFilter,
  { cursor, limit }: PageQuery,
): Promise<PageOf<KeptEntry>> => {
  const { event, actor, target, correlationId, succeeded, from, until } = filter;
  const scope = JSON.stringify(['audit', event, actor, target, correlationId, succeeded, from, until]);
  const place = cursor === undefined ? null : decodePlace(scope, cursor, 1);
  const before = Number(place?.[0] ?? Number.NaN);
  if (cursor !== undefined && !Number.isSafeInteger(before))
    throw invalid('cursor', 'This cursor belongs to another list. Start at the first page.');
  const where = conditionOf(filter);
  const beyond = cursor === undefined ? sql`true` : sql`seq < ${before}`;
  const rows = await listEntries(tx, sql`${where} and ${beyond}`, 'newest', limit + 1);
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from vault_audit where ${where} limit ${countLimit + 1}) c`.execute(tx);
  const count = counted.rows[0]?.count ?? 0;
  const items = rows.slice(0, limit);
  return {
    items,
    next: rows.length > limit ? encodePlace(scope, [String(items.at(-1)?.seq)]) : null,
    total: { value: Math.min(count, countLimit), exact: count <= countLimit },
  };
};

/** Every entry that there is now, oldest first, in batches: memory stays flat. */
export async function* readAudit(
  database: Database,
  filter: AuditFilter,
  upTo: number,
  signal: AbortSignal,
): AsyncGenerator<readonly KeptEntry[]> {
  const where = conditionOf(filter);
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const last = after;
    const rows = await database.system((tx) =>
      listEntries(tx, sql`${where} and seq > ${last} and seq <= ${upTo}`, 'oldest', batch),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < batch) return;
    after = rows.at(-1)?.seq ?? last;
  }
}

export const newestSeq = async (tx: Sql): Promise<number> => {
  const { rows } = await sql<{ seq: number | null }>`select max(seq) as seq from vault_audit`.execute(tx);
  return rows[0]?.seq ?? 0;
};
