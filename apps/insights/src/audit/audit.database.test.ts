import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TenantId } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditActions } from '../api/audit.ts';
import { type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let tenantId: TenantId;
let path: string;
beforeAll(async () => {
  host = await testInsights();
  tenantId = await host.tenant('Audited');
  path = `/api/tenants/${tenantId}/audit`;
  const ada = await host.person(tenantId, 'administrator');
  for (const name of ['Alarm', 'Bell'])
    await ada.post(`/api/tenants/${tenantId}/webhooks`, {
      ...{ name, url: 'http://127.0.0.1:9/hook', events: ['finding.opened'] },
    });
  await host.operator.ask('PATCH', `/api/tenants/${tenantId}/settings`, { body: { dormantDays: 45 } });
});
afterAll(() => host.close());

const actions = async (query: string) => {
  const { status, body } = await host.operator.get(`${path}?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return {
    total: body.total.value,
    found: body.items.map(({ action, target }: { action: string; target: string }) => `${action} ${target}`),
  };
};

test('entries are found by person, by action, by time and by words, and all conditions hold together', async () => {
  expect(await actions('filter=actor:contains:ada%20keller')).toEqual({
    ...{ total: 2, found: ['webhook.create Bell', 'webhook.create Alarm'] },
  });
  expect((await actions('filter=action:in:tenant.change|person.add')).found).toEqual([
    'tenant.change Audited',
    expect.stringContaining('person.add person-'),
  ]);
  expect((await actions('filter=at:lt:-1d')).total).toBe(0);
  expect((await actions('filter=at:gt:-1d')).total).toBe(4);
  expect((await actions('search=bell')).found).toEqual(['webhook.create Bell']);
  expect((await actions('search=webhook&filter=target:eq:Alarm')).found).toEqual(['webhook.create Alarm']);
});

test('a filtered audit is paged, and a page of one filter is none of another', async () => {
  const first = (await host.operator.get(`${path}?filter=action:eq:webhook.create&limit=1`)).body;
  expect(first).toMatchObject({ items: [{ target: 'Bell' }], total: { value: 2, exact: true } });
  const second = (await host.operator.get(`${path}?filter=action:eq:webhook.create&limit=1&cursor=${first.next}`)).body;
  expect(second).toMatchObject({ items: [{ target: 'Alarm' }], next: null });
  const other = await host.operator.get(`${path}?filter=action:eq:person.add&limit=1&cursor=${first.next}`);
  expect(other.body.errors).toMatchObject([{ field: 'cursor' }]);
});

test('a filter that cannot be asked is refused by its name', async () => {
  for (const filter of ['action:eq:made.up', 'nothing:eq:1', 'at:gt:yesterday']) {
    const { status, body } = await host.operator.get(`${path}?filter=${filter}`);
    expect({ filter, status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ field: 'filter' }] });
  }
});

test('the CSV holds every entry of the query in words and code, and the export is in the audit itself', async () => {
  const { headers, text } = await host.operator.get(
    `${path}/export.csv?filter=action:eq:webhook.create&columns=actor,action,target`,
  );
  expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
  const [heading, ...lines] = text.trim().split('\r\n');
  expect(heading).toBe('Who,What,On');
  expect(lines).toEqual([
    expect.stringMatching(/^Ada Keller <.*>,Webhook created \(webhook\.create\),Bell$/),
    expect.stringMatching(/^Ada Keller <.*>,Webhook created \(webhook\.create\),Alarm$/),
  ]);
  expect((await actions('filter=action:eq:audit.export')).total).toBe(1);
});

test('nobody below an administrator reads or exports it', async () => {
  const analyst = await host.person(tenantId, 'analyst');
  expect((await analyst.get(path)).status).toBe(403);
  expect((await analyst.get(`${path}/export.csv`)).status).toBe(403);
});

test('every action that the program writes into the audit of a tenant has words', () => {
  const root = join(import.meta.dirname, '..');
  const written = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('test'))
    .flatMap((file) => [
      ...readFileSync(join(root, file), 'utf8').matchAll(/audit\(tx, grant, \{\s*action: ['`]([^'`]+)['`]/g),
    ])
    .map(([, action = '']) => action);
  expect(written.length).toBeGreaterThan(15);
  const codes = Object.keys(auditActions);
  for (const action of written) {
    const pattern = new RegExp(`^${action.replaceAll('.', '\\.').replaceAll(/\$\{[^}]+\}/g, '[a-z]+')}$`);
    expect(
      codes.some((code) => pattern.test(code)),
      action,
    ).toBe(true);
  }
});
