import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../test/servers/free-port.ts';
import { makeServerCertificate } from '../../../../test/servers/samba/certificates.ts';
import { listEntries } from '../audit/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { waitAfter } from './model.ts';
import { startReceiver, startUdpReceiver, type TestReceiver } from './testing/receiver.ts';

let vault: TestVault;
let folder: string;
const running: { stop(): Promise<void> }[] = [];
const keep = <T extends { stop(): Promise<void> }>(one: T): T => {
  running.push(one);
  return one;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-receivers-'));
  [vault] = await Promise.all([
    testVault(),
    makeServerCertificate(join(folder, 'tls'), 'siem.example', '127.0.0.1', 'valid'),
    makeServerCertificate(join(folder, 'other'), 'siem.example', '127.0.0.1', 'valid'),
  ]);
  await write(5);
});
beforeEach(async () => {
  await sql`delete from audit_receivers`.execute(vault.database.owner);
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await vault?.close();
  await rm(folder, { recursive: true, force: true });
});

const by = { name: 'ada', impersonator: null, address: '192.0.2.7', through: 'sdk', correlationId: 'c-1' } as const;
const write = (count: number) =>
  vault.database.system((tx) =>
    vault.parts.audit.write(
      tx,
      by,
      ...Array.from({ length: count }, (_, n) => ({
        ...{ event: 'EVENT_ID_PASSWORD_CHECKED_OUT' as const, target: `HOST${n}` },
        message: `checked-out password for (HOST${n})'NS\\adä'`,
      })),
    ),
  );
const add = async (body: Readonly<Record<string, Json>>) => {
  const answer = await vault.operator.post('/api/audit/receivers', {
    ...{ name: 'SIEM', transport: 'tcp', host: '127.0.0.1', begin: 'first', ...body },
  });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body.receiverId);
};
const show = async (receiverId: string) => (await vault.operator.get(`/api/audit/receivers/${receiverId}`)).body;
const newest = async (): Promise<number> =>
  (await sql<{ seq: number }>`select max(seq)::int as seq from vault_audit`.execute(vault.database.owner)).rows[0]
    ?.seq ?? 0;
const soon = { timeout: 20_000, interval: 50 };
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
/** Has every entry of the audit, in order, none of them twice in a row of its own. */
const hasAll = (receiver: TestReceiver) =>
  expect.poll(async () => receiver.seqs().at(-1) === (await newest()), soon).toBe(true);

test('a receiver over TCP gets every entry in order, counted in octets, from the first and as they come', async () => {
  const receiver = keep(await startReceiver());
  const id = await add({ port: receiver.port });
  await hasAll(receiver);
  await write(1_200);
  await hasAll(receiver);
  expect(receiver.seqs()).toEqual(upTo(await newest()));
  expect(receiver.lines[0]).toMatch(/^<109>1 \S+ \S+ gatehouse-vault - 2002 \[audit@32473 seq="1" /);
  expect(receiver.lines[0]).toContain("checked-out password for (HOST0)'NS\\adä'");
  await expect
    .poll(() => show(id), soon)
    .toMatchObject({
      ...{ health: 'connected', behind: 0, advice: null, acknowledgedSeq: await newest() },
    });
});

test('one that is away gets what it missed when it is back, and its health says so meanwhile', async () => {
  const port = await freePort();
  const id = await add({ port });
  await expect
    .poll(() => show(id), soon)
    .toMatchObject({
      ...{ health: 'failed', advice: `Nobody listens at 127.0.0.1:${port} (TCP). Start the receiver.` },
      ...{ acknowledgedSeq: 0, nextAttemptAt: expect.any(String) },
    });
  expect((await show(id)).behind).toBe(await newest());
  await write(3);
  const receiver = keep(await startReceiver({ port }));
  await hasAll(receiver);
  expect(receiver.seqs()).toEqual(upTo(await newest()));
  await receiver.stop();
  await write(1);
  await expect.poll(() => show(id), soon).toMatchObject({ health: 'failed', behind: 1 });
  const again = keep(await startReceiver({ port }));
  await hasAll(again);
  expect(again.seqs()).toEqual([await newest()]);
  await expect.poll(() => show(id), soon).toMatchObject({ health: 'connected', behind: 0 });
});

test('one that dies in the middle of a batch is sent that batch again, so nothing is missing', async () => {
  let most: number | null = 7;
  const receiver = keep(await startReceiver({ cutAfter: () => most }));
  const id = await add({ port: receiver.port });
  await expect.poll(() => show(id), soon).toMatchObject({ health: 'failed', acknowledgedSeq: 0 });
  expect(receiver.seqs()).toEqual(upTo(7));
  most = null;
  await hasAll(receiver);
  expect(receiver.seqs()).toEqual([...upTo(7), ...upTo(await newest())]);
});

test('a vault that starts again goes on after the last entry that the receiver has', async () => {
  const receiver = keep(await startReceiver());
  const id = await add({ port: receiver.port });
  await hasAll(receiver);
  const [before, had] = [await newest(), receiver.lines.length];
  await expect.poll(async () => (await show(id)).acknowledgedSeq, soon).toBe(before);
  // Three processes on one database: each receiver is served by one of them.
  const others = await Promise.all([vault.another({ role: 'worker' }), vault.another({ role: 'worker' })]);
  await write(40);
  await hasAll(receiver);
  expect(receiver.seqs().slice(had)).toEqual(upTo(await newest(), before + 1));
  await Promise.all(others.map((one) => one.close()));
  await write(2);
  await hasAll(receiver);
  expect(receiver.seqs().slice(had)).toEqual(upTo(await newest(), before + 1));
});

test('over TLS only a receiver whose authority is trusted is sent anything', async () => {
  const pem = (name: string) => readFile(join(folder, name), 'utf8');
  const receiver = keep(
    await startReceiver({ tls: { cert: await pem('tls/server.pem'), key: await pem('tls/server.key') } }),
  );
  const way = { transport: 'tls', port: receiver.port, host: 'localhost' };
  for (const certificateAuthorities of [null, await pem('other/ca.pem')]) {
    const id = await add({ ...way, name: `wrong ${String(certificateAuthorities).length}`, certificateAuthorities });
    await expect
      .poll(() => show(id), soon)
      .toMatchObject({ health: 'failed', advice: expect.stringContaining('certificate') });
  }
  // The certificate is for siem.example and 127.0.0.1; localhost is neither.
  const odd = await add({ ...way, name: 'odd', certificateAuthorities: await pem('tls/ca.pem') });
  await expect
    .poll(() => show(odd), soon)
    .toMatchObject({ health: 'failed', advice: expect.stringContaining('certificate') });
  expect(receiver.lines).toEqual([]);
  await add({ ...way, host: '127.0.0.1', name: 'right', certificateAuthorities: await pem('tls/ca.pem') });
  await hasAll(receiver);
  expect(receiver.seqs()).toEqual(upTo(await newest()));
});

test('over UDP each entry is a datagram, and one that nobody hears is told where the network tells it', async () => {
  const port = await freePort();
  const id = await add({ port, transport: 'udp', format: 'cef' });
  await expect.poll(() => show(id), soon).toMatchObject({ health: 'failed', acknowledgedSeq: 0 });
  const receiver = keep(await startUdpReceiver(port));
  await hasAll(receiver);
  expect(receiver.lines[0]).toMatch(/^<109>1 \S+ \S+ gatehouse-vault - 2002 - CEF:0\|Gatehouse\|Privileged Identity\|/);
});

test('one that begins now gets what comes, JSON is whole, and an entry that is too long says what it left out', async () => {
  const receiver = keep(await startReceiver());
  const before = await newest();
  await add({ port: receiver.port, format: 'json', begin: 'now' });
  await vault.database.system((tx) =>
    vault.parts.audit.write(tx, by, {
      ...{
        event: 'EVENT_ID_CONFIGURATION_CHANGED',
        target: 'big',
        message: 'long',
        arguments: { x: 'y'.repeat(70_000) },
      },
    }),
  );
  await hasAll(receiver);
  expect(Math.min(...receiver.seqs())).toBeGreaterThan(before);
  const told = receiver.lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  expect(told.at(-1)).toMatchObject({ target: 'big', arguments: { leftOut: expect.any(String) } });
});

test('a receiver is tried before it is kept, paused and deleted, and all of that is in the audit', async () => {
  const receiver = keep(await startReceiver());
  const way = { name: 'SIEM', transport: 'tcp', host: '127.0.0.1', port: receiver.port };
  const tried = await vault.operator.post('/api/audit/receivers/try', way);
  expect(tried.body).toEqual({ works: true, message: 'The receiver took the test message.' });
  expect(receiver.seqs()).toEqual([0]);
  expect(receiver.lines[0]).toContain('event="EVENT_ID_RECEIVER_TRIED"');
  const port = await freePort();
  expect((await vault.operator.post('/api/audit/receivers/try', { ...way, port })).body).toMatchObject({
    works: false,
  });
  const id = await add({ ...way, begin: 'now' });
  expect((await vault.operator.post(`/api/audit/receivers/${id}/test`)).body.works).toBe(true);
  const patch = (body: Json) => vault.operator.ask('PATCH', `/api/audit/receivers/${id}`, { body });
  expect((await patch({ enabled: false })).body).toMatchObject({ health: 'paused', advice: null });
  const had = receiver.lines.length;
  await write(1);
  expect((await vault.operator.ask('DELETE', `/api/audit/receivers/${id}`)).status).toBe(204);
  expect(receiver.lines).toHaveLength(had);
  const entries = await vault.database.system((tx) =>
    listEntries(tx, sql`target = 'SIEM' or event = 'EVENT_ID_RECEIVER_TRIED'`, 'newest', 6),
  );
  expect(entries.map(({ message, succeeded }) => [message.replace(/:\/\/.*/, ''), succeeded])).toEqual([
    ['deleted the receiver SIEM of the audit', true],
    ['changed the receiver SIEM of the audit', true],
    ['sent a test message to tcp', true],
    ['added the receiver SIEM of the audit (tcp', true],
    ['sent a test message to tcp', false],
    ['sent a test message to tcp', true],
  ]);
});

test.each([
  ['a port that is none', { port: 0 }, 'port'],
  ['an address that is none', { host: 'a b' }, 'host'],
  ['certificates without TLS', { certificateAuthorities: 'x' }, 'certificateAuthorities'],
  ['certificates that are none', { transport: 'tls', certificateAuthorities: 'x' }, 'certificateAuthorities'],
  ['another transport', { transport: 'http' }, 'transport'],
])('%s is refused by its field', async (_, body, field) => {
  const whole = { name: 'A', transport: 'tcp', host: 'siem.example.com', port: 601, ...body };
  const refused = await vault.operator.post('/api/audit/receivers', whole);
  expect([refused.status, refused.body.errors[0].field]).toEqual([400, field]);
});

test('the wait after failures doubles, and ends at five minutes', () => {
  expect([1, 2, 3, 8, 9, 1_000].map(waitAfter)).toEqual([2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
});
