import { createHash } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { leasesOf, until } from '../testing/errands.ts';
import { openPage, type PageSocket } from '../testing/page-socket.ts';
import type { SiteUser, TestSite } from '../testing/test-site.ts';

const password = 'a planted password that no browser may see 4711';
let sshd: OpenSsh;
let stage: ConsoleSite;
let site: TestSite;
let admin: SiteUser;
let user: SiteUser;
let ids: ConsoleSite['ids'];

beforeAll(async () => {
  sshd = await startOpenSsh([{ name: 'ops', password }]);
  stage = await consoleSite({
    ...{ type: 'shell-jump', item: { port: sshd.port, protocol: 'ssh' } },
    credential: { kind: 'password', username: 'ops', domain: null, password: new Secret(password) },
  });
  ({ site, admin, user, ids } = stage);
});
afterAll(async () => {
  await stage?.close();
  await sshd?.stop();
});

const ask = (person: SiteUser, more: object = {}) => stage.ask(person, more);
const rules = (change: object) => stage.rules(change);
const policy = (change: object) => stage.policy(change);
const open = async (person: SiteUser, more: object = {}): Promise<PageSocket & { readonly id: string }> => {
  const { body } = await ok(ask(person, more));
  const page = await openPage(person, body.id);
  await page.is('open');
  await page.shown('$ ');
  return { ...page, id: body.id };
};
const leave = async (person: SiteUser, id: string) => {
  await ok(person.post(`/api/console/sessions/${id}/end`, {}));
  return (await ok(person.get(`/api/console/sessions/${id}`))).body;
};
const noLease = (id: string) =>
  until(async () =>
    (await leasesOf(site)).filter((one) => one.sessionId === id).every(({ state }) => state === 'ended'),
  );

test('a person types at an endpoint without ever having its password, and everything joins under one id', async () => {
  const page = await open(user, { reason: 'a disk is full', ticket: 'INC-7' });
  const id = page.id;
  page.type('echo $((40+2)) is what it shows\n');
  await page.shown('42 is what it shows');
  const session = await page.is('open');
  expect(session).toMatchObject({ account: 'ops', reason: 'a disk is full', ticket: 'INC-7', recording: 'running' });
  expect(session.hostKey).toBe(sshd.hostKeys.ed25519);
  page.type('exit\n');
  expect(await page.is('ended')).toMatchObject({ ending: 'remote', problem: null, recording: 'kept' });
  expect(await page.closed).toBe(1_000);
  await noLease(id);

  const everything = Buffer.concat(page.frames).toString('latin1');
  for (const form of [password, Buffer.from(password).toString('base64'), Buffer.from(password).toString('hex')])
    expect(everything).not.toContain(form);
  const { body } = await ok(site.operator.get(`/api/audit?search=${session.correlationId}`));
  const actions = body.items.map(({ action }: { action: string }) => action).toReversed();
  expect(actions.slice(0, 6)).toEqual([
    ...['session.request', 'credential.retrieve', 'credential.retrieve', 'host-key.keep', 'session.open'],
    'credential.release',
  ]);
  // Whichever is first: the vault is told while the session is written down as ended.
  expect(actions.slice(6).toSorted()).toEqual(['credential.released', 'session.end']);
});

test('what was seen is replayed as an asciicast, found by its words, and readable neither in the database nor by others', async () => {
  const page = await open(user);
  page.type('printf "needle-%s\\n" in-the-haystack\n');
  await page.shown('needle-in-the-haystack');
  page.ask({ type: 'resize', columns: 90, rows: 20 });
  page.type('stty size\n');
  await page.shown('20 90');
  await leave(user, page.id);

  const cast = (await ok(user.get(`/api/sessions/${page.id}/recording`))).text.trim().split('\n');
  expect(JSON.parse(cast[0] ?? '')).toMatchObject({ version: 2, width: 120, height: 32, title: 'web1' });
  const events = cast.slice(1).map((line) => JSON.parse(line));
  expect(events.map(([, , text]) => text).join('')).toContain('needle-in-the-haystack');
  expect(events.some(([, code, text]) => code === 'r' && text === '90x20')).toBe(true);
  expect(events.some(([, code]) => code === 'i')).toBe(false);
  expect(events.map(([at]) => at)).toEqual(events.map(([at]) => at).toSorted((a, b) => a - b));
  const found = await ok(user.get(`/api/sessions/${page.id}/recording/search?query=NEEDLE-in`));
  expect(found.body.items).toMatchObject([{ line: 'needle-in-the-haystack' }]);
  expect((await user.get(`/api/sessions/${page.id}/recording?as=text`)).text).toContain('needle-in-the-haystack');

  const stored = await site.database.system((tx) =>
    sql<{ all: string }>`select string_agg(encode(content, 'escape'), '') as all from recording_chunks
      where session_id = ${page.id}`.execute(tx),
  );
  expect(stored.rows[0]?.all).not.toContain('needle');
  const stranger = await site.person();
  for (const path of ['recording', 'recording/search?query=x'])
    expect((await stranger.get(`/api/sessions/${page.id}/${path}`)).status).toBe(404);
  expect((await admin.get(`/api/sessions/${page.id}/recording`)).status).toBe(200);
});

test('a chunk that was changed, moved or taken away ends the replay with a fault', async () => {
  const page = await open(user);
  page.type('head -c 3000000 /dev/urandom | base64 -w 100; echo the-end-$((1+1))\n');
  await page.shown('the-end-2');
  page.type('exit\n');
  await page.is('ended');
  const read = async () => {
    const { text } = await user.get(`/api/sessions/${page.id}/recording`).catch(() => ({ text: 'cut' }));
    return createHash('sha256').update(text).digest('hex');
  };
  const whole = await read();
  expect(await read()).toBe(whole);
  const change = (statement: ReturnType<typeof sql>) => site.database.system((tx) => statement.execute(tx));
  await change(sql`update recording_chunks set seq = -seq where session_id = ${page.id} and seq in (1, 2)`);
  await change(sql`update recording_chunks set seq = 3 + seq where session_id = ${page.id} and seq < 0`);
  expect(await read()).not.toBe(whole);
  await change(sql`update recording_chunks set seq = -seq where session_id = ${page.id} and seq in (1, 2)`);
  await change(sql`update recording_chunks set seq = 3 + seq where session_id = ${page.id} and seq < 0`);
  expect(await read()).toBe(whole);
  await change(sql`delete from recording_chunks where session_id = ${page.id}
    and seq = (select max(seq) from recording_chunks where session_id = ${page.id})`);
  expect(await read()).not.toBe(whole);
}, 60_000);

test('a page that comes back finds its session as it left it, and a second page takes it', async () => {
  const first = await open(user);
  first.type('echo before-$((1+1))\n');
  await first.shown('before-2');
  first.socket.terminate();
  const second = await openPage(user, first.id);
  await second.shown('before-2');
  const third = await openPage(user, first.id);
  expect(await second.closed).toBe(4_409);
  expect(second.messages.at(-1)).toEqual({ type: 'taken' });
  third.type('echo after-$((2+2))\n');
  await third.shown('after-4');
  third.socket.terminate();
  await until(async () => (await user.get(`/api/console/sessions/${first.id}`)).body.state === 'ended');
  expect((await user.get(`/api/console/sessions/${first.id}`)).body).toMatchObject({ ending: 'left' });
  await noLease(first.id);
});

test('an administrator watches a live session, its person sees who, and is told who ended it', async () => {
  const page = await open(user);
  const watching = await fetch(new URL(`/api/sessions/${page.id}/recording?follow=true`, site.url), {
    headers: { cookie: [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  const reader = watching.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const until_ = async (text: string) => {
    while (!seen.includes(text)) {
      const part = await reader?.read();
      if (part?.done !== false) break;
      seen += part.value;
    }
    expect(seen).toContain(text);
  };
  await until(() => page.messages.some((one) => one.type === 'watched' && one.by.length === 1));
  page.type('echo live-$((3+3))\n');
  await until_('live-6');
  await ok(admin.post(`/api/sessions/${page.id}/end`, {}));
  expect(await page.is('ended')).toMatchObject({ ending: 'administrator', endedBy: 'Ada Keller' });
  while ((await reader?.read())?.done === false);
  const { body } = await ok(site.operator.get('/api/audit?search=session.watch'));
  expect(body.items[0]).toMatchObject({ action: 'session.watch', change: { session: page.id } });
  expect((await user.post(`/api/sessions/${page.id}/end`, {})).status).toBe(403);
});

test('idle and absolute limits end a session, and typing keeps it', async () => {
  await rules({ idleMinutes: 1, limitMinutes: 600 });
  const pace = site.site.sessions.parts.pace;
  const slow = { ...pace };
  Object.assign(pace, { minuteMs: 700 });
  try {
    const idle = await open(user);
    expect(await idle.is('ended')).toMatchObject({ ending: 'idle' });
    expect(idle.messages.some(({ type }) => type === 'idle')).toBe(true);
    await rules({ idleMinutes: 6, limitMinutes: 9 });
    const busy = await open(user);
    const timer = setInterval(() => busy.type(' '), 100);
    expect(await busy.is('ended')).toMatchObject({ ending: 'limit' });
    clearInterval(timer);
  } finally {
    Object.assign(pace, slow);
    await rules({});
  }
});

test('reason, ticket, second step and approval are asked for by policy, each named, and nothing begins without', async () => {
  await rules({ reasonRequired: true });
  await policy({ ticket_id_required: true });
  expect((await ask(user)).body.errors.map(({ field }: { field: string }) => field)).toEqual(['reason', 'ticket']);
  await policy({ ticket_id_required: false, two_factor_challenge_required: true });
  expect((await ask(user, { reason: 'x' })).body.errors).toMatchObject([{ field: 'code' }]);
  expect((await ask(user, { reason: 'x', code: '123456' })).status).toBe(403);
  await policy({
    ...{ two_factor_challenge_required: false, approval_required: true },
    ...{ approval_user_ids: [String(admin.userId)], approval_display_name: 'The night shift' },
  });
  const detail = async () => (await ok(user.get(`/api/console/items/shell-jump/${ids.item}`))).body.conditions;
  expect(await detail()).toMatchObject({
    reasonRequired: true,
    approval: { state: 'needed', approvers: 'The night shift' },
  });
  expect((await ask(user, { reason: 'x' })).body).toMatchObject({ type: 'urn:gatehouse:problem:approval-needed' });
  const approvals = `/api/console/items/shell-jump/${ids.item}/approvals`;
  await ok(user.post(approvals, { reason: 'the disk again' }));
  expect((await user.post(approvals, { reason: 'the disk again' })).status).toBe(409);
  const [own] = (await ok(user.get('/api/console/approvals'))).body.items;
  expect(own).toMatchObject({ state: 'waiting', mayDecide: false });
  expect((await user.post(`/api/console/approvals/${own.id}`, { approve: true })).status).toBe(404);
  await ok(admin.post(`/api/console/approvals/${own.id}`, { approve: true, comment: 'go on' }));
  expect(await detail()).toMatchObject({ approval: { state: 'approved' } });
  const page = await open(user, { reason: 'x' });
  await leave(user, page.id);
  // A clock that was ahead and is put right takes nothing away.
  for (const ahead of [true, false, true]) {
    site.clock.move((ahead ? 481 : -481) * 60_000);
    expect(await detail()).toMatchObject({ approval: { state: ahead ? 'needed' : 'approved' } });
  }
  await policy({ approval_required: false });
  await rules({});
  const before = await site.database.system((tx) =>
    sql<{ n: number }>`select count(*)::int as n from sessions`.execute(tx),
  );
  expect((await ask(user, { item: { type: 'shell-jump', id: 4711 } })).status).toBe(404);
  const after = await site.database.system((tx) =>
    sql<{ n: number }>`select count(*)::int as n from sessions`.execute(tx),
  );
  expect(after.rows).toEqual(before.rows);
});

test('whoever loses their rights loses their sessions, and a stranger has none', async () => {
  const page = await open(user);
  const stranger = await site.person();
  expect((await stranger.get(`/api/console/sessions/${page.id}`)).status).toBe(404);
  expect((await stranger.post(`/api/console/sessions/${page.id}/end`, {})).status).toBe(404);
  expect((await ask(stranger)).status).toBe(404);
  await expect(openPage(stranger, page.id)).rejects.toThrow();
  await ok(site.operator.ask('PATCH', `/api/users/${user.userId}`, { body: { enabled: false } }));
  await until(async () => (await admin.get(`/api/sessions/${page.id}`)).body.state === 'ended');
  expect((await admin.get(`/api/sessions/${page.id}`)).body).toMatchObject({ ending: 'access' });
  await ok(site.operator.ask('PATCH', `/api/users/${user.userId}`, { body: { enabled: true } }));
  await ok(user.post('/api/auth/sign-in/email', { email: user.email, password: 'a quiet lamp over the river' }));
});

test('files go both ways within the rules, are in the audit, and a broken upload leaves what was there', async () => {
  const page = await open(user);
  const files = `/api/console/sessions/${page.id}/files`;
  const put = (path: string, body: Uint8Array<ArrayBuffer>, more = '') =>
    fetch(new URL(`${files}/content?path=${encodeURIComponent(path)}${more}`, site.url), {
      ...{ method: 'PUT', body },
      headers: {
        cookie: [...user.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...{ origin: user.url, 'content-type': 'application/octet-stream' },
      },
    });
  const home: string = (await ok(user.get(files))).body.path;
  const bytes = new Uint8Array(200_000).map((_, at) => at % 251);
  const path = `${home}/naïve file.bin`;
  expect((await put(path, bytes)).status).toBe(204);
  expect((await put(path, bytes)).status).toBe(409);
  expect((await put(path, bytes, '&replace=true')).status).toBe(204);
  expect((await put(path, new Uint8Array(2_000_000), '&replace=true')).status).toBe(422);
  const down = await fetch(new URL(`${files}/content?path=${encodeURIComponent(path)}`, site.url), {
    headers: { cookie: [...user.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  expect(new Uint8Array(await down.arrayBuffer())).toEqual(bytes);
  await ok(user.post(`${files}/folders`, { path: `${home}/new` }));
  await ok(user.post(`${files}/rename`, { from: path, to: `${home}/new/file.bin` }));
  expect((await ok(user.get(`${files}?path=${encodeURIComponent(`${home}/new`)}`))).body.entries).toMatchObject([
    { name: 'file.bin', bytes: 200_000, kind: 'file' },
  ]);
  await ok(user.ask('DELETE', `${files}?path=${encodeURIComponent(`${home}/new/file.bin`)}`));
  await ok(user.ask('DELETE', `${files}?path=${encodeURIComponent(`${home}/new`)}`));
  expect((await user.get(`${files}?path=/root`)).status).toBeGreaterThanOrEqual(400);
  const { body } = await ok(site.operator.get('/api/audit?search=file.'));
  expect(new Set(body.items.map(({ action }: { action: string }) => action))).toEqual(
    new Set(['file.upload', 'file.download', 'file.folder', 'file.rename', 'file.delete']),
  );
  await leave(user, page.id);
  await rules({ upload: false });
  const second = await open(user);
  expect(await put(path, bytes).then(({ status }) => status)).toBe(409);
  const again = `/api/console/sessions/${second.id}/files`;
  expect((await user.post(`${again}/folders`, { path: `${home}/x` })).status).toBe(403);
  await leave(user, second.id);
  await rules({});
});

test('a changed host key, a refused password, a vault that says no: each says what to do, and gives back what it took', async () => {
  await site.database.system((tx) =>
    sql`update host_keys set fingerprint = 'ssh-ed25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'`.execute(
      tx,
    ),
  );
  const failed = async (more: object = {}) => {
    const { body } = await ok(ask(user, more));
    await noLease(body.id);
    await until(async () => (await user.get(`/api/console/sessions/${body.id}`)).body.state === 'ended');
    return (await ok(user.get(`/api/console/sessions/${body.id}`))).body;
  };
  expect(await failed()).toMatchObject({ ending: 'failed', problem: expect.stringMatching(/key/) });
  const [key] = (await ok(site.operator.get('/api/host-keys'))).body.items;
  await ok(site.operator.ask('DELETE', `/api/host-keys/${key.id}`));
  const typed = { credential: { from: 'person', username: 'ops', password: 'wrong' } };
  expect(await failed(typed)).toMatchObject({ ending: 'failed', credential: null, account: 'ops' });
  stage.answer(() => {
    throw new Error('the vault says no');
  });
  expect(await failed()).toMatchObject({ ending: 'failed' });
  let times = 0;
  stage.answer(() => {
    times += 1;
    return times < 3 ? { state: 'waiting', advice: 'Grace has to approve it.', againMs: 100 } : null;
  });
  const { body } = await ok(ask(user));
  const page = await openPage(user, body.id);
  await page.is('open');
  stage.answer(() => null);
  await leave(user, body.id);
});

test('credentials are listed with the best first, and favourites before others', async () => {
  const path = `/api/console/items/shell-jump/${ids.item}`;
  const { body } = await ok(user.get(`${path}/credentials`));
  expect(body.credentials).toMatchObject([
    { id: 'web1/ops', isRecommended: true, needsApproval: false },
    { id: 'web1/other', isRecommended: false },
  ]);
  await ok(user.ask('PUT', `/api/console/favourites/shell-jump/${ids.item}`, { body: { isFavourite: true } }));
  const items = (await ok(user.get('/api/console/items?favourites=true'))).body.items;
  expect(items).toMatchObject([{ id: ids.item, isFavourite: true, obstacle: null }]);
  expect(items[0].lastUsedAt).not.toBe(null);
  expect((await ok(user.get('/api/console/items?search=nothing'))).body).toMatchObject({ items: [] });
  const stranger = await site.person();
  expect((await ok(stranger.get('/api/console/items'))).body.items).toEqual([]);
  expect((await stranger.get(`${path}/credentials`)).status).toBe(404);
});

test('a session goes on while the ECM is away, and what it held is given back when the ECM is there again', async () => {
  const page = await open(user);
  await stage.cutEcm();
  page.type('echo still-$((5+5))\n');
  await page.shown('still-10');
  await leave(user, page.id);
  expect((await leasesOf(site)).filter(({ sessionId }) => sessionId === page.id)).toMatchObject([{ state: 'ending' }]);
  expect((await user.get(`/api/console/items/shell-jump/${ids.item}/credentials`)).status).toBe(503);
  await stage.connectEcm();
  await noLease(page.id);
});

test('an end that was asked for at another copy, and the end of the copy itself, end a session and its recording', async () => {
  const page = await open(user);
  await site.database.system((tx) =>
    sql`update sessions set end_asked_by = 'Grace' where session_id = ${page.id}`.execute(tx),
  );
  expect(await page.is('ended')).toMatchObject({ ending: 'administrator', endedBy: 'Grace', recording: 'kept' });
  // As a copy leaves it that was killed.
  await site.database.system((tx) =>
    sql`update sessions set state = 'open', ended_at = null, ending = null, process_id = gen_random_uuid()
      where session_id = ${page.id}`.execute(tx),
  );
  await site.database.system((tx) =>
    sql`update recordings set state = 'running' where session_id = ${page.id}`.execute(tx),
  );
  await until(async () => (await user.get(`/api/console/sessions/${page.id}`)).body.state === 'ended');
  expect((await user.get(`/api/console/sessions/${page.id}`)).body).toMatchObject({
    ...{ ending: 'site', recording: 'kept' },
  });
});

test('no route of sessions answers who is not signed in, and none is opened from another page', async () => {
  const page = await open(user);
  const nobody = { headers: { cookie: undefined } };
  for (const path of [
    ...['/api/console/items', '/api/console/sessions', '/api/console/approvals', '/api/sessions', '/api/host-keys'],
    ...[
      `/api/console/sessions/${page.id}`,
      `/api/sessions/${page.id}/recording`,
      `/api/console/sessions/${page.id}/files`,
    ],
  ])
    expect((await user.get(path, nobody)).status, path).toBe(401);
  const foreign = { headers: { origin: 'https://evil.example' } };
  expect((await user.post('/api/console/sessions', {}, foreign)).status).toBe(403);
  expect((await user.post(`/api/console/sessions/${page.id}/end`, {}, foreign)).status).toBe(403);
  for (const path of ['/api/sessions', `/api/sessions/${page.id}`, '/api/host-keys'])
    expect((await user.get(path)).status, path).toBe(403);
  await leave(user, page.id);
});
