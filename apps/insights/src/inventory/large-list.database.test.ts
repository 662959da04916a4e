import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { listings } from './kinds.ts';
import { listRows } from './list-rows.ts';
import { parseQuery } from './query.ts';

let made: TestDatabase;
const tenantId = newId<TenantId>();
const rows = 22_000;

/** The same row in the database and here, so that what a list must show is worked out twice. */
const rowOf = (n: number) => ({
  id: `u${n}`,
  seq: n,
  login: `person.${n}@acme.example`,
  name:
    n % 9 === 0
      ? null
      : `${['Ada', 'Grace', 'Barbara'][n % 3]} ${['Lovelace', 'Hopper'][n % 2]}${n % 700 === 0 ? ' Rare' : ''}`,
  status: n % 17 === 0 ? 'disabled' : 'enabled',
  department: `Department ${n % 40}`,
  // A few wait for the steps after reading, as in the middle of a run.
  isDerived: n % 4_000 !== 0,
});
const all = Array.from({ length: rows }, (_, n) => rowOf(n + 1));

beforeAll(async () => {
  made = await testDatabase({ migrations });
  await made.database.bulk(async (bulk) => {
    await bulk.query(`insert into tenants (tenant_id, name) values ($1, 'Large'), ($2, 'Other')`, [tenantId, newId()]);
    await bulk.query(
      `insert into accounts (tenant_id, connection_id, stream, id, seq, login, email, display_name, status, department, mfa_state, hash, raw)
       select t.tenant_id, t.tenant_id, 'users', x.id, x.seq, x.login, null, x.name, x.status, x.department,
         case when x."isDerived" then 'none' end, '\\x00', '{}'
       from tenants t, jsonb_to_recordset($1::jsonb) as x (id text, seq int, login text, name text, status text, department text, "isDerived" boolean)`,
      [JSON.stringify(all)],
    );
  });
  await sql`analyze accounts`.execute(made.database.owner);
}, 60_000);
afterAll(() => made.close());

type Row = (typeof all)[number];
const hasWord = (word: string) => (row: Row) =>
  `${row.login} ${row.name ?? ''}`
    .toLowerCase()
    .split(/[@. ]/)
    .some((one) => one.startsWith(word));
const byName = (a: Row, b: Row) =>
  a.name === null || b.name === null
    ? Number(a.name === null) - Number(b.name === null) || a.seq - b.seq
    : Number(a.name.toLowerCase() > b.name.toLowerCase()) - Number(a.name.toLowerCase() < b.name.toLowerCase()) ||
      a.seq - b.seq;
const descending = (a: Row, b: Row) =>
  a.name === null || b.name === null
    ? Number(a.name === null) - Number(b.name === null) || b.seq - a.seq
    : byName(b, a);

/** The pages of a walk, and what the first one said of the total. */
const walk = async (asked: Parameters<typeof parseQuery>[2], pages: number, limit: number) => {
  const listing = listings.get('accounts');
  if (!listing) throw new Error('There is no list of accounts.');
  const query = parseQuery(listing, tenantId, asked, new Date());
  const ids: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const {
      rows: found,
      next,
      total,
    } = await made.database.tenant(tenantId, (tx) => listRows(tx, tenantId, query, { cursor, limit }));
    ids.push(...found.map(({ values }) => values.id));
    cursor = next ?? undefined;
    if (page === pages - 1 || next === null) return { ids, total, isOver: next === null };
  }
  throw new Error('No page was asked for.');
};

test.each<[string, Parameters<typeof parseQuery>[2], (row: Row) => boolean, (a: Row, b: Row) => number]>([
  ['a word that nobody has', { search: 'nobody' }, () => false, (a, b) => a.seq - b.seq],
  ['a rare word beside one that all have', { search: 'person 1234' }, hasWord('1234'), (a, b) => a.seq - b.seq],
  [
    'a part of a name that few have',
    { filter: ['displayName:contains:rare'], sort: 'displayName' },
    (row) => row.name?.includes('Rare') === true,
    byName,
  ],
  [
    'a part of a name that nobody has',
    { filter: ['displayName:contains:xyzzy'] },
    () => false,
    (a, b) => a.seq - b.seq,
  ],
  [
    'a part of an address with signs that patterns know, among others',
    { filter: ['login:contains:n.77_', 'login:contains:son.77'] },
    () => false,
    (a, b) => a.seq - b.seq,
  ],
  [
    'two filters that keep little together',
    { filter: ['status:eq:disabled', 'department:in:Department 3|Department 4'], sort: '-displayName' },
    (row) => row.status === 'disabled' && ['Department 3', 'Department 4'].includes(row.department),
    descending,
  ],
  [
    'two filters beside a rare word',
    { search: 'rare', filter: ['status:eq:disabled', 'department:eq:Department 20'] },
    (row) => hasWord('rare')(row) && row.status === 'disabled' && row.department === 'Department 20',
    (a, b) => a.seq - b.seq,
  ],
  ['a whole address', { search: 'person.777@acme.example' }, hasWord('777'), (a, b) => a.seq - b.seq],
  ['a rare word, sorted', { search: 'rare', sort: 'displayName' }, hasWord('rare'), byName],
  [
    'a rare word with a filter, sorted downwards',
    { search: 'RARE', filter: ['status:eq:disabled'], sort: '-displayName' },
    (row) => hasWord('rare')(row) && row.status === 'disabled',
    descending,
  ],
])('a large list finds every row of %s, once and in order', async (_, asked, isFound, order) => {
  const expected = all.filter(isFound).toSorted(order);
  const found = await walk(asked, 200, 7);
  expect(found.ids).toEqual(expected.map(({ id }) => id));
  expect(found).toMatchObject({ total: { value: expected.length, exact: true }, isOver: true });
});

test.each<[string, Parameters<typeof parseQuery>[2], (row: Row) => boolean, (a: Row, b: Row) => number]>([
  ['a word that all have', { search: 'example' }, () => true, (a, b) => a.seq - b.seq],
  ['one letter', { search: 'a' }, () => true, (a, b) => a.seq - b.seq],
  ['a frequent word, sorted', { search: 'ada', sort: 'displayName' }, hasWord('ada'), byName],
  [
    'a frequent word, sorted downwards',
    { search: 'grace lovelace', sort: '-displayName' },
    (row) => hasWord('grace')(row) && hasWord('lovelace')(row),
    descending,
  ],
  [
    'a frequent word with a filter',
    { search: 'hopper', filter: ['status:eq:enabled'] },
    (row) => hasWord('hopper')(row) && row.status === 'enabled',
    (a, b) => a.seq - b.seq,
  ],
  [
    'a frequent filter',
    { filter: ['status:eq:enabled'], sort: 'displayName' },
    (row) => row.status === 'enabled',
    byName,
  ],
  ['a filter of every row', { filter: [`_connection:eq:${tenantId}`] }, () => true, (a, b) => a.seq - b.seq],
])(
  'a large list shows the rows of %s in order, page after page, without counting them all',
  async (_, asked, isFound, order) => {
    const expected = all.filter(isFound).toSorted(order);
    const found = await walk(asked, 4, 300);
    expect(found.ids).toEqual(expected.slice(0, 1_200).map(({ id }) => id));
    expect(found).toMatchObject({ total: { value: 200, exact: false }, isOver: false });
  },
);
