import type { TenantId } from '@gatehouse/kernel';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';
import { ConstraintError } from './pg-fault.ts';
import { testDatabase } from './testing/index.ts';

const migrations = [
  {
    name: '0001-notes',
    sql: `create table notes (tenant_id uuid not null, note_id int not null, text text not null, constraint notes_key primary key (tenant_id, note_id));
      alter table notes enable row level security;
      create policy notes_tenant on notes using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
      create table secrets (name text primary key)`,
  },
];
const a = newId<TenantId>();
const b = newId<TenantId>();
const notes = sql<{ text: string }>`select text from notes order by text`;

const filled = async () => {
  const made = await testDatabase({ migrations });
  for (const [tenant, text] of [
    [a, 'of a'],
    [b, 'of b'],
  ] as const)
    await made.database.tenant(tenant, (tx) => sql`insert into notes values (${tenant}, 1, ${text})`.execute(tx));
  return made;
};

test('a tenant sees and changes only its own rows', async () => {
  await using made = await filled();
  const { database } = made;
  expect((await database.tenant(a, (tx) => notes.execute(tx))).rows).toEqual([{ text: 'of a' }]);
  for (const statement of [
    sql`update notes set text = 'taken' where tenant_id = ${b}`,
    sql`delete from notes where tenant_id = ${b}`,
    sql`select * from notes where tenant_id = ${b}`,
  ]) {
    const answer = await database.tenant(a, (tx) => statement.execute(tx));
    expect(Number(answer.numAffectedRows ?? 0) + answer.rows.length).toBe(0);
  }
  await expect(
    database.tenant(a, (tx) => sql`insert into notes values (${b}, 2, 'planted')`.execute(tx)),
  ).rejects.toThrow(/row-level security/);
  await expect(database.tenant(a, (tx) => sql`update notes set tenant_id = ${b}`.execute(tx))).rejects.toThrow(
    /row-level security/,
  );
  expect((await database.system((tx) => notes.execute(tx))).rows).toEqual([{ text: 'of a' }, { text: 'of b' }]);
});

test('the tenant role without a tenant sees nothing, also on a connection that had one', async () => {
  await using made = await filled();
  const single = await openDatabase({ url: made.url, migrations, poolSize: 1 });
  await single.tenant(a, (tx) => notes.execute(tx));
  const seen = await single.system(async (tx) => {
    await sql`set local role gatehouse_tenant`.execute(tx);
    return notes.execute(tx);
  });
  await single.close();
  expect(seen.rows).toEqual([]);
});

test('the tenant role may not read a table that belongs to no tenant', async () => {
  await using made = await filled();
  await expect(made.database.tenant(a, (tx) => sql`select * from secrets`.execute(tx))).rejects.toThrow(/permission/);
});

test('work that throws leaves nothing behind', async () => {
  await using made = await filled();
  const failing = made.database.tenant(a, async (tx) => {
    await sql`insert into notes values (${a}, 2, 'lost')`.execute(tx);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect((await made.database.tenant(a, (tx) => notes.execute(tx))).rows).toHaveLength(1);
});

test('a broken rule of the schema is told by its name', async () => {
  await using made = await filled();
  const twice = made.database.tenant(a, (tx) => sql`insert into notes values (${a}, 1, 'again')`.execute(tx));
  await expect(twice).rejects.toThrow(ConstraintError);
  await expect(twice).rejects.toMatchObject({ rule: 'unique', constraint: 'notes_key' });
});

test('two copies that start at once apply each migration once', async () => {
  await using made = await testDatabase({ migrations: [] });
  const copies = await Promise.all([1, 2, 3].map(() => openDatabase({ url: made.url, migrations })));
  const { rows } = await made.database.system((tx) => sql`select name from migrations`.execute(tx));
  expect(rows).toEqual([{ name: '0001-notes' }]);
  for (const copy of copies) await copy.close();
});

test('a migration that was applied and has changed since is refused', async () => {
  await using made = await filled();
  const changed = [{ name: '0001-notes', sql: 'select 1' }];
  await expect(openDatabase({ url: made.url, migrations: changed })).rejects.toThrow(/0001-notes differs/);
});

test('a migration that fails leaves nothing of itself and can be tried again', async () => {
  await using made = await testDatabase({ migrations: [] });
  const broken = [{ name: '0001-notes', sql: 'create table half (x int); select nonsense' }];
  await expect(openDatabase({ url: made.url, migrations: broken })).rejects.toThrow();
  const mended = await openDatabase({ url: made.url, migrations });
  const { rows } = await mended.system((tx) => sql`select to_regclass('half')::text as half`.execute(tx));
  await mended.close();
  expect(rows).toEqual([{ half: null }]);
});

test('an address that does not answer is told with its password masked', async () => {
  const opening = openDatabase({ url: 'postgres://me:hunter2@127.0.0.1:1/x', migrations });
  await expect(opening).rejects.toThrow(/127\.0\.0\.1:1\/x.*--database-url/);
  await expect(opening).rejects.not.toThrow(/hunter2/);
});

test('an extension that the server lacks, or the user may not add, is one sentence that says who does what', async () => {
  await using made = await testDatabase({ migrations });
  const missing = [{ name: '0002-nowhere', sql: 'select 1', extensions: ['nowhere_to_be_had'] }];
  await expect(openDatabase({ url: made.url, migrations: [...migrations, ...missing] })).rejects.toThrow(
    "has no extension nowhere_to_be_had. Install PostgreSQL's contrib package",
  );
  const role = `plain_${newId().slice(0, 8)}`;
  await sql
    .raw(`create role ${role} login password 'x'; grant gatehouse_tenant to ${role}`)
    .execute(made.database.owner);
  try {
    await sql.raw(`grant create on schema public to ${role}`).execute(made.database.owner);
    const url = new URL(made.url);
    [url.username, url.password] = [role, 'x'];
    const untrusted = [{ name: '0001-copy', sql: 'select 1', extensions: ['file_fdw'] }];
    await sql.raw(`drop table migrations`).execute(made.database.owner);
    await expect(openDatabase({ url: url.href, migrations: untrusted })).rejects.toThrow(
      'Let a superuser run "create extension file_fdw"',
    );
  } finally {
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(made.database.owner);
  }
});
