import { isDeepStrictEqual } from 'node:util';
import { runStreams } from '@gatehouse/connector-kit';
import { type Batch, unpackBatch } from '@gatehouse/connector-kit/ingest';
import { createHost } from '@gatehouse/host';
import type { Disk } from '@gatehouse/host/agent';
import { openSpool, type Spool } from '../spool/index.ts';
import { memoryConnector } from './memory-connector.ts';

export const streams = [
  { stream: 'users', source: 's', isEvents: false },
  { stream: 'groups', source: 's', isEvents: false },
  { stream: 'events', source: 's', isEvents: true },
] as const;

/** The server's side in memory: takes what follows, and nothing twice. */
export interface Inbox {
  readonly batches: Batch[];
  readonly places: Map<string, { generation: number; next: number }>;
  readonly counts: { known: number; outOfOrder: number };
  take(bytes: Uint8Array): Promise<'stored' | 'known' | 'out-of-order'>;
}

export const createInbox = (): Inbox => {
  const batches: Batch[] = [];
  const places: Inbox['places'] = new Map();
  const counts = { known: 0, outOfOrder: 0 };
  return {
    ...{ batches, places, counts },
    async take(bytes) {
      const batch = await unpackBatch(bytes);
      const { stream, generation, sequence } = batch;
      const has = places.get(stream) ?? { generation: 0, next: 0 };
      if (generation === has.generation && sequence < has.next) {
        counts.known++;
        const same = (one: Batch) =>
          one.stream === stream && one.generation === generation && one.sequence === sequence;
        // What was read anew and took an old place would never arrive.
        if (!isDeepStrictEqual(batches.find(same), batch))
          throw new Error(`${stream} ${sequence} is another batch now`);
        return 'known';
      }
      const isNext = generation === has.generation && sequence === has.next;
      if (!isNext && !(generation > has.generation && sequence === 0)) {
        counts.outOfOrder++;
        return 'out-of-order';
      }
      places.set(stream, { generation, next: sequence + 1 });
      batches.push(batch);
      return 'stored';
    },
  };
};

/** Sends until nothing waits. */
export const sendAll = async (spool: Spool, inbox: Inbox): Promise<void> => {
  for (let pending = spool.next(['s']); pending !== null; pending = spool.next(['s'])) {
    const bytes = await spool.content(pending);
    if (bytes === null) continue;
    const taken = await inbox.take(bytes);
    if (taken === 'out-of-order') await spool.align(pending.stream, inbox.places.get(pending.stream) ?? null);
    else await spool.settle(pending);
  }
};

/** What the server says at each hello. */
export const alignAll = async (spool: Spool, inbox: Inbox): Promise<void> => {
  for (const { stream } of spool.streams) await spool.align(stream, inbox.places.get(stream) ?? null);
};

export const openAt = (disk: Disk, more: { mostBytes?: number; said?: string[]; now?: () => Date } = {}) =>
  openSpool({
    ...{ disk, root: '/spool', streams, mostBytes: more.mostBytes ?? 10_000_000 },
    now: more.now ?? (() => new Date()),
    say: (sentence) => void more.said?.push(sentence),
  });

/** One run over what the made-up system holds. */
export const readAll = (spool: Spool, holds: Parameters<typeof memoryConnector>[0], only?: readonly string[]) =>
  runStreams({
    ...{ connector: memoryConnector(holds), settings: {}, store: spool.store() },
    host: createHost({ signal: new AbortController().signal }),
    ...(only && { streams: only }),
  });

/** What an inventory holds after these batches: the whole of what a finished read said, and every event. */
export const inventoryOf = ({ batches }: Inbox, stream: string): readonly string[] => {
  let held = new Set<string>();
  let seen = new Set<string>();
  let generation = 0;
  for (const batch of batches) {
    if (batch.stream !== stream) continue;
    if (batch.generation !== generation) seen = new Set();
    generation = batch.generation;
    if (batch.type === 'end') held = new Set(seen);
    if (batch.type !== 'page') continue;
    for (const { id } of batch.records) {
      held.add(String(id));
      seen.add(String(id));
    }
    for (const id of batch.gone) held.delete(id);
  }
  return [...held].sort();
};
