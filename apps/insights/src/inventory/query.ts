import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { invalid } from '../problems.ts';
import { type Place, parseCursor, type Total, writeCursor } from './cursor.ts';
import { type Filter, parseFilters, toCondition } from './filter.ts';
import { type ListColumn, type Listing, separators, wordsOf } from './kinds.ts';

/** What was asked, checked against the columns of the list. */
export interface Query {
  readonly listing: Listing;
  readonly words: readonly string[];
  readonly filters: readonly Filter[];
  /** Null: in the order in which the rows came. */
  readonly sort: { readonly column: ListColumn; readonly descending: boolean } | null;
  /** The text that a cursor belongs to. */
  readonly asked: string;
}

export interface Asked {
  readonly search?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly sort?: string | undefined;
}

/** One row of a list: the columns of the listing by their names, and where it comes from. */
export interface ListedRow {
  readonly values: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

/** Columns, operators and values that do not exist are problems that name the field. */
export const parseQuery = (listing: Listing, tenantId: TenantId, asked: Asked, now: Date): Query => ({
  listing,
  words: parseWords(listing, asked.search ?? ''),
  filters: parseFilters(listing, asked.filter ?? [], now),
  sort: parseSort(listing, asked.sort),
  asked: JSON.stringify([tenantId, listing.kind, asked.search ?? '', asked.filter ?? [], asked.sort ?? '']),
});

const parseSort = (listing: Listing, sort: string | undefined): Query['sort'] => {
  if (sort === undefined || sort === '') return null;
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const column = listing.columns.find((one) => one.name === name);
  if (column?.sort) return { column, descending };
  const sortable = listing.columns.filter((one) => one.sort).map((one) => one.name);
  throw invalid('sort', `"${name}" cannot be sorted by. These can: ${sortable.join(', ') || 'none'}.`);
};

const parseWords = (listing: Listing, search: string): readonly string[] => {
  const spaced = [...search].map((letter) => (separators.includes(letter) || letter === "'" ? ' ' : letter)).join('');
  const words = spaced.toLowerCase().split(/\s+/u).filter(Boolean).slice(0, 20);
  if (words.length > 0 && wordsOf(listing) === null) {
    throw invalid('search', `${listing.title} have no column to search in. Use a filter.`);
  }
  if (search.includes('\u0000')) throw invalid('search', 'The search holds a character that no text has.');
  return words;
};

/** At most this many rows are counted exactly; counting a million would take longer than reading the page. */
export const countLimit = 10_000;

const countRows = async (tx: Sql, tenantId: TenantId, query: Query): Promise<Total> => {
  const branches = branchesOf(query).map(
    (branch) => sql`(select from ${sql.raw(query.listing.from)} r
      where ${conditions(tenantId, query)} and ${branch} limit ${countLimit + 1})`,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from (${sql.join(branches, sql` union all `)}) found limit ${countLimit + 1}) counted`.execute(tx);
  const count = rows[0]?.count ?? 0;
  return { value: Math.min(count, countLimit), exact: count <= countLimit };
};

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
  const counted = after?.total ?? (query.words.length > 0 ? await countMatches(tx, tenantId, query) : null);
  const rows = await readRows(tx, tenantId, query, counted, after?.place ?? null, page.limit + 1);
  // A first page that holds everything has counted it already.
  const total =
    counted ?? (rows.length <= page.limit ? { value: rows.length, exact: true } : await countRows(tx, tenantId, query));
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const next = rows.length > page.limit && last ? writeCursor(last.place, total, query.asked) : null;
  return { rows: shown, next, total };
};

/** How many rows a search finds; needed before reading them, see `readRows`. */
export const countMatches = async (tx: Sql, tenantId: TenantId, query: Query): Promise<Total> => {
  await plan(tx, 'by words');
  const total = await countRows(tx, tenantId, query);
  await plan(tx, 'as it likes');
  return total;
};

/**
 * Up to `limit` rows that follow `after`. PostgreSQL cannot estimate how many words begin with some letters, and a wrong
 * guess reads the whole table. So a search is told how many rows it finds (`matches`): few are fetched through the
 * index of words and sorted, many are met soon enough on a walk in the order of the list.
 */
export const readRows = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  matches: Total | null,
  after: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  if (query.words.length === 0) return await readOrdered(tx, tenantId, query, after, limit);
  await plan(tx, matches?.exact ? 'by words' : 'by order');
  const rows = await readOrdered(tx, tenantId, query, after, limit);
  await plan(tx, 'as it likes');
  return rows;
};

/** What the planner may use, until the end of the transaction or the next call. */
const plan = async (tx: Sql, how: 'by words' | 'by order' | 'as it likes'): Promise<void> => {
  const [bitmaps, scans] = [how === 'by order' ? 'off' : 'on', how === 'by words' ? 'off' : 'on'];
  await sql`select set_config('enable_bitmapscan', ${bitmaps}, true), set_config('enable_indexscan', ${scans}, true),
    set_config('enable_indexonlyscan', ${scans}, true), set_config('enable_seqscan', ${scans}, true)`.execute(tx);
};

const readOrdered = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  after: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  if (!query.sort) return await readPart(tx, tenantId, query, 'all', after, limit);
  // Two walks of the same index: first the rows that have the value, then those that do not. One walk would put
  // unknown values first in one of the two directions, or need a second index.
  const known = after === null || after.key !== null ? await readPart(tx, tenantId, query, 'known', after, limit) : [];
  if (known.length === limit) return known;
  const rest = await readPart(tx, tenantId, query, 'unknown', after?.key === null ? after : null, limit - known.length);
  return [...known, ...rest];
};

type Part = 'all' | 'known' | 'unknown';

const readPart = async (
  tx: Sql,
  tenantId: TenantId,
  query: Query,
  part: Part,
  after: Place | null,
  limit: number,
): Promise<readonly ListedRow[]> => {
  const { listing, sort } = query;
  const tie = sql.raw(listing.tie.at);
  const key = sql.raw(sort && part === 'known' ? sort.column.sortAt : 'null::text');
  const direction = sql.raw(sort?.descending ? 'desc' : 'asc');
  const columns = listing.columns.map(({ name, at }) => sql`${sql.raw(at)} as ${sql.id(name)}`);
  const bounds = [conditions(tenantId, query)];
  if (sort && part === 'known') bounds.push(sql<boolean>`${key} is not null`);
  if (sort && part === 'unknown') bounds.push(sql<boolean>`${sql.raw(sort.column.sortAt)} is null`);
  if (after) bounds.push(beyond(query, part, after));
  const isByKey = sort !== null && part === 'known';
  const order = isByKey ? sql`${key} ${direction}, ${tie} ${direction}` : sql`${tie} ${direction}`;
  // The key as text: a time keeps its microseconds, which a JavaScript date would lose.
  const branches = branchesOf(query).map(
    (branch) => sql`(
      select ${sql.join(columns)}, (${key})::text as _key, ${tie}::text as _tie, ${key} as _by, ${tie} as _then
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

/**
 * Indexes of a kind that is derived after reading hold only what was derived, so that reading does not have to keep
 * them. What was read and not derived yet is looked for beside them; it is little, except during a first read.
 */
const branchesOf = ({ listing, sort, words, filters }: Query): readonly RawBuilder<boolean>[] => {
  const { derivedWhen } = listing;
  if (derivedWhen === null || (sort === null && words.length === 0 && filters.length === 0))
    return [sql<boolean>`true`];
  return [sql<boolean>`${sql.raw(derivedWhen)}`, sql<boolean>`not (${sql.raw(derivedWhen)})`];
};

/** What follows `after` in the order of the part. */
const beyond = ({ listing, sort }: Query, part: Part, after: Place): RawBuilder<boolean> => {
  const than = sql.raw(sort?.descending ? '<' : '>');
  const tie = sql`${after.tie}::text::${sql.raw(listing.tie.type)}`;
  if (!sort || part !== 'known') return sql<boolean>`${sql.raw(listing.tie.at)} ${than} ${tie}`;
  const type = sort.column.stored === 'privilege' ? 'smallint' : sort.column.stored;
  const key = sql`${after.key}::text::${sql.raw(type)}`;
  return sql<boolean>`(${sql.raw(sort.column.sortAt)}, ${sql.raw(listing.tie.at)}) ${than} (${key}, ${tie})`;
};

const conditions = (tenantId: TenantId, { listing, words, filters }: Query): RawBuilder<boolean> => {
  const all = [sql<boolean>`r.tenant_id = ${tenantId}::uuid`, ...filters.map(toCondition)];
  // What is gone is out of every list unless the filter asks for it.
  if (listing.isRecord && !filters.some(({ column }) => column.name === 'gone')) {
    all.push(sql<boolean>`r.gone_at is null`);
  }
  const found = wordsOf(listing);
  if (words.length > 0 && found) {
    const pattern = words.map((word) => `'${word.replaceAll('\\', ' ')}':*`).join(' & ');
    all.push(sql<boolean>`${sql.raw(found)} @@ to_tsquery('simple', ${pattern})`);
  }
  return sql<boolean>`${sql.join(all, sql` and `)}`;
};
