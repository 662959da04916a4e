import type { TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { toCondition } from './filter.ts';
import { asIndexed } from './indexed.ts';
import { type Listing, wordsOf } from './kinds.ts';
import type { Query } from './query.ts';
import type { Way } from './way.ts';

/** What a row of the list must be, over the alias `r`. */
export const conditions = (tenantId: TenantId, query: Query, { how, indexed }: Way): RawBuilder<boolean> => {
  const { listing, words, filters } = query;
  const all = [sql<boolean>`r.tenant_id = ${tenantId}::uuid`, ...filters.map(toCondition)];
  // What is gone is out of every list unless the filter asks for it.
  if (listing.isRecord && !filters.some(({ column }) => column.name === 'gone')) {
    all.push(sql<boolean>`r.gone_at is null`);
  }
  if (how === 'fetch') all.push(...asIndexed(tenantId, query));
  const found = wordsOf(listing);
  if (found && indexed.length > 0) all.push(sql<boolean>`${sql.raw(found)} @@ ${toWordQuery(indexed)}`);
  const others = words.filter((word) => !indexed.includes(word));
  if (found && others.length > 0) all.push(...others.map((word) => hasWord(listing, found, word)));
  return sql<boolean>`${sql.join(all, sql` and `)}`;
};

export const toWordQuery = (words: readonly string[]) =>
  sql`to_tsquery('simple', ${words.map((word) => `'${word.replaceAll('\\', ' ')}':*`).join(' & ')})`;

/** As a function, which no index serves. Most rows fail the cheaper test before it, where upper and lower case are plain. */
const hasWord = (listing: Listing, found: string, word: string): RawBuilder<boolean> => {
  const isIn = sql<boolean>`ts_match_vq(${sql.raw(found)}, ${toWordQuery([word])})`;
  if (!/^[a-z0-9]+$/.test(word)) return isIn;
  const columns = listing.columns.filter(({ search }) => search).map(({ at }) => `coalesce(${at}, '')`);
  return sql<boolean>`(lower((${sql.raw(columns.join(` || ' ' || `))}) collate "C") like ${`%${word}%`} and ${isIn})`;
};

/** Rows that the steps after reading have seen, and those that still wait for them. */
export type Branch = 'derived' | 'underived';
export const branchNames: readonly Branch[] = ['derived', 'underived'];

/**
 * Indexes of a kind that is derived after reading hold only what was derived, so that reading does not have to keep
 * them. What was read and not derived yet is looked for beside them; it is little, except during a first read.
 */
export const branchesOf = (
  { listing, sort, words, filters }: Query,
  among: readonly Branch[],
): readonly RawBuilder<boolean>[] => {
  const { derivedWhen } = listing;
  if (derivedWhen === null || (sort === null && words.length === 0 && filters.length === 0))
    return [sql<boolean>`true`];
  const derived = sql<boolean>`${sql.raw(derivedWhen)}`;
  return among.map((branch) => (branch === 'derived' ? derived : sql<boolean>`not (${derived})`));
};
