import type { Endpoint } from '@gatehouse/vault-kit';
import { type Trial, withTrial } from '@gatehouse/vault-kit/testing';
import { describe, expect, test } from 'vitest';
import { account, smallState } from '../fake.ts';
import { subjectWith } from './subject.ts';

const open = async (trial: Trial, label: string) => {
  const process = trial.process();
  const listing = (await process.list()).find((one) => one.label === label);
  if (listing === undefined) throw new Error(`${label} is not listed`);
  return { process, listing, lease: trial.lease(listing) };
};

describe('a listing', () => {
  const labels = (some: Partial<Endpoint>, settings: Readonly<Record<string, unknown>> = {}) => {
    const subject = subjectWith(settings);
    return withTrial(subject, async ({ process, traces, fake }) => {
      const found = await process().list({ endpoint: { ...subject.endpoint, ...some } });
      return { found: found.map(({ label }) => label), traces, fake };
    });
  };

  test.each([
    ['ssh', ['root', 'deploy', 'breakglass', 'CORP\\svc-backup']],
    ['rdp', ['root', 'deploy', 'breakglass', 'CORP\\svc-backup']],
    ['postgresql', ['app (PrimaryDB)']],
    ['mssql', ['app (PrimaryDB)', 'CORP\\svc-backup']],
  ] as const)('for %s has accounts of the types that can open it', async (protocol, expected) => {
    expect((await labels({ protocol })).found).toEqual(expected);
  });

  test('is by name, by address where the name finds nothing, and says so', async () => {
    const { found, traces } = await labels({ hostname: 'web1.corp.example' });
    expect(found).toContain('root');
    expect(traces).toContain('accounts of the type system with the systemName "web1.corp.example": 0 found');
    expect(traces).toContain('accounts of the type system with the ipAddress "10.0.0.7": 3 found');
  });

  test('is by address first where that is preferred', async () => {
    const { traces } = await labels({ hostname: 'web10', address: '10.0.0.7' }, { preferAddress: true });
    expect(traces[1]).toBe('accounts of the type system with the ipAddress "10.0.0.7": 3 found');
  });

  test('says which need approval, where it shall', async () => {
    for (const showApproval of [true, false]) {
      await withTrial(subjectWith({ showApproval }), async ({ process }) => {
        const waiting = (await process().list()).filter((one) => one.needsApproval).map(({ label }) => label);
        expect(waiting).toEqual(showApproval ? ['breakglass'] : []);
      });
    }
  });

  test('reads a list to its end', async () => {
    const state = smallState();
    for (let id = 1_000; id < 2_500; id++) state.accounts.push(account({ id, name: `svc-${id}`, system: 'large' }));
    const subject = subjectWith({ showApproval: false }, state);
    await withTrial(subject, async ({ process }) => {
      const found = await process().list({ endpoint: { ...subject.endpoint, hostname: 'large' } });
      expect(found).toHaveLength(1_500);
    });
  });
});

describe('a request', () => {
  test('says for which lease it is, for whom, for how long, and whether to rotate', async () => {
    const subject = subjectWith({ rotateOnCheckin: false, ticketSystemId: 3 });
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'root');
      await process.retrieve(lease);
      expect(subject.state.requests[0]?.body).toEqual({
        ...{ AccessType: 'View', SystemID: 13, AccountID: 10, DurationMinutes: 60, RotateOnCheckin: false },
        ...{ ConflictOption: 'reuse', Reason: `[lease ${lease.id}] change of the disk (CORP\\ann)` },
        ...{ TicketSystemID: 3, TicketNumber: 'CHG-7' },
      });
    });
  });

  test('that two sessions share is checked in by the one that made it', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const { process, listing, lease } = await open(trial, 'root');
      const other = trial.lease(listing);
      await process.retrieve(lease);
      await process.retrieve(other);
      await process.release(other);
      expect(trial.fake.held()).toEqual(['root active']);
      expect(trial.traces.at(-1)).toContain('a request that another session made');
      await process.release(lease);
      expect(trial.fake.held()).toEqual([]);
    });
  });

  test('waits for approval, is made once, and is taken back where nobody gives it', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'breakglass');
      expect(await process.ask(lease)).toBe('waiting');
      expect(await trial.process().ask(lease)).toBe('waiting');
      expect(subject.state.requests).toHaveLength(1);
      await process.release(lease);
      expect(trial.fake.held()).toEqual([]);
    });
  });

  test('that was denied or has ended is not made again for the same lease', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'breakglass');
      await process.ask(lease);
      for (const request of subject.state.requests) request.state = 'over';
      await expect(process.ask(lease)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(subject.state.requests).toHaveLength(1);
    });
  });

  test('of an account that the user may not request is forbidden', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'root');
      subject.state.accounts.splice(0);
      await expect(process.retrieve(lease)).rejects.toMatchObject({ kind: 'forbidden' });
    });
  });
});

describe('a key', () => {
  test('comes with its passphrase where keys are preferred', async () => {
    await withTrial(subjectWith({ preferKeys: true }), async (trial) => {
      const { process, lease } = await open(trial, 'deploy');
      const credential = await process.retrieve(lease);
      expect(credential.kind === 'ssh-key' && credential.passphrase?.reveal()).toBe('phrase-of-deploy-77');
    });
  });

  test('that an account has not is replaced by its password', async () => {
    await withTrial(subjectWith({ preferKeys: true }), async (trial) => {
      const { process, lease } = await open(trial, 'CORP\\svc-backup');
      expect(await process.retrieve(lease)).toMatchObject({ kind: 'password', domain: 'CORP' });
    });
  });
});
