import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { type Branch, branchesOf, conditions } from './conditions.ts';
import type { Place } from './cursor.ts';
import type { Listing } from './kinds.ts';
import type { Query } from './query.ts';
import type { Way } from './way.ts';

/** One row of a list: the columns of the listing by their names, and where it comes from. */
export interface ListedRow {
  readonly values: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

/**
 * Rows along an index in the order of the list, each looked at on the way. PostgreSQL would rather find all and sort, so
 * it may not; except those that wait for the steps after reading, which are in no index of the list.
 */
export const walkRows = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  way: Way,
  place: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  await onlyAllow(tx, ['enable_indexscan']);
  const rows = await readOrdered(tx, tenantId, query, way, ['derived'], place, limit);
  await onlyAllow(tx, plans);
  if (query.listing.derivedWhen === null) return rows;
  const others = await readOrdered(tx, tenantId, query, way, ['underived'], place, limit);
  return [...rows, ...others].toSorted(orderOf(query)).slice(0, limit);
};

export const plans = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan', 'enable_seqscan', 'enable_sort'];

/** What the planner may use, until the end of the transaction or the next call; the rest only where nothing else will do. */
export const onlyAllow = async (tx: Sql, allowed: readonly string[]): Promise<void> => {
  const settings = plans.map((plan) => sql`set_config(${plan}, ${allowed.includes(plan) ? 'on' : 'off'}, true)`);
  await sql`select ${sql.join(settings)}`.execute(tx);
};

/** The order of the list, as PostgreSQL keeps it: text by its bytes, what has no value last. */
const orderOf = ({ sort, listing }: Query) => {
  const sign = sort?.descending ? -1 : 1;
  const isText = sort?.column.stored === 'text' || sort?.column.stored === 'timestamptz';
  const compare = (a: string, b: string) =>
    isText ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : Number(a) - Number(b);
  const byTie = (a: string, b: string) => (listing.tie.type === 'bigint' ? Number(a) - Number(b) : a < b ? -1 : 1);
  return ({ place: a }: ListedRow, { place: b }: ListedRow): number => {
    if (a.key === null || b.key === null)
      return Number(a.key === null) - Number(b.key === null) || sign * byTie(a.tie, b.tie);
    return sign * (compare(a.key, b.key) || byTie(a.tie, b.tie));
  };
};

export const columnsOf = ({ columns }: Listing) =>
  sql.join(columns.map(({ name, at }) => sql`${sql.raw(at)} as ${sql.id(name)}`));

/** Rows in the order of the list, as PostgreSQL likes to find them. */
export const readOrdered = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  way: Way,
  branches: readonly Branch[],
  after: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  const part = (which: Part, from: Place | null, most: number) =>
    readPart(tx, tenantId, query, way, branches, which, from, most);
  if (!query.sort) return await part('all', after, limit);
  // Two walks of the same index: first the rows that have the value, then those that do not. One walk would put
  // unknown values first in one of the two directions, or need a second index.
  const known = after === null || after.key !== null ? await part('known', after, limit) : [];
  if (known.length === limit) return known;
  const rest = await part('unknown', after?.key === null ? after : null, limit - known.length);
  return [...known, ...rest];
};

type Part = 'all' | 'known' | 'unknown';

const readPart = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  way: Way,
  among: readonly Branch[],
  part: Part,
  after: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  const { listing, sort } = query;
  const tie = sql.raw(listing.tie.at);
  const key = sql.raw(sort && part === 'known' ? sort.column.sortAt : 'null::text');
  const direction = sql.raw(sort?.descending ? 'desc' : 'asc');
  const bounds = [conditions(tenantId, query, way)];
  if (sort && part === 'known') bounds.push(sql<boolean>`${key} is not null`);
  if (sort && part === 'unknown') bounds.push(sql<boolean>`${sql.raw(sort.column.sortAt)} is null`);
  if (after) bounds.push(beyond(query, part === 'known', after));
  const isByKey = sort !== null && part === 'known';
  const order = isByKey ? sql`${key} ${direction}, ${tie} ${direction}` : sql`${tie} ${direction}`;
  // The key as text: a time keeps its microseconds, which a JavaScript date would lose.
  const branches = branchesOf(query, among).map(
    (branch) => sql`(
      select ${columnsOf(listing)}, (${key})::text as _key, ${tie}::text as _tie, ${key} as _by, ${tie} as _then
      from ${sql.raw(listing.from)} r
      where ${sql.join(bounds, sql` and `)} and ${branch} order by ${order} limit ${limit})`,
  );
  const { rows } = await sql<Record<string, unknown> & { _key: string | null; _tie: string }>`
    select * from (${sql.join(branches, sql` union all `)}) found
    order by ${isByKey ? sql`_by ${direction}, _then ${direction}` : sql`_then ${direction}`} limit ${limit}`.execute(
    tx,
  );
  return rows.map(({ _key, _tie, _by, _then, ...values }) => ({ values, place: { key: _key, tie: _tie } }));
};

/** What follows `after` in the order of a part: of the rows that have the value, or of those without or without order. */
const beyond = ({ listing, sort }: Query, isKnown: boolean, after: Place): RawBuilder<boolean> => {
  const than = sql.raw(sort?.descending ? '<' : '>');
  const tie = sql`${after.tie}::text::${sql.raw(listing.tie.type)}`;
  if (!sort || !isKnown) return sql<boolean>`${sql.raw(listing.tie.at)} ${than} ${tie}`;
  const type = sort.column.stored === 'privilege' ? 'smallint' : sort.column.stored;
  const key = sql`${after.key}::text::${sql.raw(type)}`;
  return sql<boolean>`(${sql.raw(sort.column.sortAt)}, ${sql.raw(listing.tie.at)}) ${than} (${key}, ${tie})`;
};

/** What follows `after` in the whole order, where rows without the value come last. */
export const follows = (query: Query, after: Place): RawBuilder<boolean> => {
  if (!query.sort) return beyond(query, false, after);
  const key = sql.raw(query.sort.column.sortAt);
  return after.key === null
    ? sql<boolean>`(${key} is null and ${beyond(query, false, after)})`
    : sql<boolean>`(${key} is null or ${beyond(query, true, after)})`;
};
