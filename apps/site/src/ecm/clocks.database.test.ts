import { identityPassword, type Sample, sampleVault, setImpersonation, sweepCheckouts } from '@gatehouse/vault/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configureEcm, type EcmProgram } from '../testing/ecm-program.ts';
import { leasesOf, sampleErrand, until } from '../testing/errands.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';

/** A site, the ECM as it is installed, and a vault, whose clocks are moved. */
let site: TestSite;
let vault: Sample;
let ecm: EcmProgram;
let sample: Awaited<ReturnType<typeof sampleErrand>>;
const dayMinutes = 1_440;

beforeAll(async () => {
  [site, vault] = await Promise.all([testSite({ ecmPace: { roundMs: 50 } }), sampleVault()]);
  const [api, person] = [await vault.identity('svc-ecm'), await vault.identity('sarcher')];
  const root = await vault.account({ system: 'web1', account: 'root', autoSpin: true });
  await vault.delegate(person, root, { remoteSessions: true });
  await vault.delegate(api, root, { viewAccounts: true, spin: true });
  await vault.database.system((tx) => setImpersonation(tx, api, person, true));
  sample = await sampleErrand(site, { username: 'sarcher' });
  ecm = await configureEcm({
    ...{ site: site.url, ...(await site.account({ perm_ecm: true })), set: ['spinJobs=yes'] },
    ...{
      endpointUrl: `${vault.url}/ERPMWebService/AuthService.svc`,
      apiUser: 'svc-ecm',
      apiPassword: identityPassword,
    },
  });
  ecm.start();
  await until(async () => (await pick()) !== '', ecm.log);
});
afterAll(async () => {
  await ecm?.close();
  await Promise.all([site?.close(), vault?.close()]);
});

const door = () => site.site.ecm.door;
const pick = () =>
  door()
    .listCredentials(sample.errand())
    .then(
      ({ credentials }) => credentials[0]?.credential ?? '',
      () => '',
    );
const retrieve = async () => {
  const wanted = sample.wanted({ credential: await pick() });
  expect(await door().retrieveCredential(wanted)).toMatchObject({ state: 'ready' });
  return wanted;
};
/** Two rounds of what looks at leases and accounts. */
const rounds = async () => {
  const seenAt = async () =>
    (await site.database.system((tx) => sql<{ at: Date }>`select seen_at as at from site_processes`.execute(tx)))
      .rows[0]?.at;
  for (let turn = 0; turn < 2; turn++) {
    const before = Number(await seenAt());
    await until(async () => Number(await seenAt()) > before);
  }
};
const leaseOf = async (sessionId: string) => (await leasesOf(site)).find((lease) => lease.sessionId === sessionId);
const release = async (sessionId: string) => {
  await door().releaseCredential(sessionId, sample.principal);
  await until(async () => (await leaseOf(sessionId))?.state === 'ended', ecm.log);
};
const audited = async (correlationId: string) =>
  (await vault.audit())
    .filter((entry) => entry.correlationId === correlationId)
    .map(({ message }) => message.split(' for ')[0]);
const sweep = () => sweepCheckouts(vault.parts, vault.jobs, new AbortController().signal);

test('a vault whose clock jumps a day ahead and back ends a check-out once, changes its password once, and hands it out again', async () => {
  const { sessionId, correlationId } = await retrieve();
  vault.later(dayMinutes);
  expect([await sweep(), await sweep()]).toEqual([1, 0]);
  vault.later(-dayMinutes);
  expect(await sweep()).toBe(0);
  // The session has not heard of it, and goes on.
  expect(await leaseOf(sessionId)).toMatchObject({ state: 'held' });
  await release(sessionId);
  expect(await audited(correlationId)).toEqual(['checked-out password', 'check-out of password expired']);
  expect(vault.spun.length).toBe(1);

  const again = await retrieve();
  await release(again.sessionId);
  expect(await audited(again.correlationId)).toEqual(['checked-out password', 'checked-in password']);
  expect(vault.spun.length).toBe(2);
});

test('what was checked out a day ahead is given back once the clock is right again', async () => {
  vault.later(dayMinutes);
  const { sessionId, correlationId } = await retrieve();
  vault.later(-dayMinutes);
  expect(await sweep()).toBe(0);
  await release(sessionId);
  expect(await audited(correlationId)).toEqual(['checked-out password', 'checked-in password']);
});

test('a site whose clock jumps a day ahead and back loses neither a lease nor its ECM, and gives it back once', async () => {
  const { sessionId, correlationId } = await retrieve();
  for (const days of [1, -2]) {
    site.clock.move(days * dayMinutes * 60_000);
    const [before] = await site.site.ecm.listEcmClients();
    await rounds();
    expect((await site.site.ecm.listEcmClients())[0]?.connectedAt).toBe(before?.connectedAt);
    expect(await leaseOf(sessionId)).toMatchObject({ state: 'held' });
  }
  site.clock.move(dayMinutes * 60_000);
  await release(sessionId);
  expect(await audited(correlationId)).toEqual(['checked-out password', 'checked-in password']);
  const { body } = await site.operator.get(`/api/audit?search=${correlationId}`);
  const actions = body.items.map(({ action }: { action: string }) => action);
  expect(actions.filter((action: string) => action === 'credential.released')).toHaveLength(1);
});

test('a token that the vault forgets in the middle of an errand takes one log-in, and the errand succeeds', async () => {
  const wanted = sample.wanted({ credential: await pick() });
  await vault.database.system((tx) => sql`delete from tokens`.execute(tx));
  expect(await door().retrieveCredential(wanted)).toMatchObject({ state: 'ready' });
  await release(wanted.sessionId);
  expect(await audited(wanted.correlationId)).toEqual([
    'svc-ecm logged in',
    'Impersonating user (sarcher)',
    'checked-out password',
    'checked-in password',
  ]);
});
