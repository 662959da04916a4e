import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';

export interface SharedList {
  readonly listId: string;
  readonly name: string;
  readonly comment: string;
  readonly entries: number;
  /** Whether who asked may change its entries. */
  readonly mayEdit: boolean;
  readonly createdAt: Date;
}

export interface ListEntry {
  readonly entryId: string;
  /** Free text; '' for one that is good everywhere. */
  readonly systemName: string;
  readonly accountName: string;
  readonly comment: string;
  readonly secretId: string;
  readonly secretAt: Date;
}

/** Where the secret of an entry belongs. */
export const placeOfEntry = (entryId: string): string => `list-entry/${entryId}`;

interface SearchQuery extends PageQuery {
  readonly search?: string | undefined;
}

const columns = sql`l.list_id as "listId", l.name, l.comment, d.may_edit as "mayEdit", l.created_at as "createdAt",
  (select count(*)::int from list_entries e where e.list_id = l.list_id) as entries`;

/** Those of `mine`: rows `(list_id, may_edit)`. By name. */
export const listLists = (tx: Sql, mine: RawBuilder<unknown>, query: SearchQuery): Promise<PageOf<SharedList>> =>
  readPage<SharedList>(
    tx,
    {
      ...{ columns, from: sql`shared_lists l join ${mine} d using (list_id)`, order: [sql`lower(l.name)`] },
      ...{ where: found(query.search, sql`l.name`, sql`l.comment`), scope: `lists ${query.search ?? ''}` },
    },
    query,
  );

/** Null where it is not there, or none of `mine`. */
export const findList = async (tx: Sql, mine: RawBuilder<unknown>, listId: string): Promise<SharedList | null> => {
  const { rows } = await sql<SharedList>`
    select ${columns} from shared_lists l join ${mine} d using (list_id) where l.list_id = ${listId}`.execute(tx);
  return rows[0] ?? null;
};

/** Keeps a list under its id: a new one, or in place of what it was. */
export const putList = async (
  tx: Sql,
  list: Pick<SharedList, 'listId' | 'name' | 'comment' | 'createdAt'>,
): Promise<void> => {
  await sql`insert into shared_lists (list_id, name, comment, created_at)
    values (${list.listId}, ${list.name}, ${list.comment}, ${list.createdAt})
    on conflict (list_id) do update set name = excluded.name, comment = excluded.comment`.execute(tx);
};

export const deleteList = async (tx: Sql, listId: string): Promise<void> => {
  await sql`delete from shared_lists where list_id = ${listId}`.execute(tx);
};

const entryColumns = sql`e.entry_id as "entryId", e.system_name as "systemName", e.account_name as "accountName",
  e.comment, e.secret_id as "secretId", e.secret_at as "secretAt"`;

/** By system and account. */
export const listEntriesOf = (tx: Sql, listId: string, query: SearchQuery): Promise<PageOf<ListEntry>> =>
  readPage<ListEntry>(
    tx,
    {
      ...{ columns: entryColumns, from: sql`list_entries e`, scope: JSON.stringify(['entries', listId, query.search]) },
      ...{ order: [sql`lower(e.system_name)`, sql`lower(e.account_name)`] },
      where: sql`e.list_id = ${listId} and ${found(query.search, sql`e.system_name`, sql`e.account_name`, sql`e.comment`)}`,
    },
    query,
  );

/** Null where it is in another list. */
export const findEntryOf = async (tx: Sql, listId: string, entryId: string): Promise<ListEntry | null> => {
  const { rows } = await sql<ListEntry>`
    select ${entryColumns} from list_entries e where e.list_id = ${listId} and e.entry_id = ${entryId}
    for update`.execute(tx);
  return rows[0] ?? null;
};

/** Keeps an entry under its id: a new one, or in place of what it was. */
export const putEntry = async (tx: Sql, listId: string, entry: ListEntry, at: Date): Promise<void> => {
  const { entryId, systemName, accountName, comment, secretId, secretAt } = entry;
  await sql`insert into list_entries (entry_id, list_id, system_name, account_name, comment, secret_id, secret_at, created_at)
    values (${entryId}, ${listId}, ${systemName}, ${accountName}, ${comment}, ${secretId}, ${secretAt}, ${at})
    on conflict (entry_id) do update set system_name = excluded.system_name, account_name = excluded.account_name,
      comment = excluded.comment, secret_id = excluded.secret_id, secret_at = excluded.secret_at`.execute(tx);
};

export const deleteEntry = async (tx: Sql, entryId: string): Promise<void> => {
  await sql`delete from list_entries where entry_id = ${entryId}`.execute(tx);
};

/** Who has it checked out now, in words; at most eleven. */
export const listHoldersOf = async (tx: Sql, entryId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select i.name from checkouts o join identities i using (identity_id)
    where o.entry_id = ${entryId} and o.checked_in_at is null limit 11`.execute(tx);
  return rows.map(({ name }) => `the check-out by ${name}`);
};

export interface ListDelegation {
  readonly identityId: string;
  readonly identity: string;
  readonly mayEdit: boolean;
}

export const listDelegationsOf = (tx: Sql, listId: string, query: PageQuery): Promise<PageOf<ListDelegation>> =>
  readPage<ListDelegation>(
    tx,
    {
      columns: sql`d.identity_id as "identityId", i.name as identity, d.may_edit as "mayEdit"`,
      ...{ from: sql`list_delegations d join identities i using (identity_id)`, where: sql`d.list_id = ${listId}` },
      ...{ order: [sql`lower(i.name)`], scope: `list-delegations ${listId}` },
    },
    query,
  );

/** Null takes it away. True where that changed something. */
export const setListDelegation = async (
  tx: Sql,
  listId: string,
  identityId: string,
  to: { readonly mayEdit: boolean } | null,
): Promise<boolean> => {
  const { rows } =
    to === null
      ? await sql`delete from list_delegations where list_id = ${listId} and identity_id = ${identityId}
          returning list_id`.execute(tx)
      : await sql`insert into list_delegations as d (list_id, identity_id, may_edit)
          values (${listId}, ${identityId}, ${to.mayEdit})
          on conflict (list_id, identity_id) do update set may_edit = excluded.may_edit
          where d.may_edit <> excluded.may_edit returning list_id`.execute(tx);
  return rows.length > 0;
};
