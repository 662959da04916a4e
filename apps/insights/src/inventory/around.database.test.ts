import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let tenantId: string;
let connectionId: string;
let system: Awaited<ReturnType<typeof runAcme>>;

beforeAll(async () => {
  const holds = acmeOf(260);
  holds.members = holds.people.map(({ id }) => ({ team: 't1', kind: 'account', member: id }));
  holds.roles.push(
    ...Array.from({ length: 120 }, (_, n) => ({
      id: `r${n}`,
      name: `Robot ${n}`,
      privilege: n === 77 ? 'high' : 'low',
    })),
  );
  holds.grants.push(
    ...Array.from({ length: 120 }, (_, n) => ({
      ...{ id: `r${n}`, kind: n % 2 ? ('group' as const) : ('account' as const), targets: [] },
      ...{ principal: n % 2 ? 't1' : 'p0003', role: `r${n}` },
    })),
  );
  host = await testInsights();
  system = await runAcme(holds);
  tenantId = await host.tenant('Around');
  connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
});
afterAll(async () => {
  await system.close();
  await host.close();
});

const around = (what: 'related' | 'grants', kind: string, stream: string, id: string, more = '') => {
  const address = new URLSearchParams({ connection: connectionId, stream, id });
  return host.operator.get(`/api/tenants/${tenantId}/inventory/${kind}/record/${what}?${address}${more}`);
};
const team = (more: string) => around('related', 'groups', 'teams', 't1', `&list=members${more}`);

test('every member of a group is reached, page by page, each once', async () => {
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await team(`&limit=100${cursor}`);
    expect(body.total).toEqual({ value: 260, exact: true });
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.next === null ? '' : `&cursor=${body.next}`;
  } while (cursor !== '');
  expect(seen).toHaveLength(260);
  expect(new Set(seen).size).toBe(260);
});

test('the record says how many there are, and its link leads to the list that has them all', async () => {
  const address = new URLSearchParams({ connection: connectionId, stream: 'teams', id: 't1' });
  const { body } = await host.operator.get(`/api/tenants/${tenantId}/inventory/groups/record?${address}`);
  const members = body.related.find(({ title }: { title: string }) => title === 'Members');
  expect(members).toMatchObject({ total: 260, items: { length: 100 } });
  const asked = new URL(members.href, host.url).searchParams;
  asked.delete('tab');
  const list = await host.operator.get(`/api/tenants/${tenantId}/inventory/groups/record/related?${asked}`);
  expect(list.body.total.value).toBe(260);
});

test('a list beside a record is searched by name, by id and by remark, and every word must be there', async () => {
  const found = async (search: string) =>
    (await team(`&search=${encodeURIComponent(search)}`)).body.items.map(({ label }: { label: string }) => label);
  expect(await found('person 0123')).toEqual(['Person 0123']);
  expect(await found('p0042')).toEqual(['Person 0042']);
  expect(await found('0042 direct')).toEqual(['Person 0042']);
  expect(await found('100%')).toEqual([]);
  expect(await found('nobody')).toEqual([]);
});

test('the ways to roles come with the strongest first, are paged, and are found by role, by group and by both', async () => {
  const grants = (more = '') => around('grants', 'accounts', 'people', 'p0003', more);
  const first = (await grants('&limit=100')).body;
  expect(first.total).toEqual({ value: 121, exact: true });
  expect(first.items[0]).toMatchObject({ roleName: 'Robot 77', privilege: 'high' });
  expect(first.items.slice(1, 61).every(({ through }: { through: unknown[] }) => through.length === 0)).toBe(true);
  const second = (await grants(`&limit=100&cursor=${first.next}`)).body;
  const names = [...first.items, ...second.items].map(({ roleName }: { roleName: string }) => roleName);
  expect([new Set(names).size, second.next]).toEqual([121, null]);
  expect((await grants('&search=robot%2077')).body).toMatchObject({
    total: { value: 1 },
    items: [{ privilege: 'high' }],
  });
  expect((await grants('&search=everybody')).body.total.value).toBe(61);
  expect((await grants('&search=everybody%20viewer')).body.items).toMatchObject([{ roleName: 'Viewer' }]);
});

test('a list that the record does not have is refused by its name, and a cursor goes on only where it began', async () => {
  const wrong = await around('related', 'groups', 'teams', 't1', '&list=friends');
  expect(wrong.body.errors).toMatchObject([{ field: 'list', message: expect.stringContaining('members') }]);
  const { next } = (await team('&limit=1')).body;
  const elsewhere = await team(`&limit=1&search=person&cursor=${next}`);
  expect(elsewhere.body.errors).toMatchObject([{ field: 'cursor' }]);
  expect((await around('related', 'groups', 'teams', 'nothing', '&list=members')).status).toBe(404);
  expect((await around('grants', 'identities', 'teams', 't1')).status).toBe(404);
});
