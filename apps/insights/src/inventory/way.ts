import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { conditions, toWordQuery } from './conditions.ts';
import type { Total } from './cursor.ts';
import { wordsOf } from './kinds.ts';
import type { Query } from './query.ts';

/**
 * How the rows of a query are found. `walk`: in the order of the list, each looked at, because enough are met soon.
 * `fetch`: all of them through indexes, because they are few. `free`: as PostgreSQL likes.
 */
export interface Way {
  readonly how: 'walk' | 'fetch' | 'free';
  /** The words that the index is asked for; whether a row has the others is seen from the row. */
  readonly indexed: readonly string[];
}

/** A list of fewer rows is quick whichever way. */
const large = 20_000;
/** Rows of which one in so many is found are met soon on a walk. */
const often = 20;
const places = 20;
const placeLength = 10;

/** `total` is what the first page counted. */
export const chooseWay = async (tx: Sql, tenantId: TenantId, query: Query, total: Total | null): Promise<Way> => {
  const { listing, words, filters } = query;
  if (words.length === 0 && filters.length === 0) return { how: 'free', indexed: [] };
  if (!listing.isRecord || !(await isLarge(tx, tenantId, query))) {
    return { how: words.length > 0 ? 'fetch' : 'free', indexed: words };
  }
  if (total && !total.exact) return { how: words.length > 0 ? 'walk' : 'free', indexed: [] };
  const { count, found, having } = await sample(tx, tenantId, query);
  if (found * often >= count) return { how: total ? 'free' : 'walk', indexed: [] };
  // An index of words lists every row of a word: where nearly all have it, that takes longer than to look at the rows.
  const rare = words.filter((_, at) => (having[at] ?? 0) * often < count);
  return { how: 'fetch', indexed: rare.length > 0 ? rare : words };
};

const isLarge = async (tx: Sql, tenantId: TenantId, { listing }: Query): Promise<boolean> => {
  const { rows } = await sql`
    select from ${sql.raw(listing.from)} r where r.tenant_id = ${tenantId}::uuid
    order by ${sql.raw(listing.tie.at)} offset ${large} limit 1`.execute(tx);
  return rows.length > 0;
};

interface Sample {
  readonly count: number;
  /** Rows that the query finds. */
  readonly found: number;
  /** Rows that have each word. */
  readonly having: readonly number[];
}

/** Rows from places spread evenly over the list, so that what the first ones have in common counts little. */
const sample = async (tx: Sql, tenantId: TenantId, query: Query): Promise<Sample> => {
  const { listing, words } = query;
  const from = sql.raw(listing.from);
  const tie = sql.raw(listing.tie.at);
  const text = wordsOf(listing);
  const isIn = words.map((word) => sql<boolean>`ts_match_vq(text, ${toWordQuery([word])})`);
  const others = conditions(tenantId, { ...query, words: [] }, { how: 'walk', indexed: [] });
  const { rows } = await sql<Sample>`
    with ends as (
      select min(${tie}) as low, max(${tie}) as high from ${from} r where r.tenant_id = ${tenantId}::uuid
    )
    select count(*)::int as count, count(*) filter (where ${sql.join([others, ...isIn], sql` and `)})::int as found,
      array[${sql.join(isIn.map((has) => sql`count(*) filter (where ${has})`))}]::int[] as having
    from ends, generate_series(0, ${places - 1}) as part, lateral (
      select *, ${words.length > 0 && text ? sql.raw(text) : sql`null::tsvector`} as text from ${from} r
      where r.tenant_id = ${tenantId}::uuid and r.gone_at is null
        and ${tie} >= low + (high - low) * part / ${places} order by ${tie} limit ${placeLength}) r`.execute(tx);
  return rows[0] ?? { count: 0, found: 0, having: [] };
};
