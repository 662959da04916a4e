import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { CaseRow, CaseStatus, CaseTable } from './model.ts';

const named = (alias: string) =>
  sql`case when ${sql.ref(`${alias}.person_id`)} is null then null else json_build_object('id', ${sql.ref(`${alias}.person_id`)},
    'login', ${sql.ref(`${alias}.login`)}, 'name', ${sql.ref(`${alias}.name`)}, 'email', ${sql.ref(`${alias}.email`)}) end`;

const columns = sql`c.case_id as id, c.number, c.case_table as table, c.subject, c.status, c.version, c.description,
  c.created_by as "createdBy", c.created_at as "createdAt", c.changed_at as "changedAt", ${named('r')} as requester,
  ${named('a')} as assignee,
  case when t.team_id is null then null else json_build_object('id', t.team_id, 'name', t.name) end as team`;
const from = sql`cases c left join desk_people r on r.person_id = c.requester_id
  left join desk_people a on a.person_id = c.assignee_id left join teams t on t.team_id = c.team_id`;

export interface CaseFilter extends PageQuery {
  readonly search?: string | undefined;
  readonly table?: CaseTable | undefined;
  readonly status?: CaseStatus | 'unresolved' | undefined;
  /** Ids; null: those that nobody has. */
  readonly assigneeId?: string | null | undefined;
  readonly teamId?: string | null | undefined;
  readonly requesterId?: string | undefined;
  readonly field?: string | undefined;
  readonly value?: string | undefined;
}

/** Those that changed last first. */
export const listCases = (tx: Sql, query: CaseFilter): Promise<PageOf<CaseRow>> => {
  const { cursor: _, limit: __, ...asked } = query;
  return readPage<CaseRow>(
    tx,
    {
      ...{ columns, from, where: conditionOf(query), newestFirst: true },
      scope: ['cases', ...Object.entries(asked).flat()],
      order: [
        { column: sql`c.changed_at`, type: 'timestamptz' },
        { column: sql`c.case_id`, type: 'uuid' },
      ],
    },
    query,
  );
};

const conditionOf = (of: CaseFilter): RawBuilder<unknown> => {
  const is = (column: RawBuilder<unknown>, value: string | null | undefined) =>
    value === undefined ? [] : [value === null ? sql`${column} is null` : sql`${column} = ${value}`];
  const all = [
    sql`c.merged_into is null`,
    ...is(sql`c.case_table`, of.table),
    ...(of.status === 'unresolved' ? [sql`c.status not in ('resolved', 'closed')`] : is(sql`c.status`, of.status)),
    ...is(sql`c.assignee_id`, of.assigneeId),
    ...is(sql`c.team_id`, of.teamId),
    ...is(sql`c.requester_id`, of.requesterId),
    ...(of.field === undefined || of.value === undefined ? [] : [holds(of.field, of.value)]),
    ...(of.search === undefined || of.search === '' ? [] : [mentions(of.search)]),
  ];
  return sql.join(all, sql` and `);
};

const holds = (field: string, value: string) =>
  sql`c.case_id in (select v.case_id from case_values v join case_fields f using (field_id)
    where v.value = ${value} and f.name = ${field})`;

const mentions = (search: string) =>
  sql`(${found(search, sql`c.number`, sql`c.subject`, sql`r.name`, sql`r.login`, sql`r.email`)} or exists (
    select from case_values v where v.case_id = c.case_id and ${found(search, sql`v.value`)}))`;

/** Those whose field holds exactly this, at most fifty. */
export const findByField = async (tx: Sql, field: string, value: string): Promise<readonly CaseRow[]> => {
  const { rows } = await sql<CaseRow>`
    select ${columns} from ${from} where c.merged_into is null and ${holds(field, value)}
    order by c.changed_at desc, c.case_id desc limit 50`.execute(tx);
  return rows;
};

/** By id or number; of a case that was merged into another, that other. */
export const findCase = async (tx: Sql, key: string): Promise<CaseRow | null> => {
  const { rows } = await sql<CaseRow>`
    select ${columns} from ${from} where c.case_id = (
      select coalesce(merged_into, case_id) from cases
      where number = upper(${key}) or case_id = ${idIn(key)}::uuid limit 1)`.execute(tx);
  return rows[0] ?? null;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idIn = (key: string): string | null => (uuid.test(key) ? key : null);

/** The same, kept from everybody else until the transaction ends. */
export const lockCase = async (tx: Sql, key: string): Promise<CaseRow | null> => {
  // A merge may come between finding it and having it; whoever merges changes what was merged before with it.
  for (let tries = 0; tries < 5; tries++) {
    const one = await findCase(tx, key);
    if (one === null) return null;
    const { rows } = await sql<{ mergedInto: string | null }>`
      select merged_into as "mergedInto" from cases where case_id = ${one.id} for update`.execute(tx);
    if (rows[0]?.mergedInto === null) return findCase(tx, one.id);
  }
  return null;
};

export interface NewCase {
  readonly table: CaseTable;
  readonly subject: string;
  readonly description: string;
  readonly requesterId: string | null;
  readonly assigneeId: string | null;
  readonly teamId: string | null;
  readonly createdBy: string;
}

/** Its id. */
export const insertCase = async (tx: Sql, of: NewCase): Promise<string> => {
  const id = newId<string>();
  const [prefix, sequence] =
    of.table === 'support' ? ['SC-', 'support_case_numbers'] : ['HC-', 'helpdesk_case_numbers'];
  await sql`
    insert into cases (case_id, number, case_table, subject, description, requester_id, assignee_id, team_id, created_by)
    values (${id}, ${prefix} || nextval(${sequence}), ${of.table}, ${of.subject}, ${of.description}, ${of.requesterId},
      ${of.assigneeId}, ${of.teamId}, ${of.createdBy})`.execute(tx);
  return id;
};

export interface CaseChanges {
  readonly subject?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: CaseStatus | undefined;
  readonly requesterId?: string | null | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly teamId?: string | null | undefined;
}

const columnOf: Readonly<Record<keyof CaseChanges, string>> = {
  ...{ subject: 'subject', description: 'description', status: 'status' },
  ...{ requesterId: 'requester_id', assigneeId: 'assignee_id', teamId: 'team_id' },
};

export const updateCase = async (tx: Sql, id: string, changes: CaseChanges): Promise<void> => {
  for (const [name, column] of Object.entries(columnOf)) {
    const value: unknown = Reflect.get(changes, name);
    if (value !== undefined)
      await sql`update cases set ${sql.ref(column)} = ${value} where case_id = ${id}`.execute(tx);
  }
};

/** Numbers of those that were merged into a case. */
export const mergedNumbers = async (tx: Sql, id: string): Promise<string[]> => {
  const { rows } = await sql<{ number: string }>`
    select number from cases where merged_into = ${id} order by created_at limit 500`.execute(tx);
  return rows.map(({ number }) => number);
};

export const deleteCase = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from cases where case_id = ${id}`.execute(tx);
};
