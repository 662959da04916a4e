import type { Caveat } from '@gatehouse/connector-kit';
import type { Cursor } from '@gatehouse/host';
import { z } from 'zod';
import { said, type WindowsEvent } from './windows-event.ts';

/** How far one log of one computer was read. */
const LogPosition = z.object({
  /** In lower case. */
  computer: z.string(),
  channel: z.string(),
  /** The record id of the newest event that was read. */
  recordId: z.number(),
  /** The latest time that an event had so far, in ISO 8601. Clocks go back; this does not. */
  at: z.string(),
  /** When the record ids began anew, if they did: what is older was read before. */
  since: z.string().nullable(),
});
export type LogPosition = Readonly<z.output<typeof LogPosition>>;

/** Positions by log. */
export type Positions = ReadonlyMap<string, LogPosition>;

/** What a log holds at the moment: `wevtutil gli` tells it, a file read from its beginning shows it. */
export interface LogExtent {
  readonly computer: string;
  readonly channel: string;
  readonly firstRecordId: number;
  readonly firstAt: Date;
  readonly lastRecordId: number;
}

/** Events that were written and can no longer be read. */
export interface Gap {
  readonly computer: string;
  readonly channel: string;
  /** `wrapped`: the log was full and wrote over them. `cleared`: someone emptied it. */
  readonly cause: 'wrapped' | 'cleared';
  /** How many at most: record ids count events of all kinds. Null: not known, since the count began anew. */
  readonly lost: number | null;
  /** The last event that was read; null where none ever was. */
  readonly from: Date | null;
  /** The first event after the gap. */
  readonly to: Date | null;
  /** Who cleared it, where the log says so. */
  readonly by: string | null;
}

export interface Advance {
  /** What was not read before, in the given order. */
  readonly fresh: readonly WindowsEvent[];
  readonly positions: Positions;
  readonly gaps: readonly Gap[];
}

/**
 * What was lost since the last read. Asked before the events themselves are read: of a log that was cleared the position
 * is given up, so that events are not taken for repeats whose record ids are low again.
 */
export const gapsOf = (
  positions: Positions,
  extents: readonly LogExtent[],
): { readonly gaps: readonly Gap[]; readonly positions: Positions } => {
  const kept = new Map(positions);
  const gaps = extents.flatMap((extent): readonly Gap[] => {
    const key = keyOf(extent);
    const last = kept.get(key);
    if (last === undefined) return [];
    const { computer, channel } = last;
    const common = { computer, channel, from: new Date(last.at), to: extent.firstAt, by: null };
    if (extent.lastRecordId < last.recordId) {
      kept.delete(key);
      return [{ ...common, cause: 'cleared', lost: null }];
    }
    const lost = extent.firstRecordId - last.recordId - 1;
    return lost > 0 ? [{ ...common, cause: 'wrapped', lost }] : [];
  });
  return { gaps, positions: kept };
};

/**
 * Takes events over. Where each log's events arrive in their order (`wevtutil`, files), repeats of an overlapping read are
 * left out, and ids that begin anew are a gap. Where they do not (collectors, Elasticsearch), nothing is left out: late
 * events look like repeats, and those are dropped by the record's id. Events without a record id pass.
 */
export const advance = (positions: Positions, events: Iterable<WindowsEvent>, isOrdered: boolean): Advance => {
  const reached = new Map(positions);
  const fresh: WindowsEvent[] = [];
  const gaps: Gap[] = [];
  for (const event of events) {
    const key = keyOf(event);
    const last = reached.get(key);
    const kind =
      event.recordId === null ? 'uncounted' : last === undefined ? 'next' : kindOf(event, event.recordId, last);
    if (kind === 'repeat' && isOrdered) continue;
    fresh.push(event);
    if (event.recordId === null || kind === 'repeat') continue;
    const isAnew = isOrdered && kind === 'anew';
    if (event.eventId === cleared || isAnew) gaps.push(clearingOf(event, event.recordId, last ?? null));
    if (isOrdered || kind !== 'anew') reached.set(key, positionOf(event, event.recordId, last ?? null, isAnew));
  }
  return { fresh, positions: reached, gaps };
};

/** A log was read up to this event, and to all before it, whatever was wanted of them. */
export const reachEnd = (positions: Positions, event: WindowsEvent): Positions => {
  const last = positions.get(keyOf(event)) ?? null;
  if (event.recordId === null || (last !== null && last.recordId >= event.recordId)) return positions;
  return new Map(positions).set(keyOf(event), positionOf(event, event.recordId, last, false));
};

/** As a stream's cursor. */
export const toCursor = (positions: Positions): Cursor => JSON.stringify([...positions.values()]);

/** Null for a cursor that is none of ours: reading begins at the start. */
export const positionsOf = (cursor: Cursor): Positions | null => {
  const parsed = z.array(LogPosition).safeParse(jsonOf(cursor));
  return parsed.success ? new Map(parsed.data.map((position) => [keyOf(position), position])) : null;
};

export const caveatOf = (gap: Gap): Caveat => {
  const log = `the ${gap.channel} log of ${gap.computer}`;
  const lost =
    gap.lost === null ? 'an unknown number of events' : gap.lost === 1 ? '1 event' : `up to ${gap.lost} events`;
  const span = [gap.from && `after ${momentOf(gap.from)}`, gap.to && `before ${momentOf(gap.to)}`]
    .filter((part) => part !== null)
    .join(' and ');
  return gap.cause === 'wrapped'
    ? {
        code: 'event-log-wrapped',
        advice: `Because ${log} was full, ${lost} ${span} were written over before they were read. Make the log larger or read it more often.`,
      }
    : {
        code: 'event-log-cleared',
        advice: `Someone${gap.by === null ? '' : ` (${gap.by})`} cleared ${log}: ${lost} ${span} cannot be read. Find out who did it and why.`,
      };
};

/** The event that the Security log of Windows begins with when it was cleared. */
const cleared = 1102;

const keyOf = ({ computer, channel }: { readonly computer: string; readonly channel: string }) =>
  `${computer.toLowerCase()}\n${channel.toLowerCase()}`;

const kindOf = (event: WindowsEvent, recordId: number, last: LogPosition): 'next' | 'repeat' | 'anew' => {
  const at = event.time.toISOString();
  if (recordId > last.recordId) return last.since !== null && at < last.since ? 'repeat' : 'next';
  return at > last.at ? 'anew' : 'repeat';
};

const clearingOf = (event: WindowsEvent, recordId: number, last: LogPosition | null): Gap => ({
  computer: event.computer.toLowerCase(),
  channel: event.channel,
  cause: 'cleared',
  lost: last === null || recordId <= last.recordId ? null : recordId - last.recordId - 1,
  from: last === null ? null : new Date(last.at),
  to: event.time,
  by: event.eventId === cleared ? said(event.data.get('SubjectUserName')) : null,
});

const positionOf = (event: WindowsEvent, recordId: number, last: LogPosition | null, isAnew: boolean): LogPosition => {
  const at = event.time.toISOString();
  return {
    computer: event.computer.toLowerCase(),
    channel: event.channel,
    recordId,
    at: last !== null && last.at > at ? last.at : at,
    since: isAnew ? at : (last?.since ?? null),
  };
};

const momentOf = (time: Date) => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const jsonOf = (cursor: Cursor): unknown => {
  try {
    return JSON.parse(cursor);
  } catch {
    return null;
  }
};
