import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate, reply } from '@gatehouse/host/testing';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startEcm } from './start-ecm.ts';
import { configure, openFolders, textIn, until } from './testing/configured.ts';
import { startFakeSite } from './testing/fake-site.ts';
import { memoryVault, startFakeVault } from './testing/fake-vault.ts';
import { startProxy } from './testing/proxy.ts';

const folders = openFolders();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => folders.remove());

/** A site, a vault, and an ECM between them. */
const start = async (more: { tls?: ReturnType<typeof makeCertificate> } = {}) => {
  const home = folders.make();
  const site = await startFakeSite(more.tls);
  const vault = await startFakeVault();
  const values = { url: vault.origin, password: 'vault-password' };
  await configure(home, site.url, values, more.tls ? { certificateAuthorities: more.tls.certificate } : {});
  const run = () => startEcm({ home, vaults: [memoryVault], environment: {}, firstMs: 20 });
  let ecm = await run();
  closers.push(
    () => site.close(),
    () => vault.server.close(),
    () => ecm.stop(),
  );
  const restart = async () => {
    await ecm.stop();
    ecm = await run();
  };
  const log = () => readFileSync(join(home, 'logs', 'ECM.log'), 'utf8');
  await site.connected();
  return { home, site, vault, log, restart, stop: () => ecm.stop() };
};

test('a person’s credentials are listed, one is handed to the session, and released after it', async () => {
  const tls = makeCertificate();
  const { home, site, vault, log } = await start({ tls });
  const ecm = await site.connected();
  const endpoint = { hostname: 'web1', address: null, domain: null, protocol: 'ssh' };
  expect(await ecm.ask('credentials.list', { person: 'NS\\sarcher', endpoint, correlation: 'click' })).toEqual({
    ...{ correlation: 'click', truncated: false },
    credentials: [
      { credential: 'web1/root', kind: 'password', username: 'root', label: 'web1\\root', needsApproval: false },
    ],
  });
  const opened = await site.retrieve('lease-1');
  expect(opened).toEqual({ kind: 'password', username: 'root', domain: null, password: vault.passwords[0] });
  expect([...vault.out.keys()]).toEqual(['lease-1']);
  expect(await ecm.ask('health.check')).toMatchObject({ health: 'connected', leases: 1 });
  expect(await ecm.ask('credentials.release', { lease: 'lease-1' })).toMatchObject({ state: 'released' });
  expect(vault.out.size).toBe(0);
  await expect(site.retrieve('lease-1')).rejects.toMatchObject({ code: -32020 });
  expect(await ecm.ask('credentials.release', { lease: 'never-heard-of' })).toMatchObject({ state: 'released' });

  // The log says which names were asked of the vault and why, and neither it nor the wire nor a file says a secret.
  expect(log()).toContain('asking for \\"web1\\" as \\"NS\\\\sarcher\\": as the site names them');
  expect(log()).toContain('"correlation":"click"');
  const everything = `${textIn(home)}\n${site.wire.join('\n')}`;
  for (const secret of [...vault.passwords, 'vault-password', 'client-secret', 'token-of-vault', 'site-token'])
    expect(everything).not.toContain(secret);
  for (const name of ['ecm.json', 'machine.key', 'leases.jsonl', 'logs/ECM.log'])
    expect([name, statSync(join(home, name)).mode & 0o077]).toEqual([name, 0]);
});

test('a lease is one however often it is asked for, and another’s is refused', async () => {
  const { site, vault } = await start();
  const same = { publicKey: (await import('@gatehouse/remote-access/ecm/testing')).secondKey().publicKey };
  const ecm = await site.connected();
  const wanted = {
    ...{ ...same, lease: 'l', credential: 'web1/root', person: 'p', reason: '', ticket: 'INC-1', expiresInMs: 60_000 },
    endpoint: { hostname: 'web1', address: '10.0.0.1', domain: 'corp.example' },
  };
  const answers = await Promise.all([1, 2, 3].map(() => ecm.ask('credentials.retrieve', wanted)));
  expect(answers.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  expect([...vault.ever]).toEqual(['l']);
  for (const other of [{ person: 'q' }, { credential: 'x' }, { endpoint: { ...wanted.endpoint, domain: null } }])
    await expect(ecm.ask('credentials.retrieve', { ...wanted, ...other })).rejects.toMatchObject({ code: -32020 });
  await ecm.ask('credentials.release', { lease: 'l' });
  await expect(ecm.ask('credentials.retrieve', wanted)).rejects.toMatchObject({ code: -32021 });
});

test('a lease that expires is released, and one that failed on its way, too', async () => {
  const { site, vault } = await start();
  await site.retrieve('short', { expiresInMs: 1_000 });
  vault.knobs.broken = reply.status(500, {});
  await expect(site.retrieve('failed')).rejects.toMatchObject({ data: { kind: 'unreachable' } });
  vault.knobs.broken = reply.html();
  await expect(site.retrieve('garbage')).rejects.toMatchObject({ data: { kind: 'unexpected' } });
  vault.knobs.broken = null;
  await until(
    () => ['short', 'failed', 'garbage'].every((lease) => site.released.has(lease)),
    () => [...site.released].join(),
  );
  expect(vault.out.size).toBe(0);
});

test('a token that is refused in mid-request is replaced once, and one log-in serves many', async () => {
  const { site, vault } = await start();
  await Promise.all(Array.from({ length: 20 }, (_, i) => site.retrieve(`many-${i}`)));
  expect(vault.logIns).toBe(1);
  vault.refuseTokens();
  await Promise.all(Array.from({ length: 20 }, (_, i) => site.retrieve(`more-${i}`)));
  expect(vault.logIns).toBe(2);
});

test('what the site does not know any more after a lost connection is released; what lives is left alone', async () => {
  const { site, vault, restart } = await start();
  for (const lease of ['lives', 'dies']) await site.retrieve(lease);
  site.live.add('lives');
  site.cut();
  await site.connected();
  await until(() => site.released.has('dies'));
  expect([...vault.out.keys()]).toEqual(['lives']);
  // Also over a restart of the ECM, and then of the site, which remembers nothing.
  await restart();
  await site.connected();
  expect([...vault.out.keys()]).toEqual(['lives']);
  await site.close();
  await site.restart();
  await site.connected();
  await until(() => site.released.has('lives'));
  expect(vault.out.size).toBe(0);
});

test('a vault that is away while sessions end is told when it is back', async () => {
  const { site, vault, restart } = await start();
  for (const lease of ['a', 'b']) await site.retrieve(lease);
  vault.knobs.broken = reply.dead();
  const ecm = await site.connected();
  const ending = ecm.ask('credentials.release', { lease: 'a' }, { deadlineMs: 100 }).catch((error: unknown) => error);
  await ending;
  await restart();
  expect(vault.out.size).toBe(2);
  vault.knobs.broken = null;
  await site.connected();
  await until(() => vault.out.size === 0 && site.released.size === 2);
});

test('a credential that nobody waits for any more can be asked for again, and is given back with its lease', async () => {
  const { site, vault } = await start();
  const hold = Promise.withResolvers<void>();
  let isAsked = false;
  vault.knobs.before = () => {
    isAsked = true;
    return hold.promise;
  };
  const ecm = await site.connected();
  const key = (await import('@gatehouse/remote-access/ecm/testing')).secondKey();
  const wanted = {
    ...{ lease: 'slow', credential: 'web1/root', person: 'p', reason: '', ticket: null, expiresInMs: 60_000 },
    ...{ publicKey: key.publicKey, endpoint: { hostname: 'web1', address: null, domain: null } },
  };
  await expect(ecm.ask('credentials.retrieve', wanted, { deadlineMs: 300 })).rejects.toMatchObject({ code: -32003 });
  await until(() => isAsked);
  const releasing = ecm.ask('credentials.release', { lease: 'slow' });
  // Not before the check-out has come back: a check-in that overtakes it would leave it checked out for good.
  for (let pings = 0; pings < 40; pings++) await ecm.ask('ping');
  expect(vault.server.requests.map(({ url }) => url)).not.toContain('/check-in');
  hold.resolve();
  expect(await releasing).toMatchObject({ state: 'released' });
  expect(vault.ever.has('slow')).toBe(true);
  expect(vault.out.size).toBe(0);
});

test('a refusal of the site is waited out and said in words, and an expired token is replaced at once', async () => {
  const { site, log, home } = await start();
  site.expire();
  await site.connected();
  expect(site.tokens).toBe(2);
  site.knobs.refuse = 403;
  site.cut();
  await until(() => log().includes('does not let them'), log);
  site.knobs.refuse = null;
  await site.connected();
  site.knobs.tokenOk = false;
  site.expire();
  await until(() => log().includes('Check the client id and the client secret'), log);
  await until(() => readFileSync(join(home, 'state.json'), 'utf8').includes('"refused"'));
  site.knobs.tokenOk = true;
  await site.connected();
});

test('a second ECM on the same folder does not start, and one without settings says what to do', async () => {
  const home = folders.make();
  await configure(home, 'http://127.0.0.1:9', {});
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'ecm']);
  closers.push(() => other.kill());
  writeFileSync(join(home, 'running.pid'), String(other.pid));
  const again = () => startEcm({ home, vaults: [memoryVault], environment: {} });
  await expect(again()).rejects.toMatchObject({
    kind: 'misconfigured',
    advice: expect.stringContaining('runs already'),
  });
  await expect(startEcm({ home: folders.make(), vaults: [], environment: {} })).rejects.toMatchObject({
    advice: expect.stringContaining('gatehouse ecm configure'),
  });
});

test('with proxies nothing goes to the site or the vault but through them', async () => {
  const tls = makeCertificate();
  const [home, site, vault] = [folders.make(), await startFakeSite(tls), await startFakeVault()];
  const [toSite, toVault] = [await startProxy(), await startProxy()];
  // A name that only the proxy knows.
  const url = vault.origin.replace('127.0.0.1', 'vault.example').replace('localhost', 'vault.example');
  await configure(
    home,
    site.url,
    { url, password: 'vault-password' },
    {
      ...{ certificateAuthorities: tls.certificate, siteProxy: toSite.url, vaultProxy: toVault.url },
    },
  );
  const ecm = await startEcm({ home, vaults: [memoryVault], environment: {}, firstMs: 20 });
  closers.push(
    () => site.close(),
    () => vault.server.close(),
    () => toSite.close(),
    () => toVault.close(),
    () => ecm.stop(),
  );
  await site.connected();
  expect((await site.retrieve('lease-1')).password).toBe(vault.passwords[0]);
  const there = `CONNECT ${new URL(site.url).host}`;
  // One for the token, one for the connection.
  expect(toSite.asked).toEqual([there, there]);
  expect(toVault.asked).toEqual([`POST ${url}/log-in`, `POST ${url}/check-out`]);
  expect(textIn(home)).not.toContain(String(vault.passwords[0]));
});
