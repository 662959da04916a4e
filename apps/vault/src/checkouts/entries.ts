import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { type GlobalRights, listsOf } from '../delegation/index.ts';
import type { Actor } from '../identities/index.ts';

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
