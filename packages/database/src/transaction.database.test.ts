import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uponCommit } from './connection.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { testDatabase } from './testing/index.ts';
import { inTransaction } from './transaction.ts';

const migrations = [
  { name: '0001-things', sql: 'create table things (id int primary key, note text not null); create sequence turns' },
];
let made: Awaited<ReturnType<typeof testDatabase>>;
let database: Database;
beforeAll(async () => {
  made = await testDatabase({ migrations });
  database = await openDatabase({ url: made.url, migrations, poolSize: 2, keepsStatements: true });
});
afterAll(async () => {
  await database?.close();
  await made?.[Symbol.asyncDispose]();
});

const insert = (id: number, note: string | null = 'x') => sql`insert into things values (${id}, ${note})`;
const ids = async () =>
  (await sql<{ id: number }>`select id from things where id >= ${0} order by id`.execute(database.owner)).rows.map(
    ({ id }) => id,
  );

/** A connection that keeps what it is asked, and answers when told to. */
const recorded = () => {
  const asked: string[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    asked,
    answer: gate.resolve,
    connect: async () => ({
      query: (async (text: string) => {
        asked.push(text);
        if (text !== 'begin') await gate.promise;
        return { command: text === 'commit' ? 'COMMIT' : 'SELECT', rowCount: 0, rows: [] };
      }) as unknown as pg.PoolClient['query'], // One of its many forms.
      release: () => {
        asked.push('released');
      },
    }),
  };
};

test('statements that do not wait for one another are sent before the first of them is answered', async () => {
  const { asked, answer, connect } = recorded();
  const work = inTransaction(connect, (tx) =>
    Promise.all(['one', 'two', 'three'].map((text) => sql`${sql.raw(text)}`.execute(tx))),
  );
  await expect.poll(() => asked).toEqual(['begin', 'one', 'two', 'three']);
  answer();
  await work;
  expect(asked).toEqual(['begin', 'one', 'two', 'three', 'commit', 'released']);
});

test('they are answered in the order in which they were begun', async () => {
  const turns = await database.system((tx) =>
    Promise.all(
      Array.from({ length: 30 }, () => sql<{ turn: number }>`select nextval('turns')::int as turn`.execute(tx)),
    ),
  );
  const numbers = turns.map(({ rows }) => rows[0]?.turn ?? 0);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test('a part of the work that goes on after another part failed writes nothing, not even before the rollback is answered', async () => {
  const { asked, answer, connect } = recorded();
  const goesOn = Promise.withResolvers<void>();
  let late: Promise<unknown> = Promise.resolve();
  const work = inTransaction(connect, (tx) => {
    late = goesOn.promise.then(() => sql`late`.execute(tx));
    return Promise.all([Promise.reject(new Error('one part fails')), late]);
  });
  await expect.poll(() => asked).toContain('rollback');
  goesOn.resolve();
  await expect(late).rejects.toThrow('after the end of its transaction');
  answer();
  await expect(work).rejects.toThrow('one part fails');
  expect(asked).toEqual(['begin', 'rollback', 'released']);
});

test('what is sent upon the commit is kept with the rest, and what it fails with is what the transaction fails with', async () => {
  const entry = (id: number, note: string | null = 'x') =>
    sql`insert into things values (${id}, ${note}) ${uponCommit}`;
  await database.system(async (tx) => {
    await insert(10).execute(tx);
    await entry(11).execute(tx);
  });
  expect(await ids()).toEqual([10, 11]);
  const failing = database.system(async (tx) => {
    await insert(12).execute(tx);
    await entry(13, null).execute(tx);
  });
  await expect(failing).rejects.toMatchObject({ name: 'ConstraintError', rule: 'required', constraint: 'note' });
  // What comes behind it fails for its reason.
  const both = database.system(async (tx) => {
    await entry(11).execute(tx);
    await insert(14).execute(tx);
  });
  await expect(both).rejects.toMatchObject({ name: 'ConstraintError', rule: 'unique' });
  expect(await ids()).toEqual([10, 11]);
  await sql`delete from things`.execute(database.owner);
});

test('outside of a transaction nothing is put off', async () => {
  await expect(
    database.read((one) => sql`insert into things values (${20}, ${null}) ${uponCommit}`.execute(one)),
  ).rejects.toMatchObject({ rule: 'required' });
});

test('a failure that was caught does not let the rest be kept, and says so', async () => {
  const caught = database.system(async (tx) => {
    await insert(30).execute(tx);
    await sql`select 1 / ${0}::int`.execute(tx).catch(() => undefined);
  });
  await expect(caught).rejects.toThrow('nothing of this transaction was kept');
  expect(await ids()).toEqual([]);
});

test('a transaction without statements asks the database nothing, and leaves its connection as it was', async () => {
  const client = new pg.Client({ connectionString: made.url });
  await client.connect();
  await database.system(async () => undefined);
  const { rows } = await client.query(
    `select count(*)::int as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  );
  await client.end();
  expect(rows).toEqual([{ open: 0 }]);
});

test('a kept statement that does not fit the schema any more fails once at most on each connection', async () => {
  const read = () => database.system((tx) => sql<{ note: string }>`select * from things where id = ${40}`.execute(tx));
  await database.system((tx) => insert(40).execute(tx));
  for (let time = 0; time < 8; time++) await read();
  await sql`alter table things add column more text default 'y'`.execute(database.owner);
  const answers: string[] = [];
  for (let time = 0; time < 6; time++)
    answers.push(
      await read().then(
        ({ rows }) => JSON.stringify(rows),
        () => 'failed',
      ),
    );
  expect(answers.filter((answer) => answer === 'failed').length).toBeLessThanOrEqual(2);
  expect(answers.at(-1)).toBe('[{"id":40,"note":"x","more":"y"}]');
  await sql`delete from things`.execute(database.owner);
});
