import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../testing/errands.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';

const bundle = join(import.meta.dirname, '../../../jump-client/bundle.ts');
let folder: string;
let host: TestSite;
let client: JumpClientProgram & { readonly id: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-jump-release-'));
  await promisify(execFile)(process.execPath, [bundle, '--out', folder, '--version', '0.2.0']);
  host = await testSite({ jumpClientRelease: folder, jumpClientVersion: '0.2.0' });
  const group = await ok(host.operator.post('/api/jump-groups', { name: 'Desks' }));
  client = await pinned(host, { name: 'Front desk', jump_group_id: group.body.id });
});
afterAll(async () => {
  await client?.close();
  await host?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const show = async () => (await ok(host.operator.get(`/api/jump-clients/${client.id}`))).body;

test('one that is pinned becomes the version that the site signed, and opens shells with it', async () => {
  await until(
    async () => (await show()).version === '0.2.0' && (await show()).status === 'online',
    () => client.log(),
  );
  expect(await show()).toMatchObject({ needs_update: false, allows_shell: true });
  expect(await readdir(join(client.home, 'versions'))).toEqual(['0.2.0']);
  const { channel } = await host.site.jump.open(client.id, { kind: 'shell', term: 'xterm', columns: 80, rows: 24 });
  let shown = '';
  channel.stream.on('data', (bytes: Buffer) => {
    shown += bytes.toString();
  });
  // Its prompt: what is typed earlier may be thrown away while the shell begins.
  await until(() => shown !== '');
  channel.stream.write('echo $((6*7)) in the bundle; exit\n');
  await until(
    () => shown.includes('42 in the bundle'),
    () => shown,
  );
  channel.stream.end();
  await ok(host.operator.ask('DELETE', `/api/jump-clients/${client.id}`));
  expect(await client.ended()).toBe(78);
});
