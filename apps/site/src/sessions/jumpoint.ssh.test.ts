import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { isOnline, type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import { openPage } from '../testing/page-socket.ts';

const password = 'a planted password that no Jump Client may see 4711';
let sshd: OpenSsh;
let stage: ConsoleSite;
let client: JumpClientProgram & { readonly id: number };

beforeAll(async () => {
  sshd = await startOpenSsh([{ name: 'ops', password }]);
  stage = await consoleSite({
    ...{ type: 'shell-jump', item: { port: sshd.port, protocol: 'ssh' } },
    credential: { kind: 'password', username: 'ops', domain: null, password: new Secret(password) },
  });
  const { site, ids } = stage;
  const jumpoint = await ok(site.operator.post('/api/jumpoints', { name: 'Plant network' }));
  const group = await ok(site.operator.post('/api/jump-groups', { name: 'Machines' }));
  client = await pinned(site, { name: 'Gate', jump_group_id: group.body.id }, '--hosts', `127.0.0.0/8:${sshd.port}`);
  const jumpoint_id: number = jumpoint.body.id;
  await ok(site.operator.ask('PATCH', `/api/jump-clients/${client.id}`, { body: { jumpoint_id } }));
  await ok(site.operator.ask('PATCH', `/api/jump-items/shell-jump/${ids.item}`, { body: { jumpoint_id } }));
});
afterAll(async () => {
  await client?.close();
  await stage?.close();
  await sshd?.stop();
});

const change = (body: { readonly port?: number; readonly hostname?: string }) =>
  ok(stage.site.operator.ask('PATCH', `/api/jump-items/shell-jump/${stage.ids.item}`, { body }));
const problemOf = async () => {
  const { body } = await ok(stage.ask(stage.user));
  // Asked for, and not heard on its page: a session that is refused at once is over before a page can open.
  const session = async () => (await ok(stage.user.get(`/api/console/sessions/${body.id}`))).body;
  await expect.poll(async () => (await session()).state).toBe('ended');
  return (await session()).problem;
};

test('a session goes through the Jump Client, with the same key of the host, injection and recording', async () => {
  const { body } = await ok(stage.ask(stage.user));
  const page = await openPage(stage.user, body.id);
  const session = await page.is('open');
  expect([session.hostKey, session.account, session.recording]).toEqual([sshd.hostKeys.ed25519, 'ops', 'running']);
  page.type('echo $((40+2)) through a Jump Client; seq 1 20000 | tail -1\n');
  await page.shown('42 through a Jump Client');
  await page.shown('20000');
  page.type('exit\n');
  expect(await page.is('ended')).toMatchObject({ ending: 'remote', recording: 'kept' });
  const log = await client.log();
  expect(log).toContain(`a connection to 127.0.0.1:${sshd.port}`);
  expect(log).not.toContain(password);
});

test('what the settings of the machine do not name is not reached, and without a Jump Client nothing is', async () => {
  await change({ port: sshd.port + 1 });
  expect(await problemOf()).toContain(`do not let 127.0.0.1:${sshd.port + 1} be reached`);
  await change({ port: sshd.port, hostname: '10.1.2.3' });
  expect(await problemOf()).toContain('do not let 10.1.2.3');
  await change({ hostname: '127.0.0.1' });
  await client.kill();
  await isOnline(stage.site, client.id, client, 'offline');
  expect(await problemOf()).toContain('No Jump Client of the Jumpoint Plant network is connected');
  const { body } = await stage.site.operator.get('/api/jumpoints?search=Plant');
  expect(body.items).toMatchObject([{ connected: false }]);
});
