import type { Database } from '@gatehouse/database';
import { closings } from '@gatehouse/remote-access/ecm';
import { isAllowed } from '../api-accounts/index.ts';
import { type Account, findAccounts } from '../oauth/index.ts';
import { getOptions } from '../options/index.ts';
import type { EcmConnection } from './connection.ts';
import type { Connections } from './turns.ts';

/** Ends the connections of accounts that may not have them any more. A token that has only expired ends nothing. */
export const endRefused = async (database: Database, connections: Connections): Promise<void> => {
  // Those that come while their accounts are read were let in just now.
  const here = [...connections.all];
  if (here.length === 0) return;
  const ids = [...new Set(here.map(({ account }) => account.id))];
  const { options, accounts } = await database.system(async (tx) => ({
    options: await getOptions(tx),
    accounts: new Map((await findAccounts(tx, ids)).map((account) => [account.id, account])),
  }));
  const isOpen = options.enableXmlApi && options.allowEcmConnections;
  for (const connection of here) {
    const now = accounts.get(connection.account.id);
    if (!isOpen || now === undefined || !mayStay(connection, now))
      connection.close(closings.unauthorized, 'This API account may not connect ECMs any more.');
    // Its place is one of its group: it takes one of the other group when it comes again.
    else if (now.ecmGroupId !== connection.account.ecmGroupId)
      connection.close(1012, 'It belongs to another group now.');
  }
};

/** A new secret ends the tokens of the old one. */
const mayStay = ({ account, address }: EcmConnection, now: Account): boolean =>
  now.enabled &&
  now.permissions.ecm &&
  isAllowed(now.ipAddresses, address) &&
  now.secretHash.equals(account.secretHash);
