import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, eventually, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let tenantId: TenantId;
beforeAll(async () => {
  host = await testInsights();
  tenantId = await host.tenant('Acme');
});
afterAll(() => host.close());

const at = (rest = '') => `/api/tenants/${tenantId}${rest}`;

test('a new tenant is empty and says so at home', async () => {
  const { body } = await host.operator.get('/api/tenants');
  expect(body).toMatchObject([
    {
      ...{ tenantId, name: 'Acme', role: 'administrator', connections: 0, connectivity: null, isSample: false },
      findings: { critical: 0, high: 0, medium: 0, low: 0 },
    },
  ]);
});

test('only system administrators add tenants, and a tenant needs a name', async () => {
  const person = await host.person(tenantId, 'administrator');
  expect((await person.post('/api/tenants', { name: 'Mine' })).status).toBe(403);
  const nameless = await host.operator.post('/api/tenants', { name: '  ' });
  expect(nameless.body.errors).toMatchObject([{ field: 'name', message: 'Enter a name.' }]);
});

test('settings change one by one, keep what is left out, and refuse what cannot be used', async () => {
  const before = (await host.operator.get(at('/settings'))).body;
  expect(before).toEqual({
    ...{ name: 'Acme', ownedDomains: [], adminAccountPattern: null, stripLeadingZeros: false },
    ...{ dormantDays: 60, maximumSuperAdmins: 5, eventRetentionDays: 180 },
  });
  const changed = await host.operator.ask('PATCH', at('/settings'), {
    body: {
      ownedDomains: [' Acme.Example '],
      adminAccountPattern: '^adm-(?<base>.+)$',
      dormantDays: 30,
      eventRetentionDays: 0,
    },
  });
  expect(changed.body).toEqual({
    ...before,
    ...{ ownedDomains: ['acme.example'], adminAccountPattern: '^adm-(?<base>.+)$', dormantDays: 30 },
    eventRetentionDays: 0,
  });
  for (const [body, field] of [
    [{ adminAccountPattern: '^adm-(.+)$' }, 'adminAccountPattern'],
    [{ adminAccountPattern: '(' }, 'adminAccountPattern'],
    [{ adminAccountPattern: '(?<base>a)(?=b)' }, 'adminAccountPattern'],
    [{ ownedDomains: ['not a domain'] }, 'ownedDomains.0'],
    [{ dormantDays: 0 }, 'dormantDays'],
    [{ eventRetentionDays: -1 }, 'eventRetentionDays'],
    [{ colour: 'red' }, 'colour'],
  ] as const) {
    const refused = await host.operator.ask('PATCH', at('/settings'), { body: JSON.parse(JSON.stringify(body)) });
    expect(refused.status, field).toBe(400);
    expect(refused.body.errors[0].field).toBe(field);
  }
  expect((await host.operator.get(at('/settings'))).body).toEqual(changed.body);
});

test('people come by invitation, change their role and leave', async () => {
  const invited = await host.operator.post(at('/people'), { email: 'grace@acme.example', role: 'reader' });
  expect(invited.status).toBe(201);
  expect(invited.body.link).toContain('/welcome#');
  const { personId } = invited.body.person;
  const changed = await host.operator.ask('PUT', at(`/people/${personId}`), {
    body: { email: 'grace@acme.example', role: 'analyst' },
  });
  expect(changed.body).toMatchObject({ personId, role: 'analyst' });
  expect((await host.operator.get(at('/people'))).body).toContainEqual(
    expect.objectContaining({ personId, role: 'analyst' }),
  );
  expect((await host.operator.ask('DELETE', at(`/people/${personId}`))).status).toBe(204);
  expect((await host.operator.ask('DELETE', at(`/people/${personId}`))).status).toBe(404);
  const wrong = await host.operator.post(at('/people'), { email: 'nobody', role: 'king' });
  expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['email', 'role']);
});

test('a role that is taken away ends what the person may do at once', async () => {
  const person = await host.person(tenantId, 'analyst');
  expect((await person.get(at('/connections'))).status).toBe(200);
  await host.operator.ask('PUT', at(`/people/${person.personId}`), { body: { role: 'reader' } });
  expect((await person.ask('PATCH', at('/findings'), { body: { status: 'new', findingIds: [] } })).status).toBe(403);
  await host.operator.ask('DELETE', at(`/people/${person.personId}`));
  expect((await person.get(at('/connections'))).status).toBe(404);
  expect((await person.get('/api/tenants')).body).toEqual([]);
});

test('every change is in the audit with who made it, newest first, page by page', async () => {
  const all = (await host.operator.get(at('/audit?limit=500'))).body;
  expect(all.items.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(['tenant.change', 'person.add', 'person.change', 'person.remove']),
  );
  expect(all.items[0]).toMatchObject({ actor: 'Operator of this machine', correlationId: expect.any(String) });
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { items: { id: string }[]; next: string | null } } = await host.operator.get(
      at(`/audit?limit=2${cursor ? `&cursor=${cursor}` : ''}`),
    );
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.next;
  }
  expect(seen).toEqual(all.items.map(({ id }: { id: string }) => id));
});

test('a deleted tenant is gone at once, its rows soon after, and the program remembers who deleted it', async () => {
  const other = await host.tenant('Short-lived');
  expect((await host.operator.ask('DELETE', `/api/tenants/${other}`)).status).toBe(204);
  expect((await host.operator.get(`/api/tenants/${other}/settings`)).status).toBe(404);
  expect((await host.operator.get('/api/tenants')).text).not.toContain(other);
  await eventually(async () => {
    const { rows } = await sql`select from tenants where tenant_id = ${other}`.execute(host.database.owner);
    return rows.length === 0;
  });
  const { rows } = await sql<{ change: unknown }>`
    select change from system_audit where action = 'tenant.delete'`.execute(host.database.owner);
  expect(rows).toEqual([{ change: { tenantId: other } }]);
});

test('every route is described, and nothing of the description is missing a summary', async () => {
  const { body } = await host.operator.get('/openapi.json');
  for (const [path, methods] of Object.entries<Record<string, { summary?: string; tags?: string[] }>>(body.paths)) {
    for (const [method, { summary, tags }] of Object.entries(methods)) {
      expect.soft(summary, `${method} ${path}`).toBeTruthy();
      expect.soft(tags?.length, `${method} ${path}`).toBeGreaterThan(0);
    }
  }
});

test('whoever loses their role sees no more of a run: the stream of its progress ends', async () => {
  await using system = await runAcme(acmeOf(3));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  const person = await host.person(tenantId, 'reader');
  const answer = await fetch(new URL(at(`/connections/${connectionId}/progress`), host.url), {
    headers: { cookie: [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    signal: AbortSignal.timeout(10_000),
  });
  const told = answer.text();
  const removed = await host.operator.ask('DELETE', at(`/people/${person.personId}`));
  expect(removed.status).toBe(204);
  await told;
  expect((await person.get(at(`/connections/${connectionId}/progress`))).status).toBe(404);
});
