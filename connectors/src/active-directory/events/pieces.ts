import type { Fault } from '@gatehouse/kernel';

/** Cuts a stream of text into events; keeps no more than one event in memory. */
export interface Cutter {
  /** The pieces that this text completes, in order; a fault stands for what had to be left out. */
  push(text: string): Generator<string | Fault>;
  /** What the end of the stream leaves. */
  end(): Generator<string | Fault>;
}

/** The longest event, in characters: Windows' own limit is 64 KiB, its rendered message comes on top. */
export const longestEvent = 1024 * 1024;
