import type { Counts } from '@gatehouse/connector-kit';
import type { Wait } from '@gatehouse/host';
import type { Clock } from '@gatehouse/kernel';
import type { KeptFault } from '../connections/fault-words.ts';
import type { StreamProgress } from './model.ts';
import type { Progress } from './store.ts';

/** What a run has done so far, kept in memory and written to its row now and then. */
export interface Tracker {
  began(stream: string): void;
  /** A page of `records` was committed. `total`: how many the whole read will have, where the system says so. */
  page(stream: string, records: number, total: number | undefined, counts: Counts): void;
  /** Counts that belong to no page: what the end of a full read found gone. */
  counted(stream: string, counts: Counts): void;
  ended(stream: string, fault: KeptFault | null): void;
  waits(waits: readonly Wait[]): void;
  streams(): readonly StreamProgress[];
  snapshot(): Progress;
}

/** The rate is that of the last seconds, so that it shows a system that slows down. */
const rateWindowMs = 10_000;

/** `expected`: records that a stream had the last time, used where the system does not say how many there will be. */
export const trackProgress = (
  initial: readonly StreamProgress[],
  expected: ReadonlyMap<string, number>,
  clock: Clock,
): Tracker => {
  const streams = new Map(initial.map((stream) => [stream.stream, { ...stream }]));
  const pages: { at: number; records: number }[] = [];
  const begunAt = clock.now().getTime();
  let waiting: readonly Wait[] = [];

  const change = (stream: string, more: Partial<StreamProgress>) => {
    const known = streams.get(stream);
    if (known) streams.set(stream, { ...known, ...more });
  };
  const add = (stream: string, counts: Counts) => {
    const known = streams.get(stream);
    if (!known) return;
    change(stream, {
      inserted: known.inserted + counts.inserted,
      changed: known.changed + counts.changed,
      unchanged: known.unchanged + counts.unchanged,
      gone: known.gone + counts.gone,
    });
  };
  const rate = (now: number) => {
    while (pages[0] && pages[0].at < now - rateWindowMs) pages.shift();
    const seconds = Math.max(1, Math.min(rateWindowMs, now - begunAt) / 1_000);
    return pages.reduce((sum, page) => sum + page.records, 0) / seconds;
  };
  const secondsLeft = (perSecond: number): number | null => {
    let left = 0;
    for (const { stream, state, records, total } of streams.values()) {
      if (state === 'done' || state === 'failed' || state === 'skipped') continue;
      const whole = total ?? expected.get(stream);
      if (whole === undefined) return null;
      left += Math.max(0, whole - records);
    }
    return perSecond > 0 ? Math.ceil(left / perSecond) : null;
  };

  return {
    began: (stream) => change(stream, { state: 'running', fault: null }),
    page: (stream, records, total, counts) => {
      const known = streams.get(stream);
      pages.push({ at: clock.now().getTime(), records });
      change(stream, {
        state: 'running',
        pages: (known?.pages ?? 0) + 1,
        records: (known?.records ?? 0) + records,
        total: total ?? known?.total ?? null,
      });
      add(stream, counts);
    },
    counted: add,
    ended: (stream, fault) => change(stream, { state: fault ? 'failed' : 'done', fault }),
    waits: (now) => {
      waiting = now;
    },
    streams: () => [...streams.values()],
    snapshot: () => {
      const now = clock.now();
      const perSecond = rate(now.getTime());
      return {
        streams: [...streams.values()],
        rate: Math.round(perSecond * 10) / 10,
        secondsLeft: secondsLeft(perSecond),
        waiting: toWaiting(waiting, now),
      };
    },
  };
};

/** The wait that ends last, in words: "Waiting for Okta's rate limit, 40 s". */
export const toWaiting = (waits: readonly Wait[], now: Date): Progress['waiting'] => {
  const [longest] = waits.toSorted((a, b) => b.until.getTime() - a.until.getTime());
  if (!longest) return null;
  const seconds = Math.max(1, Math.ceil((longest.until.getTime() - now.getTime()) / 1_000));
  const whose = longest.system.endsWith('s') ? `${longest.system}’` : `${longest.system}'s`;
  const text =
    longest.reason === 'rate-limit'
      ? `Waiting for ${whose} rate limit, ${seconds} s`
      : `Waiting to ask ${longest.system} again, ${seconds} s`;
  return { text, until: longest.until.toISOString() };
};
