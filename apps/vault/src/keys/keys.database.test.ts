import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '@gatehouse/database/testing';
import { Secret, systemClock } from '@gatehouse/kernel';
import { parseKeys } from '@gatehouse/server';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEnvelope, migrations, openKeys, openSecret, putSecret, rewrapAll } from './index.ts';

const newKey = () => randomBytes(32).toString('base64');
const planted = 'correct horse battery staple';
let test1: Awaited<ReturnType<typeof testDatabase>>;
let home: string;
beforeEach(async () => {
  test1 = await testDatabase({ migrations });
  home = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
});
afterEach(async () => {
  await test1.close();
  await rm(home, { recursive: true, force: true });
});

const put = (envelope: ReturnType<typeof createEnvelope>, place: string) =>
  test1.database.system((tx) => putSecret(tx, envelope, { secret: new Secret(planted), place, at: systemClock.now() }));
const take = (envelope: ReturnType<typeof createEnvelope>, id: string, place: string) =>
  test1.database.system(async (tx) => (await openSecret(tx, envelope, id, place)).reveal());

test('a secret opens in its own place only, and nothing of it is readable in the database', async () => {
  const envelope = createEnvelope(parseKeys(newKey(), 'a test'));
  const id = await put(envelope, 'credential/1');
  expect(await take(envelope, id, 'credential/1')).toBe(planted);
  await expect(take(envelope, id, 'credential/2')).rejects.toMatchObject({ kind: 'misconfigured' });
  const { rows } = await sql<{ row: string }>`select s::text as row from secrets s`.execute(test1.database.owner);
  expect(JSON.stringify(rows)).not.toContain(planted.slice(0, 12));
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(planted).toString('base64url').slice(0, 12));
});

test('two secrets of the same text share neither key nor bytes', async () => {
  const envelope = createEnvelope(parseKeys(newKey(), 'a test'));
  const [a, b] = [envelope.seal(new Secret(planted), 'x'), envelope.seal(new Secret(planted), 'x')];
  expect(a.wrappedKey).not.toBe(b.wrappedKey);
  expect(a.sealed).not.toBe(b.sealed);
});

test.each(['wrapped_key', 'sealed'])('a secret whose %s was changed by one character does not open', async (column) => {
  const envelope = createEnvelope(parseKeys(newKey(), 'a test'));
  const id = await put(envelope, 'credential/1');
  await sql`update secrets set ${sql.ref(column)} = overlay(${sql.ref(column)} placing
    case when substr(${sql.ref(column)}, length(${sql.ref(column)}) - 9, 1) = 'A' then 'B' else 'A' end
    from length(${sql.ref(column)}) - 9 for 1)`.execute(test1.database.owner);
  await expect(take(envelope, id, 'credential/1')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a new master key in front opens everything at once, wraps it anew, and then needs no older one', async () => {
  const [old, next] = [newKey(), newKey()];
  const before = createEnvelope(parseKeys(old, 'a test'));
  const ids = await Promise.all(Array.from({ length: 7 }, (_, at) => put(before, `credential/${at}`)));
  const during = createEnvelope(parseKeys(`${next}\n${old}`, 'a test'));
  expect(await take(during, ids[3] ?? '', 'credential/3')).toBe(planted);
  const { rows: sealed } = await sql<{ sealed: string }>`select sealed from secrets order by 1`.execute(
    test1.database.owner,
  );
  expect(await rewrapAll(test1.database, during, new AbortController().signal)).toEqual({ rewrapped: 7, failed: 0 });
  expect(await rewrapAll(test1.database, during, new AbortController().signal)).toEqual({ rewrapped: 0, failed: 0 });
  const after = createEnvelope(parseKeys(next, 'a test'));
  expect(await take(after, ids[3] ?? '', 'credential/3')).toBe(planted);
  const { rows: still } = await sql<{ sealed: string }>`select sealed from secrets order by 1`.execute(
    test1.database.owner,
  );
  expect(still).toEqual(sealed);
  await expect(take(before, ids[3] ?? '', 'credential/3')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a vault that another master key sealed does not start, and says which setting to look at', async () => {
  const source = (masterKey: string) => ({ home, masterKey: new Secret(masterKey) });
  const [right, wrong] = [newKey(), newKey()];
  await openKeys(test1.database, source(right), systemClock);
  await openKeys(test1.database, source(right), systemClock);
  await expect(openKeys(test1.database, source(wrong), systemClock)).rejects.toThrow(/not the one that this vault/);
  await openKeys(test1.database, source(`${wrong}\n${right}`), systemClock);
  // From now on the new one is the newest, and without it the vault does not start.
  await expect(openKeys(test1.database, source(right), systemClock)).rejects.toThrow(/not the one that this vault/);
});

test('a passphrase makes the same key at each start, is changed like a key, and short ones are refused', async () => {
  const source = (text: string) => ({ home, masterPassphrase: new Secret(text) });
  const first = await openKeys(test1.database, source('seven quiet otters read maps'), systemClock);
  const id = await put(first, 'credential/1');
  const again = await openKeys(test1.database, source('seven quiet otters read maps'), systemClock);
  expect(await take(again, id, 'credential/1')).toBe(planted);
  await expect(openKeys(test1.database, source('eight quiet otters read maps'), systemClock)).rejects.toThrow(
    /--master-passphrase/,
  );
  const both = await openKeys(
    test1.database,
    source('eight quiet otters read maps\nseven quiet otters read maps'),
    systemClock,
  );
  expect(await take(both, id, 'credential/1')).toBe(planted);
  await expect(openKeys(test1.database, source('too short'), systemClock)).rejects.toThrow(/16 characters/);
});

test('a key file that others may read is refused', async () => {
  await writeFile(join(home, 'vault.master.key'), `${newKey()}\n`, { mode: 0o644 });
  await expect(openKeys(test1.database, { home }, systemClock)).rejects.toThrow(/chmod 600/);
});
