import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';
import { columnName, listings, wordsOf } from './kinds.ts';

let host: TestInsights;
let tenantId: string;
let connectionId: string;
const holds = acmeOf(12);
let system: Awaited<ReturnType<typeof runAcme>>;

beforeAll(async () => {
  // t1 holds t2 holds t3 holds t1: a circle, which systems do allow.
  holds.teams.push({ id: 't3', name: 'Core', parent: null });
  holds.members.push({ team: 't2', kind: 'group', member: 't3' }, { team: 't3', kind: 'group', member: 't1' });
  holds.members.push({ team: 't3', kind: 'account', member: 'p0002' });
  host = await testInsights();
  system = await runAcme(holds);
  tenantId = await host.tenant('Detail');
  connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
});
afterAll(async () => {
  await system.close();
  await host.close();
});

const record = async (kind: string, stream: string, id: string) =>
  await host.operator.get(
    `/api/tenants/${tenantId}/inventory/${kind}/record?${new URLSearchParams({ connection: connectionId, stream, id })}`,
  );

test('an account shows every way by which it holds a role, through groups in groups, a circle walked once', async () => {
  const { body } = await record('accounts', 'people', 'p0002');
  const paths = body.grants.map((path: { roleName: string; through: { group: { label: string }; via: string }[] }) => [
    path.roleName,
    path.through.map(({ group, via }) => `${group.label} (${via})`).join(' > '),
  ]);
  expect(paths).toEqual([['Viewer', 'Core (direct) > Engineers (direct) > Everybody (nested)']]);
  expect(body).toMatchObject({ title: 'Person 0002', kind: 'accounts', isGone: false, raw: { login: 'person.0002' } });
  expect(body.identity.name).toBe('Person 0002');
});

test('a grant of its own has no steps between, and says what it is limited to', async () => {
  const { body } = await record('accounts', 'people', 'p0000');
  expect(body.grants).toContainEqual(
    expect.objectContaining({ roleName: 'Owner', privilege: 'highest', through: [], limitedTo: ['Engineers'] }),
  );
  expect(body.grants).toHaveLength(2);
});

test('neighbours are listed with their names and linked', async () => {
  const team = (await record('groups', 'teams', 't2')).body;
  expect(team.related).toEqual([
    {
      ...{ title: 'Members', total: 1, href: expect.stringMatching(/&tab=related&list=members$/) },
      items: [
        {
          kind: 'accounts',
          connection: connectionId,
          stream: 'people',
          id: 'p0000',
          label: 'Person 0000',
          note: 'direct',
        },
      ],
    },
    expect.objectContaining({
      ...{ title: 'Groups inside', total: 1, items: [expect.objectContaining({ label: 'Core', kind: 'groups' })] },
    }),
    expect.objectContaining({
      ...{ title: 'Part of', total: 1, items: [expect.objectContaining({ label: 'Everybody' })] },
    }),
  ]);
  const role = (await record('roles', 'roles', 'viewer')).body;
  expect(role.related).toMatchObject([{ title: 'Holders', items: [{ label: 'Everybody', kind: 'groups' }] }]);
  for (const [kind, stream, id] of [
    ['memberships', 'members', 't2/account/p0000'],
    ['grants', 'grants', 'g2'],
  ] as const) {
    expect((await record(kind, stream, id)).status).toBe(200);
  }
});

test('an event leads to who did it and to what it was done, and from the account to the event', async () => {
  await host.database.system((tx) =>
    sql`insert into events (tenant_id, connection_id, stream, id, time, actor_id, targets, first_seen_at, hash, raw)
      values (${tenantId}, ${connectionId}, 'log', 'e1', now(), 'p0000', ${['user:p0002', 'group:t2', 'name:p0003']}, now(), '', '{}')`.execute(
      tx,
    ),
  );
  const { body } = await record('events', 'log', 'e1');
  expect(body.related).toMatchObject([
    { title: 'Actor', items: [{ kind: 'accounts', id: 'p0000', label: 'Person 0000' }] },
    { title: 'Targets', items: expect.arrayContaining([expect.objectContaining({ label: 'Engineers' })]) },
  ]);
  const account = (await record('accounts', 'people', 'p0000')).body;
  expect(account.related).toContainEqual(
    expect.objectContaining({ title: 'Newest events', items: [expect.objectContaining({ kind: 'events', id: 'e1' })] }),
  );
});

test('every change of a record is in its history with what was before and after', async () => {
  const [first] = holds.people;
  if (first) holds.people[0] = { ...first, name: 'Renamed' };
  await host.operator.post(`/api/tenants/${tenantId}/connections/${connectionId}/runs`, {});
  await runOver(host.operator, tenantId, connectionId);
  const { body } = await record('accounts', 'people', 'p0000');
  expect(body.history).toMatchObject([
    { kind: 'changed', fields: { displayName: { before: 'Person 0000', after: 'Renamed' } } },
  ]);
});

test('what is not there, or of another kind, is not found', async () => {
  expect((await record('accounts', 'people', 'nobody')).status).toBe(404);
  expect((await record('identities', 'people', 'p0000')).status).toBe(404);
  expect((await record('accounts', 'teams', 'p0000')).status).toBe(404);
  const wrong = await host.operator.get(
    `/api/tenants/${tenantId}/inventory/accounts/record?connection=x&stream=people&id=p`,
  );
  expect(wrong.body.errors).toMatchObject([{ field: 'connection' }]);
});

test('the indexes of the schema hold exactly what lists search and sort by', async () => {
  const made = (name: string) => `${name}_compared`;
  for (const listing of listings.values()) {
    const table = listing.kind;
    const keys = listing.columns.filter(({ sort }) => sort);
    const found = wordsOf(listing)?.replaceAll('r.', '');
    await expect(
      host.database.system(async (tx) => {
        const definition = async (name: string, column: number) => {
          const { rows } = await sql<{ definition: string | null }>`
            select pg_get_indexdef(to_regclass(${name}), ${column}, true) as definition`.execute(tx);
          return rows[0]?.definition;
        };
        for (const { name, sortAt } of keys) {
          const index = `${table}_by_${columnName(name)}`;
          const key = sortAt.replaceAll('r.', '').replace(/^(left\(.*\)) collate "C"$/, '($1) collate "C"');
          await sql.raw(`create index ${made(index)} on ${table} (tenant_id, ${key})`).execute(tx);
          expect.soft(await definition(index, 2), index).toBe(await definition(made(index), 2));
        }
        if (found) {
          await sql.raw(`create index ${made(`${table}_words`)} on ${table} using gin (${found})`).execute(tx);
          expect.soft(await definition(`${table}_words`, 1), table).toBe(await definition(made(`${table}_words`), 1));
        }
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
  }
});
