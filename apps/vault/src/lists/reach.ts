import type { Database, Sql } from '@gatehouse/database';
import { type Principal, problems } from '@gatehouse/server';
import { globalRightsOf, listsOf } from '../delegation/index.ts';
import type { Actor, Directories } from '../identities/index.ts';
import { actorOfPerson } from '../sign-in/index.ts';
import { findList, type SharedList } from './store.ts';

/** Whose lists are meant: all of them, or those of an identity. */
export type Reach = 'all' | Pick<Actor, 'holds'>;

/** Administrators keep every list; everybody else uses those that their identity was given. */
export const reachOf = async (
  parts: { readonly database: Database; readonly directories: Directories },
  principal: Principal,
): Promise<Reach> =>
  principal.systemAdministrator ? 'all' : ((await actorOfPerson(parts, principal)) ?? { holds: [] });

/** Rows `(list_id, may_edit)`. */
export const listsWithin = async (tx: Sql, reach: Reach) =>
  reach === 'all' ? listsOf({ holds: [] }, { allAccess: true }) : listsOf(reach, await globalRightsOf(tx, reach));

/** @throws Problem: the same for a list that is not there and for one that may not be known */
export const getList = async (tx: Sql, reach: Reach, listId: string): Promise<SharedList> => {
  const list = await findList(tx, await listsWithin(tx, reach), listId);
  if (list === null) throw problems.notFound();
  return list;
};

/** @throws Problem where its entries may not be changed */
export const getEditable = async (tx: Sql, reach: Reach, listId: string): Promise<SharedList> => {
  const list = await getList(tx, reach, listId);
  if (!list.mayEdit) throw problems.forbidden('You may use this list, but not change it.');
  return list;
};
