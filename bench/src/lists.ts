import type { Database, Embedded } from '@gatehouse/database';
import { listings, listRows, parseQuery } from '@gatehouse/insights/lists';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Figure, percentile } from './figure.ts';
import { inFreshDatabase } from './fresh-database.ts';
import { count } from './sizes.ts';

type Asked = Parameters<typeof parseQuery>[2];

/** What people do with the page of accounts; each is asked many times with other values. */
const questions: readonly {
  readonly name: string;
  readonly ask: (n: number, rows: number, connection: string) => Asked;
}[] = [
  { name: 'search for one person', ask: (n, rows) => ({ search: `person ${(n * 7919) % rows}` }) },
  { name: 'search for a frequent word', ask: (n) => ({ search: ['ada', 'grace', 'alan', 'ken'][n % 4] }) },
  { name: 'filter by status', ask: (n) => ({ filter: [`status:eq:${n % 2 ? 'disabled' : 'enabled'}`] }) },
  { name: 'search for one letter', ask: (n) => ({ search: ['a', 'g', 'l', 'k'][n % 4] }) },
  { name: 'search for a word that every row has', ask: () => ({ search: 'example' }) },
  { name: 'filter by connection', ask: (_, __, connection) => ({ filter: [`_connection:eq:${connection}`] }) },
  { name: 'filter by part of a name', ask: (n) => ({ filter: [`displayName:contains:${['love', 'rin'][n % 2]}`] }) },
  {
    name: 'filter by part of a name that nobody has',
    ask: (n) => ({ filter: [`displayName:contains:${['xyzzy', 'qwzx'][n % 2]}`] }),
  },
  {
    name: 'two filters that keep little together',
    ask: (n) => ({ filter: ['status:eq:disabled', `department:eq:Department ${n % 40}`] }),
  },
  { name: 'filter by status and type', ask: () => ({ filter: ['status:eq:disabled', 'type:eq:service'] }) },
  { name: 'filter by second factors', ask: (n) => ({ filter: [`mfaState:eq:${n % 2 ? 'none' : 'weak'}`] }) },
  {
    name: 'filter by privilege, dormant',
    ask: () => ({ filter: ['truePrivilege:gt:moderate', 'lastActiveAt:lt:-60d'], sort: '-truePrivilege' }),
  },
  { name: 'sort by name', ask: (n) => ({ sort: n % 2 ? 'displayName' : '-displayName' }) },
  { name: 'sort by last sign-in', ask: (n) => ({ sort: n % 2 ? 'lastLoginAt' : '-lastLoginAt' }) },
  {
    name: 'search, filter and sort at once',
    ask: (n) => ({ search: ['hopper', 'turing'][n % 2], filter: ['status:eq:enabled'], sort: 'login' }),
  },
];

const asks = 40;
const limit = 50;

/** (b) One page of accounts, counted and read as the tenant role. Deep pages follow the cursors of a walk. */
export const measureLists = (server: Embedded, rows: number, say: (text: string) => void): Promise<readonly Figure[]> =>
  inFreshDatabase(server, async (database) => {
    const tenantId = newId<TenantId>();
    say(`Filling an inventory with ${count(rows)} accounts …`);
    await fill(database, tenantId, rows);
    const figures: Figure[] = [];
    for (const { name, ask } of questions) {
      const times: number[] = [];
      // The first few warm the caches of both sides and are not counted.
      for (let n = -5; n < asks; n++) {
        const { ms } = await page(database, tenantId, ask(Math.abs(n), rows, tenantId));
        if (n >= 0) times.push(ms);
      }
      figures.push(figure(`${name}, ${count(rows)} accounts`, times));
    }
    const times: number[] = [];
    for (let cursor: string | undefined, n = 0; n < asks * 5; n++) {
      const { ms, next } = await page(database, tenantId, { sort: 'displayName' }, cursor);
      if (n > 0) times.push(ms);
      if (next === null) break;
      cursor = next;
    }
    figures.push(figure(`page after page by name, ${count(rows)} accounts`, times));
    return figures;
  });

const page = async (database: Database, tenantId: TenantId, asked: Asked, cursor?: string) => {
  const listing = listings.get('accounts');
  if (!listing) throw new Error('There is no list of accounts.');
  const started = performance.now();
  const query = parseQuery(listing, tenantId, asked, new Date());
  const { next } = await database.tenant(tenantId, (tx) => listRows(tx, tenantId, query, { cursor, limit }));
  return { ms: performance.now() - started, next };
};

const figure = (name: string, times: readonly number[]): Figure => ({
  name: `95 of 100 pages: ${name}`,
  ours: percentile(times, 0.95),
  unit: 'ms',
  floor: null,
  limit: 50,
});

/** Read and derived, a tenth of a second tenant's beside it. */
const fill = async (database: Database, tenantId: TenantId, rows: number): Promise<void> => {
  const other = newId<TenantId>();
  await database.bulk(async (bulk) => {
    await bulk.query(`insert into tenants (tenant_id, name) values ($1, 'Bench'), ($2, 'Other')`, [tenantId, other]);
    for (const [tenant, some] of [
      [tenantId, rows],
      [other, Math.ceil(rows / 10)],
    ] as const) {
      await bulk.query(
        `insert into accounts (tenant_id, connection_id, stream, id, seq, type, login, display_name, email, status,
           created_at, last_login_at, department, mfa_state, true_privilege, last_active_at, hash, raw)
         select $1, $1, 'users', 'u' || n, n, case n % 50 when 0 then 'service' else 'user' end,
           'person.' || n || '@example.com',
           (array['Ada','Grace','Alan','Edsger','Barbara','Ken'])[1 + n % 6] || ' '
             || (array['Lovelace','Hopper','Turing','Dijkstra','Liskov'])[1 + n % 5] || '-' || n,
           'person.' || n || '@example.com', case n % 17 when 0 then 'disabled' else 'enabled' end,
           now() - make_interval(days => 1 + (n::bigint * 7919 % 2000)::int),
           case when n % 23 > 0 then now() - make_interval(mins => (n::bigint * 7907 % 500000)::int) end,
           'Department ' || n % 40, (array['none','weak','strong','phishing_resistant'])[1 + n % 4],
           case when n % 997 = 0 then 4 when n % 101 = 0 then 3 else 1 end,
           now() - make_interval(mins => (n::bigint * 7907 % 500000)::int),
           decode(md5(n::text), 'hex'), jsonb_build_object('n', n, 'words', repeat('x', 500))
         from generate_series(1, $2::int) n`,
        [tenant, some],
      );
    }
  });
  await sql`vacuum (analyze) accounts`.execute(database.owner);
};
