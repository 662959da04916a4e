import { logicalFieldNames, logicalFields } from '@gatehouse/desk-kit';
import type { SignedIn } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDesk, testDesk } from '../testing/test-desk.ts';

let desk: TestDesk;
let technician: SignedIn & { deskId: string };
let manager: SignedIn & { deskId: string };
let customer: SignedIn & { deskId: string };
beforeAll(async () => {
  desk = await testDesk();
  [technician, manager] = [await desk.person('technician'), await desk.person('manager')];
  customer = await desk.person('customer');
});
afterAll(() => desk?.close());

const numbers = ({ body }: { body: { items: readonly { number: string }[] } }) =>
  body.items.map(({ number }) => number);

test('both tables have the fields of support sessions from the beginning, under the words of settings', async () => {
  for (const table of ['support', 'helpdesk']) {
    const { body } = await technician.get(`/api/case-fields?table=${table}&limit=500`);
    const ofSessions = body.items.filter(({ isOfSessions }: { isOfSessions: boolean }) => isOfSessions);
    expect(ofSessions.map(({ name }: { name: string }) => name)).toEqual(
      logicalFieldNames.map((one) => logicalFields[one]),
    );
    const many = ofSessions.filter(({ takesMany }: { takesMany: boolean }) => takesMany);
    expect(many.map(({ name }: { name: string }) => name)).toEqual([logicalFields.sessionIds]);
    const { id } = ofSessions[0];
    expect((await manager.ask('DELETE', `/api/case-fields/${id}`)).status).toBe(409);
  }
});

test('what each role may do is decided by the server, and changes with the role at once', async () => {
  const { number } = await desk.makeCase({ requester: customer.deskId });
  const of = async (ask: (person: SignedIn) => Promise<{ status: number }>) => [
    (await ask(customer)).status,
    (await ask(technician)).status,
    (await ask(manager)).status,
  ];
  expect(await of((one) => one.get('/api/desk/people'))).toEqual([403, 200, 200]);
  expect(await of((one) => one.get('/api/teams'))).toEqual([403, 200, 200]);
  expect(await of((one) => one.get('/api/case-fields'))).toEqual([403, 200, 200]);
  expect(await of((one) => one.get(`/api/cases/${number}/history`))).toEqual([403, 200, 200]);
  expect(await of((one) => one.ask('PATCH', `/api/cases/${number}`, { body: { status: 'open' } }))).toEqual([
    ...[403, 200, 200],
  ]);
  expect(await of((one) => one.post(`/api/cases/${number}/merge`, { into: number }))).toEqual([403, 400, 400]);
  expect(await of((one) => one.get('/api/accounts'))).toEqual([403, 403, 200]);
  for (const [path, body] of [
    ['/api/accounts', { login: 'x', permissions: ['cases.read'] }],
    ['/api/teams', { name: 'n' }],
    ['/api/case-fields', { table: 'support', name: 'n' }],
  ] as const)
    expect((await technician.post(path, JSON.parse(JSON.stringify(body)))).status).toBe(403);
  expect(await of((one) => one.post('/api/desk/people', { name: 'n', email: 'n@x.example', role: 'manager' }))).toEqual(
    [...[403, 403, 201]],
  );
  const passing = await desk.person('technician');
  expect((await passing.get('/api/desk/people')).status).toBe(200);
  await manager.ask('PATCH', `/api/desk/people/${passing.deskId}`, { body: { role: 'customer' } });
  expect((await passing.get('/api/desk/people')).status).toBe(403);
});

test('a customer sees their own case and what is public of it, and a case of somebody else is none', async () => {
  const mine = await desk.makeCase({ subject: 'mine', requester: customer.deskId, fields: { 'Session key': 'k-1' } });
  const other = await desk.makeCase({ subject: 'other', fields: { 'Session key': 'k-2' } });
  await technician.post(`/api/cases/${mine.number}/notes`, { text: 'internal words' });
  await technician.post(`/api/cases/${mine.number}/notes`, { text: 'public words', visibility: 'public' });
  for (const path of ['', '/notes']) expect((await customer.get(`/api/cases/${other.number}${path}`)).status).toBe(404);
  expect((await customer.post(`/api/cases/${other.number}/notes`, { text: 'x' })).status).toBe(404);
  const seen = await customer.get(`/api/cases/${mine.number}`);
  expect(seen.body).toMatchObject({ subject: 'mine', fields: [], merged: [] });
  const notes = await customer.get(`/api/cases/${mine.number}/notes`);
  expect(notes.text).toContain('public words');
  expect(notes.text).not.toContain('internal words');
  for (const query of [
    '',
    '?search=k-2',
    '?field=Session+key&value=k-2',
    '?assignee=none',
    `?requester=${technician.deskId}`,
  ])
    expect(numbers(await customer.get(`/api/cases${query}`))).not.toContain(other.number);
  const made = await customer.post('/api/cases', {
    subject: 'help',
    assignee: technician.deskId,
    fields: { 'Session key': 'x' },
  });
  expect(made.body).toMatchObject({ requester: { id: customer.deskId }, assignee: null });
  expect(JSON.stringify((await technician.get(`/api/cases/${made.body.number}`)).body.fields)).not.toContain('"x"');
  const answer = await customer.post(`/api/cases/${mine.number}/notes`, {
    text: 'mine',
    visibility: 'internal',
    minutes: 9,
  });
  expect(answer.body).toMatchObject({ visibility: 'public', minutes: 0 });
});

test('the answer of a customer opens a case again that waits or is resolved, and not one that is closed', async () => {
  const { number } = await desk.makeCase({ requester: customer.deskId });
  const status = async () => (await technician.get(`/api/cases/${number}`)).body.status;
  for (const [before, after] of [
    ['waiting', 'open'],
    ['resolved', 'open'],
    ['closed', 'closed'],
  ] as const) {
    await technician.ask('PATCH', `/api/cases/${number}`, { body: { status: before } });
    await customer.post(`/api/cases/${number}/notes`, { text: 'Still burning' });
    expect(await status()).toBe(after);
  }
  const reopen = (one: SignedIn) => one.ask('PATCH', `/api/cases/${number}`, { body: { status: 'open' } });
  expect([(await reopen(technician)).status, (await reopen(manager)).status]).toEqual([409, 200]);
});

test('cases are found by number, subject, requester and field, filtered, and paged without a gap', async () => {
  await manager.post('/api/teams', { name: 'Second line' });
  const made = await desk.makeCase({
    ...{ subject: 'Unheard of', requester: customer.deskId, assignee: technician.deskId, team: 'Second line' },
    ...{ table: 'helpdesk', fields: { 'Session IDs': ['zz-77', 'zz-78'] } },
  });
  const find = async (query: string) => numbers(await technician.get(`/api/cases?${query}`));
  for (const query of [
    ...[`search=${made.number.toLowerCase()}`, 'search=UNHEARD', 'search=zz-78', 'team=second+line', 'assignee=me'],
    ...['field=Session+IDs&value=zz-77', `assignee=${technician.deskId}`, 'table=helpdesk&search=unheard'],
  ])
    expect(await find(query), query).toContain(made.number);
  expect(await find(`search=${customer.email}&table=helpdesk`)).toContain(made.number);
  for (const query of [
    ...['search=%25', 'field=Session+IDs&value=zz-7', 'field=Session+key&value=zz-77', 'assignee=none', 'team=none'],
    ...['table=support', 'status=closed'],
  ])
    expect(await find(query), query).not.toContain(made.number);
  expect((await technician.get('/api/cases?assignee=nobody-has-this')).body.errors[0].field).toBe('assignee');
  const all: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await technician.get(`/api/cases?limit=3${cursor && `&cursor=${cursor}`}`);
    all.push(...numbers({ body }));
    if (body.next === null) break;
    cursor = body.next;
  }
  const whole = numbers(await technician.get('/api/cases?limit=500'));
  expect(all).toEqual(whole);
  expect(new Set(all).size).toBe(all.length);
  const forged = Buffer.from('["x","y"]').toString('base64url');
  expect((await technician.get(`/api/cases?cursor=${forged}`)).body.errors[0].field).toBe('cursor');
});

test('a case that was merged brings its conversation and its session ids, and one note of each session stands', async () => {
  const program = await desk.account();
  const put = (number: string, session: string, revision: number) =>
    program.ask('PUT', `/api/desk/v1/cases/${number}/notes/${session}/summary`, {
      body: { revision, title: 't', html: `${number} ${session} ${revision}` },
    });
  const from = await desk.makeCase({ subject: 'from', fields: { 'Session IDs': ['s1', 's2'] } });
  const into = await desk.makeCase({ subject: 'into', table: 'helpdesk', fields: { 'Session IDs': ['s2', 's3'] } });
  await technician.post(`/api/cases/${from.number}/notes`, { text: 'said before' });
  await put(from.number, 's1', 1);
  await put(from.number, 's2', 2);
  await put(into.number, 's2', 1);
  const last = await desk.makeCase({ subject: 'last' });
  expect((await technician.post(`/api/cases/${from.number}/merge`, { into: into.number })).status).toBe(200);
  const notes = (await technician.get(`/api/cases/${from.number}/notes`)).text;
  for (const words of ['said before', `${from.number} s1 1`, `${from.number} s2 2`]) expect(notes).toContain(words);
  expect(notes).not.toContain(`${into.number} s2 1`);
  expect((await put(from.number, 's1', 1)).body.outcome).toBe('found');
  const ids = async (number: string) =>
    (await technician.get(`/api/cases/${number}`)).body.fields.find(
      ({ name }: { name: string }) => name === 'Session IDs',
    );
  expect((await ids(from.number)).value.toSorted()).toEqual(['s1', 's2', 's3']);
  await technician.post(`/api/cases/${into.number}/merge`, { into: last.number });
  for (const { number } of [from, into])
    expect((await technician.get(`/api/cases/${number}`)).body.number).toBe(last.number);
  expect(numbers(await technician.get('/api/cases?limit=500'))).not.toContain(from.number);
  expect((await technician.post(`/api/cases/${from.number}/merge`, { into: last.number })).body.errors[0].field).toBe(
    'into',
  );
});

test('two who merge two cases into each other at once leave one of them', async () => {
  for (let round = 0; round < 5; round++) {
    const [one, two] = [await desk.makeCase(), await desk.makeCase()];
    const done = await Promise.all([
      technician.post(`/api/cases/${one.number}/merge`, { into: two.number }),
      manager.post(`/api/cases/${two.number}/merge`, { into: one.number }),
    ]);
    expect(done.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = await Promise.all([one, two].map(({ number }) => technician.get(`/api/cases/${number}`)));
    expect(left[0]?.body.number).toBe(left[1]?.body.number);
  }
});

test('every change gives the next version and stands in history and audit, and one that is none gives nothing', async () => {
  const { number } = await desk.makeCase();
  const change = (body: object) =>
    technician.ask('PATCH', `/api/cases/${number}`, { body: JSON.parse(JSON.stringify(body)) });
  const versions: number[] = [];
  for (const body of [
    ...[{ subject: 'Other' }, { subject: 'Other' }, { status: 'open', assignee: technician.deskId }],
    ...[{ fields: { 'Session key': 'secret-key-1' } }, { fields: { 'Session key': 'secret-key-1' } }],
  ])
    versions.push((await change(body)).body.version);
  expect(versions).toEqual([2, 2, 3, 4, 4]);
  expect((await change({ subject: 'Late', version: 3 })).status).toBe(409);
  const history = (await technician.get(`/api/cases/${number}/history`)).body.items;
  expect(history.map(({ action, change: what }: { action: string; change: object }) => [action, what])).toEqual([
    ['change', { fields: ['Session key'] }],
    ['change', { status: { from: 'new', to: 'open' }, assignee: { from: null, to: technician.email } }],
    ['change', { subject: { from: 'A case', to: 'Other' } }],
    ['create', expect.objectContaining({ table: 'support' })],
  ]);
  const { rows } = await sql<{ actor: string; action: string; change: object }>`
    select actor_name as actor, action, change from system_audit where target = ${number} order by audit_id`.execute(
    desk.database.owner,
  );
  expect(rows.map(({ action }) => action)).toEqual(['case.create', 'case.change', 'case.change', 'case.change']);
  expect(rows[1]?.actor).toContain(technician.email);
  expect(JSON.stringify(rows)).not.toContain('secret-key-1');
});

test('bad input names its field and changes nothing', async () => {
  const { number } = await desk.makeCase();
  const before = (await technician.get(`/api/cases/${number}`)).text;
  for (const [field, body] of [
    ['subject', { subject: ' ' }],
    ['status', { status: 'gone' }],
    ['assignee', { assignee: customer.deskId, subject: 'x' }],
    ['requester', { requester: 'nobody-has-this', subject: 'x' }],
    ['team', { team: 'no such team', subject: 'x' }],
    ['fields.Nothing', { fields: { Nothing: 'x' }, subject: 'x' }],
    ['fields.Session key', { fields: { 'Session key': ['a', 'b'] }, subject: 'x' }],
    ['colour', { colour: 'red' }],
  ] as const) {
    const refused = await technician.ask('PATCH', `/api/cases/${number}`, { body: JSON.parse(JSON.stringify(body)) });
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, field]);
  }
  for (const key of ['SC-0', '%00', 'a%0Ab', "'; drop table cases", '..', '9'.repeat(300)])
    expect((await technician.get(`/api/cases/${encodeURIComponent(decodeURIComponent(key))}`)).status).toBe(404);
  expect((await technician.get(`/api/cases/${number}`)).text).toBe(before);
});

test('what people write is text, and what programs write is made safe before it is kept', async () => {
  const program = await desk.account();
  const { id, number } = await desk.makeCase({ description: '<img src=x onerror=x()>\nnext' });
  await technician.post(`/api/cases/${number}/notes`, { text: '<script>x()</script>' });
  const html = '<p onclick="x()">kept</p><script>x()</script><a href="javascript:x()">l</a>';
  await program.post(`/api/desk/v1/cases/${id}/replies`, { subject: 'Re:\r\nBcc: eve', html });
  const { rows } = await sql<{ text: string }>`
    select description as text from cases where case_id = ${id}
    union all select title || html from case_notes where case_id = ${id}`.execute(desk.database.owner);
  expect(rows.map(({ text }) => text).toSorted()).toEqual([
    '<p>&lt;img src=x onerror=x()&gt;<br>next</p>',
    '<p>&lt;script&gt;x()&lt;/script&gt;</p>',
    'Re: Bcc: eve<p>kept</p><a>l</a>',
  ]);
});

test('a customer who is invited stays the same person, and nobody is invited twice or over an administrator', async () => {
  const added = await technician.post('/api/desk/people', { name: 'Cy', email: 'Cy@Corp.example' });
  expect(added.body).toMatchObject({
    person: { login: 'cy@corp.example', role: 'customer', signsIn: false },
    link: null,
  });
  const invited = await manager.post('/api/desk/people', { name: 'Cy', email: 'cy@corp.example', role: 'technician' });
  expect(invited.body.person).toMatchObject({ id: added.body.person.id, role: 'technician', signsIn: true });
  expect(invited.body.link).toContain('/welcome#');
  const again = await manager.post('/api/desk/people', { name: 'Cy', email: 'cy@corp.example', role: 'manager' });
  expect([again.status, again.body.errors[0].field]).toEqual([400, 'email']);
  const administrator = await desk.signIn({ systemAdministrator: true });
  const me = (await administrator.get('/api/desk/me')).body;
  expect(me.role).toBe('manager');
  await manager.ask('PATCH', `/api/desk/people/${me.person.id}`, { body: { role: 'customer' } });
  expect((await administrator.get('/api/desk/me')).body.role).toBe('manager');
});
