import { expect, test } from 'vitest';
import { acme } from '../testing/acme.ts';
import { toWaiting } from './progress.ts';
import { dueStreams } from './schedule.ts';
import { nextRead } from './settle.ts';

const at = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(at.getTime() + ms);

test('a stream is due when its time has come, and takes those along that are due soon', () => {
  const all = Object.keys(acme.streams);
  expect(dueStreams(acme, new Map(), at)).toEqual(all);
  const never = new Map(all.map((id) => [id, later(3_600_000)]));
  expect(dueStreams(acme, never, at)).toEqual([]);
  expect(dueStreams(acme, new Map([...never, ['roles', later(60_000)]]), at)).toEqual([]);
  expect(dueStreams(acme, new Map([...never, ['roles', later(60_000)], ['teams', at]]), at)).toEqual([
    'teams',
    'roles',
  ]);
  expect(dueStreams(undefined, new Map(), at)).toEqual([]);
});

test('reads are spread by chance, and what may mend itself is tried again soon', () => {
  expect(nextRead(at, 3_600_000, null, () => 0)).toEqual(later(3_420_000));
  expect(nextRead(at, 3_600_000, null, () => 1)).toEqual(later(3_780_000));
  const unreachable = { kind: 'unreachable', advice: '' } as const;
  expect(nextRead(at, 3_600_000, unreachable, () => 0.5)).toEqual(later(600_000));
  expect(nextRead(at, 60_000, unreachable, () => 0.5)).toEqual(later(60_000));
  expect(nextRead(at, 3_600_000, { kind: 'forbidden', advice: '' }, () => 0.5)).toEqual(later(3_600_000));
});

test('a wait is told in words, the longest one first, with its end for whoever counts the seconds', () => {
  const wait = { system: 'Okta', bucket: 'a', reason: 'rate-limit' } as const;
  expect(toWaiting([])).toBeNull();
  expect(
    toWaiting([
      { ...wait, until: later(2_000) },
      { ...wait, until: later(39_500) },
    ]),
  ).toEqual({ text: "Waiting for Okta's rate limit", until: later(39_500).toISOString() });
  expect(toWaiting([{ ...wait, system: 'AWS', until: later(1) }])?.text).toBe("Waiting for AWS's rate limit");
  expect(toWaiting([{ ...wait, reason: 'retry', until: later(1) }])?.text).toBe('Waiting to ask Okta again');
});
