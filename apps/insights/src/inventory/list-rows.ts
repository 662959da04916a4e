import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { branchesOf, branchNames, conditions } from './conditions.ts';
import { type Place, parseCursor, type Total, writeCursor } from './cursor.ts';
import { asIndexed } from './indexed.ts';
import type { Query } from './query.ts';
import { columnsOf, follows, type ListedRow, onlyAllow, plans, readOrdered, walkRows } from './walk.ts';
import { chooseWay, type Way } from './way.ts';

/** At most this many rows are counted exactly; counting a million would take longer than reading the page. */
const countLimit = 10_000;

export interface ListedPage {
  readonly rows: readonly ListedRow[];
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
  readonly total: Total;
}

/** One page. Unknown values come last, whichever way the order goes. */
export const listRows = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<ListedPage> => {
  const after = page.cursor === undefined ? null : parseCursor(page.cursor, query.asked);
  const { rows, total } = await readRows(tx, tenantId, query, after, page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const next = rows.length > page.limit && last ? writeCursor(last.place, total, query.asked) : null;
  return { rows: shown, next, total };
};

export interface Found {
  readonly rows: readonly ListedRow[];
  readonly total: Total;
}

/** Where a reader stands: the last row it has, and how many there are in all. */
export interface After {
  readonly place: Place;
  readonly total: Total;
}

/** Up to `limit` rows, from the first one or after the last one that was read. */
export const readRows = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  after: After | null,
  limit: number,
): Promise<Found> => {
  // Starting other processes takes longer than reading a page.
  await sql`select set_config('max_parallel_workers_per_gather', '0', true)`.execute(tx);
  const way = await chooseWay(tx, tenantId, query, after?.total ?? null);
  if (way.how === 'walk') {
    const total = after?.total ?? (await countMet(tx, tenantId, query, way));
    if (total) return { rows: await walkRows(tx, tenantId, query, way, after?.place ?? null, limit), total };
  }
  if (way.how !== 'free') {
    const found = await fetchRows(tx, tenantId, query, { ...way, how: 'fetch' }, after, limit);
    if (found.total.exact) return found;
    const walk: Way = { ...way, how: 'walk', indexed: [] };
    return { rows: await walkRows(tx, tenantId, query, walk, after?.place ?? null, limit), total: found.total };
  }
  const rows = await readOrdered(tx, tenantId, query, way, branchNames, after?.place ?? null, limit);
  if (after) return { rows, total: after.total };
  // A first page that holds everything has counted it already.
  const total = rows.length < limit ? { value: rows.length, exact: true } : await countRows(tx, tenantId, query, way);
  return { rows, total };
};

const toTotal = (count: number, limit: number): Total => ({ value: Math.min(count, limit), exact: count <= limit });

const countRows = async (tx: Sql, tenantId: TenantId, query: Query, way: Way): Promise<Total> => {
  const branches = branchesOf(query, branchNames).map(
    (branch) => sql`(select from ${sql.raw(query.listing.from)} r
      where ${conditions(tenantId, query, way)} and ${branch} limit ${countLimit + 1})`,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from (${sql.join(branches, sql` union all `)}) found limit ${countLimit + 1}) counted`.execute(tx);
  return toTotal(rows[0]?.count ?? 0, countLimit);
};

/** What is met often is counted only this far, and only among this many rows. */
const metLimit = 200;
const walked = 20_000;

/** Null: fewer are met than the sample promised. */
const countMet = async (tx: Sql, tenantId: TenantId, query: Query, way: Way): Promise<Total | null> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from (
        select * from ${sql.raw(query.listing.from)} r where ${conditions(tenantId, { ...query, words: [], filters: [] }, way)}
        limit ${walked}) r
      where ${conditions(tenantId, query, way)} limit ${metLimit + 1}) met`.execute(tx);
  const total = toTotal(rows[0]?.count ?? 0, metLimit);
  return total.exact ? null : total;
};

/**
 * Finds all rows, up to the limit of counting, and sorts them, in one statement. PostgreSQL cannot estimate how many
 * words begin with some letters, and a wrong guess would walk through the whole table, so only bitmaps are allowed.
 */
const fetchRows = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  way: Way,
  after: After | null,
  limit: number,
): Promise<Found> => {
  const { listing, sort } = query;
  // Without words the walk that follows where there are more is quick, so less is fetched in vain.
  const most = query.words.length > 0 ? countLimit : countLimit / 2;
  const from = sql.raw(listing.from);
  const tie = sql.raw(listing.tie.at);
  const key = sql.raw(sort ? sort.column.sortAt : 'null::text');
  const direction = sql.raw(sort?.descending ? 'desc' : 'asc');
  const order = sql`_by ${direction} nulls last, _then ${direction}`;
  const isAfter = after ? follows(query, after.place) : sql`true`;
  const branches = branchesOf(query, branchNames).map(
    (branch) => sql`(
      select ${key} as _by, ${tie} as _then, ${isAfter} as follows from ${from} r
      where ${conditions(tenantId, query, way)} and ${branch} limit ${most + 1})`,
  );
  if (query.words.length > 0 || asIndexed(tenantId, query).length > 0)
    await onlyAllow(tx, ['enable_bitmapscan', 'enable_sort']);
  const { rows: tops } = await sql<{ tie: string; key: string | null; count: number }>`
    with found as materialized (select * from (${sql.join(branches, sql` union all `)}) found limit ${most + 1})
    select _then::text as tie, _by::text as key, (select count(*)::int from found) as count from found
    where follows order by ${order} limit ${limit}`.execute(tx);
  await onlyAllow(tx, plans);
  const total = after?.total ?? toTotal(tops[0]?.count ?? 0, most);
  if (!total.exact || tops.length === 0) return { rows: [], total };
  const { rows } = await sql<Record<string, unknown> & { _tie: string }>`
    select ${columnsOf(listing)}, ${tie}::text as _tie from ${from} r
    where r.tenant_id = ${tenantId}::uuid
      and ${tie} = any(${tops.map((top) => top.tie)}::text[]::${sql.raw(listing.tie.type)}[])`.execute(tx);
  const byTie = new Map(rows.map(({ _tie, ...values }) => [_tie, values]));
  return {
    rows: tops.flatMap(({ tie: at, key: by }) => {
      const values = byTie.get(at);
      return values ? [{ values, place: { key: by, tie: at } }] : [];
    }),
    total,
  };
};
