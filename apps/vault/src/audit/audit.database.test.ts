import { randomBytes } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Author, listEntries, migrations, openAudit } from './index.ts';

const key = randomBytes(32);
const by: Author = {
  name: 'NS\\sarcher',
  impersonator: 'svc-ecm',
  address: '192.0.2.7',
  through: 'sdk',
  correlationId: 'c-1',
};
const signal = new AbortController().signal;
let held: TestDatabase;
beforeEach(async () => {
  held = await testDatabase({ migrations });
});
afterEach(() => held.close());

const write = (count: number) => {
  const audit = openAudit(held.database, systemClock, key);
  return held.database.system((tx) =>
    audit.write(
      tx,
      by,
      ...Array.from({ length: count }, (_, at) => ({
        event: 'EVENT_ID_PASSWORD_CHECKED_OUT' as const,
        ...{
          target: `HOST${at}`,
          message: `checked-out password for (HOST${at})'root'`,
          arguments: { b: 1, a: { d: [1], c: null } },
        },
      })),
    ),
  );
};
/** As somebody who owns the database. */
const tamper = (statement: string) =>
  held.database.bulk(async (bulk) => {
    await bulk.query('alter table vault_audit disable trigger user');
    await bulk.query(statement);
    await bulk.query('alter table vault_audit enable trigger user');
  });
const verify = () => openAudit(held.database, systemClock, key).verify(signal);

test('the chain is whole over many writers at once, and its numbers have no gap', async () => {
  await Promise.all(Array.from({ length: 12 }, () => write(5)));
  const verdict = await verify();
  expect(verdict).toMatchObject({ isWhole: true, entries: 60, firstBroken: null });
  const [newest] = await held.database.system((tx) => listEntries(tx, sql`true`, 'newest', 1));
  expect(newest).toMatchObject({
    seq: 60,
    event: 'EVENT_ID_PASSWORD_CHECKED_OUT',
    eventId: 2002,
    impersonator: 'svc-ecm',
  });
  expect(newest?.hash.toString('hex')).toBe(verdict.newestHash);
});

test('what was undone left no entry', async () => {
  const audit = openAudit(held.database, systemClock, key);
  const undone = held.database.system(async (tx) => {
    await audit.write(tx, by, { event: 'EVENT_ID_PASSWORD_CHECKED_IN', target: 'HOST', message: 'x' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await write(1);
  expect(await verify()).toMatchObject({ isWhole: true, entries: 1 });
});

test.each([
  ['changed', "update vault_audit set target = 'OTHER' where seq = 3", 3],
  ['given another actor', "update vault_audit set actor = 'somebody' where seq = 3", 3],
  ['taken out', 'delete from vault_audit where seq = 3', 3],
  ['put elsewhere', 'update vault_audit set seq = case seq when 3 then 400 else seq end', 3],
  [
    'made up',
    'insert into vault_audit select 7, at, event, event_id, succeeded, actor, impersonator, address, through, target, message, arguments, correlation_id, hash from vault_audit where seq = 6',
    7,
  ],
])('an entry that was %s behind its back is found', async (_, statement, broken) => {
  await write(6);
  await tamper(statement);
  expect(await verify()).toMatchObject({ isWhole: false, firstBroken: broken });
});

test('entries cut off at the end show against a hash that was written down', async () => {
  await write(6);
  const { newestHash } = await verify();
  await tamper('delete from vault_audit where seq = 6');
  expect((await verify()).newestHash).not.toBe(newestHash);
});

test.each(['update vault_audit set target = target', 'delete from vault_audit', 'truncate vault_audit'])(
  'the database itself refuses: %s',
  async (statement) => {
    await write(1);
    await expect(held.database.system((tx) => sql.raw(statement).execute(tx))).rejects.toThrow();
    expect(await verify()).toMatchObject({ isWhole: true, entries: 1 });
  },
);
