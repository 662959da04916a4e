import type { Wait } from '@gatehouse/host';
import type { Clock, Fault } from '@gatehouse/kernel';
import { nothing } from './outcome.ts';
import type { Counts } from './run-store.ts';

/** A run as it can be watched. */
export interface Progress {
  /** Every stream of the run, in the order in which they are read. */
  readonly streams: readonly StreamProgress[];
  /** Records per second over the last ten seconds. */
  readonly rate: number;
  /** Of the stream being read, where the system says how many records it has. */
  readonly secondsLeft: number | null;
  /** Why it stands still; empty while it moves. */
  readonly waits: readonly Wait[];
}

export interface StreamProgress {
  readonly stream: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'skipped';
  readonly pages: number;
  readonly records: number;
  readonly counts: Counts;
  readonly total: number | null;
  readonly fault: Fault | null;
}

export const waitingStream = (stream: string, title: string): StreamProgress => ({
  ...{ stream, title, state: 'waiting', pages: 0, records: 0, counts: nothing, total: null, fault: null },
});

/** What people read: "waiting for Okta's rate limit". */
export const waitText = ({ system, reason }: Pick<Wait, 'system' | 'reason'>): string =>
  reason === 'rate-limit' ? `waiting for ${possessive(system)} rate limit` : `waiting to ask ${system} again`;

const possessive = (name: string) => (name.endsWith('s') ? `${name}'` : `${name}'s`);

/** Records per second over a sliding window. */
export interface Speed {
  add(records: number): void;
  perSecond(): number;
}

const windowMs = 10_000;
/** Small pages come faster than anyone looks, so they are added up. */
const stepMs = 100;

export const createSpeed = (clock: Clock): Speed => {
  const began = clock.now().getTime();
  const steps: { at: number; records: number }[] = [];
  return {
    add(records) {
      const at = clock.now().getTime();
      const last = steps.at(-1);
      if (last !== undefined && at - last.at < stepMs) last.records += records;
      else steps.push({ at, records });
      while ((steps[0]?.at ?? at) <= at - windowMs) steps.shift();
    },
    perSecond() {
      const now = clock.now().getTime();
      const recent = steps.filter(({ at }) => at > now - windowMs);
      const spanMs = Math.min(windowMs, Math.max(1_000, now - began));
      return Math.round((recent.reduce((so, { records }) => so + records, 0) * 1_000) / spanMs);
    },
  };
};
