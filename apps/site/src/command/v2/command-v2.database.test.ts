import type { Json } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Desk, openDesk } from '../../support/testing/desk.ts';
import { complaints, type Schema } from '../../testing/json-schema.ts';
import { type Program, raw } from '../../testing/test-site.ts';

const base = '/api/command/v2';
let desk: Desk;
let program: Program;
let reader: Program;
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into by path.
let document: any;
beforeAll(async () => {
  desk = await openDesk();
  program = await desk.program({ perm_command: 'full_access' });
  reader = await desk.program({ perm_command: 'read_only' });
  document = parse((await program.get(`${base}/openapi.yaml`)).text);
});
afterAll(() => desk.close());

const resolve = (ref: string): Schema =>
  ref
    .slice(2)
    .split('/')
    .reduce((found, part) => found[part], document);

/** Operations that were asked, so that none is forgotten. */
const asked = new Set<string>();

/** The answer, which is as the description of the API has it. */
const ask = async (method: string, path: string, body?: Json) => {
  const answer = await program.ask(method, `${base}${path}`, body === undefined ? {} : { body });
  const plain = path.replace(/\?.*/, '');
  const described = Object.keys(document.paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  if (described === undefined) return answer;
  asked.add(`${method} ${described}`);
  const { responses } = document.paths[described][method.toLowerCase()];
  const { $ref, content } = responses[answer.status] ?? {};
  const schema = ($ref === undefined ? content : (resolve($ref) as { content?: never }).content)?.['application/json']
    ?.schema;
  if (schema === undefined) expect([method, path, answer.status, answer.text]).toEqual([method, path, 204, '']);
  else expect(complaints(schema, answer.body, resolve, `${method} ${path}`)).toEqual([]);
  return answer;
};
const sessionOf = async (lsid: string) => (await desk.operator.get(`/api/support-sessions/${lsid}`)).body;
const nobody = 'a'.repeat(32);

describe('the site', () => {
  test('it tells the permissions of the account, its health and the one appliance it is', async () => {
    const { body: info } = await ask('GET', '/info');
    expect(info).toMatchObject({ permissions: { perm_command: 'full_access', perm_ecm: false }, product: 'pra' });
    expect(info.reporting_api_version).toMatch(/^1\.\d+\.\d+$/);
    const { body: health } = await ask('GET', '/health');
    const { body: appliances } = await ask('GET', '/appliance');
    expect(appliances).toMatchObject([{ id: health.appliance_id, cluster_role: 'single' }]);
    const failover = await ask('POST', '/failover-role', { role: 'backup' });
    expect([failover.status, failover.body.message]).toEqual([422, expect.stringContaining('no failover role')]);
  });

  test('what is not known is 400, what is wrong is 422 by field, and what is not there is 404', async () => {
    expect((await program.get(`${base}/client?colour=red`)).status).toBe(400);
    expect((await program.post(`${base}/session-key`, { queue_type: 'general', colour: 'red' })).status).toBe(400);
    const wrong = await ask('GET', '/client?type=toaster');
    expect([wrong.status, Object.keys(wrong.body.errors)]).toEqual([422, ['type']]);
    for (const path of [
      `/session/${nobody}`,
      `/client/${nobody}`,
      `/client/${nobody}/connections`,
      '/session/x',
      '/client/1',
      '/nothing',
    ])
      expect([path, (await program.get(`${base}${path}`)).status]).toEqual([path, 404]);
    for (const [method, path] of [
      ...[
        ['POST', '/user/2000000/logout'],
        ['DELETE', `/session/${nobody}`],
        ['POST', `/session/${nobody}/transfer/team/1`],
      ],
    ] as const)
      expect([path, (await ask(method, path)).status]).toEqual([path, 404]);
    expect((await program.ask('PUT', `${base}/info`)).status).toBe(405);
  });

  test('what changes something takes full access', async () => {
    const lsid = await desk.wait();
    for (const [path, methods] of Object.entries<object>(document.paths))
      for (const method of Object.keys(methods)) {
        const filled = path
          .replace('{lsid}', lsid)
          .replace('{id}', String(desk.anna.userId))
          .replace('{client_id}', nobody);
        const answer = await reader.ask(method.toUpperCase(), `${base}${filled}`, method === 'get' ? {} : { body: {} });
        expect([method, path, answer.status]).toEqual([
          method,
          path,
          method === 'get' ? expect.toBeOneOf([200, 404]) : 403,
        ]);
      }
    expect((await sessionOf(lsid)).state).toBe('waiting');
  });
});

describe('representatives', () => {
  test('they are listed with their status and sessions, which is set, and signed out', async () => {
    await desk.anna.beat();
    const { userId: id } = desk.anna;
    expect((await ask('PUT', `/user/${id}/status`, { code_name: 'busy' })).status).toBe(200);
    const unknown = await ask('PUT', `/user/${id}/status`, { code_name: 'asleep' });
    expect([unknown.status, unknown.body.errors.code_name]).toEqual([422, [expect.stringContaining('“asleep”')]]);
    const { body, headers } = await ask('GET', '/user');
    expect(body).toMatchObject([{ id, type: 'normal', status: 'busy', session_count: 0 }]);
    expect(headers.get('x-bt-pagination-total')).toBe('1');
    await ask('PUT', `/user/${id}/status`, { code_name: 'available' });
    const one = await desk.representative({ perm_support_allowed: true });
    await one.beat();
    expect((await ask('POST', `/user/${one.userId}/logout`)).status).toBe(204);
    expect((await one.beat()).status).toBe(409);
    expect((await ask('POST', `/user/${one.userId}/logout`)).status).toBe(422);
  });

  test('teams come with their issues and members', async () => {
    const { body } = await ask('GET', '/team');
    expect(body[1]).toMatchObject({
      ...{ name: 'Printers', issues: [{ code_name: 'paper_jam', description: 'Paper jam' }] },
      members: [{ id: desk.anna.userId, username: desk.anna.username, role: 'member' }],
    });
  });
});

describe('sessions', () => {
  test('a key is made for a queue that is named in one of three ways, and not in two', async () => {
    const made = await ask('POST', '/session-key', {
      ...{ queue_type: 'team', queue_id: desk.teams.printers, ttl: 600 },
      session_attributes: { external_key: 'T-9', asset: 'A' },
    });
    expect([made.status, made.body]).toMatchObject([201, { queue_type: 'team', external_key: 'T-9' }]);
    const { lsid } = await desk.redeem(made.body.short_key);
    expect(await sessionOf(lsid)).toMatchObject({ queue: `team:${desk.teams.printers}`, attributes: { asset: 'A' } });
    for (const body of [
      { rep_username: desk.anna.username },
      { issue_code_name: 'paper_jam' },
      { queue_type: 'general' },
    ])
      expect((await ask('POST', '/session-key', body)).status).toBe(201);
    for (const body of [
      ...[{}, { queue_type: 'general', issue_code_name: 'paper_jam' }, { queue_type: 'team' }],
      ...[{ queue_type: 'general', queue_id: 1 }, { rep_username: 'nobody' }, { queue_type: 'team', queue_id: 4_711 }],
    ])
      expect([body, (await ask('POST', '/session-key', body)).status]).toEqual([body, 422]);
  });

  test('attributes are read and set; thirty at once, and no more', async () => {
    const lsid = await desk.wait();
    expect((await ask('PATCH', `/session/${lsid}`, { external_key: 'T', asset: '<&>' })).body.message).toBe(
      'Session attributes were set',
    );
    expect((await ask('GET', `/session/${lsid.toUpperCase()}`)).body).toEqual([
      { code_name: 'external_key', display_name: 'External Key', value: 'T' },
      { code_name: 'asset', display_name: 'Asset "tag" <&>', value: '<&>' },
      { code_name: 'floor', display_name: 'Floor', value: '' },
    ]);
    const many = Object.fromEntries(Array.from({ length: 31 }, (_, number) => [`field_${number}`, 'x']));
    expect((await program.ask('PATCH', `${base}/session/${lsid}`, { body: many })).status).toBe(400);
    const unknown = await ask('PATCH', `/session/${lsid}`, { other: 'x' });
    expect([unknown.status, Object.keys(unknown.body.errors)]).toEqual([422, ['other']]);
    expect((await ask('PATCH', `/session/${lsid}`, { asset: 'x'.repeat(1_025) })).status).toBe(422);
    const before = await sessionOf(lsid);
    for (const nothing of ['{}', '{"__proto__":"x"}']) {
      const answer = await raw(desk.url, 'PATCH', `${base}/session/${lsid}`, {
        headers: { authorization: `Bearer ${program.token}` },
        body: nothing,
      });
      expect([nothing, answer.status]).toEqual([nothing, 200]);
      desk.clock.move(100);
    }
    expect((await sessionOf(lsid)).events).toEqual(before.events);
  });

  test('names that mean something in JavaScript are no names of custom fields', async () => {
    for (const code_name of ['constructor', '__proto__', 'External_Key'])
      expect((await desk.operator.post('/api/custom-fields', { display_name: 'x', code_name })).status).toBe(400);
  });

  test('a representative is added and taken out, and a session transferred, talked in and ended', async () => {
    await desk.anna.beat();
    const { userId: id } = desk.anna;
    const lsid = await desk.wait();
    expect((await ask('POST', `/session/${lsid}/user/${id}`)).status).toBe(200);
    expect((await ask('POST', `/session/${lsid}/user/${id}`)).status).toBe(422);
    expect((await ask('POST', `/session/${lsid}/chat`, { body: 'Hello', user_id: id })).status).toBe(200);
    expect((await ask('POST', `/session/${lsid}/chat`, { body: 'x', user_id: id, as_customer: true })).status).toBe(
      422,
    );
    const { body: consoles } = await ask('GET', '/client?type=access_console');
    expect(consoles).toMatchObject([{ type: 'access_console', name: expect.any(String) }]);
    expect((await ask('GET', `/client/${consoles[0].id}`)).body).toEqual(consoles[0]);
    expect((await ask('GET', `/client/${consoles[0].id}/connections`)).body).toMatchObject([{ type: 'connected' }]);
    expect((await ask('GET', '/appliance/client-count?type=access_console')).body).toEqual([
      { type: 'access_console', count: 1 },
    ]);
    expect((await ask('DELETE', `/session/${lsid}/user/${id}`)).status).toBe(204);
    expect((await ask('POST', `/session/${lsid}/transfer/user/${id}`)).body.message).toBe('Successfully transferred');
    expect((await sessionOf(lsid)).queue).toBe(`rep:${id}`);
    expect((await ask('POST', `/session/${lsid}/transfer/team/${desk.teams.network}`)).status).toBe(200);
    expect((await ask('DELETE', `/session/${lsid}`)).status).toBe(204);
    expect((await ask('DELETE', `/session/${lsid}`)).status).toBe(422);
    expect((await ask('GET', `/session/${lsid}`)).status).toBe(404);
    const { events } = await sessionOf(lsid);
    expect(events.at(-1)).toMatchObject({ type: 'ended', body: { reason: 'ended_by_program' } });
    expect(events.find(({ type }: { type: string }) => type === 'chat_message')).toMatchObject({
      performedBy: 2,
      body: { text: 'Hello' },
    });
  });

  test('every operation of the description was asked', () => {
    const all = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(all.filter((one) => !asked.has(one) && one !== 'GET /openapi.yaml')).toEqual([]);
  });
});
