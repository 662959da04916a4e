import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { type Credential, type Door, type Lease, longestKept, type Retrieved, withCredential } from '../src/index.ts';

const credential: Credential = { kind: 'password', username: 'root', domain: null, password: new Secret('pw') };
const ready: Retrieved = { state: 'ready', credential };
const waiting: Retrieved = { state: 'waiting', advice: 'Ask Ann.', againMs: 60_000 };

/** A vault that answers in turn, and a book that writes down what happens. */
const open = (answers: readonly (Retrieved | Error)[], keeps: readonly string[] = []) => {
  const clock = createTestClock(new Date('2026-01-01T00:00:00Z'));
  const controller = new AbortController();
  const told: string[] = [];
  const steps: string[] = [];
  let turn = 0;
  const lease: Lease = {
    ...{ id: 'l1', credential: 'c', person: 'p', reason: 'r', ticket: null, kept: null },
    endpoint: { hostname: 'h', address: null, domain: null },
    expiresAt: new Date('2026-01-01T00:05:00Z'),
  };
  const door: Door<string> = {
    ...{ client: 'asking', releasing: 'releasing', host: { clock, signal: controller.signal } },
    trace: () => undefined,
    onWaiting: (advice) => void told.push(advice),
    vault: {
      name: 'Acme',
      async retrieve(client, { kept }, { keep }) {
        steps.push(`retrieve by ${client}, kept ${kept}`);
        for (const state of keeps) await keep(state);
        const answer = answers[Math.min(turn++, answers.length - 1)];
        if (answer === undefined || answer instanceof Error) throw answer;
        return answer;
      },
      async release(client, { kept }) {
        steps.push(`release by ${client}, kept ${kept}`);
      },
    },
    leases: {
      open: async ({ id }) => void steps.push(`open ${id}`),
      keep: async (_, state) => void steps.push(`keep ${state}`),
      async settle({ id }, release) {
        await release();
        steps.push(`settled ${id}`);
      },
    },
  };
  return { door, lease, steps, told, clock, controller };
};

describe('a credential', () => {
  test('is written down before the vault is asked, and released after its use with what was kept last', async () => {
    const { door, lease, steps } = open([ready], ['one', 'two']);
    const result = await withCredential(door, lease, async ({ username }) => {
      steps.push('use');
      return username;
    });
    expect(result).toBe('root');
    expect(steps).toEqual([
      ...['open l1', 'retrieve by asking, kept null', 'keep one', 'keep two', 'use'],
      ...['release by releasing, kept two', 'settled l1'],
    ]);
  });

  test('is released when its use fails, and when it never came', async () => {
    const used = open([ready]);
    await expect(
      withCredential(used.door, used.lease, () => Promise.reject(new Error('the session broke'))),
    ).rejects.toThrow('the session broke');
    expect(used.steps.at(-1)).toBe('settled l1');

    const lost = open([new Fault('unreachable', 'No answer.')], ['asked']);
    await expect(withCredential(lost.door, lost.lease, async () => 1)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(lost.steps.slice(-2)).toEqual(['release by releasing, kept asked', 'settled l1']);
  });

  test('is not asked for where the book cannot write it down', async () => {
    const { door, lease, steps } = open([ready]);
    const broken = { ...door, leases: { ...door.leases, open: () => Promise.reject(new Error('disk full')) } };
    await expect(withCredential(broken, lease, async () => 1)).rejects.toThrow('disk full');
    expect(steps).toEqual([]);
  });

  test('may keep no more than the book takes', async () => {
    const { door, lease } = open([ready], ['x'.repeat(longestKept + 1)]);
    await expect(withCredential(door, lease, async () => 1)).rejects.toMatchObject({ kind: 'unexpected' });
  });
});

describe('a credential that somebody has to approve', () => {
  test('is asked for again after the pause that the vault names, with what it kept', async () => {
    const { door, lease, steps, told, clock } = open([waiting, waiting, ready], ['request 7']);
    await withCredential(door, lease, async () => undefined);
    expect(told).toEqual(['Ask Ann.', 'Ask Ann.']);
    expect(clock.slept).toEqual([60_000, 60_000]);
    expect(steps).toContain('retrieve by asking, kept request 7');
  });

  test('is given up when the lease is over, and released', async () => {
    const { door, lease, steps, clock } = open([waiting]);
    await expect(withCredential(door, lease, async () => 1)).rejects.toMatchObject({
      ...{ kind: 'forbidden', advice: expect.stringContaining('Ask Ann.') },
    });
    expect(clock.now()).toEqual(lease.expiresAt);
    expect(steps.at(-1)).toBe('settled l1');
  });

  test('is waited for with a pause, also where the vault names none', async () => {
    const { door, lease, clock } = open([{ ...waiting, againMs: 0 }, ready]);
    await withCredential(door, lease, async () => undefined);
    expect(clock.slept).toEqual([1_000]);
  });

  test('is released when whoever waits goes away', async () => {
    const { door, lease, steps, controller } = open([waiting]);
    const door2 = { ...door, onWaiting: () => controller.abort(new Error('gone')) };
    await expect(withCredential(door2, lease, async () => 1)).rejects.toThrow('gone');
    expect(steps.at(-1)).toBe('settled l1');
  });
});
