import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { CaseTable, FieldValue } from './model.ts';

export interface CaseField {
  readonly id: string;
  readonly table: CaseTable;
  readonly name: string;
  readonly takesMany: boolean;
  /** Of support sessions: it is there from the beginning and stays. */
  readonly isOfSessions: boolean;
}

const columns = sql`f.field_id as id, f.case_table as table, f.name, f.takes_many as "takesMany",
  f.of_sessions as "isOfSessions"`;

export const listFields = (
  tx: Sql,
  query: PageQuery & { readonly table?: CaseTable | undefined },
): Promise<PageOf<CaseField>> =>
  readPage<CaseField>(
    tx,
    {
      ...{ columns, from: sql`case_fields f`, scope: ['case-fields', query.table] },
      where: query.table === undefined ? sql`true` : sql`f.case_table = ${query.table}`,
      order: [
        { column: sql`f.case_table`, type: 'text' },
        { column: sql`f.place`, type: 'bigint' },
      ],
    },
    query,
  );

export const findField = async (tx: Sql, id: string): Promise<CaseField | null> => {
  const { rows } = await sql<CaseField>`select ${columns} from case_fields f where f.field_id = ${id}`.execute(tx);
  return rows[0] ?? null;
};

/** Most fields of a table: every case is answered with all of them. */
export const mostFields = 100;

export const countFields = async (tx: Sql, table: CaseTable): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from case_fields where case_table = ${table}`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** Null where the table has one of this name. */
export const insertField = async (
  tx: Sql,
  { table, name }: { readonly table: CaseTable; readonly name: string },
): Promise<CaseField | null> => {
  const { rows } = await sql<CaseField>`
    insert into case_fields as f (field_id, case_table, name) values (${newId()}, ${table}, ${name})
    on conflict (case_table, name) do nothing returning ${columns}`.execute(tx);
  return rows[0] ?? null;
};

export const deleteField = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from case_fields where field_id = ${id}`.execute(tx);
};

export interface FieldOfCase {
  readonly name: string;
  readonly takesMany: boolean;
  readonly value: string | string[] | null;
}

/** Every field of these cases in its order, empty ones too. */
export const fieldsOf = async (
  tx: Sql,
  cases: readonly { readonly id: string; readonly table: CaseTable }[],
): Promise<ReadonlyMap<string, readonly FieldOfCase[]>> => {
  const { rows } = await sql<{ id: string; name: string; takesMany: boolean; values: string[] }>`
    select c.case_id as id, f.name, f.takes_many as "takesMany",
      coalesce(array_agg(v.value order by v.place) filter (where v.value is not null), '{}') as values
    from cases c join case_fields f using (case_table) left join case_values v using (case_id, field_id)
    where c.case_id = any(${cases.map(({ id }) => id)}::uuid[])
    group by c.case_id, f.field_id order by f.place`.execute(tx);
  const all = new Map<string, FieldOfCase[]>(cases.map(({ id }) => [id, []]));
  for (const { id, name, takesMany, values } of rows)
    all.get(id)?.push({ name, takesMany, value: takesMany ? values : (values[0] ?? null) });
  return all;
};

export interface FieldOutcome {
  readonly name: string;
  readonly outcome: 'applied' | 'denied' | 'unknown';
  /** Whether the case holds something else now. */
  readonly isChange: boolean;
}

/** Each field by itself. `denied`: it takes one text, and several were given. */
export const setValues = async (
  tx: Sql,
  one: { readonly id: string; readonly table: CaseTable },
  values: Readonly<Record<string, FieldValue>>,
): Promise<readonly FieldOutcome[]> => {
  const { rows } = await sql<{ id: string; name: string; takesMany: boolean; values: string[] }>`
    select f.field_id as id, f.name, f.takes_many as "takesMany",
      array(select v.value from case_values v where v.case_id = ${one.id} and v.field_id = f.field_id order by v.place) as values
    from case_fields f where f.case_table = ${one.table} and f.name = any(${Object.keys(values)}::text[])`.execute(tx);
  const outcomes: FieldOutcome[] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = rows.find((row) => row.name === name);
    const list = listOf(value);
    if (field === undefined) outcomes.push({ name, outcome: 'unknown', isChange: false });
    else if (!field.takesMany && list.length > 1) outcomes.push({ name, outcome: 'denied', isChange: false });
    else {
      const isChange = JSON.stringify(field.values) !== JSON.stringify(list);
      if (isChange) await storeValues(tx, one.id, field.id, list);
      outcomes.push({ name, outcome: 'applied', isChange });
    }
  }
  return outcomes;
};

const listOf = (value: FieldValue): readonly string[] =>
  (value === null ? [] : typeof value === 'string' ? [value] : value).map(asText).filter((text) => text !== '');

/** As PostgreSQL keeps texts. */
const asText = (text: string): string => text.toWellFormed().replaceAll('\0', '');

const storeValues = async (tx: Sql, caseId: string, fieldId: string, values: readonly string[]): Promise<void> => {
  await sql`delete from case_values where case_id = ${caseId} and field_id = ${fieldId}`.execute(tx);
  await sql`insert into case_values (case_id, field_id, place, value)
    select ${caseId}::uuid, ${fieldId}::uuid, place, value from unnest(${values}::text[]) with ordinality v (value, place)`.execute(
    tx,
  );
};
