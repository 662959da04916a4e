import { createTestClock } from '@gatehouse/host/testing';
import { expect, test } from 'vitest';
import { memoryConnector } from '../testing/memory-connector.ts';
import { createSchedule } from './schedule.ts';

const { streams } = memoryConnector({ users: [], groups: [], events: [], pageSize: 1 });
const start = new Date('2026-01-02T03:04:05Z');
const later = (ms: number) => new Date(start.getTime() + ms);

test('everything is due at the first start, events before lists and never behind them', () => {
  const schedule = createSchedule(streams, createTestClock(start), () => null);
  expect(schedule.due(start)).toEqual(['events']);
  schedule.end('events', start, later(1_000));
  expect(schedule.due(start)).toEqual(['users', 'groups']);
  expect(schedule.due(later(1_000))).toEqual(['events']);
});

test('what was read before the start is due when its time has come, whatever the clock did since', () => {
  const schedule = createSchedule(streams, createTestClock(start), (id) => (id === 'users' ? later(-400) : later(1e9)));
  expect(schedule.due(later(599))).toEqual([]);
  expect(schedule.due(later(600))).toEqual(['users']);
  expect(schedule.due(later(1_000))).toEqual(['events']);
});

test('a wish makes a stream due once: not while it is read, and not at once again when it failed', () => {
  const clock = createTestClock(start);
  const schedule = createSchedule(streams, clock, () => start);
  expect(schedule.readNow(['users'], start)).toBe(true);
  expect(schedule.due(start)).toEqual(['users']);
  schedule.begin(['users']);
  expect(schedule.reading(['users'])).toBe(true);
  expect(schedule.readNow(['users'], start)).toBe(false);
  schedule.end('users', null, later(1_000));
  expect(schedule.readNow(['users'], later(500))).toBe(false);
  expect(schedule.list().find(({ id }) => id === 'users')).toMatchObject({ state: 'idle', readAt: start });
  schedule.end('users', later(500), later(90_000));
  expect(schedule.readNow(['users'], later(600))).toBe(true);
});
