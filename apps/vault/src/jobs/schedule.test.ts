import { expect, test } from 'vitest';
import { Schedule } from '../api/jobs.ts';
import { firstRun, nextRunAfter, withUsername } from './model.ts';

const next = (schedule: object, after: string) =>
  nextRunAfter(Schedule.parse(schedule), new Date(after))?.toISOString().slice(0, 16) ?? null;

test.each([
  [{ kind: 'now' }, '2026-03-01T10:00Z', null],
  [{ kind: 'at', at: '2026-03-01T09:00:00Z' }, '2026-03-01T10:00Z', null],
  [{ kind: 'at', at: '2026-03-01T11:00:00Z' }, '2026-03-01T10:00Z', '2026-03-01T11:00'],
  [{ kind: 'every', minutes: 90 }, '2026-03-01T10:00Z', '2026-03-01T11:30'],
  [{ kind: 'daily', hour: 9, minute: 30 }, '2026-03-01T10:00Z', '2026-03-02T09:30'],
  [{ kind: 'daily', hour: 10, minute: 0 }, '2026-03-01T10:00Z', '2026-03-02T10:00'],
  [{ kind: 'daily', hour: 10, minute: 1 }, '2026-12-31T10:00Z', '2026-12-31T10:01'],
  // 1 March 2026 is a Sunday.
  [{ kind: 'weekly', day: 0, hour: 11, minute: 0 }, '2026-03-01T10:00Z', '2026-03-01T11:00'],
  [{ kind: 'weekly', day: 0, hour: 9, minute: 0 }, '2026-03-01T10:00Z', '2026-03-08T09:00'],
  [{ kind: 'weekly', day: 6, hour: 9, minute: 0 }, '2026-03-01T10:00Z', '2026-03-07T09:00'],
  [{ kind: 'monthly', dayOfMonth: 31, hour: 1, minute: 0 }, '2026-02-01T00:00Z', '2026-02-28T01:00'],
  [{ kind: 'monthly', dayOfMonth: 31, hour: 1, minute: 0 }, '2026-02-28T02:00Z', '2026-03-31T01:00'],
  [{ kind: 'monthly', dayOfMonth: 1, hour: 1, minute: 0 }, '2026-12-01T02:00Z', '2027-01-01T01:00'],
  [{ kind: 'yearly', month: 2, dayOfMonth: 29, hour: 0, minute: 0 }, '2027-03-01T00:00Z', '2028-02-29T00:00'],
  [{ kind: 'yearly', month: 2, dayOfMonth: 29, hour: 0, minute: 0 }, '2028-02-29T00:00Z', '2029-02-28T00:00'],
])('%o after %s is %s', (schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected);
});

test('a job that is made for a time that has passed runs at once', () => {
  const now = new Date('2026-03-01T10:00Z');
  const past = Schedule.parse({ kind: 'at', at: '2026-02-01T00:00:00Z' });
  expect(firstRun(past, now).getTime()).toBeLessThan(now.getTime());
  expect(firstRun({ kind: 'now' }, now)).toEqual(now);
});

test('every <username> of a comment becomes the name, and the rest stays', () => {
  expect(withUsername('for <username>, by <username>: <user>', 'NS\\ada')).toBe('for NS\\ada, by NS\\ada: <user>');
});
