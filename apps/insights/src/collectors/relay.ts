import { type AnyConnector, MoreToCome, type RecordKind, type Records, type Relay } from '@gatehouse/connector-kit';
import { type Batch, toPage, unpackBatch } from '@gatehouse/connector-kit/ingest';
import type { Database } from '@gatehouse/database';
import type { Cursor, Page } from '@gatehouse/host';
import { type Clock, type ConnectionId, Fault, type TenantId } from '@gatehouse/kernel';
import type { RunRelay } from '../runs/index.ts';
import { checkCollector, silentFault } from './health.ts';
import { forgetStream, lastRunAt, listWaiting, pruneInbox, type Waiting } from './inbox.ts';
import { listenTo } from './listen.ts';
import { type Position, parsePosition, toCursor } from './position.ts';
import { findCollector } from './store.ts';
import { findPlace, listCaveats } from './stream-places.ts';

export interface RelayParts {
  readonly database: Database;
  readonly clock: Clock;
  /** The version that is offered; null: none. */
  readonly offers: string | null;
}

/** How a run reads a connection whose agent sends its pages: from what arrived. */
export const relayedRun =
  (parts: RelayParts): RunRelay =>
  (connector, run) => {
    const relay = openRelay(parts, connector, run);
    return {
      connector: { ...connector, connect: () => relay },
      hasWork: (streams) =>
        parts.database.tenant(run.tenantId, async (tx) => {
          const told = await lastRunAt(tx, run.tenantId, run.connectionId);
          for (const stream of streams) {
            await pruneInbox(tx, run.tenantId, run.connectionId, stream);
            const [first, ...more] = await listWaiting(tx, run.tenantId, run.connectionId, stream, before(0), 2);
            // A fault that ended the newest read stays until something follows it.
            const isTold = first?.type === 'fault' && more.length === 0 && told !== null && first.arrivedAt < told;
            if (first && !isTold) return true;
          }
          return false;
        }),
      checked: async (caveats) => {
        const { database, clock, offers } = parts;
        const at = clock.now();
        const { tenantId, connectionId } = run;
        return await database.tenant(tenantId, async (tx) => {
          const collector = await findCollector(tx, tenantId, connectionId);
          const own = collector ? checkCollector(collector, offers, at) : null;
          const ofStreams = await listCaveats(tx, tenantId, connectionId);
          const all = [...(own?.caveats ?? []), ...ofStreams, ...caveats.filter(({ stream }) => stream !== undefined)];
          const different = new Map(all.map((one) => [JSON.stringify([one.stream, one.code, one.advice]), one]));
          return {
            health: own?.health ?? 'connected',
            fault: own?.fault ?? null,
            caveats: [...different.values()],
            at,
          };
        });
      },
    };
  };

/** What a run lends to its relay. */
export type RelayedRun = Parameters<RunRelay>[1];

/** How often arrivals are looked for while a read waits. */
const lookMs = 500;
/** How long a read waits for the next batch. Then it ends for now: what arrives later queues another run. */
const patienceMs = 60_000;
/** Without a word of the collector for this long a read that it had begun counts as cut off. */
const lostMs = 10 * 60_000;
/** Batches between two looks at what is committed and can be deleted. */
const pruneEvery = 50;

interface Read {
  readonly stream: string;
  readonly appends: boolean;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

const openRelay = (parts: RelayParts, connector: AnyConnector, run: RelayedRun): Relay => ({
  check: async () => [],
  read: (stream, from) => {
    const appends = connector.streams[stream]?.reading.mode === 'events';
    return readInbox(parts, run, { stream, appends, tenantId: run.tenantId, connectionId: run.connectionId }, from);
  },
});

/** The pages that arrived after a cursor, and those that arrive while the collector is at it. */
async function* readInbox(
  parts: RelayParts,
  run: RelayedRun,
  read: Read,
  from: Cursor | null,
): AsyncGenerator<Page<Records[RecordKind]>> {
  const { database } = parts;
  const { tenantId, connectionId, stream } = read;
  await database.tenant(tenantId, (tx) => pruneInbox(tx, tenantId, connectionId, stream));
  let position = await whereToBegin(parts, read, from);
  for (let count = 1; ; count++) {
    const waiting = await nextBatch(parts, run, read, position);
    if (waiting === null) return await leave(parts, read, position);
    const batch = await unpackBatch(waiting.body);
    position = after(position, batch);
    const page = await toPageOf(parts, read, position, batch);
    if (page) yield page;
    if (count % pruneEvery === 0) {
      await database.tenant(tenantId, (tx) => pruneInbox(tx, tenantId, connectionId, stream));
    }
  }
}

const before = (generation: number): Position => ({ generation, sequence: -1, isWhole: false });

const whereToBegin = async (
  { database }: RelayParts,
  { tenantId, connectionId, stream, appends }: Read,
  from: Cursor | null,
): Promise<Position> => {
  const place = await database.tenant(tenantId, (tx) => findPlace(tx, tenantId, connectionId, stream));
  const position = parsePosition(from);
  // Events are only added to: what came under an older generation is read all the same.
  if (appends) return position ?? before(0);
  if (position && place && place.generation !== position.generation) {
    throw new Fault('unexpected', 'The collector began to read this anew.', undefined, { cause: new Begun() });
  }
  return position ?? before(place?.generation ?? 0);
};

/** What is known under this cursor is no more: the run begins a new generation. */
class Begun extends Error {
  override readonly name = 'Begun';
  readonly status = 410;
}

/** The batch that follows; null when there is none and nothing speaks for waiting. */
const nextBatch = async (
  { database, clock }: RelayParts,
  run: RelayedRun,
  read: Read,
  position: Position,
): Promise<Waiting | null> => {
  const { tenantId, connectionId, stream } = read;
  const since = clock.now().getTime();
  const until = new Date(since + patienceMs).toISOString();
  let isWaiting = false;
  try {
    for (;;) {
      const looked = await database.tenant(tenantId, async (tx) => {
        const [found] = await listWaiting(tx, tenantId, connectionId, stream, position, 1);
        if (found && isNext(read, position, found)) return { found, heard: null };
        return { found: null, heard: await listenTo(tx, tenantId, connectionId, stream, clock.now()) };
      });
      if (looked.found) return looked.found;
      if (!looked.heard?.isAtIt || clock.now().getTime() - since >= patienceMs) return null;
      isWaiting = true;
      run.wait({ text: `Waiting for the collector on ${looked.heard.host}`, until });
      await clock.sleep(lookMs, run.signal);
    }
  } finally {
    if (isWaiting) run.wait(null);
  }
};

/** Of a list nothing may be missing: only what follows at once is read. */
const isNext = ({ appends }: Read, position: Position, { generation, sequence }: Waiting): boolean =>
  appends || (generation === position.generation && sequence === position.sequence + 1);

const after = (position: Position, { generation, sequence, type }: Batch): Position => ({
  ...{ generation, sequence },
  isWhole: type === 'end' || (position.isWhole && generation === position.generation),
});

/** Null: the batch says nothing about records. A fault that nothing follows ends the read with it. */
const toPageOf = async (
  { database }: RelayParts,
  { tenantId, connectionId, stream }: Read,
  position: Position,
  batch: Batch,
): Promise<Page<Records[RecordKind]> | null> => {
  if (batch.type === 'page') return toPage(batch, toCursor(position));
  if (batch.type === 'end') return { records: [], cursor: toCursor(position) };
  const [later] = await database.tenant(tenantId, (tx) => listWaiting(tx, tenantId, connectionId, stream, position, 1));
  if (later) return null;
  const { kind, advice, detail } = batch.fault;
  throw new Fault(kind, advice, detail);
};

/** Ends the read where nothing waits any more: with its end, or open, so that nothing counts as gone. */
const leave = async (
  { database, clock }: RelayParts,
  { tenantId, connectionId, stream, appends }: Read,
  position: Position,
): Promise<void> => {
  if (appends || position.isWhole) return;
  const heard = await database.tenant(tenantId, async (tx) => {
    const [later] = await listWaiting(tx, tenantId, connectionId, stream, position, 1);
    const isGap = later?.generation === position.generation && later.sequence > position.sequence + 1;
    // Something before it is not here any more, and only the collector can read that again.
    if (isGap) await forgetStream(tx, tenantId, connectionId, stream);
    return await listenTo(tx, tenantId, connectionId, stream, clock.now());
  });
  if (heard && position.generation > 0 && heard.silentMs > lostMs) throw silentFault(heard.host);
  throw new MoreToCome();
};
