import { openDatabase } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrations } from '../migrations.ts';

test('accounts of SQL Server that programs stored before become what they are, and nothing else changes', async () => {
  await using before = await testDatabase({ migrations: migrations.filter(({ name }) => name < '0332') });
  const { owner } = before.database;
  const add = async (system: string, kind: string, accounts: readonly (readonly [string, string, string])[]) => {
    const systemId = newId<string>();
    await sql`insert into systems (system_id, name, kind, created_at) values (${systemId}, ${system}, ${kind}, now())`.execute(
      owner,
    );
    for (const [namespace, account, type] of accounts)
      await sql`insert into credentials (credential_id, system_id, namespace, account_name, type, is_random, auto_spin, created_at)
        values (${newId()}, ${systemId}, ${namespace}, ${account}, ${type}, false, false, now())`.execute(owner);
  };
  await add('sql1', 'other', [
    ['[SQLServer]', 'sa', 'custom'],
    ['[sqlserver]', 'app', 'custom'],
  ]);
  await add('mixed1', 'other', [
    ['[SQLServer]', 'sa', 'custom'],
    ['[Radio]', 'admin', 'custom'],
  ]);
  await add('empty1', 'other', []);
  await add('web1', 'linux', [['[Linux]', 'root', 'linux']]);
  const after = await openDatabase({ url: before.url, migrations, poolSize: 2 });
  try {
    const { rows } = await sql<{ row: string }>`
      select concat_ws(' ', s.name, s.kind, c.account_name, c.type) as row
      from systems s left join credentials c using (system_id) order by 1`.execute(after.owner);
    expect(rows.map(({ row }) => row)).toEqual([
      'empty1 other',
      'mixed1 other admin custom',
      'mixed1 other sa custom',
      'sql1 sqlserver app sqlserver',
      'sql1 sqlserver sa sqlserver',
      'web1 linux root linux',
    ]);
  } finally {
    await after.close();
  }
});
