import { randomBytes } from 'node:crypto';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { listEntries } from '../audit/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import {
  afterCheckIn,
  cancelJob,
  createJob,
  createJobFromTemplate,
  createSpin,
  findJob,
  type JobSettings,
  type JobTarget,
  type JobWorker,
  listTargets,
  startJobWorker,
} from './index.ts';
import { changeParts, credentialOf, keep } from './testing/bench.ts';

const reason = noOpenSsh();
const by = { name: 'NS\\ada', impersonator: 'svc-ecm', address: null, through: 'sdk', correlationId: 'c-7' } as const;
const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const accounts = names.map((name): Account => ({ name, password: `Planted-${randomBytes(6).toString('hex')}` }));

describe.skipIf(reason !== null)(`jobs on real hosts${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: OpenSsh;
  let vault: TestVault;
  let workers: JobWorker[];
  beforeAll(async () => {
    [server, vault] = await Promise.all([startOpenSsh(accounts), testVault({ role: 'web' })]);
    // Two processes share the work.
    workers = [startJobWorker(changeParts(vault)), startJobWorker(changeParts(vault))];
  });
  afterAll(async () => {
    await Promise.all((workers ?? []).map((worker) => worker.stop()));
    await Promise.all([server?.stop(), vault?.close()]);
  });

  const keepOn = async (name: string, more: { port?: number; systemId?: string; secret?: string } = {}) => {
    const { address, hostKeys } = server;
    const secret = more.secret ?? accounts.find((one) => one.name === name)?.password ?? '';
    const system = { kind: 'linux', address, port: more.port ?? server.port, trust: [hostKeys.ed25519] };
    return keep(vault, {
      ...{ system, type: 'linux', namespace: '[Linux]', accountName: name, secret },
      ...(more.systemId !== undefined && { systemId: more.systemId }),
    });
  };
  const make = (credentialIds: readonly string[], settings: Partial<JobSettings> = {}) =>
    vault.database.system((tx) =>
      createJob(tx, vault.parts, {
        ...{
          kind: 'password_change',
          schedule: { kind: 'now' },
          settings,
          credentialIds,
          comment: 'for <username>',
          by,
        },
      }),
    );
  const until = async <T>(ask: () => Promise<T | null>): Promise<T> => {
    for (let look = 0; look < 600; look++) {
      const answer = await ask();
      if (answer !== null) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('what the test waits for did not happen');
  };
  const over = (jobId: number) =>
    until(async () => {
      const job = await vault.database.system((tx) => findJob(tx, jobId));
      return job && !['waiting', 'running'].includes(job.state) ? job : null;
    });
  const targetsOf = (jobId: number): Promise<readonly JobTarget[]> =>
    vault.database.system((tx) => listTargets(tx, jobId));

  test('all credentials of a job are changed, one at a time on a system, under the id of who asked', async () => {
    const first = await keepOn('one');
    const second = await keepOn('two', { systemId: first.systemId });
    const third = await keepOn('three');
    const jobId = await make([first, second, third].map(({ credentialId }) => credentialId));
    const job = await over(jobId);
    expect(job).toMatchObject({ state: 'succeeded', comment: 'for NS\\ada', nextRunAt: null });
    expect((await targetsOf(jobId)).map(({ state, attempt }) => [state, attempt])).toEqual([
      ['succeeded', 1],
      ['succeeded', 1],
      ['succeeded', 1],
    ]);
    const entries = await vault.database.system((tx) =>
      listEntries(tx, sql`correlation_id = 'c-7' and target like 'host-%'`, 'oldest', 100),
    );
    const on = entries.filter(({ target }) => target === `host-${first.systemId.slice(-6)}`).map(({ event }) => event);
    const whole = ['EVENT_ID_JOB_STARTING_PASSWORD_CHANGE_ON_SYSTEM', 'EVENT_ID_PASSWORD_CHANGED'];
    expect(on).toEqual([...whole, ...whole]);
    expect(entries[0]).toMatchObject({ actor: 'NS\\ada', impersonator: 'svc-ecm' });
  });

  test('a host that is away is tried again, and what failed for good says what to do', async () => {
    const away = await keepOn('four', { port: 1 });
    const wrong = await keepOn('five', { secret: 'not the password' });
    const jobId = await make([away.credentialId, wrong.credentialId], { attempts: 2, firstRetrySeconds: 1 });
    expect(await over(jobId)).toMatchObject({ state: 'failed' });
    const targets = await targetsOf(jobId);
    expect(targets.map(({ state, attempt }) => [state, attempt])).toEqual([
      ['failed', 2],
      ['failed', 2],
    ]);
    for (const { message } of targets) expect(message).toMatch(/Given up after 2 attempts/);
    expect(await credentialOf(vault, wrong.credentialId)).toMatchObject({ isVerified: null });
  });

  test('what somebody has checked out is changed once it is back, or left out', async () => {
    const { credentialId } = await keepOn('six');
    const identityId = await vault.identity(`holder-${newId()}`);
    const checkoutId = newId<string>();
    await sql`insert into checkouts (checkout_id, credential_id, identity_id, is_exclusive, comment, correlation_id,
        checked_out_at, expires_at)
      values (${checkoutId}, ${credentialId}, ${identityId}, true, '', 'c-8', now(), now() + interval '1 hour')`.execute(
      vault.database.owner,
    );
    const left = await make([credentialId], { ifCheckedOut: 'cancel' });
    expect(await over(left)).toMatchObject({ state: 'failed' });
    expect((await targetsOf(left))[0]).toMatchObject({ state: 'cancelled', message: 'Left out: it is checked out.' });
    const waiting = await make([credentialId]);
    await until(async () => ((await targetsOf(waiting))[0]?.message === 'Waits for its check-in.' ? true : null));
    expect((await targetsOf(waiting))[0]).toMatchObject({ state: 'waiting', attempt: 0 });
    await sql`update checkouts set checked_in_at = now(), ended_by = 'check-in'`.execute(vault.database.owner);
    await sql`update job_targets set next_attempt_at = now() where job_id = ${waiting}`.execute(vault.database.owner);
    expect(await over(waiting)).toMatchObject({ state: 'succeeded' });
  });

  test('a job is made like a template of its type, never of another, and a cancelled one is not begun', async () => {
    const credential = await credentialOf(vault, (await keepOn('seven')).credentialId);
    const templates = await vault.database.system(async (tx) =>
      Promise.all(
        ['linux', 'postgresql'].map((credentialType) =>
          createJob(tx, vault.parts, {
            ...{ kind: 'password_change', schedule: { kind: 'now' }, settings: { attempts: 3 }, credentialIds: [] },
            ...{ credentialType, comment: 'template for <username>', by },
          }),
        ),
      ),
    );
    const [forLinux = 0, forPostgres = 0] = templates;
    const from = (templateJobId: number) =>
      vault.database.system((tx) =>
        createJobFromTemplate(tx, vault.parts, {
          ...{ templateJobId, credential, by, comment: '', runAt: new Date(Date.now() + 3_600_000) },
        }),
      );
    await expect(from(forPostgres)).rejects.toMatchObject({ code: 'invalid' });
    await expect(from(4_711)).rejects.toMatchObject({ code: 'not_found' });
    const jobId = await from(forLinux);
    const made = await vault.database.system((tx) => findJob(tx, jobId));
    expect(made).toMatchObject({ settings: { attempts: 3 }, templateJobId: forLinux, state: 'waiting' });
    expect(await vault.database.system((tx) => cancelJob(tx, jobId, new Date()))).toBe(true);
    expect(await vault.database.system((tx) => cancelJob(tx, jobId, new Date()))).toBe(false);
    expect((await targetsOf(jobId))[0]).toMatchObject({ state: 'cancelled' });
    expect(await vault.database.system((tx) => findJob(tx, forLinux))).toMatchObject({ state: 'waiting' });
  });

  test('after a check-in only what the vault made and is set to it is spun', async () => {
    const credential = await credentialOf(vault, (await keepOn('eight')).credentialId);
    const after = (more: object) =>
      vault.database.system((tx) => afterCheckIn(tx, vault.parts, { ...credential, ...more }, by));
    expect(await after({ autoSpin: false })).toBeNull();
    expect(await after({ isRandom: false })).toBeNull();
    const jobId = await after({});
    expect(jobId).not.toBeNull();
    expect(await over(jobId ?? 0)).toMatchObject({ state: 'succeeded', comment: 'Changed after check-in by NS\\ada' });
  });

  test('a worker that stops gives back what it has, and another goes on with it', async () => {
    const credential = await credentialOf(vault, (await keepOn('nine')).credentialId);
    await Promise.all(workers.map((worker) => worker.stop()));
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const held = startJobWorker(
      changeParts(vault, {
        onStep: async (step) => {
          if (step !== 'change') return;
          reached.resolve();
          await gate.promise;
        },
      }),
    );
    const jobId = await vault.database.system((tx) => createSpin(tx, vault.parts, { credential, comment: 'spin', by }));
    held.wake();
    await reached.promise;
    const stopping = held.stop();
    gate.resolve();
    await stopping;
    expect((await targetsOf(jobId))[0]).toMatchObject({ state: 'waiting', attempt: 0 });
    workers = [startJobWorker(changeParts(vault))];
    expect(await over(jobId)).toMatchObject({ state: 'succeeded' });
    const left = await sql`select 1 from changes`.execute(vault.database.owner);
    expect(left.rows).toEqual([]);
  });
});
