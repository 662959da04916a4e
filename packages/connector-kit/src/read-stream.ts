import { type Cursor, type Page, statusOf } from '@gatehouse/host';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { Caveat, Stream } from './connector.ts';
import { createCursors } from './cursors.ts';
import { groupCommits } from './group-commits.ts';
import { nothing, sum } from './outcome.ts';
import type { RecordKind, Records } from './records.ts';
import type { Counts, RunStore } from './run-store.ts';
import { type SafePages, safePages } from './safe-page.ts';

/** The most records of one page. */
export const largestPage = 10_000;

/** One stream, about to be read by a run. */
export interface Reading {
  readonly id: string;
  readonly stream: Stream<unknown>;
  readonly client: unknown;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the run has to end. */
  readonly until: Date;
  /** Called after each commit. */
  onCommit(sofar: ReadSoFar): void;
}

/** Grows while a stream is read, and stays true when the read fails. */
export interface ReadSoFar {
  readonly pages: number;
  readonly records: number;
  readonly counts: Counts;
  readonly total: number | null;
  readonly caveats: readonly Caveat[];
  /** Read from the beginning to the end. */
  readonly wasFull: boolean;
}

export const unread: ReadSoFar = { pages: 0, records: 0, counts: nothing, total: null, caveats: [], wasFull: false };

/** The store failed, not the system: the run ends with `cause`, and the next one continues at the last commit. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/**
 * Thrown by a stream whose system has more to come and says so later: the read ends here without a fault. A full read
 * stays open and goes on in the next run, and nothing is gone because of it.
 */
export class MoreToCome extends Error {
  override readonly name = 'MoreToCome';

  constructor() {
    super('more is to come');
  }
}

/**
 * Reads one stream from where it stands to its end and commits it page by page. Distrusts the connector: a cursor that
 * does not move or comes again, a page too large, an end that is none, and a run over its time are Faults.
 */
export const readStream = async (reading: Reading): Promise<void> => {
  const { id, stream, store } = reading;
  const read: Read = { reading, pages: safePages(stream), sofar: unread };
  const start = await whereToStart(reading);
  try {
    await readFrom(read, start);
  } catch (error) {
    // Only the stored cursor, and so at most once: after one page the cursors are the vendor's of this very read.
    const isForgotten = start.from !== null && read.sofar.pages === 0 && [400, 404, 410].includes(statusOf(error) ?? 0);
    if (!isForgotten) throw error;
    const isFull = stream.reading.mode !== 'events';
    if (isFull) await stored(store.begin(id));
    await readFrom(read, { from: null, isFull });
  }
};

interface Start {
  readonly from: Cursor | null;
  /** A generation is open; the end of this read closes it. */
  readonly isFull: boolean;
}

const whereToStart = async ({ id, stream, store, clock }: Reading): Promise<Start> => {
  const { cursor, midway, fullReadAt } = await stored(store.position(id));
  const { reading } = stream;
  if (reading.mode === 'events') return { from: cursor, isFull: false };
  if (midway) return { from: cursor, isFull: true };
  const isWatermark =
    reading.mode === 'delta' &&
    fullReadAt !== null &&
    clock.now().getTime() - fullReadAt.getTime() < reading.fullEveryMs;
  if (isWatermark && cursor !== null) return { from: cursor, isFull: false };
  await stored(store.begin(id));
  return { from: null, isFull: true };
};

interface Read {
  readonly reading: Reading;
  readonly pages: SafePages;
  sofar: ReadSoFar;
}

const readFrom = async (read: Read, { from, isFull }: Start): Promise<void> => {
  const { id, stream, store, client, signal, clock } = read.reading;
  const { mode } = stream.reading;
  const cursors = createCursors();
  if (from !== null) cursors.add(from);
  let last = from;
  let isOver = false;
  let pages = 0;
  const commits = groupCommits<Records[RecordKind]>((group) => commit(read, group));

  try {
    for await (const { page, at } of untilAborted(stream.read(client, from), signal, clock)) {
      inspect(read.reading, page, isOver, at);
      const isNews = page.cursor === null || cursors.add(page.cursor);
      // A poll that finds nothing ends where it began. A list that does so would never end.
      if (!isNews && mode === 'full')
        throw distrust(stream, 'a cursor came twice in one read: the list leads back into itself');
      isOver = !isNews || page.cursor === null;
      pages++;
      // Events are only ever added to, so their last cursor is kept also where the vendor gives none.
      last = page.cursor ?? (mode === 'events' ? last : null);
      const safe = await read.pages.make({ ...page, cursor: last });
      // A page is made ready while earlier ones are stored.
      const bytes = (await store.prepare?.(id, stream.record, safe)) ?? null;
      await commits.push(safe, bytes);
    }
  } finally {
    await commits.flush();
  }
  signal.throwIfAborted();
  if (!isFull) return;
  if (pages === 0) throw distrust(stream, 'the read ended without a page');
  if (mode === 'full' && last !== null) throw distrust(stream, 'the read ended before its last page');
  const { count, first } = read.pages.leftOut();
  if (count > read.sofar.records)
    throw distrust(stream, `${count} records could not be read, the first because: ${first}`);
  const counts = await stored(store.finish(id, stream.record, mode === 'delta' ? last : null));
  read.sofar = { ...read.sofar, counts: sum(read.sofar.counts, counts), wasFull: true };
  read.reading.onCommit(read.sofar);
};

const inspect = ({ stream, until }: Reading, page: Page<unknown>, isOver: boolean, at: Date): void => {
  if (isOver) throw distrust(stream, 'a page came after the last one, or the cursor did not move');
  if (page.records.length > largestPage) {
    throw distrust(stream, `a page of ${page.records.length} records, more than ${largestPage}`);
  }
  if (at > until) {
    throw new Fault(
      'unexpected',
      `${stream.title} take longer to read than one run may last. The next run continues where this one stopped.`,
      'the run is over its budget of time',
    );
  }
};

const commit = async (read: Read, pages: readonly Page<Records[RecordKind]>[]): Promise<void> => {
  const { id, stream, store, onCommit } = read.reading;
  const counts = await stored(store.save(id, stream.record, pages));
  const { sofar } = read;
  read.sofar = {
    ...sofar,
    pages: sofar.pages + pages.length,
    records: pages.reduce((all, { records }) => all + records.length, sofar.records),
    counts: sum(sofar.counts, counts),
    total: pages.findLast(({ total }) => total != null)?.total ?? sofar.total,
    caveats: read.pages.caveats(),
  };
  onCommit(read.sofar);
};

/** The pages until the signal aborts; then its reason at once, also when the connector does not listen to it. */
async function* untilAborted<T>(
  pages: AsyncIterable<T>,
  signal: AbortSignal,
  clock: Clock,
): AsyncIterable<{ page: T; at: Date }> {
  const iterator = pages[Symbol.asyncIterator]();
  let isOver = false;
  // One page ahead: the system answers while the database stores what it answered before.
  let ahead = iterator.next();
  try {
    for (;;) {
      const step = await orAborted(ahead, signal);
      if (step.done === true) {
        isOver = true;
        return;
      }
      const at = clock.now();
      ahead = iterator.next();
      // A failure is seen when its turn comes, after this page is stored.
      ahead.catch(ignore);
      yield { page: step.value, at };
    }
  } finally {
    // Not awaited: a generator that hangs would hold up the end of the run.
    if (!isOver) iterator.return?.().then(ignore, ignore);
  }
}

const orAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Whichever lost must not become an unhandled rejection.
    work.catch(ignore);
  }
};

const ignore = () => undefined;

const distrust = ({ title }: Stream<unknown>, detail: string): Fault =>
  new Fault('unexpected', `${title} were not read to their end, because the answers contradict themselves.`, detail);

const stored = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new StoreFailed('the inventory could not be written', { cause });
  }
};
