import { type Fault, faults, type Health, worst } from '@gatehouse/kernel';
import type { Caveat } from './connector.ts';
import type { Counts } from './run-store.ts';

/** How a run ended. Nothing in it is secret. */
export interface Outcome {
  /** The worst of the check and of every stream that was read. */
  readonly health: Health;
  /** What the settings or the check failed with; no stream is read then. */
  readonly fault: Fault | null;
  /** What the check found. */
  readonly caveats: readonly Caveat[];
  readonly streams: readonly StreamOutcome[];
  /** The host's signal ended it. What was committed stays, and the next run continues there. */
  readonly aborted: boolean;
}

export interface StreamOutcome {
  readonly stream: string;
  /**
   * `done`: read to its end. `failed`: see `fault`; what was committed stays, and nothing is gone because of it.
   * `stopped`: the run was aborted while it was read. `skipped`: never begun.
   */
  readonly state: 'done' | 'failed' | 'stopped' | 'skipped';
  readonly health: Health;
  readonly fault: Fault | null;
  readonly caveats: readonly Caveat[];
  readonly pages: number;
  readonly records: number;
  readonly counts: Counts;
  /** It was read from the beginning to the end: what was not seen is gone. */
  readonly wasFull: boolean;
}

export const nothing: Counts = { inserted: 0, changed: 0, unchanged: 0, gone: 0 };

export const sum = (a: Counts, b: Counts): Counts => ({
  inserted: a.inserted + b.inserted,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  gone: a.gone + b.gone,
});

/** Of a stream, from how it ended. */
export const streamHealth = (fault: Fault | null, caveats: readonly Caveat[]): Health =>
  worst([fault === null ? 'connected' : faults[fault.kind].onStream, caveats.length > 0 ? 'warning' : 'connected']);
