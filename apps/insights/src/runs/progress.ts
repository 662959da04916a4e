import { type Progress as Reading, type StreamProgress as ReadingStream, waitText } from '@gatehouse/connector-kit';
import type { Wait } from '@gatehouse/host';
import type { Fault } from '@gatehouse/kernel';
import { type KeptFault, keepFault } from '../connections/index.ts';
import type { StreamProgress } from './model.ts';
import { StorageFault } from './patient-store.ts';
import type { Progress } from './store.ts';

/**
 * How far a run is, as its row has it: what a worker reads now, added to what one before it read.
 * `expected`: records that a stream had the last time, where the system does not say how many there will be.
 */
export const toProgress = (
  before: readonly StreamProgress[],
  reading: Reading,
  expected: ReadonlyMap<string, number>,
  now: Date,
): Progress => {
  const streams = mergeStreams(before, reading.streams, now);
  return {
    streams,
    rate: reading.rate,
    secondsLeft: secondsLeft(streams, reading.rate, expected),
    waiting: toWaiting(reading.waits),
  };
};

export const mergeStreams = (
  before: readonly StreamProgress[],
  reading: readonly ReadingStream[],
  now: Date,
): readonly StreamProgress[] => {
  const read = new Map(reading.map((stream) => [stream.stream, stream]));
  return before.map((was) => {
    const is = read.get(was.stream);
    if (!is) return was;
    return {
      stream: was.stream,
      // Stopped: somebody else goes on with it.
      state: is.state === 'stopped' ? 'waiting' : is.state,
      pages: was.pages + is.pages,
      records: was.records + is.records,
      inserted: was.inserted + is.counts.inserted,
      changed: was.changed + is.counts.changed,
      unchanged: was.unchanged + is.counts.unchanged,
      gone: was.gone + is.counts.gone,
      total: is.total ?? was.total,
      fault: is.fault && keep(is.fault, now),
    };
  });
};

/** A fault of our own storage is told apart from one of the system. */
export const keep = (fault: Fault, at: Date): KeptFault => ({
  ...keepFault(fault, at),
  ...(isStorage(fault) && { ours: true }),
});

const isStorage = (fault: Fault): boolean =>
  fault instanceof StorageFault || (fault.cause instanceof Error && fault.cause instanceof StorageFault);

const secondsLeft = (
  streams: readonly StreamProgress[],
  rate: number,
  expected: ReadonlyMap<string, number>,
): number | null => {
  let left = 0;
  for (const { stream, state, records, total } of streams) {
    if (state !== 'waiting' && state !== 'running') continue;
    const whole = total ?? expected.get(stream);
    if (whole === undefined) return null;
    left += Math.max(0, whole - records);
  }
  return rate > 0 ? Math.ceil(left / rate) : null;
};

/** The wait that ends last: "Waiting for Okta's rate limit", and until when; whoever shows it counts the seconds. */
export const toWaiting = (waits: readonly Wait[]): Progress['waiting'] => {
  const [longest] = waits.toSorted((a, b) => b.until.getTime() - a.until.getTime());
  return longest ? { text: capital(waitText(longest)), until: longest.until.toISOString() } : null;
};

export const limitText = (system: string): string => capital(waitText({ system, reason: 'rate-limit' }));

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
