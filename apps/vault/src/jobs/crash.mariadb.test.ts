import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MariaDb, noMariaDb, startMariaDb } from '../../../../test/servers/mariadb/server.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { platforms, steps } from './index.ts';
import { changeParts, keep } from './testing/bench.ts';
import { changeNow, countChanges, currentOf, cutOff, expectNothingLost, letsIn } from './testing/cut-off.ts';
import { leading } from './testing/leading.ts';

const reason = noMariaDb();

/** Between every two of them the process is killed; the last two are of keys alone. */
const cuts = steps.filter((step) => step !== 'finish' && step !== 'forget');

describe.skipIf(reason !== null)(`a change in a real MariaDB${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: MariaDb;
  let vault: TestVault;
  let root: Connection;
  beforeAll(async () => {
    [server, vault] = await Promise.all([startMariaDb(), testVault({ role: 'web' })]);
    root = await createConnection({ host: server.address, port: server.port, user: 'root', password: server.password });
  });
  afterAll(async () => {
    await root?.end();
    await Promise.all([server?.stop(), vault?.close()]);
  });

  const parts = () => changeParts(vault, { platforms: leading(platforms.values(), [server.address]) });
  const keepAccount = async (accountName: string, secret: string, login?: string) => {
    const kept = await keep(vault, {
      system: { kind: 'mysql', address: server.name, port: server.port, trust: [server.ca] },
      ...{ type: 'mysql', namespace: '[MySQL]', accountName, secret },
      ...(login !== undefined && { loginCredentialId: login }),
    });
    return { ...kept, first: new Secret(secret) };
  };
  const makeAccount = async (login?: string) => {
    const [name, text] = [`vaulted_${randomBytes(5).toString('hex')}`, `Planted-${randomBytes(8).toString('hex')}`];
    await root.query(`create user '${name}'@'%' identified by password '${hashOf(text)}'`);
    return keepAccount(name, text, login);
  };

  test.each(cuts)('by the account itself that is cut off before the step "%s" loses nothing', async (step) => {
    const { credentialId, first } = await makeAccount();
    await cutOff(vault, credentialId, step, [server.address]);
    await expectNothingLost(vault, credentialId, first, { parts: parts() });
  });

  test.each(['change', 'note'] as const)(
    'by a login account that is cut off before the step "%s" loses nothing',
    async (step) => {
      const login = await keepAccount('root', server.password);
      const { credentialId, first } = await makeAccount(login.credentialId);
      await cutOff(vault, credentialId, step, [server.address]);
      await expectNothingLost(vault, credentialId, first, { parts: parts() });
    },
  );

  test('that two workers are asked for at the same moment is made by one at a time', async () => {
    const { credentialId } = await makeAccount();
    const outcomes = await Promise.all([1, 2, 3].map(() => changeNow(vault, credentialId, parts())));
    expect(outcomes.every(({ state }) => state === 'changed' || state === 'busy')).toBe(true);
    expect(outcomes.some(({ state }) => state === 'changed')).toBe(true);
    expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId), parts())).toBe(true);
    expect(await countChanges(vault)).toBe(0);
  });

  test('puts no password into any log of the server', async () => {
    const { rows } = await sql<{ id: string }>`select credential_id as id from credentials
      where account_name like 'vaulted_%'`.execute(vault.database.owner);
    const written = server.written();
    expect(rows.length).toBeGreaterThan(cuts.length);
    for (const { id } of rows) expect(written).not.toContain((await currentOf(vault, id)).reveal());
  });
});

/** Of mysql_native_password, so that making an account puts no password into the logs. */
const hashOf = (text: string): string => {
  const sha1 = (of: string | Buffer) => createHash('sha1').update(of).digest();
  return `*${sha1(sha1(text)).toString('hex').toUpperCase()}`;
};
