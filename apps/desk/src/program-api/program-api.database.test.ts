import { apiFolder } from '@gatehouse/desks/builtin/api';
import type { TestClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../cases/history.ts';
import { type TestDesk, testDesk } from '../testing/test-desk.ts';

let desk: TestDesk;
let program: TestClient;
beforeAll(async () => {
  desk = await testDesk();
  program = await desk.account();
});
afterAll(() => desk?.close());

const put = (path: string, body: object, headers: Record<string, string> = {}) =>
  program.ask('PUT', `${apiFolder}${path}`, { body: JSON.parse(JSON.stringify(body)), headers });
const note = (revision: number, words = `words of ${revision}`) => ({ revision, title: 't', html: `<p>${words}</p>` });

test('twenty who say one note at once write it once', async () => {
  const { number } = await desk.makeCase();
  const twenty = Array.from({ length: 20 }, (_, at) => at);
  // The first of several rounds only opens connections to the database, one after the other.
  for (const part of ['a', 'b', 'c', 'd', 'e']) {
    const said = await Promise.all(twenty.map(() => put(`/cases/${number}/notes/session-1/${part}`, note(1))));
    expect(said.map(({ status }) => status)).toEqual(twenty.map(() => 200));
    expect(said.filter(({ body }) => body.outcome === 'added')).toHaveLength(1);
    expect(new Set(said.map(({ body }) => body.note.id)).size).toBe(1);
  }
  expect((await program.get(`${apiFolder}/cases/${number}/notes`)).body.notes).toHaveLength(5);
});

test('a case is read with its version, and what is written to another version is refused with 412', async () => {
  const { id, number } = await desk.makeCase();
  const read = await program.get(`${apiFolder}/cases/${number}`);
  expect(read.headers.get('etag')).toBe('"1"');
  expect(read.body).toMatchObject({ id, number, url: `${desk.url}/cases/${number}`, version: 1 });
  const first = await put(`/cases/${id}/status`, { status: 'waiting' }, { 'if-match': '"1"' });
  expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
  const body = { fields: { 'Session key': 'x' } };
  for (const old of ['"1"', 'W/"2"', '2', ''])
    expect(
      (await program.ask('PATCH', `${apiFolder}/cases/${id}/fields`, { body, headers: { 'if-match': old } })).status,
    ).toBe(412);
  expect((await put(`/cases/${id}/notes/s/chat`, note(1), { 'if-match': '"1"' })).status).toBe(412);
  expect((await put(`/cases/${id}/notes/s/chat`, note(1), { 'if-match': '"1", "2"' })).status).toBe(200);
  expect((await put(`/cases/${id}/notes/s/chat`, note(1), { 'if-match': '"1"' })).body.outcome).toBe('found');
});

test('a status that is none is 400, one that a closed case cannot have 409, and the one it has is no change', async () => {
  const { id } = await desk.makeCase();
  expect((await put(`/cases/${id}/status`, { status: 'gone' })).status).toBe(400);
  expect((await put(`/cases/${id}/status`, { status: 'closed' })).body).toMatchObject({ status: 'closed', version: 2 });
  expect((await put(`/cases/${id}/status`, { status: 'closed' })).body).toMatchObject({ status: 'closed', version: 2 });
  expect((await put(`/cases/${id}/status`, { status: 'open' })).status).toBe(409);
});

test('changes are told after a cursor, once each, and none before it is asked for', async () => {
  const { id } = await desk.makeCase();
  const { cursor } = (await program.get(`${apiFolder}/changes`)).body;
  expect((await program.get(`${apiFolder}/changes?after=${cursor}`)).body).toEqual({ cases: [], cursor });
  const other = await desk.makeCase();
  await put(`/cases/${id}/status`, { status: 'open' });
  await put(`/cases/${id}/status`, { status: 'waiting' });
  const told = (await program.get(`${apiFolder}/changes?after=${cursor}`)).body;
  expect(told.cases.toSorted()).toEqual([id, other.id].toSorted());
  expect((await program.get(`${apiFolder}/changes?after=${told.cursor}`)).body.cases).toEqual([]);
  expect((await program.get(`${apiFolder}/changes?after=x`)).status).toBe(400);
});

test('a change whose transaction ends after a later one is told all the same', async () => {
  const [slow, quick] = [await desk.makeCase(), await desk.makeCase()];
  let { cursor } = (await program.get(`${apiFolder}/changes`)).body;
  const seen: string[] = [];
  const look = async () => {
    const told = (await program.get(`${apiFolder}/changes?after=${cursor}`)).body;
    seen.push(...told.cases);
    cursor = told.cursor;
  };
  const [begun, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const by = { principal: { kind: 'program', id: 'p', name: 'p' }, correlationId: 'c' } as const;
  const first = desk.database.system(async (tx) => {
    await record(tx, by, slow, { action: 'change', change: {} });
    begun.resolve();
    await release.promise;
  });
  await begun.promise;
  let isOver = false;
  const second = put(`/cases/${quick.id}/status`, { status: 'open' }).finally(() => {
    isOver = true;
  });
  const waits = async () =>
    (await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(desk.database.owner)).rows
      .length;
  await expect.poll(async () => isOver || (await waits()) > 0).toBe(true);
  await look();
  release.resolve();
  await Promise.all([first, second]);
  await look();
  expect(seen.toSorted()).toEqual([slow.id, quick.id].toSorted());
});

test('a case is made for the one who has the address, for a new customer, and for nobody where several have it', async () => {
  for (const login of ['kim', 'lee'])
    await desk.operator.post('/api/desk/people', { login, name: login, email: 'both@corp.example' });
  const make = async (email: string | null, more: object = {}) => {
    const draft = { table: 'helpdesk', subject: 'From\na session', html: '<p>x</p>', email, team: null, fields: {} };
    return program.post(`${apiFolder}/cases`, JSON.parse(JSON.stringify({ ...draft, ...more })));
  };
  const first = await make('New@Customer.example', { fields: { 'Session IDs': ['s1'], nothing: 'x' } });
  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({
    ...{ subject: 'From a session', table: 'helpdesk', status: 'new', version: 1 },
    requester: { login: 'new@customer.example', email: 'new@customer.example' },
    fields: { 'Session IDs': ['s1'], 'Session key': null },
  });
  expect(first.body.number).toMatch(/^HC-\d+$/);
  const second = await make('new@customer.example');
  expect(second.body.requester.id).toBe(first.body.requester.id);
  for (const email of ['both@corp.example', 'no address', null]) expect((await make(email)).body.requester).toBeNull();
  expect((await make(null, { team: 'No such team' })).body.errors).toEqual([
    { field: 'team', message: 'There is no team with this name.' },
  ]);
  const found = await program.get(`${apiFolder}/cases?field=Session+IDs&value=s1`);
  expect(found.body.cases.map(({ id }: { id: string }) => id)).toEqual([first.body.id]);
});

test('a token opens nothing once another is made, the account is switched off or deleted, and stands nowhere', async () => {
  const one = await desk.account();
  const me = (token: string) => program.get(`${apiFolder}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await me(one.token)).body.login).toBe(one.login);
  const { token } = (await desk.operator.post(`/api/accounts/${one.login}/token`)).body;
  expect([(await me(one.token)).status, (await me(token)).status]).toEqual([401, 200]);
  await desk.operator.ask('PATCH', `/api/accounts/${one.login}`, { body: { enabled: false } });
  expect((await me(token)).status).toBe(401);
  await desk.operator.ask('PATCH', `/api/accounts/${one.login}`, { body: { enabled: true } });
  expect((await me(token)).status).toBe(200);
  const listed = await desk.operator.get('/api/accounts?limit=500');
  expect(listed.text).toContain(one.login);
  expect(listed.text + desk.log.join('\n')).not.toContain(token);
  await desk.operator.ask('DELETE', `/api/accounts/${one.login}`);
  expect((await me(token)).status).toBe(401);
});

test('each permission opens what needs it and nothing else, and neither people nor strangers come in', async () => {
  const { id } = await desk.makeCase();
  const asks: Readonly<Record<string, (client: TestClient) => Promise<{ status: number }>>> = {
    'cases.read': (client) => client.get(`${apiFolder}/cases/${id}`),
    'cases.write': (client) => client.ask('PUT', `${apiFolder}/cases/${id}/status`, { body: { status: 'open' } }),
    'notes.read': (client) => client.get(`${apiFolder}/cases/${id}/notes`),
    'notes.write': (client) => client.ask('PUT', `${apiFolder}/cases/${id}/notes/s/p`, { body: { ...note(1) } }),
    'replies.write': (client) => client.post(`${apiFolder}/cases/${id}/replies`, { subject: 's', html: 'h' }),
    'people.read': (client) => client.get(`${apiFolder}/people?login=x`),
    'cases.create': (client) =>
      client.post(`${apiFolder}/cases`, {
        ...{ table: 'support', subject: 's', html: '', email: null, team: null, fields: {} },
      }),
  };
  const manager = await desk.person('manager');
  for (const permission of Object.keys(asks)) {
    const only = await desk.account([permission]);
    for (const [what, ask] of Object.entries(asks)) {
      const { status } = await ask(only);
      expect(`${permission}, ${what}: ${status < 300 || status}`).toBe(
        `${permission}, ${what}: ${what === permission || 403}`,
      );
    }
    expect((await asks[permission]?.(manager))?.status).toBe(401);
    expect((await asks[permission]?.(desk.operator))?.status).toBe(401);
  }
});
