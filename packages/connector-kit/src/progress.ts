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
export const waitText = ({ system, reason }: Wait): string =>
  reason === 'rate-limit' ? `waiting for ${possessive(system)} rate limit` : `waiting to ask ${system} again`;

const possessive = (name: string) => (name.endsWith('s') ? `${name}'` : `${name}'s`);

/** Records per second over a sliding window. */
export interface Speed {
  add(records: number): void;
  perSecond(): number;
}

const windowMs = 10_000;

export const createSpeed = (clock: Clock): Speed => {
  const began = clock.now().getTime();
  const steps: { at: number; records: number }[] = [];
  const recent = () => {
    const since = clock.now().getTime() - windowMs;
    while ((steps[0]?.at ?? since) < since) steps.shift();
    return steps;
  };
  return {
    add(records) {
      steps.push({ at: clock.now().getTime(), records });
      // Small pages come faster than anyone looks.
      if (recent().length > 1_000) steps.splice(0, 500);
    },
    perSecond() {
      const total = recent().reduce((so, { records }) => so + records, 0);
      const spanMs = Math.min(windowMs, Math.max(1_000, clock.now().getTime() - (steps[0]?.at ?? began)));
      return Math.round((total * 1_000) / spanMs);
    },
  };
};
