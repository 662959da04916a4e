import { describe, expect, test } from 'vitest';
import { eventsOfJson } from './json.ts';
import { advance, caveatOf, gapsOf, type LogExtent, type Positions, positionsOf, toCursor } from './positions.ts';
import type { WindowsEvent } from './windows-event.ts';

const at = (recordId: number, minute: number, eventId = 4624, computer = 'DC1'): WindowsEvent =>
  eventsOfJson(
    {
      System: {
        Provider: { Name: 'Microsoft-Windows-Security-Auditing' },
        EventID: eventId,
        TimeCreated: {
          SystemTime: `2026-01-01T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`,
        },
        EventRecordID: recordId,
        Channel: 'Security',
        Computer: computer,
      },
      ...(eventId === 1102 ? { UserData: { LogFileCleared: { SubjectUserName: 'mallory' } } } : { EventData: {} }),
    },
    { zone: null, computer: null },
  )[0] ?? expect.fail('no event');

const nothing: Positions = new Map();
const ids = (events: readonly WindowsEvent[]) => events.map(({ recordId }) => recordId);
const extent = (firstRecordId: number, lastRecordId: number, minute = 30): LogExtent => ({
  computer: 'dc1',
  channel: 'Security',
  firstRecordId,
  lastRecordId,
  firstAt: at(1, minute).time,
});
const until = (...events: readonly WindowsEvent[]) => advance(nothing, events, true).positions;

describe('the position of each log', () => {
  test('drops what an overlapping read repeats, for each computer by itself', () => {
    const first = advance(nothing, [at(10, 1), at(11, 2), at(5, 1, 4624, 'DC2')], true);
    expect(ids(first.fresh)).toEqual([10, 11, 5]);
    const second = advance(
      first.positions,
      [at(10, 1), at(11, 2), at(12, 3), at(5, 1, 4624, 'dc2'), at(6, 2, 4624, 'DC2')],
      true,
    );
    expect(ids(second.fresh)).toEqual([12, 6]);
    expect(second.gaps).toEqual([]);
  });

  test('survives as a cursor, and a foreign cursor is none', () => {
    const { positions } = advance(nothing, [at(10, 1), at(1, 2)], true);
    expect(positionsOf(toCursor(positions))).toEqual(positions);
    expect(positionsOf('https://example.com/next')).toBeNull();
    expect(positionsOf('[{"computer":1}]')).toBeNull();
  });

  test('a clock that goes back hides no event and is no cleared log', () => {
    const { fresh, gaps } = advance(until(at(10, 60)), [at(11, 5), at(12, 6)], true);
    expect(ids(fresh)).toEqual([11, 12]);
    expect(gaps).toEqual([]);
    const again = advance(until(at(10, 60), at(11, 5)), [at(10, 60), at(11, 5), at(12, 6)], true);
    expect(ids(again.fresh)).toEqual([12]);
    expect(again.gaps).toEqual([]);
  });

  test('events of a collector, which come in any order, are all let through', () => {
    const { fresh, gaps } = advance(until(at(10, 10)), [at(12, 12), at(9, 9), at(11, 11)], false);
    expect(ids(fresh)).toEqual([12, 9, 11]);
    expect(gaps).toEqual([]);
  });
});

describe('gaps', () => {
  test('a log that wrote over unread events is told with their number and times', () => {
    const { gaps } = gapsOf(until(at(100, 1)), [extent(141, 500)]);
    expect(gaps).toEqual([
      {
        computer: 'dc1',
        channel: 'Security',
        cause: 'wrapped',
        lost: 40,
        from: at(1, 1).time,
        to: at(1, 30).time,
        by: null,
      },
    ]);
    expect(gaps.map(caveatOf)).toEqual([
      {
        code: 'event-log-wrapped',
        advice:
          'Because the Security log of dc1 was full, up to 40 events after 2026-01-01 00:01:00 UTC and before 2026-01-01 00:30:00 UTC were written over before they were read. Make the log larger or read it more often.',
      },
    ]);
  });

  test('a log that still has the next event lost nothing', () => {
    for (const first of [1, 100, 101]) expect(gapsOf(until(at(100, 1)), [extent(first, 500)]).gaps).toEqual([]);
    expect(gapsOf(nothing, [extent(141, 500)]).gaps).toEqual([]);
  });

  test('a log whose newest record is older than the last one read was cleared, and its low ids are no repeats', () => {
    const before = until(at(100, 60));
    const { gaps, positions } = gapsOf(before, [extent(1, 3)]);
    expect(gaps).toMatchObject([{ cause: 'cleared', lost: null }]);
    // The clock was set back with it.
    expect(ids(advance(positions, [at(1, 5), at(2, 6)], true).fresh)).toEqual([1, 2]);
    expect(ids(advance(before, [at(1, 5), at(2, 6)], true).fresh)).toEqual([]);
  });

  test('event 1102 is a gap with who did it, and counts what it took where the count goes on', () => {
    const { gaps, fresh } = advance(until(at(100, 1)), [at(150, 9, 1102), at(151, 10)], true);
    expect(ids(fresh)).toEqual([150, 151]);
    expect(gaps).toMatchObject([{ cause: 'cleared', lost: 49, from: at(1, 1).time, to: at(1, 9).time, by: 'mallory' }]);
    expect(gaps.map(caveatOf)[0]?.advice).toBe(
      'Someone (mallory) cleared the Security log of dc1: up to 49 events after 2026-01-01 00:01:00 UTC and before 2026-01-01 00:09:00 UTC cannot be read. Find out who did it and why.',
    );
  });

  test('a cleared log that counts anew is one gap, its events are read, and old ones are repeats', () => {
    const read = advance(until(at(100, 1)), [at(1, 9, 1102), at(2, 10)], true);
    expect(ids(read.fresh)).toEqual([1, 2]);
    expect(read.gaps).toMatchObject([{ cause: 'cleared', lost: null, by: 'mallory' }]);
    const again = advance(read.positions, [at(99, 0), at(100, 1), at(1, 9, 1102), at(2, 10), at(3, 11)], true);
    expect(ids(again.fresh)).toEqual([3]);
    expect(again.gaps).toEqual([]);
  });

  test('a log that counts anew without saying that it was cleared is a gap too', () => {
    const { gaps, fresh } = advance(until(at(100, 1)), [at(1, 9), at(2, 10)], true);
    expect(ids(fresh)).toEqual([1, 2]);
    expect(gaps).toMatchObject([{ cause: 'cleared', lost: null, by: null }]);
  });

  test('a collector that forwards a clearing is told once for each time it is met anew', () => {
    const { gaps } = advance(until(at(100, 1)), [at(150, 9, 1102)], false);
    expect(gaps).toHaveLength(1);
  });
});
