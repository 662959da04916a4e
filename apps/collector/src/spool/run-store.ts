import type { RecordKind, Records, RunStore } from '@gatehouse/connector-kit';
import { packBatch, toPageBatch } from '@gatehouse/connector-kit/ingest';
import type { Page } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { partsOf } from './pack-page.ts';
import type { Draft, StreamSpool } from './stream-spool.ts';
import { begin, moveTail, openGeneration, type Place, placeOf, positionOf, type StreamState } from './stream-state.ts';

/** The stream began anew while it was read: what this read goes on with would leave a hole. The next one starts over. */
export class BegunAnew extends Fault {
  constructor() {
    super('unreachable', 'The read began anew, because what it had read so far could not be kept or was lost.');
  }
}

/** A run's store that turns pages into batches. Nothing is counted: what changed is known where the inventory is. */
export const createRunStore = (of: {
  spoolOf(stream: string): StreamSpool;
  append(spool: StreamSpool, drafts: readonly Draft[], toNext: (state: StreamState) => StreamState): Promise<void>;
  oneAtATime<T>(work: () => Promise<T>): Promise<T>;
  now(): Date;
}): RunStore => {
  const { spoolOf, append, oneAtATime, now } = of;
  const epochs = new Map<string, number>();
  const opened = (stream: string): StreamSpool => {
    const spool = spoolOf(stream);
    if (epochs.get(stream) !== spool.epoch) throw new BegunAnew();
    return spool;
  };

  return {
    position: (stream) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        epochs.set(stream, spool.epoch);
        return positionOf(spool.state);
      }),
    begin: (stream) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        epochs.set(stream, spool.epoch);
        await spool.commit(begin(spool.state, now()));
      }),
    async save<K extends RecordKind>(stream: string, record: K, pages: readonly Page<Records[K]>[]) {
      const readAt = now();
      const parts = (await Promise.all(pages.map((page) => partsOf(record, page)))).flat();
      await oneAtATime(async () => {
        const spool = opened(stream);
        // Events are read without a beginning: their generation opens with their first page.
        const state = spool.state.generations.length === 0 ? openGeneration(spool.state, readAt) : spool.state;
        if (state !== spool.state) await spool.commit(state);
        const drafts = await Promise.all(
          parts.map(async (part, index): Promise<Draft> => {
            const place = placeAt(spool, index);
            const batch = toPageBatch(record, part, { ...place, ...whenceOf(spool, readAt) });
            return { type: 'page', readAt, place, content: await packBatch(batch) };
          }),
        );
        const cursor = pages.at(-1)?.cursor ?? null;
        await append(spool, drafts, (next) => ({ ...next, cursor }));
      });
      return nothing;
    },
    async finish(stream, _, watermark) {
      const readAt = now();
      await oneAtATime(async () => {
        const spool = opened(stream);
        const place = placeAt(spool, 0);
        const content = await packBatch({ type: 'end', ...place, ...whenceOf(spool, readAt) });
        await append(spool, [{ type: 'end', readAt, place, content }], (next) => {
          const ended = { ...next, cursor: watermark, midway: false, fullReadAt: readAt };
          // Older reads that still wait say nothing that this one does not.
          return moveTail(ended, Math.max(ended.tail, ended.generations.at(-1)?.first ?? 0));
        });
      });
      return nothing;
    },
  };
};

const nothing = { inserted: 0, changed: 0, unchanged: 0, gone: 0 } as const;

/** The place of the `index`th batch that is about to be written. */
const placeAt = ({ state }: StreamSpool, index: number): Place => {
  const place = placeOf(state, state.next + index);
  if (place === null) throw new BegunAnew();
  return place;
};

const whenceOf = ({ stream, source }: StreamSpool, readAt: Date) => ({ source, stream, readAt: readAt.toISOString() });
