import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAccounts } from '../oauth/index.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';
import { endRefused } from './access.ts';
import type { EcmConnection } from './connection.ts';
import { createConnections } from './turns.ts';

let site: TestSite;
beforeAll(async () => {
  site = await testSite();
});
afterAll(() => site.close());

test('an ECM that connects while the rights of the others are read stays, and who lost the right goes', async () => {
  const connections = createConnections();
  const closed: string[] = [];
  const add = async (name: string, permitted: boolean) => {
    const { id } = (await site.program({ perm_ecm: permitted })).account;
    const [account] = await site.database.system((tx) => findAccounts(tx, [id]));
    if (account === undefined) throw new Error('no account');
    const connection: EcmConnection = {
      ...{ clientId: name, account, address: '127.0.0.1', identity: null, isReady: true, requests: 0, lastError: null },
      call: () => Promise.reject(new Error('nothing is asked')),
      close: (code) => void closed.push(`${name} ${code}`),
    };
    return () => connections.add(connection);
  };
  const [old, lost, fresh] = [await add('old', true), await add('lost', false), await add('fresh', true)];
  old();
  lost();
  const looking = endRefused(site.database, connections);
  fresh();
  await looking;
  expect(closed).toEqual(['lost 4401']);
});
