import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { WebSocket } from '@gatehouse/host/testing';
import { newId } from '@gatehouse/kernel';
import { type JumpChannel, jumpPaths, lineClosings, lineProtocol } from '@gatehouse/remote-access/jump';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../testing/errands.ts';
import {
  installJumpClient,
  isOnline,
  type JumpClientProgram,
  makeInstaller,
  pinned,
} from '../testing/jump-client-program.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';
import { findJumpClients } from './find.ts';
import { createHub, usualPace } from './hub.ts';

let host: TestSite;
let group: number;
let folder: string;
let client: JumpClientProgram & { readonly id: number };

beforeAll(async () => {
  host = await testSite({ jumpPace: { roundMs: 200, openMs: 5_000 } });
  group = (await ok(host.operator.post('/api/jump-groups', { name: 'Desks' }))).body.id;
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-jump-files-'));
  client = await pinned(
    host,
    { name: 'Front desk', tag: 'lobby', comments: 'By the door, 2nd floor', jump_group_id: group },
    ...['--files-folder', folder, '--files-megabytes', '8'],
  );
});
afterAll(async () => {
  await client?.close();
  await host?.close();
});

const show = async (id = client.id) => (await ok(host.operator.get(`/api/jump-clients/${id}`))).body;
const find = async (searchString: string) => {
  const admin = await host.person({ systemAdministrator: true });
  const found = await host.database.system((tx) =>
    findJumpClients(tx, admin.userId, { searchString }, host.clock.now()),
  );
  return found.map(({ name }) => name);
};
const bytesOf = (channel: JumpChannel) => buffer(channel.stream);
const address = () => host.url.replace(/^http/, 'ws');
const about = {
  ...{ version: '0.1.0', hostname: 'x', fqdn: null, operatingSystem: 'x', privateIp: null, consoleUser: null },
  ...{ installMode: 'user', allows: { shell: true, files: true, hosts: true } },
};
const proofOf = (key: KeyObject, clientKey: string, challenge: string) =>
  sign(null, Buffer.from(`gatehouse-jump-client.v1\n${clientKey}\n${challenge}`), key).toString('base64');

/** A machine that pins itself and is let in, and does nothing that it is asked. */
const standIn = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const { key } = await makeInstaller(host, { name: 'Stand-in', jump_group_id: group });
  const enrolment = { installerKey: key, publicKey: Buffer.from(x, 'base64url').toString('base64'), about };
  const answer = await fetch(`${host.url}${jumpPaths.enrol}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(enrolment) },
  });
  const { clientKey } = await answer.json();
  const { body } = await ok(host.operator.get('/api/jump-clients?search=Stand-in'));
  const id: number = body.items.at(-1).id;
  const socket = new WebSocket(`${address()}${jumpPaths.line}`, [lineProtocol]);
  const reply = (to: number, result: object) => socket.send(JSON.stringify({ jsonrpc: '2.0', id: to, result }));
  const asked = Promise.withResolvers<{ id: number; channel: string; token: string }>();
  const welcome = Promise.withResolvers<void>();
  socket.on('message', (text: Buffer) => {
    const { id: to, method, params } = JSON.parse(text.toString());
    if (method === 'prove')
      reply(to, { clientKey, signature: proofOf(privateKey, clientKey, params.challenge), version: 1, about });
    else if (method === 'open') asked.resolve({ id: to, ...params });
    else reply(to, {});
    if (method === 'welcome') welcome.resolve();
  });
  await welcome.promise;
  return { id, asked: asked.promise, answer: reply, close: () => socket.close() };
};
const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was refused',
    (error: { advice?: string }) => error.advice ?? String(error),
  );

describe('pinning', () => {
  test('a machine pins itself once, says what it is, and its key is nowhere at the site', async () => {
    expect(await show()).toMatchObject({
      ...{ name: 'Front desk', tag: 'lobby', status: 'online', is_locked: false, connection_type: 'active' },
      ...{ allows_shell: true, allows_files: true, allows_hosts: false, public_ip: '127.0.0.1' },
    });
    expect((await show()).operating_system).toContain('(');
    const settings = JSON.parse(await readFile(join(client.home, 'jump-client.json'), 'utf8'));
    expect(settings.deviceKey).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(await refusal(installJumpClient(host.url, 'x'.repeat(32)))).toContain('mistyped');
  });

  test('a key installs until it expires or is deleted, and says nothing more of why it does not', async () => {
    const { id, key } = await makeInstaller(host, { jump_group_id: group, valid_duration: 10 });
    host.clock.move(11 * 60_000);
    expect(await refusal(installJumpClient(host.url, key))).toContain('has expired, was deleted, or is mistyped');
    host.clock.move(-11 * 60_000);
    await ok(host.operator.ask('DELETE', `/api/jump-client-installers/${id}`));
    expect(await refusal(installJumpClient(host.url, key))).toContain('has expired, was deleted, or is mistyped');
  });

  test('name, tag and comments are chosen where the installer lets them be, and nowhere else', async () => {
    const { key } = await makeInstaller(host, {
      ...{ name: 'Given', tag: 'given', jump_group_id: group, allow_override_tag: true },
    });
    const made = await installJumpClient(host.url, key, '--name', 'Chosen', '--tag', 'chosen');
    const { body } = await host.operator.get('/api/jump-clients?search=Given');
    expect(body.items).toMatchObject([{ name: 'Given', tag: 'chosen', status: 'offline' }]);
    await made.close();
  });

  test('nobody connects as a machine without its key', async () => {
    const { clientKey } = JSON.parse(await readFile(join(client.home, 'jump-client.json'), 'utf8'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const socket = new WebSocket(`${address()}${jumpPaths.line}`, [lineProtocol]);
    socket.on('message', (text: Buffer) => {
      const { id, params } = JSON.parse(text.toString());
      const signature = proofOf(privateKey, clientKey, params.challenge);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: { clientKey, signature, version: 1, about } }));
    });
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([
      lineClosings.unknown,
      'The site knows no such Jump Client. Install it anew.',
    ]);
    expect((await show()).status).toBe('online');
  });
});

describe('finding', () => {
  test('any part of name, comments, host name and tag finds it, whatever the case', async () => {
    const { hostname } = await show();
    for (const part of ['front', 'T DES', 'LOBB', 'door, 2', hostname.slice(1).toUpperCase()])
      expect([part, await find(part)]).toEqual([part, expect.arrayContaining(['Front desk'])]);
    for (const part of ['%', 'fr_nt', 'Desks', 'nobody']) expect([part, await find(part)]).toEqual([part, []]);
  });

  test('only what the Jump Groups of a user lead to is found, with what stands in the way', async () => {
    const bea = await host.person();
    const seen = async () => (await ok(bea.get('/api/console/jump-clients'))).body.items;
    expect(await seen()).toEqual([]);
    const add = async (path: string, body: object) =>
      (await ok(host.operator.post(path, JSON.parse(JSON.stringify(body))))).body.id;
    const policy = await add('/api/group-policies', {
      ...{ name: 'Helpers', access_perm_status: 'defined', perm_support_allowed: true },
    });
    await add(`/api/group-policies/${policy}/members`, { security_provider_id: 1, user_id: bea.userId });
    await add(`/api/group-policies/${policy}/jump-groups`, { jump_group_id: group, jump_item_role_id: 2 });
    const own = async () => (await seen()).find(({ id }: { id: number }) => id === client.id)?.obstacle;
    expect(await own()).toContain('with Jump Clients');
    await ok(host.operator.ask('PATCH', `/api/group-policies/${policy}`, { body: { perm_jump_client: true } }));
    expect(await own()).toBeNull();
    await ok(host.operator.ask('PATCH', `/api/group-policies/${policy}`, { body: { perm_support_allowed: false } }));
    expect(await own()).toContain('remote support');
  });
});

describe('what is opened on a machine', () => {
  const jump = () => host.site.jump;
  const at = (name: string) => join(folder, name);

  test('a shell runs what is typed, knows its size, and ends with its program', async () => {
    const { channel } = await jump().open(client.id, { kind: 'shell', term: 'xterm', columns: 91, rows: 24 });
    let shown = '';
    channel.stream.on('data', (bytes: Buffer) => {
      shown += bytes.toString();
    });
    channel.stream.write('stty size; echo GATEHOUSE=$GATEHOUSE_SECRET-\n');
    await until(
      () => shown.includes('24 91') && shown.includes('GATEHOUSE=-'),
      () => shown,
    );
    channel.say({ type: 'resize', columns: 77, rows: 20 });
    channel.stream.write('stty size\n');
    await until(
      () => shown.includes('20 77'),
      () => shown,
    );
    channel.stream.write('exit\n');
    await once(channel.stream, 'end');
    channel.stream.end();
    await once(channel.stream, 'close');
  });

  test('files come and go whole, and are listed by name, page after page', async () => {
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));
    const { channel } = await jump().open(client.id, { kind: 'write', path: at('big.bin'), replaces: false });
    const written = new Promise((resolve) => channel.onNote(resolve));
    channel.stream.end(content);
    expect(await written).toEqual({ type: 'written', bytes: content.length });
    expect((await readFile(at('big.bin'))).equals(content)).toBe(true);
    const read = await jump().open(client.id, { kind: 'read', path: at('big.bin') });
    read.channel.stream.end();
    expect([read.bytes, (await bytesOf(read.channel)).equals(content)]).toEqual([content.length, true]);
    await mkdir(at('many'));
    await Promise.all(Array.from({ length: 620 }, (_, number) => writeFile(at(`many/${1_000 + number}`), 'x')));
    const first = await jump().list(client.id, at('many'), '');
    const second = await jump().list(client.id, at('many'), first.entries.at(-1)?.name ?? '');
    expect([first.more, second.more, [...first.entries, ...second.entries].map(({ name }) => name)]).toEqual([
      ...[true, false, Array.from({ length: 620 }, (_, number) => String(1_000 + number))],
    ]);
  });

  test('nothing outside of its folder is read or written, not through links either, and no file grows too large', async () => {
    await symlink('/etc', at('way-out'));
    await symlink('/etc/hostname', at('name'));
    const read = (path: string) => refusal(jump().open(client.id, { kind: 'read', path }));
    const write = (path: string) => refusal(jump().open(client.id, { kind: 'write', path, replaces: true }));
    for (const path of ['/etc/hostname', at('../../etc/hostname'), at('way-out/hostname'), at('name')])
      expect([path, await read(path)]).toEqual([path, expect.stringContaining('lies outside of')]);
    expect(await write(at('way-out/x'))).toContain('lies outside of');
    expect(await write(at('name'))).toContain('is no file');
    expect(await refusal(jump().list(client.id, at('way-out'), ''))).toContain('lies outside of');
    expect(await read(at('not-there'))).toBe(`There is no ${at('not-there')}.`);
    const { channel } = await jump().open(client.id, { kind: 'write', path: at('huge'), replaces: false });
    channel.stream.on('data', () => undefined);
    const failed = new Promise((resolve) => channel.stream.once('error', resolve));
    channel.stream.write(Buffer.alloc(8_000_001));
    expect(await failed).toMatchObject({ advice: 'Files go up to 8 MB here, and this one is larger.' });
    await until(async () =>
      (await jump().list(client.id, folder, '')).entries.every(({ name }) => !name.includes('huge')),
    );
  });

  test('no other host is reached where the settings name none', async () => {
    const port = Number(new URL(host.url).port);
    expect(await refusal(jump().open(client.id, { kind: 'tcp', host: '127.0.0.1', port }))).toContain(
      'do not let 127.0.0.1',
    );
  });

  test('the token of a channel is good for that channel, once, and no other one is', async () => {
    const machine = await standIn();
    const opening = jump().open(machine.id, { kind: 'read', path: '/x' });
    const { id, channel, token } = await machine.asked;
    const connect = (with_: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${address()}${jumpPaths.channels}/${channel}`, ['gatehouse-jump-channel.v1'], {
          headers: { authorization: `Bearer ${with_}` },
        });
        socket.once('open', () => resolve('open'));
        socket.once('error', (error: Error) => resolve(error.message));
      });
    expect(await connect('a'.repeat(43))).toContain('404');
    expect(await connect(token)).toBe('open');
    expect(await connect(token)).toContain('404');
    machine.answer(id, { bytes: 0 });
    (await opening).channel.stream.destroy();
    machine.close();
  });
});

describe('locking and unpinning', () => {
  test('one that is locked is cut off with what is open, told so, and comes back when it is unlocked', async () => {
    const other = await pinned(host, { name: 'Lock me', jump_group_id: group });
    const { channel } = await host.site.jump.open(other.id, { kind: 'shell', term: 'xterm', columns: 80, rows: 24 });
    channel.stream.resume();
    const cut = once(channel.stream, 'error');
    const lock = (is_locked: boolean) =>
      host.operator.ask('PATCH', `/api/jump-clients/${other.id}`, { body: { is_locked } });
    await ok(lock(true));
    expect(await cut).toMatchObject([{ advice: 'This Jump Client is locked at the site.' }]);
    await isOnline(host, other.id, other, 'offline');
    await until(async () => (await other.status()).standing.state === 'locked');
    expect((await other.status()).standing.sentence).toBe('This Jump Client is locked at the site.');
    expect(await refusal(host.site.jump.list(other.id, '', ''))).toContain('is not connected');
    await ok(lock(false));
    // It would wait a minute; who starts it anew need not.
    await other.kill('SIGTERM');
    other.start();
    await isOnline(host, other.id, other);
    await other.close();
  });

  test('one that is unpinned removes its key and ends, also where it was away meanwhile', async () => {
    for (const isAway of [false, true]) {
      const other = await pinned(host, { name: 'Unpin me', jump_group_id: group });
      if (isAway) await other.kill();
      await ok(host.operator.ask('DELETE', `/api/jump-clients/${other.id}`));
      if (isAway) other.start();
      expect([isAway, await other.ended()]).toEqual([isAway, 78]);
      expect((await other.files()).filter((name) => /json$|key$/.test(name))).toEqual(['state.json']);
      await other.close();
    }
    const { body } = await host.operator.get('/api/jump-clients?search=Unpin');
    expect(body.items).toEqual([]);
  });

  test('one that is uninstalled unpins itself, and says where the site cannot be told', async () => {
    const other = await pinned(host, { name: 'Uninstall me', jump_group_id: group });
    await other.kill('SIGTERM');
    expect(await other.uninstall()).toContain(`${host.url} has it no more.`);
    expect((await host.operator.get(`/api/jump-clients/${other.id}`)).status).toBe(404);
    expect(await other.files()).toEqual([]);
    const { key } = await makeInstaller(host, { name: 'Gone', jump_group_id: group });
    const unknown = await installJumpClient(host.url, key);
    await host.database.system((tx) => sql`delete from jump_clients where name = 'Gone'`.execute(tx));
    expect(await unknown.uninstall()).toContain('could not be told: The site knows no such Jump Client.');
    await other.close();
    await unknown.close();
  });

  test('one that was away longer than it may be is unpinned', async () => {
    const other = await pinned(host, { name: 'Away', jump_group_id: group, max_offline_minutes: 60 });
    await other.kill();
    await isOnline(host, other.id, other, 'offline');
    host.clock.move(61 * 60_000);
    await until(async () => (await host.operator.get(`/api/jump-clients/${other.id}`)).status === 404);
    host.clock.move(-61 * 60_000);
    await other.close();
  });

  test('a line that is cut comes back by itself', async () => {
    const before = await show();
    host.clock.move(1_000);
    // As if it had connected elsewhere: this copy lets go of the line that it has.
    await host.database.system((tx) =>
      sql`update jump_clients set line_id = gen_random_uuid() where id = ${client.id}`.execute(tx),
    );
    await until(async () => (await show()).last_connect_timestamp !== before.last_connect_timestamp);
    await isOnline(host, client.id, client);
    expect((await host.site.jump.list(client.id, '', '')).path).toBe(folder);
    host.clock.move(-1_000);
  });

  test('another copy of the site shows it, and says that it cannot reach it', async () => {
    const { database, log } = host.site.outbound.parts;
    const copy = createHub({ ...{ database, log, clock: host.clock, pace: usualPace }, processId: newId<string>() });
    expect((await show()).status).toBe('online');
    expect(await refusal(copy.list(client.id, '', ''))).toContain('Another copy of the site holds the line');
    await copy.close();
  });

  test('a killed one is connected again as soon as it runs, and when it was seen is known meanwhile', async () => {
    await client.kill();
    await isOnline(host, client.id, client, 'offline');
    const { last_seen, last_disconnect_timestamp } = await show();
    expect([last_seen, last_disconnect_timestamp].every((at) => typeof at === 'string')).toBe(true);
    client.start();
    await isOnline(host, client.id, client);
  });
});
