import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { type GlobalRights, listsOf } from '../delegation/index.ts';
import type { Actor } from '../identities/index.ts';
import { equals, found, type PageOf, type PageQuery, readPage } from '../paging.ts';

/** An entry of a shared list. Never the secret itself. */
export interface ListEntry {
  readonly entryId: string;
  readonly listName: string;
  /** Free text; '' for one that is good everywhere. */
  readonly systemName: string;
  readonly accountName: string;
  readonly secretId: string;
}

/** Where the secret of an entry belongs. */
export const placeOfEntry = (entryId: string): string => `list-entry/${entryId}`;

/** Entries of lists that the actor may use, of a condition over `list_entries e` and `shared_lists l`. */
export const listUsableEntries = async (
  tx: Sql,
  actor: Pick<Actor, 'holds'>,
  global: Pick<GlobalRights, 'allAccess'>,
  where: RawBuilder<unknown>,
  most: number,
): Promise<readonly ListEntry[]> => {
  const { rows } = await sql<ListEntry>`
    select ${entryColumns} from list_entries e join shared_lists l using (list_id)
      join ${listsOf(actor, global)} d on d.list_id = e.list_id
    where ${where} order by lower(l.name), lower(e.system_name), lower(e.account_name) limit ${most}`.execute(tx);
  return rows;
};

/** Whoever may use it. */
export const findEntry = async (tx: Sql, entryId: string): Promise<ListEntry | null> => {
  const { rows } = await sql<ListEntry>`
    select ${entryColumns} from list_entries e join shared_lists l using (list_id) where e.entry_id = ${entryId}`.execute(
    tx,
  );
  return rows[0] ?? null;
};

const entryColumns = sql`e.entry_id as "entryId", l.name as "listName", e.system_name as "systemName",
  e.account_name as "accountName", e.secret_id as "secretId"`;

export interface MyEntry extends Pick<ListEntry, 'entryId' | 'listName' | 'systemName' | 'accountName'> {
  readonly listId: string;
  readonly comment: string;
}

/** What an actor may check out of shared lists, by list, system and account. */
export const listMyEntries = async (
  tx: Sql,
  actor: Pick<Actor, 'holds' | 'identity'>,
  global: Pick<GlobalRights, 'allAccess'>,
  query: PageQuery & { readonly search?: string | undefined; readonly listId?: string | undefined },
): Promise<PageOf<MyEntry>> => {
  const { search, listId } = query;
  const texts = [sql`l.name`, sql`e.system_name`, sql`e.account_name`, sql`e.comment`];
  return readPage<MyEntry>(
    tx,
    {
      columns: sql`e.entry_id as "entryId", l.list_id as "listId", l.name as "listName",
        e.system_name as "systemName", e.account_name as "accountName", e.comment`,
      from: sql`list_entries e join shared_lists l using (list_id) join ${listsOf(actor, global)} d using (list_id)`,
      where: sql`${found(search, ...texts)} and ${equals(sql`l.list_id`, listId)}`,
      order: [sql`lower(l.name)`, sql`lower(e.system_name)`, sql`lower(e.account_name)`, sql`e.entry_id`],
      scope: JSON.stringify(['my-entries', actor.identity.identityId, search, listId]),
    },
    query,
  );
};
