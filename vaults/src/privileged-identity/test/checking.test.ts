import type { Lease, Listing } from '@gatehouse/vault-kit';
import { secretOf, type Trial, withTrial } from '@gatehouse/vault-kit/testing';
import { describe, expect, test } from 'vitest';
import { account, smallVault } from '../fake.ts';
import { subjectWith } from './subject.ts';

const open = async (trial: Trial, label: string) => {
  const process = trial.process();
  const listing = (await process.list()).find((one) => one.label === label);
  if (listing === undefined) throw new Error(`${label} is not listed`);
  return { process, lease: trial.lease(listing) };
};

describe('a check-out', () => {
  test('says why, for whom and for how long, and gives what the vault keeps', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'NS\\sarcher.admin');
      const credential = await process.retrieve(lease);
      expect(credential).toMatchObject({ kind: 'password', username: 'sarcher.admin', domain: 'NS' });
      expect(secretOf(credential)).toBe('pw-of-NS-sarcher.admin-4711');
      const [out] = subject.state.checkOuts;
      expect(out).toMatchObject({ identity: 'NS\\test_user', lease: lease.id });
      expect(out?.comment).toBe('change of the disk (ticket CHG-7), session of NS\\test_user');
      const body = trial.fake.requests.find(({ url }) => url.endsWith('StoredCredential_CheckOut'))?.body ?? '';
      expect(JSON.parse(body)).toMatchObject({
        AccountIdentificationInfo: {
          AccountName: 'NS\\sarcher.admin',
          AccountStore: { TargetName: 'NS', Type: 1, CustomTypeName: '', InstanceName: '' },
        },
        ...{ LeaseID: lease.id, Minutes: 60 },
      });
    });
  });

  test.each([
    ['what came, where it may be spun', { spinJobs: true }, { isRandom: true, autoSpin: true }],
    ['only who asked, where nothing spins', {}, null],
  ])('has kept %s', async (_, settings, spin) => {
    await withTrial(subjectWith(settings), async (trial) => {
      const { process, lease } = await open(trial, 'root');
      await process.retrieve(lease);
      const kept = JSON.parse(trial.kept.get(lease.id) ?? '');
      expect(kept).toMatchObject({ as: 'NS\\test_user', spin: spin && expect.objectContaining(spin) });
    });
  });

  test('of a key gives the key with its passphrase, and no domain for an account of Linux', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const { process, lease } = await open(trial, 'deploy (SSH key)');
      const credential = await process.retrieve(lease);
      expect(credential.kind === 'ssh-key' && credential.passphrase?.reveal()).toBe('phrase-of-the-key-99');
      const root = await open(trial, 'root');
      expect(await root.process.retrieve(root.lease)).toMatchObject({ username: 'root', domain: null });
    });
  });

  test('of what somebody else has is told with what the vault says, and asked once', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const first = await open(trial, 'root');
      await first.process.retrieve(first.lease);
      const second = await open(trial, 'root');
      await expect(second.process.retrieve(second.lease)).rejects.toMatchObject({
        ...{ kind: 'forbidden', advice: expect.stringContaining('Somebody has it since 10:00') },
      });
      await second.process.release(second.lease);
      expect(trial.fake.held()).toEqual(['root by NS\\test_user']);
    });
  });

  test('of something that this vault has not listed is refused before anybody is asked', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const lease = trial.lease({ credential: '["elsewhere"]' } as Listing);
      await expect(trial.process().retrieve(lease)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(trial.fake.requests).toEqual([]);
    });
  });

  test('for somebody whom the vault does not know is forbidden', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const { process, lease } = await open(trial, 'root');
      const other: Lease = { ...lease, person: 'EX\\nobody' };
      await expect(process.retrieve(other)).rejects.toMatchObject({ kind: 'forbidden' });
    });
  });

  test('is checked in by the identity that has it, whatever the settings say by then', async () => {
    const state = smallVault();
    await withTrial(subjectWith({ mapDomains: 'ns.example=NS' }, state), async (trial) => {
      const { process, lease } = await open(trial, 'root');
      await process.retrieve(lease);
      state.mapped.add('OTHER\\test_user');
      await process.release({ ...lease, person: 'OTHER\\test_user' });
      expect(trial.fake.held()).toEqual([]);
    });
  });

  test('stays open in the book where its identity may no longer be acted for', async () => {
    const state = smallVault();
    await withTrial(subjectWith({}, state), async (trial) => {
      const { process, lease } = await open(trial, 'root');
      await process.retrieve(lease);
      state.mapped.delete('NS\\test_user');
      await expect(trial.process().release(lease)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(trial.fake.held()).toHaveLength(1);
    });
  });
});

describe('a check-in', () => {
  const jobsAfter = async (settings: Readonly<Record<string, unknown>>, label: string, state = smallVault()) => {
    const subject = subjectWith({ sharedCredentialLists: true, globalApprover: 'approver', ...settings }, state);
    return withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, label);
      await process.retrieve(lease);
      await process.release(lease);
      // Once more, as after a crash before the book was closed.
      await trial.process().release(lease);
      return { jobs: state.jobs, traces: trial.traces };
    });
  };
  const spinning = { spinJobs: true };

  test('spins what is random and set to auto-spin, once, as the API user, and names who had it', async () => {
    const { jobs } = await jobsAfter({ ...spinning, jobComment: '<username> gave it back ($& <username>)' }, 'root');
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({
      ...{ template: null, by: 'svc-ecm', account: 'bomgar-appserver1|[Linux]|root|' },
      comment: 'NS\\test_user gave it back ($& NS\\test_user)',
    });
  });

  test.each([
    ['Linux', 'root', 11],
    ['Windows', 'NS\\sarcher.admin', 12],
    ['PostgreSQL', 'app (main)', 13],
    ['SSH key', 'deploy (SSH key)', 16],
  ])('uses the template job for %s', async (_, label, template) => {
    const templateJobs = { linux: 11, windows: 12, postgresql: 13, mysql: 14, sqlServer: 15, sshKey: 16 };
    const { jobs } = await jobsAfter({ ...spinning, templateJobs }, label);
    expect(jobs.map((job) => job.template)).toEqual([template]);
  });

  test('uses the policy of the credential where its type has no template', async () => {
    const { jobs } = await jobsAfter({ ...spinning, templateJobs: { windows: 12 } }, 'root');
    expect(jobs.map(({ template }) => template)).toEqual([null]);
  });

  test.each([
    ['where the settings create none', {}, 'root', 'the settings create none'],
    ['where the password is not random', spinning, 'breakglass', 'not a random one'],
    ['for entries of shared lists', spinning, 'JAmos Domain Credentials', 'shared lists are not managed'],
    ['where the credential is not set to auto-spin', spinning, 'fixed', 'not set to auto-spin'],
  ])('makes no job %s', async (_, settings, label, words) => {
    const state = smallVault();
    state.accounts.push(account({ system: 'bomgar-appserver1', name: 'fixed', autoSpin: false }));
    const { jobs, traces } = await jobsAfter(settings, label, state);
    expect(jobs).toEqual([]);
    expect(traces.filter((line) => line.startsWith('no spin job')).at(0)).toContain(words);
  });
});

describe('a credential that needs approval', () => {
  test('waits, asks for approval once, and comes when somebody has granted it', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'breakglass');
      expect(await process.ask(lease)).toBe('waiting');
      expect(await trial.process().ask(lease)).toBe('waiting');
      expect(subject.state.requests).toHaveLength(1);
      trial.fake.approve();
      expect(await process.ask(lease)).toMatchObject({ kind: 'password' });
    });
  });

  test.each([
    ['by its own password', { globalApproverPassword: 'password-of-the-approver' }, []],
    ['through the API user', {}, ['approver']],
  ])('comes at once where there is a global approver, who signs in %s', async (_, settings, impersonated) => {
    const subject = subjectWith({ globalApprover: 'approver', ...settings });
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'breakglass');
      expect(await process.ask(lease)).toMatchObject({ kind: 'password' });
      expect(subject.state.requests).toMatchObject([
        { state: 'Used', grantedBy: 'approver', identity: 'NS\\test_user' },
      ]);
      expect(subject.state.impersonated).toEqual(['NS\\test_user', ...impersonated]);
    });
  });

  test.each(['Denied', 'Expired'] as const)(
    'is refused, and not asked for again, when the request is %s',
    async (end) => {
      const subject = subjectWith();
      await withTrial(subject, async (trial) => {
        const { process, lease } = await open(trial, 'breakglass');
        await process.ask(lease);
        for (const request of subject.state.requests) request.state = end;
        await expect(process.ask(lease)).rejects.toMatchObject({ kind: 'forbidden' });
        expect(subject.state.requests).toHaveLength(1);
      });
    },
  );

  test('that is given up leaves no request that somebody could still grant', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const { process, lease } = await open(trial, 'breakglass');
      await process.ask(lease);
      await process.release(lease);
      expect(trial.fake.held()).toEqual([]);
    });
  });
});
