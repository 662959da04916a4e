import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RunStore } from '@gatehouse/connector-kit';
import { packBatch, unpackBatch } from '@gatehouse/connector-kit/ingest';
import type { Disk } from '@gatehouse/host/agent';
import type { Fault } from '@gatehouse/kernel';
import { createBallast } from './ballast.ts';
import type { BatchFile } from './batch-file.ts';
import { makeRoom } from './make-room.ts';
import { createRunStore } from './run-store.ts';
import { openStream, type SpooledStream, type StreamSpool } from './stream-spool.ts';
import { type Dropped, openGeneration, type Place, placeOf, tellDropped } from './stream-state.ts';

/** A batch whose turn it is. */
export interface Pending {
  readonly stream: string;
  readonly source: string;
  readonly place: Place;
  readonly file: BatchFile;
}

/** Where the server says that a stream stands: how many batches of which generation it has. Null: nothing of it. */
export type ServerPlace = { readonly generation: number; readonly next: number } | null;

/** What lies between reading and sending: batches on disk, bounded in bytes, in order for each stream. */
export interface Spool {
  /** The store of one run. A read whose stream began anew meanwhile ends with `BegunAnew`. */
  store(): RunStore;
  /** Says that a read ended with a fault. The same one again, while the first still waits, is not said twice. */
  fault(stream: string, fault: Fault): Promise<void>;
  /** The batch that comes next, of the stream with the oldest one, among those of these sources. */
  next(sources: readonly string[]): Pending | null;
  /** Its bytes as they travel. Null where its turn is over: it was dropped meanwhile, or is damaged and was set aside. */
  content(pending: Pending): Promise<Uint8Array | null>;
  /** The server has it. */
  settle(pending: Pending): Promise<void>;
  /** The server will not take it, ever: set aside, and its stream begins anew. */
  refuse(pending: Pending, why: string): Promise<void>;
  /** Begins a stream anew where the server stands elsewhere than this spool goes on. True where it does. */
  align(stream: string, place: ServerPlace): Promise<boolean>;
  /** True for a list that has to be read from its beginning, because what was read of it does not count any more. */
  isAnew(stream: string): boolean;
  readonly streams: readonly SpooledStream[];
  size(): { readonly batches: number; readonly bytes: number; readonly mostBytes: number };
  /** What was thrown away and not told yet. */
  dropped(): readonly (Dropped & { readonly stream: string })[];
  told(dropped: readonly (Dropped & { readonly stream: string })[]): Promise<void>;
  /** Calls `listener` when a batch was added; returns how to stop that. */
  watch(listener: () => void): () => void;
}

export interface SpoolOptions {
  readonly disk: Disk;
  readonly root: string;
  readonly streams: readonly SpooledStream[];
  readonly mostBytes: number;
  /** The time as the server has it. */
  now(): Date;
  /** Gets what a person should know, a sentence each. */
  say(sentence: string): void;
}

export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
  const { disk, root, mostBytes, now, say } = options;
  await disk.makeFolder(root);
  const spools = new Map<string, StreamSpool>();
  for (const stream of options.streams)
    spools.set(stream.stream, await openStream(stream, { disk, root, now: now(), say }));
  for (const name of await disk.list(root))
    if (name !== 'damaged' && name !== 'ballast' && !spools.has(name)) await disk.remove(join(root, name));

  const ballast = createBallast(disk, join(root, 'ballast'), Math.min(65_536, mostBytes));
  await ballast.load();
  const listeners = new Set<() => void>();
  const oneAtATime = createTurns();
  const lastFaults = new Map<string, { readonly number: number; readonly said: string }>();
  const all = () => [...spools.values()];
  const bytes = () => all().reduce((sum, { waiting }) => sum + waiting.reduce((some, file) => some + file.bytes, 0), 0);

  const spoolOf = (stream: string): StreamSpool => {
    const found = spools.get(stream);
    if (found === undefined) throw new Error(`the spool knows no stream ${stream}`);
    return found;
  };

  /** Makes room, then writes; a full disk is a spool that is smaller than was said. */
  const append: StreamSpool['append'] extends (...rest: infer R) => unknown
    ? (spool: StreamSpool, ...rest: R) => Promise<void>
    : never = async (spool, drafts, toNext) => {
    const needed = drafts.reduce((sum, { content }) => sum + content.byteLength, 0);
    await makeRoom({ spools: all(), spool, needed, mostBytes, ballast, now: now(), say }, () =>
      spool.append(drafts, toNext),
    );
    for (const listener of listeners) listener();
  };

  return {
    store: () => createRunStore({ spoolOf, append, oneAtATime, now }),
    fault: (stream, { kind, advice, detail }) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        const said = `${kind} ${advice}`;
        const last = lastFaults.get(stream);
        const stillWaits = spool.waiting.at(-1)?.number === last?.number && spool.waiting.length > 0;
        if (stillWaits && last?.said === said) return;
        if (spool.state.generations.length === 0) await spool.commit(openGeneration(spool.state, now()));
        const number = spool.state.next;
        const place = placeOf(spool.state, number);
        if (place === null) return;
        const content = await packBatch({
          ...{ type: 'fault', source: spool.source, stream, ...place, readAt: now().toISOString() },
          fault: {
            kind,
            advice: advice.slice(0, 2_000),
            ...(detail !== undefined && { detail: detail.slice(0, 4_000) }),
          },
        });
        await append(spool, [{ type: 'fault', readAt: now(), place, content }], (state) => state);
        lastFaults.set(stream, { number, said });
      }),
    next(sources) {
      const [first] = all()
        .filter(({ source, waiting }) => waiting.length > 0 && sources.includes(source))
        .sort((a, b) => (a.waiting[0]?.readAt.getTime() ?? 0) - (b.waiting[0]?.readAt.getTime() ?? 0));
      const file = first?.waiting[0];
      if (first === undefined || file === undefined) return null;
      const place = placeOf(first.state, file.number);
      return place === null ? null : { stream: first.stream, source: first.source, place, file };
    },
    content: ({ stream, place, file }) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        const current = placeOf(spool.state, file.number);
        const isItsTurn = spool.waiting[0]?.number === file.number && isDeepStrictEqual(current, place);
        // It was dropped, or counts from elsewhere, since it was asked for.
        if (!isItsTurn) return null;
        const content = await spool.read(file);
        if (content === null) {
          say(`A batch of ${stream} was damaged on this disk and set aside.`);
          await spool.setAside(file);
          await spool.restart(spool.isEvents ? [file] : spool.waiting, now());
          return null;
        }
        if (file.generation === place.generation && file.sequence === place.sequence) return content;
        // What came before it was thrown away, so it counts from elsewhere now.
        return await packBatch({ ...(await unpackBatch(content)), ...place });
      }),
    settle: ({ stream, file }) => oneAtATime(() => spoolOf(stream).settle(file)),
    refuse: ({ stream, file }, why) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        say(`The server does not take a batch of ${stream}: ${why} It was set aside.`);
        await spool.setAside(file);
        await spool.restart(spool.isEvents ? [file] : spool.waiting, now());
      }),
    align: (stream, place) =>
      oneAtATime(async () => {
        const spool = spoolOf(stream);
        if (goesOn(spool, place)) return false;
        const above = Math.max(spool.state.above, place?.generation ?? 0);
        const state = { ...spool.state, above };
        const isFresh = state.generations.length === 0;
        if (isFresh && spool.waiting.length === 0) {
          if (above > spool.state.above) await spool.commit(state);
          return false;
        }
        say(
          `The server stands elsewhere than this collector in ${stream}. ${spool.isEvents ? 'What waits is sent anew.' : 'It begins at its beginning.'}`,
        );
        await spool.commit(state);
        await spool.restart([], now());
        return true;
      }),
    isAnew(stream) {
      const { isEvents, state } = spoolOf(stream);
      return !isEvents && state.generations.length === 0 && state.above > 0;
    },
    streams: options.streams,
    size: () => ({ batches: all().reduce((sum, { waiting }) => sum + waiting.length, 0), bytes: bytes(), mostBytes }),
    dropped: () =>
      all().flatMap(({ stream, state: { dropped } }) => (dropped === null ? [] : [{ stream, ...dropped }])),
    told: (told) =>
      oneAtATime(async () => {
        for (const { stream, ...dropped } of told) {
          const spool = spoolOf(stream);
          await spool.commit(tellDropped(spool.state, dropped));
        }
      }),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** The server takes what comes next here: the next of the generation that it has, or the first of a newer one. */
const goesOn = ({ state, waiting }: StreamSpool, server: ServerPlace): boolean => {
  const ours = placeOf(state, waiting[0]?.number ?? state.next);
  if (ours === null) return false;
  const has = server ?? { generation: 0, next: 0 };
  if (ours.sequence === 0 && ours.generation > has.generation) return true;
  // The first that waits may have arrived, with the answer lost; what was never written cannot have.
  return (
    ours.generation === has.generation && (waiting.length > 0 ? ours.sequence <= has.next : ours.sequence === has.next)
  );
};

/** Work that must not overlap, in the order in which it was asked for. */
const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
};
