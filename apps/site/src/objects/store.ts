import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { fieldsWith, type ObjectRow } from '../api/shape.ts';
import type { Place } from './kind.ts';

/** What a list is narrowed by: equal values, texts without regard to case, and words that are searched. */
export interface Narrowed {
  readonly equal?: ObjectRow;
  readonly search?: string | undefined;
  /** Only keys after this one. */
  readonly after?: number;
}

export const keyOf = ({ kind }: Place): string => kind.key ?? 'id';

/** In the order of their keys, which is the order they were made in where the key is an id. */
export const listObjects = async (
  tx: Sql,
  place: Place,
  narrowed: Narrowed,
  { limit, offset = 0 }: { readonly limit: number; readonly offset?: number },
): Promise<readonly ObjectRow[]> => {
  const { rows } = await sql<ObjectRow>`
    select * from ${sql.table(place.kind.reads)} o where ${conditions(place, narrowed)}
    order by ${sql.ref(`o.${keyOf(place)}`)} limit ${limit} offset ${offset}`.execute(tx);
  return rows;
};

export const countObjects = async (tx: Sql, place: Place, narrowed: Narrowed): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(place.kind.reads)} o where ${conditions(place, narrowed)}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
};

export const findObject = async (tx: Sql, place: Place, key: number): Promise<ObjectRow | null> => {
  const { rows } = await sql<ObjectRow>`
    select * from ${sql.table(place.kind.reads)} o
    where ${sql.ref(`o.${keyOf(place)}`)} = ${key} and ${ofParent(place)}`.execute(tx);
  return rows[0] ?? null;
};

/** Two who change one object at once do so one after the other. */
export const lockObject = async (tx: Sql, place: Place, key: number): Promise<void> => {
  const { writes } = place.kind;
  if (writes === undefined) return;
  await sql`select from ${sql.table(writes)} o
    where ${sql.ref(`o.${keyOf(place)}`)} = ${key} and ${ofParent(place)} for update`.execute(tx);
};

/** Resolves with the key of the new row. */
export const insertRow = async (tx: Sql, place: Place, values: ObjectRow): Promise<number> => {
  const { kind, parentId } = place;
  const all = { ...columns(place, values), ...kind.extra?.(), ...(kind.parent && { [kind.parent.column]: parentId }) };
  const { rows } = await sql<{ key: number }>`
    insert into ${sql.table(tableOf(place))} (${sql.join(Object.keys(all).map((name) => sql.ref(name)))})
    values (${sql.join(Object.values(all))}) returning ${sql.ref(keyOf(place))} as key`.execute(tx);
  return rows[0]?.key ?? 0;
};

export const updateRow = async (tx: Sql, place: Place, key: number, values: ObjectRow): Promise<void> => {
  const set = Object.entries(columns(place, values));
  if (set.length === 0) return;
  await sql`
    update ${sql.table(tableOf(place))} o set ${sql.join(set.map(([name, value]) => sql`${sql.ref(name)} = ${value}`))}
    where ${sql.ref(`o.${keyOf(place)}`)} = ${key} and ${ofParent(place)}`.execute(tx);
};

export const deleteRow = async (tx: Sql, place: Place, key: number): Promise<void> => {
  await sql`delete from ${sql.table(tableOf(place))} o
    where ${sql.ref(`o.${keyOf(place)}`)} = ${key} and ${ofParent(place)}`.execute(tx);
};

const tableOf = ({ kind }: Place): string => {
  if (kind.writes === undefined) throw new Error(`${kind.shape.many} are only read.`);
  return kind.writes;
};

/** Only what the shape names and may be written; names in SQL never come from outside. */
const columns = ({ kind: { shape } }: Place, values: ObjectRow): ObjectRow => {
  const kept = fieldsWith(shape, 'readOnly');
  return Object.fromEntries(
    Object.keys(shape.fields).flatMap((name) =>
      kept.includes(name) || values[name] === undefined ? [] : [[name, values[name]]],
    ),
  );
};

const ofParent = ({ kind, parentId }: Place): RawBuilder<unknown> =>
  kind.parent === undefined ? sql`true` : sql`${sql.ref(`o.${kind.parent.column}`)} = ${parentId ?? 0}`;

const conditions = (place: Place, { equal = {}, search = '', after }: Narrowed): RawBuilder<unknown> => {
  const all: RawBuilder<unknown>[] = [ofParent(place)];
  for (const [name, value] of Object.entries(equal)) {
    const column = sql.ref(`o.${name}`);
    all.push(typeof value === 'string' ? sql`lower(${column}) = lower(${value})` : sql`${column} = ${value}`);
  }
  if (after !== undefined) all.push(sql`${sql.ref(`o.${keyOf(place)}`)} > ${after}`);
  if (search !== '' && place.kind.search.length > 0) {
    const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    all.push(
      sql`(${sql.join(
        place.kind.search.map((name) => sql`${sql.ref(`o.${name}`)}::text ilike ${like}`),
        sql` or `,
      )})`,
    );
  }
  return sql.join(all, sql` and `);
};
