import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { leasesOf, until } from '../testing/errands.ts';
import { openPage, type PageSocket } from '../testing/page-socket.ts';
import type { SiteUser } from '../testing/test-site.ts';

const password = 'a planted password that no browser may see 4712';
let sshd: OpenSsh;
let stage: ConsoleSite;
let ada: SiteUser;
let bea: SiteUser;

beforeAll(async () => {
  sshd = await startOpenSsh([{ name: 'ops', password }]);
  stage = await consoleSite({
    ...{ type: 'shell-jump', item: { port: sshd.port, protocol: 'ssh' } },
    credential: { kind: 'password', username: 'ops', domain: null, password: new Secret(password) },
  });
  ada = stage.user;
  bea = await stage.colleague('Bea Lindqvist');
});
afterAll(async () => {
  await stage?.close();
  await sshd?.stop();
});
beforeEach(() => stage.policy({ simultaneous_jumps: 'join' }));

const open = async (person: SiteUser, more: object = {}): Promise<PageSocket & { readonly id: string }> => {
  const { body } = await ok(stage.ask(person, more));
  const page = await openPage(person, body.id);
  await page.is('open');
  await page.shown('$ ');
  return { ...page, id: body.id };
};
const join = (person: SiteUser, id: string, said: object = {}) =>
  person.post(`/api/console/sessions/${id}/join`, JSON.parse(JSON.stringify(said)));
const joined = async (person: SiteUser, id: string, said: object = {}) => {
  expect((await ok(join(person, id, said))).body).toMatchObject({ id, role: 'guest' });
  return openPage(person, id);
};
const end = async (person: SiteUser, page: PageSocket & { readonly id: string }) => {
  await ok(person.post(`/api/console/sessions/${page.id}/end`, {}));
  await page.closed;
};
const last = (page: PageSocket, type: 'joined' | 'size' | 'dismissed') =>
  page.messages.filter((one) => one.type === type).at(-1);
const recorded = async (id: string) =>
  (await ok(ada.get(`/api/sessions/${id}/recording`))).text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));

test('a colleague joins a live session: both see and type, and both are in its record, its recording and the audit', async () => {
  const page = await open(ada, { reason: 'a disk is full' });
  page.type('echo before-$((1+1))\n');
  await page.shown('before-2');
  const instead = await stage.ask(bea);
  expect([instead.status, instead.body.type]).toEqual([409, 'urn:gatehouse:problem:join-instead']);
  const detail = async () => (await ok(bea.get(`/api/console/items/shell-jump/${stage.ids.item}`))).body.others;
  expect(await detail()).toMatchObject({
    rule: 'join',
    sessions: [{ id: page.id, person: 'Ada Keller', state: 'open' }],
  });
  const guest = await joined(bea, page.id, { reason: 'to help', ticket: 'INC-8' });
  await guest.shown('before-2');
  await until(() => last(page, 'joined') !== undefined);
  expect(last(page, 'joined')).toEqual({ type: 'joined', by: ['Bea Lindqvist'] });
  guest.type('echo of-bea-$((2+2))\n');
  await Promise.all([page.shown('of-bea-4'), guest.shown('of-bea-4')]);
  page.ask({ type: 'resize', columns: 91, rows: 21 });
  await until(() => last(guest, 'size') !== undefined);
  expect(last(guest, 'size')).toEqual({ type: 'size', columns: 91, rows: 21 });
  page.type('echo of-ada-$((3+3))\n');
  await Promise.all([page.shown('of-ada-6'), guest.shown('of-ada-6')]);
  // The window of a guest decides nothing.
  guest.ask({ type: 'resize', columns: 20, rows: 5 });
  guest.type('stty size\n');
  await page.shown('21 91');

  await ok(bea.post(`/api/console/sessions/${page.id}/leave`, {}));
  expect(await guest.closed).toBe(1_000);
  expect(last(guest, 'dismissed')).toEqual({ type: 'dismissed', words: 'You left.' });
  await until(() => JSON.stringify(last(page, 'joined')) === JSON.stringify({ type: 'joined', by: [] }));
  page.type('echo still-$((4+4))\n');
  await page.shown('still-8');
  await end(ada, page);
  for (const form of [password, Buffer.from(password).toString('base64'), Buffer.from(password).toString('hex')])
    expect(Buffer.concat(guest.frames).toString('latin1')).not.toContain(form);

  const record = (await ok(stage.admin.get(`/api/sessions/${page.id}`))).body;
  expect(record.participants).toEqual([
    {
      ...{ userId: bea.userId, username: bea.email, name: 'Bea Lindqvist', reason: 'to help', ticket: 'INC-8' },
      ...{ joinedAt: expect.any(String), leftAt: expect.any(String) },
    },
  ]);
  const marks = (await recorded(page.id)).flatMap(([, code, text]) => (code === 'm' ? [text] : []));
  expect(marks).toEqual([
    ...[
      'Bea Lindqvist joins',
      'Bea Lindqvist types',
      'Ada Keller types',
      'Bea Lindqvist types',
      'Bea Lindqvist leaves',
    ],
    'Ada Keller types',
  ]);
  const { body } = await ok(stage.site.operator.get(`/api/audit?search=${record.correlationId}`));
  const deeds = body.items.filter(({ action }: { action: string }) => /session\.(join|leave)/.test(action));
  expect(deeds.map(({ action, actor }: { action: string; actor: string }) => [action, actor])).toEqual([
    ['session.leave', expect.stringContaining(bea.email)],
    ['session.join', expect.stringContaining(bea.email)],
  ]);
  expect(deeds[1].change).toMatchObject({ session: page.id, reason: 'to help', ticket: 'INC-8' });
  const own = (await ok(bea.get('/api/console/sessions'))).body.items;
  expect(own).toMatchObject([{ id: page.id, role: 'left', person: { userId: ada.userId } }]);
});

test('a session ends for everybody when its person ends it, and is nobody else’s to end, to keep or to replay', async () => {
  const page = await open(ada);
  const guest = await joined(bea, page.id);
  for (const [what, status] of [
    [`/api/console/sessions/${page.id}/files`, 404],
    [`/api/sessions/${page.id}/recording`, 404],
  ] as const)
    expect((await bea.get(what)).status, what).toBe(status);
  expect((await bea.post(`/api/console/sessions/${page.id}/end`, {})).status).toBe(404);
  expect((await ada.post(`/api/console/sessions/${page.id}/leave`, {})).status).toBe(409);
  expect((await join(ada, page.id)).status).toBe(409);
  await end(ada, page);
  expect(await guest.is('ended')).toMatchObject({ ending: 'left' });
  await guest.closed;
  expect((await ok(bea.get(`/api/console/sessions/${page.id}`))).body).toMatchObject({
    ...{ role: 'left', participants: [{ leftAt: expect.any(String) }] },
  });
  expect((await join(bea, page.id)).status).toBe(409);
  await until(async () => (await leasesOf(stage.site)).every(({ state }) => state === 'ended'));
});

test('joining asks for what beginning does, and whoever may not begin may not join', async () => {
  await stage.rules({ reasonRequired: true });
  const page = await open(ada, { reason: 'x' });
  expect((await join(bea, page.id)).body.errors).toMatchObject([{ field: 'reason' }]);
  await stage.policy({ ticket_id_required: true });
  expect((await join(bea, page.id, { reason: 'y' })).body.errors).toMatchObject([{ field: 'ticket' }]);
  await stage.policy({ ticket_id_required: false, two_factor_challenge_required: true });
  expect((await join(bea, page.id, { reason: 'y', code: '123456' })).status).toBe(403);
  await stage.policy({ two_factor_challenge_required: false });
  const stranger = await stage.site.person();
  expect((await join(stranger, page.id, { reason: 'y' })).status).toBe(404);
  await expect(openPage(stranger, page.id)).rejects.toThrow('404');
  await expect(openPage(bea, page.id)).rejects.toThrow('404');
  await stage.policy({ simultaneous_jumps: 'global' });
  expect((await join(bea, page.id, { reason: 'y' })).status).toBe(403);
  await stage.rules({});
  await end(ada, page);
});

test('a guest who loses their rights, is idle for too long or is gone is out, and the session goes on', async () => {
  const page = await open(ada);
  const guest = await joined(bea, page.id);
  await ok(stage.site.operator.ask('PATCH', `/api/users/${bea.userId}`, { body: { enabled: false } }));
  expect(await guest.closed).toBe(4_401);
  const participants = async () => (await ok(stage.admin.get(`/api/sessions/${page.id}`))).body.participants;
  const areOut = () =>
    until(async () => (await participants()).every((one: { leftAt: string | null }) => one.leftAt !== null));
  await areOut();
  const { body } = await ok(stage.site.operator.get('/api/audit?search=session.leave&limit=1'));
  expect(body.items[0].change).toEqual({ session: page.id, problem: 'Your account is switched off.' });
  await ok(stage.site.operator.ask('PATCH', `/api/users/${bea.userId}`, { body: { enabled: true } }));
  await ok(bea.post('/api/auth/sign-in/email', { email: bea.email, password: 'a quiet lamp over the river' }));
  await expect(openPage(bea, page.id)).rejects.toThrow('409');

  const again = await joined(bea, page.id);
  again.socket.terminate();
  await areOut();

  // Only the limit of the guest: five minutes, each as long as here.
  const group = `/api/group-policies/${stage.ids.groupPolicy}`;
  const { pace } = stage.site.site.sessions.parts;
  const usual = pace.minuteMs;
  await ok(stage.site.operator.ask('PATCH', group, { body: { perm_session_idle_timeout: 300 } }));
  Object.assign(pace, { minuteMs: 600 });
  const idle = await joined(bea, page.id);
  const typing = setInterval(() => page.type(' '), 100);
  await idle.closed;
  clearInterval(typing);
  Object.assign(pace, { minuteMs: usual });
  await ok(stage.site.operator.ask('PATCH', group, { body: { perm_session_idle_timeout: -1 } }));
  expect(idle.messages.some(({ type }) => type === 'idle')).toBe(true);
  expect(last(idle, 'dismissed')).toMatchObject({ words: expect.stringContaining('too long') });
  page.type('\necho on-$((5+5))\n');
  await page.shown('on-10');
  expect(await participants()).toHaveLength(3);
  await end(ada, page);
});

test('a session in which its person does nothing ends, whatever a guest does: the account is in it for that person', async () => {
  await stage.rules({ idleMinutes: 2 });
  const page = await open(ada);
  const guest = await joined(bea, page.id);
  const { pace } = stage.site.site.sessions.parts;
  const usual = pace.minuteMs;
  Object.assign(pace, { minuteMs: 1_500 });
  const typing = setInterval(() => guest.type(' '), 100);
  expect(await guest.is('ended')).toMatchObject({ ending: 'idle' });
  clearInterval(typing);
  Object.assign(pace, { minuteMs: usual });
  await stage.rules({});
});

test('where nobody may join, a second person is refused with the name of the one who has it, also when both ask at once', async () => {
  await stage.policy({ simultaneous_jumps: 'disallow' });
  const page = await open(ada);
  const refused = await stage.ask(bea);
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('Ada Keller has a session')]);
  expect((await join(bea, page.id)).status).toBe(403);
  expect((await ok(bea.get(`/api/console/items/shell-jump/${stage.ids.item}`))).body.others).toMatchObject({
    rule: 'disallow',
    sessions: [{ person: 'Ada Keller' }],
  });
  await end(ada, page);
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all([stage.ask(ada), stage.ask(bea)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const mine = answers.findIndex(({ status }) => status === 201);
    await ok([ada, bea][mine]?.post(`/api/console/sessions/${answers[mine]?.body.id}/end`, {}) ?? stage.ask(ada));
  }
  const { rows } = await stage.site.database.system((tx) =>
    sql<{ n: number }>`select count(*)::int as n from sessions where state <> 'ended'`.execute(tx),
  );
  expect(rows).toEqual([{ n: 0 }]);
});
