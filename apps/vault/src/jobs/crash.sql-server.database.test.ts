import { randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SqlServer, startSqlServer } from '../../../../test/servers/sql-server/server.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { platforms, steps } from './index.ts';
import { changeParts, keep } from './testing/bench.ts';
import {
  changeNow,
  countChanges,
  currentOf,
  cutOff,
  expectNothingLost,
  letsIn,
  settleInTime,
} from './testing/cut-off.ts';
import { leading } from './testing/leading.ts';

/** Between every two of them the process is killed; the last two are of keys alone. */
const cuts = steps.filter((step) => step !== 'finish' && step !== 'forget');

let server: SqlServer;
let vault: TestVault;
beforeAll(async () => {
  [server, vault] = await Promise.all([startSqlServer({ leastLength: 8 }), testVault({ role: 'web' })]);
  server.add('sa', 'Planted-of-sa', { mayAlter: true });
});
afterAll(() => Promise.all([server?.stop(), vault?.close()]));

const parts = () => changeParts(vault, { platforms: leading(platforms.values(), [server.address]) });
const keepLogin = async (accountName: string, secret: string, login?: string) => {
  const kept = await keep(vault, {
    system: { kind: 'sqlserver', address: server.name, port: server.port, trust: [server.ca] },
    ...{ type: 'sqlserver', namespace: '[SQLServer]', accountName, secret },
    ...(login !== undefined && { loginCredentialId: login }),
  });
  return { ...kept, accountName, first: new Secret(secret) };
};
const makeLogin = (login?: string) => {
  const [name, text] = [`vaulted]_${randomBytes(5).toString('hex')}`, `Planted-${randomBytes(8).toString('hex')}`];
  server.add(name, text);
  return keepLogin(name, text, login);
};

test.each(cuts)('a change by the login itself that is cut off before the step "%s" loses nothing', async (step) => {
  const { credentialId, accountName, first } = await makeLogin();
  await cutOff(vault, credentialId, step, [server.address]);
  await expectNothingLost(vault, credentialId, first, { parts: parts() });
  expect((await currentOf(vault, credentialId)).reveal()).toBe(server.logins.get(accountName)?.password);
});

test.each(['change', 'note'] as const)(
  'a change by a log-in account that is cut off before the step "%s" loses nothing',
  async (step) => {
    const login = await keepLogin('sa', 'Planted-of-sa');
    const { credentialId, first } = await makeLogin(login.credentialId);
    await cutOff(vault, credentialId, step, [server.address]);
    await expectNothingLost(vault, credentialId, first, { parts: parts() });
  },
);

test.each(['before', 'after'] as const)(
  'a connection that is lost %s the server did it loses nothing',
  async (moment) => {
    const { credentialId, first } = await makeLogin();
    server.cut = moment;
    await changeNow(vault, credentialId, parts());
    await settleInTime(vault, parts(), credentialId);
    await expectNothingLost(vault, credentialId, first, { parts: parts() });
  },
);

test('a change that two workers are asked for at the same moment is made by one at a time', async () => {
  const { credentialId } = await makeLogin();
  const outcomes = await Promise.all([1, 2, 3].map(() => changeNow(vault, credentialId, parts())));
  expect(outcomes.every(({ state }) => state === 'changed' || state === 'busy')).toBe(true);
  expect(outcomes.some(({ state }) => state === 'changed')).toBe(true);
  expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId), parts())).toBe(true);
  expect(await countChanges(vault)).toBe(0);
});
