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
  readonly items: Row[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}

/** A column that lists are sorted by, and the type that its text is read back as. */
interface By {
  readonly column: RawBuilder<unknown>;
  readonly type: 'text' | 'timestamptz' | 'uuid' | 'bigint';
}

/** What a text of each type looks like: a cursor comes from outside. */
const shapes: Readonly<Record<By['type'], RegExp>> = {
  text: /^[^\0]*$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  bigint: /^\d{1,18}$/,
};

/**
 * One page of `select columns from … where …`. `order` is unique as a whole. `scope` names the list with everything that
 * was asked of it, so that its cursor is good for no other.
 * @throws Problem that names the field `cursor`
 */
export const readPage = async <Row extends object>(
  tx: Sql,
  of: {
    readonly columns: RawBuilder<unknown>;
    readonly from: RawBuilder<unknown>;
    readonly where: RawBuilder<unknown>;
    readonly order: readonly By[];
    readonly newestFirst?: true;
    readonly scope: readonly unknown[];
  },
  { cursor, limit }: PageQuery,
): Promise<PageOf<Row>> => {
  const { columns, from, where, order, newestFirst } = of;
  const scope = JSON.stringify(of.scope);
  const after = cursor === undefined ? null : decodePlace(scope, cursor, order.length);
  const isPlace = after?.every((value, at) => value !== null && shapes[order[at]?.type ?? 'text'].test(value)) ?? false;
  if (cursor !== undefined && !isPlace)
    throw invalid('cursor', 'This cursor belongs to another list. Start at the first page.');
  const by = sql.join(order.map(({ column }) => column));
  const place = after?.map((value, at) => sql`${value}::text::${sql.raw(order[at]?.type ?? 'text')}`) ?? [];
  const [compare, direction] = newestFirst ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
  const beyond = after === null ? sql`true` : sql`(${by}) ${compare} (${sql.join(place)})`;
  const sorted = sql.join(order.map(({ column }) => sql`${column} ${direction}`));
  const { rows } = await sql<Row & { place: string[] }>`
    select ${columns}, array[${sql.join(order.map(({ column }) => sql`(${column})::text`))}] as place
    from ${from} where ${where} and ${beyond} order by ${sorted} limit ${limit + 1}`.execute(tx);
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

/** Whether one of these texts contains the words, whatever the case; everything where nothing is looked for. */
export const found = (search: string | undefined, ...texts: readonly RawBuilder<unknown>[]) =>
  search === undefined || search === ''
    ? sql`true`
    : sql`(${sql.join(
        texts.map((text) => sql`position(lower(${search}) in lower(coalesce(${text}, ''))) > 0`),
        sql` or `,
      )})`;
