import { startServer } from '@gatehouse/host/testing';
import type { Json } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: SupportedDesk;
let manager: SupportedDesk['technician'];
beforeAll(async () => {
  host = await supportedDesk();
  manager = await host.desk.person('manager');
});
afterAll(() => host.close());

const json = (value: object): Json => JSON.parse(JSON.stringify(value));
const site = () => `/api/sites/${host.siteId}`;
const connection = () => `/api/connections/${host.connectionId}`;
const statesOf = (body: { steps: readonly { ok: boolean | null }[] }) => body.steps.map(({ ok: is }) => is);

describe('a change of a connection', () => {
  test('leaves everything as it was that it does not name', async () => {
    const full = {
      ...{ assignment: { to: 'team', team: 'First line' }, keySeconds: 600, unstarted: 'create', redact: ['KST-\\d+'] },
      ...{ template: '<p>Mine</p>', mailSubject: 'Mine', mailTemplate: 'Mine', transcripts: true, enabled: false },
    };
    await ok(manager.ask('PATCH', connection(), { body: json(full) }));
    await ok(manager.ask('PATCH', connection(), { body: { enabled: true } }));
    expect((await ok(manager.get(connection()))).body).toMatchObject({ ...full, enabled: true });
    const usual = { template: '', mailSubject: '', mailTemplate: '', transcripts: false, redact: [] };
    await ok(manager.ask('PATCH', connection(), { body: json({ ...usual, assignment: { to: 'general' } }) }));
  });

  test('empties a secret that is not needed, and keeps one that is left out', async () => {
    const fields = { sessionIds: 'Session IDs' };
    const settings = {
      url: 'http://127.0.0.1:9',
      apiKey: 'first-key',
      customerKey: 'second-key',
      project: 'it',
      fields,
    };
    const made = await ok(
      manager.post('/api/connections', {
        ...{ name: 'Redmine', desk: 'redmine', siteId: host.siteId, senders: ['10.0.0.0/8'], settings },
      }),
    );
    const path = `/api/connections/${made.body.connectionId}`;
    const { apiKey: _, customerKey: __, ...rest } = settings;
    const change = async (more: object) =>
      (await manager.ask('PATCH', path, { body: json({ settings: { ...rest, ...more } }) })).body;
    expect((await change({})).settings).toMatchObject({ apiKey: { isSet: true }, customerKey: { isSet: true } });
    expect((await change({ customerKey: '' })).settings).toMatchObject({
      ...{ apiKey: { isSet: true }, customerKey: { isSet: false } },
    });
    expect((await change({ apiKey: '' })).errors).toEqual([
      { field: 'settings.apiKey', message: expect.stringMatching(/\S/) },
    ]);
    await ok(manager.ask('DELETE', path));
  });
});

describe('settings are tried before they are saved', () => {
  test('those of a site, new or known, with the kept secret and without', async () => {
    const program = await host.site.account({ perm_command: 'full_access', perm_reporting_support: true });
    const settings = { name: 'New', url: host.site.url, clientId: program.clientId, clientSecret: program.secret };
    const before = (await ok(manager.get('/api/sites'))).body.items.length;
    const tried = async (of: object) =>
      (await ok(manager.post('/api/sites/test', { settings: json({ ...settings, ...of }) }))).body;
    expect(statesOf(await tried({}))).toEqual([true, true, true, true, true, true]);
    expect(statesOf(await tried({ clientSecret: 'wrong' }))).toEqual([true, true, false, null, null, null]);
    const refused = await manager.post('/api/sites/test', { settings: json({ ...settings, url: 'nowhere' }) });
    expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'url']);
    const known = async (of: object) => (await ok(manager.post(`${site()}/test`, json({ settings: of })))).body;
    expect((await known({ name: 'Another' })).ok).toBe(true);
    expect((await known({ clientSecret: 'wrong' })).ok).toBe(false);
    // Nothing of it was saved.
    expect((await ok(manager.post(`${site()}/test`))).body.ok).toBe(true);
    expect((await ok(manager.get(site()))).body.name).toBe('Support');
    expect((await ok(manager.get('/api/sites'))).body.items).toHaveLength(before);
  });

  test('those of a desk', async () => {
    const account = await host.desk.account();
    const { number } = await host.desk.makeCase({ subject: 'Probe' });
    const fields = { sessionIds: 'Session IDs' };
    const settings = { url: host.desk.url, token: account.token, fields, probeTicket: number };
    const tried = async (of: object) =>
      (await ok(manager.post('/api/connections/test', { desk: 'builtin', settings: json({ ...settings, ...of }) })))
        .body;
    expect((await tried({})).ok).toBe(true);
    expect((await tried({ token: 'wrong' })).ok).toBe(false);
    const { token: _, ...rest } = settings;
    const known = async (of: object) =>
      (await ok(manager.post(`${connection()}/test`, { settings: json({ ...rest, ...of }) }))).body;
    expect((await known({})).ok).toBe(true);
    expect((await known({ token: 'wrong' })).ok).toBe(false);
    expect((await manager.post('/api/connections/test', { desk: 'none', settings: {} })).body.errors[0].field).toBe(
      'desk',
    );
  });
});

test('a kept secret goes nowhere else than where it was entered for, neither in a test nor saved', async () => {
  const elsewhere = await startServer({});
  try {
    const asked = [
      await manager.post(`${site()}/test`, { settings: { url: elsewhere.origin } }),
      await manager.ask('PATCH', site(), { body: { url: elsewhere.origin } }),
      await manager.ask('PATCH', site(), { body: { clientId: 'other' } }),
    ];
    for (const { status, body } of asked) expect([status, body.errors[0].field]).toEqual([400, 'clientSecret']);
    const { settings } = (await ok(manager.get(connection()))).body;
    const moved = { ...settings, url: elsewhere.origin };
    for (const { status, body } of [
      await manager.post(`${connection()}/test`, { settings: moved }),
      await manager.ask('PATCH', connection(), { body: { settings: moved } }),
    ])
      expect([status, body.errors[0].field]).toEqual([400, 'settings.token']);
    expect(elsewhere.requests).toEqual([]);
    // The same place under another path is the same.
    await ok(manager.ask('PATCH', connection(), { body: { settings: { ...settings, url: `${settings.url}/` } } }));
  } finally {
    await elsewhere.close();
  }
});

test('managers arrange sites, connections and events, and technicians are refused before anything is read', async () => {
  const routes = [
    ...['GET /api/sites', 'POST /api/sites', 'POST /api/sites/test', `GET ${site()}`, `PATCH ${site()}`],
    ...[`DELETE ${site()}`, `POST ${site()}/test`, 'GET /api/desks', 'GET /api/connections', 'POST /api/connections'],
    ...['POST /api/connections/test', `GET ${connection()}`, `PATCH ${connection()}`, `DELETE ${connection()}`],
    ...[`POST ${connection()}/secret`, `POST ${connection()}/test`, `GET ${connection()}/set-up`, 'GET /api/events'],
    ...[`POST /api/events/${host.siteId}/replay`, `POST /api/support-sessions/${host.connectionId}/a/replay`],
    'POST /api/mail-templates/preview',
  ];
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await host.technician.ask(method, path, method === 'GET' || method === 'DELETE' ? {} : { body: [] });
    expect([route, answer.status]).toEqual([route, 403]);
  }
  expect((await manager.get('/api/events')).status).toBe(200);
  expect((await manager.get('/api/audit')).status).toBe(403);
});
