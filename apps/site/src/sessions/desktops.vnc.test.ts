import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startVnc, type VncServer } from '../../../../test/servers/vnc/server.ts';
import { createDesktopReader } from '../api/desktop-format.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { leasesOf, until } from '../testing/errands.ts';
import { pinned } from '../testing/jump-client-program.ts';
import { openPage } from '../testing/page-socket.ts';
import { encoding } from './vnc/encodings.ts';
import { findsSecret } from './vnc/testing/rfb-client.ts';
import { browserSays, pixels } from './vnc/testing/rfb-words.ts';

const password = 'seKr3t-7';
let vnc: VncServer;
let stage: ConsoleSite;
beforeAll(async () => {
  vnc = await startVnc({ security: 'VncAuth', password });
  stage = await consoleSite({
    ...{ type: 'remote-vnc', item: { port: vnc.port } },
    credential: { kind: 'password', username: '', domain: null, password: new Secret(password) },
  });
});
afterAll(async () => {
  await stage?.close();
  await vnc?.stop();
});

const hello = Buffer.concat([
  browserSays.hello,
  browserSays.pixelFormat(pixels),
  browserSays.encodings(encoding.zrle),
  browserSays.ask(false),
]);
const bytesOf = ({ frames }: { readonly frames: readonly Buffer[] }) => Buffer.concat(frames);

test('a desktop is seen without its password, again after the page came back, and replayed as it was seen', async () => {
  const { user, ask, site } = stage;
  const { body } = await ok(ask(user));
  const page = await openPage(user, body.id);
  await page.is('open');
  const first = await openPage(user, body.id, 'desktop');
  first.socket.send(hello);
  await until(() => bytesOf(first).length > 100);
  await until(() => page.session()?.openedAt !== null);
  first.socket.close();
  const second = await openPage(user, body.id, 'desktop');
  second.socket.send(hello);
  await until(() => bytesOf(second).length > 100);
  expect((await ok(user.get(`/api/console/sessions/${body.id}`))).body).toMatchObject({ state: 'open' });
  await ok(user.post(`/api/console/sessions/${body.id}/end`, {}));
  await second.closed;
  await until(async () => (await leasesOf(site)).every(({ state }) => state === 'ended'));

  const seen = [bytesOf(first), bytesOf(second)];
  expect(findsSecret(Buffer.concat([...seen, bytesOf(page)]), password)).toEqual([]);
  const answer = await fetch(new URL(`/api/sessions/${body.id}/recording`, site.url), {
    headers: { cookie: [...user.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  const reader = createDesktopReader();
  const frames = reader.push(new Uint8Array(await answer.arrayBuffer()));
  expect(reader.about()).toMatchObject({ protocol: 'vnc' });
  const segments: Buffer[] = [];
  for (const { kind, bytes } of frames) {
    if (kind === 'segment') segments.push(Buffer.alloc(0));
    else segments.push(Buffer.concat([segments.pop() ?? Buffer.alloc(0), bytes]));
  }
  expect(segments.length).toBe(2);
  // What was on its way when the page left is recorded and was not seen.
  for (const [i, one] of segments.entries()) expect(one.subarray(0, seen[i]?.length).equals(seen[i] ?? one)).toBe(true);
  const rfb = await fetch(new URL(`/api/sessions/${body.id}/recording?as=rfb&download=true`, site.url), {
    headers: { cookie: [...user.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  expect((await rfb.text()).slice(0, 11)).toBe('FBS 001.000');
});

test('a refused password ends the session with words for its person, and gives back what it took', async () => {
  const { user, ask, site } = stage;
  const { body } = await ok(ask(user, { credential: { from: 'person', username: '', password: 'wrong' } }));
  const page = await openPage(user, body.id);
  await page.is('open');
  const desktop = await openPage(user, body.id, 'desktop');
  desktop.socket.send(hello);
  expect(await page.is('ended')).toMatchObject({ ending: 'failed', problem: expect.stringMatching(/password/i) });
  await until(async () => (await leasesOf(site)).every(({ state }) => state === 'ended'));
});

test('a desktop is seen through the Jump Client of another network as from the site itself', async () => {
  const { user, ask, site, ids } = stage;
  const { body: jumpoint } = await ok(site.operator.post('/api/jumpoints', { name: 'Plant network' }));
  const { body: group } = await ok(site.operator.post('/api/jump-groups', { name: 'Machines' }));
  const client = await pinned(site, { jump_group_id: group.id }, '--hosts', `127.0.0.1:${vnc.port}`);
  const through = { body: { jumpoint_id: jumpoint.id } };
  await ok(site.operator.ask('PATCH', `/api/jump-clients/${client.id}`, through));
  await ok(site.operator.ask('PATCH', `/api/jump-items/remote-vnc/${ids.item}`, through));
  const { body } = await ok(ask(user));
  const page = await openPage(user, body.id);
  await page.is('open');
  const desktop = await openPage(user, body.id, 'desktop');
  desktop.socket.send(hello);
  await until(() => bytesOf(desktop).length > 100);
  await ok(user.post(`/api/console/sessions/${body.id}/end`, {}));
  await desktop.closed;
  expect(await client.log()).toContain(`a connection to 127.0.0.1:${vnc.port}`);
  expect(findsSecret(bytesOf(desktop), password)).toEqual([]);
  await client.close();
});
