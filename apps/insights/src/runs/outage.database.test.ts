import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { Fault } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { acmeOf, goodToken } from '../testing/acme.ts';
import { connect, eventually, inventoryOf, runAcme, runOver, testInsights } from '../testing/test-insights.ts';
import { patientStore, StorageFault } from './patient-store.ts';

/** A way to the database that a test can cut and mend. */
const cable = async (databaseUrl: string) => {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = dial(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    url: url.href,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};

test('a run whose database goes away in its middle waits for it, goes on and misses nothing', async () => {
  await using host = await testInsights({ role: 'web' });
  const way = await cable(host.test.url);
  const tenantId = await host.tenant('Outage');
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const asked: string[] = [];
  await using system = await runAcme(acmeOf(55), async (path) => {
    asked.push(path);
    if (!path.includes('after=20')) return;
    reached.resolve();
    await open.promise;
  });
  const worker = await host.another({ role: 'worker', databaseUrl: way.url });
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await reached.promise;
  way.cut();
  open.resolve();
  // Long enough that the page arrives, cannot be stored and is tried again.
  await eventually(async () => host.log.some((line) => line.includes('the progress of a run could not be written')));
  way.mend();
  const run = await runOver(host.operator, tenantId, connectionId);
  expect(run).toMatchObject({ state: 'succeeded', reason: 'created' });
  expect(await inventoryOf(host.database, tenantId)).toHaveLength(63);
  // The system was asked for nothing twice.
  expect(new Set(asked).size).toBe(asked.length);
  await worker.close();
  way.close();
}, 60_000);

test('a run whose database is stopped in its middle, and is back after thirty seconds, goes on and misses nothing', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-outage-'));
  chmodSync(home, 0o711);
  let server = await startEmbedded({ home });
  try {
    await using host = await testInsights({ databaseUrl: await server.database('insights') });
    const tenantId = await host.tenant('Stopped');
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    let isHeld = false;
    const asked: string[] = [];
    await using system = await runAcme(acmeOf(55), async (path) => {
      if (!isHeld) return;
      asked.push(path);
      if (!path.includes('after=30')) return;
      reached.resolve();
      await open.promise;
    });
    const connectionId = await connect(host.operator, tenantId, system.settings);
    await runOver(host.operator, tenantId, connectionId);
    const before = await inventoryOf(host.insights.database, tenantId);
    const at = `/api/tenants/${tenantId}/connections/${connectionId}`;
    isHeld = true;
    system.holds.people.push({ id: 'new', login: 'new', name: 'New', email: null });
    await host.operator.post(`${at}/runs`, {});
    await reached.promise;

    await server.stop();
    open.resolve();
    const away = await host.operator.get(at);
    expect(away).toMatchObject({ status: 503 });
    expect(away.body.detail).toContain('The database does not answer');
    // The thirty seconds themselves are what is tried here: leases, retries and their patience run on real time.
    await sleep(30_000);
    server = await startEmbedded({ home, port: server.port });

    const run = await runOver(host.operator, tenantId, connectionId);
    expect(run).toMatchObject({ state: 'succeeded', reason: 'manual', waiting: null });
    expect(run.streams[0]).toMatchObject({ stream: 'people', records: 56, inserted: 1, gone: 0, fault: null });
    const after = await inventoryOf(host.insights.database, tenantId);
    expect(after).toHaveLength(before.length + 1);
    expect(after).toEqual(expect.arrayContaining(before));
    expect((await host.operator.get(at)).body).toMatchObject({ connectivity: 'connected' });
    // The system was asked for nothing twice, and nobody was told a secret.
    expect(new Set(asked).size).toBe(asked.length);
    expect(host.log.join('')).not.toContain(goodToken);
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}, 90_000);

test('a step that cannot be stored for too long fails with the words of the database, not of the system', async () => {
  const full = new Fault('unreachable', 'The disk of the database is full.', '53100');
  let tries = 0;
  let now = 0;
  const waits: unknown[] = [];
  const store = patientStore(
    {
      position: () => Promise.reject(full),
      begin: async () => {
        if (++tries < 3) throw full;
      },
      save: () => Promise.reject(new Error('a mistake of ours')),
      finish: () => Promise.reject(full),
    },
    {
      clock: {
        now: () => new Date(now),
        sleep: async (ms) => {
          now += ms;
        },
      },
      ...{ signal: new AbortController().signal, forMs: 60_000, holdLease: async () => undefined },
      onTrouble: (trouble) => void waits.push(trouble),
    },
  );
  await store.begin('people');
  const trouble = { advice: full.advice, until: new Date(60_000) };
  expect(waits).toEqual([trouble, trouble, null]);
  await expect(store.position('people')).rejects.toThrow(StorageFault);
  await expect(store.position('people')).rejects.toMatchObject({ advice: 'The disk of the database is full.' });
  await expect(store.save('people', 'accounts', [{ records: [], cursor: null }])).rejects.toThrow('a mistake of ours');
});

test('a program whose database is away answers with a clear problem and works again when it is back', async () => {
  await using own = await testDatabase({ migrations });
  const way = await cable(own.url);
  await using host = await testInsights({ databaseUrl: way.url, role: 'web' });
  way.cut();
  const away = await host.operator.get('/api/tenants');
  expect(away.status).toBe(503);
  expect(away.body.detail).toContain('The database does not answer');
  way.mend();
  await eventually(async () => (await host.operator.get('/api/tenants')).status === 200);
  way.close();
});
