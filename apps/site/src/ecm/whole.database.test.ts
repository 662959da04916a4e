import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { identityPassword, type Sample, sampleVault, setImpersonation } from '@gatehouse/vault/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Site } from '../start.ts';
import { configureEcm, type EcmProgram } from '../testing/ecm-program.ts';
import { leasesOf, sampleErrand, until } from '../testing/errands.ts';
import { type LoggingProxy, startLoggingProxy } from '../testing/logging-proxy.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';

/** A site, the ECM as it is installed, and a vault, each a program of its own, with a proxy that keeps every word. */
let site: TestSite;
let vault: Sample;
let proxy: LoggingProxy;
let ecm: EcmProgram;
let sample: Awaited<ReturnType<typeof sampleErrand>>;
const planted = 'planted-Tr0ub4dor-horse';

beforeAll(async () => {
  [site, vault] = await Promise.all([testSite({ ecmPace: { roundMs: 100, goneMs: 1_000 } }), sampleVault()]);
  proxy = await startLoggingProxy(site.url);
  const [api, person] = [await vault.identity('svc-ecm'), await vault.identity('sarcher')];
  const root = await vault.account({ system: 'web1', account: 'root', password: planted });
  await vault.delegate(person, root, { remoteSessions: true });
  await vault.database.system((tx) => setImpersonation(tx, api, person, true));
  sample = await sampleErrand(site, { username: 'sarcher' });
  ecm = await configureEcm({
    ...{ site: proxy.url, ...(await site.account({ perm_ecm: true })) },
    ...{
      endpointUrl: `${vault.url}/ERPMWebService/AuthService.svc`,
      apiUser: 'svc-ecm',
      apiPassword: identityPassword,
    },
  });
  ecm.start();
  await connected(site.site);
});
afterAll(async () => {
  await ecm?.close();
  await proxy?.close();
  await Promise.all([site?.close(), vault?.close()]);
});

const connected = (of: Site) =>
  until(
    async () => (await of.ecm.listEcmClients()).some(({ name }) => name === 'ecm-1') && (await asks(of)),
    () => ecm.log(),
  );
const asks = (of: Site) =>
  of.ecm.door.listCredentials(sample.errand()).then(
    () => true,
    () => false,
  );
const checkedOut = async () =>
  (await vault.database.system((tx) => sql`select checkout_id from checkouts where checked_in_at is null`.execute(tx)))
    .rows.length;
const pick = async () => {
  const { credentials } = await site.site.ecm.door.listCredentials(sample.errand());
  return credentials[0]?.credential ?? '';
};

test('a person’s session gets the password from the vault, sealed all the way, and every audit joins under one id', async () => {
  const wanted = sample.wanted();
  const { door } = site.site.ecm;
  const listed = await door.listCredentials({ ...sample.errand(), correlationId: wanted.correlationId });
  expect(listed.credentials).toMatchObject([{ kind: 'password', username: 'root', needsApproval: false }]);
  const credential = listed.credentials[0]?.credential ?? '';
  const retrieved = await door.retrieveCredential({ ...wanted, credential });
  expect(retrieved).toEqual({
    state: 'ready',
    credential: { kind: 'password', username: 'root', domain: null, password: expect.any(Secret) },
  });
  if (retrieved.state !== 'ready' || retrieved.credential.kind !== 'password') throw new Error('not ready');
  expect(retrieved.credential.password.reveal()).toBe(planted);
  expect(await checkedOut()).toBe(1);
  await door.releaseCredential(wanted.sessionId, sample.principal);
  await until(async () => (await checkedOut()) === 0);
  await until(async () => (await leasesOf(site)).every(({ state }) => state === 'ended'));

  const { correlationId } = wanted;
  const here = await site.operator.get(`/api/audit?search=${correlationId}`);
  expect(here.body.items.map(({ action }: { action: string }) => action).toReversed()).toEqual([
    ...['credential.list', 'credential.retrieve', 'credential.retrieve', 'credential.release', 'credential.released'],
  ]);
  const there = (await vault.audit()).filter((entry) => entry.correlationId === correlationId);
  expect(there.length).toBeGreaterThanOrEqual(2);
  expect(await ecm.log()).toContain(`"correlation":"${correlationId}"`);

  // The proxy heard all of it, and neither it, nor a log, nor the database of the site knows the password.
  const heard = proxy.heard.join('\n');
  expect(heard).toContain(credential.replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  const rows = await site.database.system((tx) =>
    sql<{ row: string }>`select to_jsonb(b)::text as row from brokered b
      union all select to_jsonb(a)::text from system_audit a`.execute(tx),
  );
  const written = [heard, await ecm.log(), site.log.join('\n'), ...rows.rows.map(({ row }) => row)].join('\n');
  for (const coded of [
    planted,
    Buffer.from(planted).toString('base64').slice(0, 24),
    Buffer.from(planted).toString('hex'),
  ])
    expect(written).not.toContain(coded);
});

test('an ECM that is killed while it hands out leaves nothing checked out once it is there again', async () => {
  const credential = await pick();
  const wanted = sample.wanted({ credential });
  // The vault has handed it out and its answer is on the way: the row of the check-out is what says so.
  await vault.database.system((tx) =>
    sql`create function hold_on() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$`.execute(
      tx,
    ),
  );
  await vault.database.system((tx) =>
    sql`create trigger hold_on before insert on checkouts for each row execute function hold_on()`.execute(tx),
  );
  const began = performance.now();
  const late = site.site.ecm.door.retrieveCredential(wanted).then(
    () => 'ready',
    (error: unknown) => error,
  );
  await until(async () =>
    (await leasesOf(site)).some(({ sessionId, state }) => sessionId === wanted.sessionId && state === 'asked'),
  );
  await until(isHandingOut, () => ecm.log());
  await ecm.kill();
  expect(await late).toMatchObject({ kind: 'unreachable' });
  expect(performance.now() - began).toBeLessThan(5_000);
  await until(async () => (await checkedOut()) === 1);
  await vault.database.system((tx) => sql`drop trigger hold_on on checkouts`.execute(tx));
  ecm.start();
  await connected(site.site);
  await until(checkedIn, () => ecm.log());
});

const isHandingOut = async () =>
  (
    await vault.database.system((tx) =>
      sql`select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`.execute(tx),
    )
  ).rows.length > 0;

const checkedIn = async () =>
  (await checkedOut()) === 0 && (await leasesOf(site)).every(({ state }) => state === 'ended');

test('a site that is killed has no sessions any more, and what they had is given back to the next one', async () => {
  const wanted = sample.wanted({ credential: await pick() });
  const words = [site.test.url, site.home, JSON.stringify(wanted)];
  const child = fork(join(import.meta.dirname, '../testing/session-process.ts'), words, {
    execArgv: [],
    stdio: 'ignore',
  });
  const says = async () => Object((await once(child, 'message'))[0]);
  moveTo((await says()).url);
  expect(await says()).toEqual({ state: 'ready' });
  expect([await checkedOut(), (await leasesOf(site)).at(-1)?.state]).toEqual([1, 'held']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  moveTo(site.url);
  await until(checkedIn, () => ecm.log());
});

/** The name of the site leads elsewhere from now on. */
const moveTo = (url: string) => {
  proxy.target = url;
  proxy.cut();
};
