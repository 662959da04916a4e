import type { Position } from '@gatehouse/connector-kit';
import { z } from 'zod';

const Time = z.iso.datetime().transform((text) => new Date(text));
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * Where one stream stands, as `state.json` in its folder. A batch counts when its number is from `tail` on and below
 * `next`; whatever else lies there was never promised, or is over.
 */
export const StreamState = z.strictObject({
  /** The id of the source it reads; a stream of another one starts from nothing. */
  source: z.string().max(300),
  cursor: z.string().nullable(),
  midway: z.boolean(),
  fullReadAt: Time.nullable(),
  next: count,
  tail: count,
  /** From which number on which generation counts. The last one is the one that is written now. */
  generations: z.array(z.strictObject({ generation: count, first: count })),
  /** The next generation is larger than this one. */
  above: count,
  dropped: z.strictObject({ batches: count, from: Time, to: Time }).nullable(),
});
export type StreamState = z.output<typeof StreamState>;

/** What had to be thrown away of a stream and was not told yet. */
export type Dropped = NonNullable<StreamState['dropped']>;

export const emptyState = (source: string): StreamState => ({
  ...{ source, cursor: null, midway: false, fullReadAt: null },
  ...{ next: 0, tail: 0, generations: [], above: 0, dropped: null },
});

/** The place of a batch on its way: its generation as it counts now, and how many of it came before. */
export interface Place {
  readonly generation: number;
  readonly sequence: number;
}

/** Null where no generation was opened yet. */
export const placeOf = (state: StreamState, number: number): Place | null => {
  const current = state.generations.findLast(({ first }) => first <= number);
  return current === undefined ? null : { generation: current.generation, sequence: number - current.first };
};

export const positionOf = ({ cursor, midway, fullReadAt }: StreamState): Position => ({ cursor, midway, fullReadAt });

/** A new generation from number `first` on: larger than any before, by the clock where that is larger still. */
export const openGeneration = (state: StreamState, now: Date, first = state.next): StreamState => {
  const largest = Math.max(state.above, ...state.generations.map(({ generation }) => generation));
  const generation = Math.max(now.getTime(), largest + 1);
  return {
    ...state,
    above: generation,
    generations: [...state.generations.filter((one) => one.first < first), { generation, first }],
  };
};

/** A list is read from its beginning. */
export const begin = (state: StreamState, now: Date): StreamState => ({
  ...openGeneration(state, now),
  ...{ cursor: null, midway: true },
});

/** Forgets the read: what was spooled of it no longer counts, and the next one begins at the beginning. */
export const beginAnew = (state: StreamState): StreamState => ({
  ...state,
  ...{ cursor: null, midway: false, fullReadAt: null, tail: state.next, generations: [] },
});

/** Nothing before `tail` counts any more. Generations that only that was of are forgotten. */
export const moveTail = (state: StreamState, tail: number): StreamState => ({
  ...state,
  tail,
  generations: state.generations.filter((_, index, all) => (all[index + 1]?.first ?? Number.POSITIVE_INFINITY) > tail),
});

/** Remembers what is thrown away, until the server was told. */
export const addDropped = (state: StreamState, lost: readonly Date[]): StreamState => {
  const times = [...lost.map((date) => date.getTime())];
  if (times.length === 0) return state;
  const { dropped } = state;
  if (dropped !== null) times.push(dropped.from.getTime(), dropped.to.getTime());
  const batches = lost.length + (dropped?.batches ?? 0);
  return { ...state, dropped: { batches, from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) } };
};

/** Takes off what the server was told; what was thrown away since stays to be told. */
export const tellDropped = (state: StreamState, told: Dropped): StreamState => {
  const { dropped } = state;
  if (dropped === null) return state;
  const left = dropped.batches - told.batches;
  return { ...state, dropped: left > 0 ? { batches: left, from: told.to, to: dropped.to } : null };
};
