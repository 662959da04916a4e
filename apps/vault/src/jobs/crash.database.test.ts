import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import type { Step } from './index.ts';
import { changeParts, keep } from './testing/bench.ts';
import { changeNow, countChanges, currentOf, cutOff, expectNothingLost, letsIn } from './testing/cut-off.ts';

let vault: TestVault;
let administrator: pg.Client;
const roles: string[] = [];
beforeAll(async () => {
  vault = await testVault({ role: 'web' });
  administrator = new pg.Client({ connectionString: vault.test.url });
  await administrator.connect();
});
afterAll(async () => {
  for (const role of roles) await administrator?.query(`drop role ${role}`);
  await administrator?.end();
  await vault?.close();
});

/** A role of the server on which the vault itself is, and what the vault knows of it. */
const keepRole = async (port?: number) => {
  const url = new URL(vault.test.url);
  const [name, password] = [`vaulted_${randomBytes(5).toString('hex')}`, `Planted-${randomBytes(8).toString('hex')}`];
  roles.push(name);
  await administrator.query(`create role ${name} login password '${password}'`);
  const system = { kind: 'postgresql', address: url.hostname, port: port ?? Number(url.port), trust: ['unencrypted'] };
  const kept = await keep(vault, {
    ...{ system, type: 'postgresql', namespace: '[PostgreSQL]', accountName: name, secret: password },
  });
  await sql`update credentials set instance_name = ${url.pathname.slice(1)} where credential_id = ${kept.credentialId}`.execute(
    vault.database.owner,
  );
  return { ...kept, name, first: new Secret(password) };
};

test.each(['send', 'change', 'note', 'verify', 'keep'] as const)(
  'a change in PostgreSQL that is cut off before the step "%s" loses nothing',
  async (step) => {
    const { credentialId, first } = await keepRole();
    await cutOff(vault, credentialId, step);
    await expectNothingLost(vault, credentialId, first);
  },
);

/** Lets everything through until it is told to cut the next connection that sends this. */
const openProxy = async (): Promise<{ readonly server: Server; cutAt(text: string | null): void; port: number }> => {
  const { hostname, port } = new URL(vault.test.url);
  let cut: string | null = null;
  const server = createServer((client) => {
    const upstream: Socket = connect(Number(port), hostname);
    for (const one of [client, upstream]) one.on('error', () => undefined);
    client.on('data', (bytes) => {
      upstream.write(bytes);
      if (cut === null || !bytes.includes(cut)) return;
      // What was sent arrives there, and the answer does not arrive here.
      client.destroy();
      setTimeout(() => upstream.end(), 200);
    });
    upstream.pipe(client);
    client.on('close', () => setTimeout(() => upstream.destroy(), 500));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    server,
    cutAt: (text) => {
      cut = text;
    },
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
  };
};

test('a connection that breaks while the server carries the change out leaves a password that is known', async () => {
  const proxy = await openProxy();
  try {
    const { credentialId, first } = await keepRole(proxy.port);
    proxy.cutAt('ALTER');
    const outcome = await changeNow(vault, credentialId);
    proxy.cutAt(null);
    expect(['changed', 'unknown']).toContain(outcome.state);
    await expectNothingLost(vault, credentialId, first);
  } finally {
    proxy.server.close();
  }
});

test('two changes in one go never mix: the second waits for the end of the first', async () => {
  const { credentialId } = await keepRole();
  const outcomes = await Promise.all([1, 2, 3].map(() => changeNow(vault, credentialId)));
  expect(outcomes.filter(({ state }) => state === 'changed').length).toBeGreaterThanOrEqual(1);
  expect(outcomes.every(({ state }) => state === 'changed' || state === 'busy')).toBe(true);
  expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId))).toBe(true);
  expect(await countChanges(vault)).toBe(0);
});

test('a worker that was silent for too long ends nothing that another has begun since', async () => {
  const { credentialId } = await keepRole();
  const gates = { silent: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
  const reached = { silent: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
  const stopAt = (step: Step, which: keyof typeof gates) => async (at: Step) => {
    if (at !== step) return;
    reached[which].resolve();
    await gates[which].promise;
  };
  const silent = changeNow(vault, credentialId, changeParts(vault, { onStep: stopAt('keep', 'silent') }));
  await reached.silent.promise;
  await sql`update changes set alive_at = 'epoch'`.execute(vault.database.owner);
  // Another worker finds out how that ended, and makes a change of its own.
  const second = changeNow(vault, credentialId, changeParts(vault, { onStep: stopAt('change', 'second') }));
  await reached.second.promise;
  gates.silent.resolve();
  expect((await silent).state).toBe('unknown');
  expect(await countChanges(vault)).toBe(1);
  gates.second.resolve();
  expect(await second).toEqual({ state: 'changed', caveat: null });
  expect(await letsIn(vault, credentialId, await currentOf(vault, credentialId))).toBe(true);
  expect(await countChanges(vault)).toBe(0);
});
