import { decodePlace, encodePlace, type Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { invalid } from './problems.ts';

/** Counting goes no further than this. */
const countLimit = 10_000;

export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PageOf<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}

/**
 * One page of `select columns from … where …`. `order` are texts that are unique together. `scope` names the list with
 * everything that was asked of it, so that its cursor is good for no other.
 * @throws Problem that names the field `cursor`
 */
export const readPage = async <Row extends object>(
  tx: Sql,
  of: {
    readonly columns: RawBuilder<unknown>;
    readonly from: RawBuilder<unknown>;
    readonly where: RawBuilder<unknown>;
    readonly order: readonly RawBuilder<unknown>[];
    readonly scope: string;
  },
  { cursor, limit }: PageQuery,
): Promise<PageOf<Row>> => {
  const { columns, from, where, order, scope } = of;
  const texts = order.map((one) => sql`(${one})::text collate "C"`);
  const after = cursor === undefined ? null : decodePlace(scope, cursor, order.length);
  if (cursor !== undefined && after === null)
    throw invalid('cursor', 'This cursor belongs to another list. Start at the first page.');
  const beyond = after === null ? sql`true` : sql`(${sql.join(texts)}) > (${sql.join([...after])})`;
  const { rows } = await sql<Row & { place: string[] }>`
    select ${columns}, array[${sql.join(texts)}] as place from ${from} where ${where} and ${beyond}
    order by ${sql.join(texts)} limit ${limit + 1}`.execute(tx);
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from ${from} where ${where} limit ${countLimit + 1}) counted`.execute(
    tx,
  );
  const count = counted.rows[0]?.count ?? 0;
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: rows.length > limit && last ? encodePlace(scope, last.place) : null,
    total: { value: Math.min(count, countLimit), exact: count <= countLimit },
  };
};

/** A page as an answer: of rows that are answered as they are. */
export const toMutable = <Row>(page: PageOf<Row>) => ({ ...page, items: [...page.items] });

/** Whether one of these texts contains the words, whatever the case; everything where nothing is looked for. */
export const found = (search: string | undefined, ...texts: readonly RawBuilder<unknown>[]) =>
  search === undefined || search === ''
    ? sql`true`
    : sql`(${sql.join(
        texts.map((text) => sql`position(lower(${search}) in lower(${text})) > 0`),
        sql` or `,
      )})`;

/** Whether a column has this value; everything where none is asked for. */
export const equals = (column: RawBuilder<unknown>, value: string | boolean | undefined) =>
  value === undefined ? sql`true` : sql`${column} = ${value}`;
