import type { Caveat } from '@gatehouse/connector-kit';
import type { Cursor } from '@gatehouse/host';
import { z } from 'zod';
import { type Positions, positionsOf, toCursor } from '../events/positions.ts';

const Stored = z.object({
  logs: z.record(z.string(), z.object({ at: z.string().nullable(), taken: z.number() })),
  positions: z.string(),
  losses: z.array(z.object({ code: z.string(), advice: z.string(), at: z.coerce.date() })),
});

/** Where the events that arrive by themselves were read to. */
export interface ArrivedTo {
  /** The position before the part that is read now; null: the first. */
  readonly at: string | null;
  /** How many events of that part were taken already, those that could not be read with them. */
  readonly taken: number;
}

/** How far events were read from all sources, and what was lost on the way. A cursor between two pages. */
export interface Place {
  arrivedTo(log: string): ArrivedTo;
  arrive(log: string, to: ArrivedTo): void;
  /** Of the logs of Windows, per computer and channel. */
  positions(): Positions;
  reach(positions: Positions): void;
  /** Says a loss in this read and in those of the next days: one that is shown for ten minutes is seen by nobody. */
  lose(loss: Caveat): void;
  losses(): readonly Caveat[];
  toCursor(): Cursor;
}

const shownMs = 7 * 24 * 3_600_000;
const mostLosses = 50;

/** A cursor that is none of ours begins at the start; repeats are dropped by their ids. */
export const placeOf = (from: Cursor | null, now: Date): Place => {
  const stored = Stored.safeParse(from === null ? null : jsonOf(from)).data;
  const logs = new Map(Object.entries(stored?.logs ?? {}));
  let positions: Positions = positionsOf(stored?.positions ?? '') ?? new Map();
  const kept = (stored?.losses ?? []).filter(({ at }) => now.getTime() - at.getTime() < shownMs);
  return {
    arrivedTo: (log) => logs.get(log) ?? { at: null, taken: 0 },
    arrive: (log, to) => void logs.set(log, to),
    positions: () => positions,
    reach: (next) => {
      positions = next;
    },
    lose({ code, advice }) {
      if (kept.some((one) => one.advice === advice)) return;
      kept.push({ code, advice, at: now });
      kept.splice(0, kept.length - mostLosses);
    },
    losses: () => kept.map(({ code, advice }) => ({ code, advice })),
    toCursor: () =>
      JSON.stringify({ logs: Object.fromEntries(logs), positions: toCursor(positions), losses: kept } satisfies z.input<
        typeof Stored
      >),
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
