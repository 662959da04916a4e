import { newId, systemClock } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { createJob, findJob, type JobSettings, startJobWorker } from './index.ts';
import { beginDue, type Claimed, claimLeaseMs, claimTarget, keepClaims, reclaim, settleTarget } from './queue.ts';
import { addMessage, listTargets } from './store.ts';
import { changeParts, keep } from './testing/bench.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault({ role: 'web' });
});
afterAll(() => vault?.close());

const by = { name: 'ada', impersonator: null, address: null, through: 'pages', correlationId: 'c-1' } as const;
const worker = newId<string>();
const system = { kind: 'linux', address: '127.0.0.1', port: 1, trust: [] };
const done = { state: 'succeeded', message: 'Changed.' } as const;

const makeJob = async (accounts: number, settings: Partial<JobSettings> = {}): Promise<number> => {
  const credentialIds: string[] = [];
  for (let n = 0; n < accounts; n++) {
    const account = { type: 'linux', namespace: '[Linux]', accountName: `a${n}`, secret: 'planted' } as const;
    credentialIds.push((await keep(vault, { system, ...account })).credentialId);
  }
  return vault.database.system(async (tx) => {
    const jobId = await createJob(tx, vault.parts, {
      ...{ kind: 'password_change', schedule: { kind: 'now' }, settings, credentialIds, comment: '', by },
    });
    await beginDue(tx, systemClock.now());
    return jobId;
  });
};
const claim = async (at = systemClock.now()): Promise<Claimed> => {
  const claimed = await vault.database.system((tx) => claimTarget(tx, worker, at));
  if (claimed === null) throw new Error('nothing waits');
  return claimed;
};

test('two workers that end their parts of one job at the same moment both write them down', async () => {
  const jobId = await makeJob(2);
  const claims = [await claim(), await claim()];
  // Both have written their message before either one goes on.
  const bothSaid = Promise.withResolvers<void>();
  let said = 0;
  const end = (claimed: Claimed) =>
    vault.database.system(async (tx) => {
      const { credentialId } = claimed;
      await addMessage(tx, jobId, { credentialId, level: 'info', text: 'Changed.' }, systemClock.now());
      if (++said === claims.length) bothSaid.resolve();
      await bothSaid.promise;
      await settleTarget(tx, claimed, worker, done, systemClock.now());
    });
  await Promise.all(claims.map(end));
  expect(await vault.database.system((tx) => findJob(tx, jobId))).toMatchObject({ state: 'succeeded' });
});

test('a claim that its worker does not name any more waits again when its time is over, and a named one does not', async () => {
  const jobId = await makeJob(2);
  const [kept, lost] = [await claim(), await claim()];
  const later = new Date(systemClock.now().getTime() + claimLeaseMs + 1_000);
  const states = await vault.database.system(async (tx) => {
    await keepClaims(tx, worker, [kept], later);
    await reclaim(tx, later);
    return listTargets(tx, jobId);
  });
  expect(new Map(states.map(({ credentialId, state }) => [credentialId, state]))).toEqual(
    new Map([
      [kept.credentialId, 'running'],
      [lost.credentialId, 'waiting'],
    ]),
  );
  const rest = await claim(later);
  for (const one of [kept, rest]) await vault.database.system((tx) => settleTarget(tx, one, worker, done, later));
  expect(await vault.database.system((tx) => findJob(tx, jobId))).toMatchObject({ state: 'succeeded' });
});

test('a worker that cannot write down how a job went tries again, and does not make the change twice', async () => {
  const jobId = await makeJob(1, { attempts: 1 });
  const parts = changeParts(vault);
  let planted = 0;
  const { database } = parts;
  const refusing: typeof database = {
    ...database,
    system: (work) =>
      database.system(async (tx) => {
        const answer = await work(tx);
        const [target] = await listTargets(tx, jobId);
        if (target?.state === 'failed' && planted < 2) throw new Error(`planted failure ${++planted} of the database`);
        return answer;
      }),
  };
  const started = startJobWorker({ ...parts, database: refusing });
  await expect.poll(() => vault.database.system((tx) => findJob(tx, jobId))).toMatchObject({ state: 'failed' });
  await started.stop();
  expect(planted).toBe(2);
  const [target] = await vault.database.system((tx) => listTargets(tx, jobId));
  expect(target).toMatchObject({ state: 'failed', attempt: 1 });
});
