import type { Connector, Counts, RecordKind, Records, RunStore } from '@gatehouse/connector-kit';
import { type Bulk, ConstraintError, type Database } from '@gatehouse/database';
import type { Cursor, Page } from '@gatehouse/host';
import { type ConnectionId, Fault, type TenantId } from '@gatehouse/kernel';
import type { KnownRecords } from './known-records.ts';
import { loadKnown } from './load-known.ts';
import { type MergeSql, markGone, markPartsGone, mergeSql, noteAdded } from './merge-sql.ts';
import { type EncodeLines, encodeLines, type RecordLines } from './record-line.ts';
import { seqBlocks } from './seq-blocks.ts';
import { advance, beginRead, endRead, type Origin, readState, type StreamState } from './stream-state.ts';

/**
 * Where a run of one connection keeps what it reads. A full read compares every record with a digest of what the table
 * holds, kept in memory, and writes only what is new or changed; delta and event pages are compared in the database.
 * After a failure nothing of the page is stored, and the same store or another one can go on at `position`.
 */
export const openRunStore = (
  database: Database,
  run: {
    readonly tenantId: TenantId;
    readonly connectionId: ConnectionId;
    readonly connector: Pick<Connector, 'streams'>;
  },
): RunStore => {
  const streams = new Map<string, OpenStream>();
  const encoders = new Map<string, EncodeLines<RecordKind>>();
  const prepared = new WeakMap<object, RecordLines>();
  const originOf = (stream: string): Origin => ({ tenantId: run.tenantId, connectionId: run.connectionId, stream });

  const encode = (stream: string, kind: RecordKind, page: Page<Records[RecordKind]>): Promise<RecordLines> => {
    const encoder = encoders.get(stream) ?? encodeLines<RecordKind>(kind, originOf(stream));
    encoders.set(stream, encoder);
    return encoder(page.records);
  };

  /** What is remembered between pages is dropped when one fails, because the database alone knows how that ended. */
  const during = async <T>(stream: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      streams.delete(stream);
      if (error instanceof ConstraintError && error.rule === 'unique') throw overtaken(error);
      throw error;
    }
  };
  const opened = async (stream: string, kind: RecordKind): Promise<OpenStream> => {
    const found = streams.get(stream);
    if (found) return found;
    const appends = run.connector.streams[stream]?.reading.mode === 'events';
    const fresh = await database.bulk((bulk) => openStream(bulk, originOf(stream), kind, appends));
    streams.set(stream, fresh);
    return fresh;
  };

  return {
    position: async (stream) => {
      const state = await database.bulk((bulk) => readState(bulk, originOf(stream)));
      return { cursor: state.cursor, midway: state.midway, fullReadAt: state.fullReadAt };
    },
    begin: (stream) =>
      during(stream, async () => {
        streams.delete(stream);
        await database.bulk((bulk) => beginRead(bulk, originOf(stream)));
      }),
    prepare: async (stream, kind, page) => {
      const lines = await encode(stream, kind, page);
      prepared.set(page, lines);
      return lines.all.length;
    },
    save: (stream, kind, pages) =>
      during(stream, async () => {
        const open = await opened(stream, kind);
        const read: ReadPage[] = [];
        for (const page of pages) read.push({ page, lines: prepared.get(page) ?? (await encode(stream, kind, page)) });
        return await database.bulk((bulk) => savePages(bulk, open, read));
      }),
    finish: (stream, kind, watermark) =>
      during(stream, async () => {
        const open = await opened(stream, kind);
        const counts = await database.bulk((bulk) => finishRead(bulk, open, watermark));
        streams.delete(stream);
        return counts;
      }),
  };
};

/** One stream of a run, between its pages. */
interface OpenStream {
  readonly origin: Origin;
  readonly kind: RecordKind;
  readonly sql: MergeSql;
  readonly seqs: ReturnType<typeof seqBlocks>;
  /** Events are only ever added; what is not new is a repeat. */
  readonly appends: boolean;
  /** Null outside of full reads. */
  readonly known: KnownRecords | null;
  state: StreamState;
}

const openStream = async (bulk: Bulk, origin: Origin, kind: RecordKind, appends: boolean): Promise<OpenStream> => {
  const state = await readState(bulk, origin);
  return {
    origin,
    kind,
    appends,
    state,
    sql: mergeSql(kind),
    seqs: seqBlocks(kind),
    known: state.midway && !appends ? await loadKnown(bulk, kind, origin) : null,
  };
};

interface ReadPage {
  readonly page: Page<Records[RecordKind]>;
  readonly lines: RecordLines;
}

const savePages = async (bulk: Bulk, open: OpenStream, pages: readonly ReadPage[]): Promise<Counts> => {
  const count = pages.reduce((all, { page }) => all + page.records.length, 0);
  await open.seqs.reserve(bulk, count);
  const sorted: Sorted = { lines: [], added: [], seen: [], doubtful: new Map() };
  for (const page of pages) sortPage(open, page, sorted);
  if (sorted.lines.length > 0) await bulk.copyIn(open.sql.copyNew, sorted.lines);
  const merged = await mergeDoubtful(bulk, open, sorted.doubtful);
  const last = pages.at(-1)?.page;
  const gone = (await dropGone(bulk, open, last?.gone ?? [])) + (last ? await dropParts(bulk, open, last) : 0);
  const added = [...sorted.added, ...merged.added];
  if (!open.appends && open.state.fullReadAt && added.length > 0) {
    await bulk.query(noteAdded(open.kind), [...owner(open.origin), added]);
  }
  open.state = await advance(bulk, open.origin, open.state, {
    cursor: last?.cursor ?? null,
    seen: [...sorted.seen, ...merged.seen],
    records: added.length + merged.returned - gone,
  });
  const changed = merged.changed;
  return { inserted: added.length, changed, unchanged: count - added.length - changed, gone };
};

/** Records told apart: what is new for certain, what was seen as it is known, and what the database must compare. */
interface Sorted {
  readonly lines: Buffer[];
  readonly added: string[];
  readonly seen: number[];
  readonly doubtful: Map<string, Doubtful>;
}

interface Doubtful {
  readonly line: Buffer;
  readonly hash: string;
}

/** Of several records with one id the last one counts. */
const sortPage = (open: OpenStream, { page, lines }: ReadPage, { added, seen, doubtful, ...sorted }: Sorted): void => {
  const { known, seqs } = open;
  const fresh: Buffer[] = [];
  for (let at = 0; at < page.records.length; at++) {
    const id = page.records[at]?.id ?? '';
    const hash = lines.hash(at);
    const place = known?.find(id) ?? -1;
    if (known && place < 0) {
      const seq = seqs.take();
      fresh.push(lines.line(at, seq));
      known.add(id, seq, hash);
      added.push(id);
      seen.push(seq);
    } else if (known?.hasHash(place, hash)) {
      if (doubtful.size > 0) doubtful.delete(id);
      known.see(place);
      seen.push(known.seq(place));
    } else {
      doubtful.set(id, { line: lines.line(at, seqs.take()), hash });
    }
  }
  if (fresh.length > 0) sorted.lines.push(fresh.length === page.records.length ? lines.all : Buffer.concat(fresh));
};

/** Brings in what differs, or may, from what is there; the database compares by id and content. */
const mergeDoubtful = async (bulk: Bulk, open: OpenStream, doubtful: Sorted['doubtful']) => {
  if (doubtful.size === 0) return { added: [], seen: [], changed: 0, returned: 0 };
  const { sql, known } = open;
  await bulk.query(sql.prepare);
  await bulk.copyIn(
    sql.copyIncoming,
    Array.from(doubtful.values(), ({ line }) => line),
  );
  let changed = 0;
  let returned = 0;
  if (!open.appends) {
    const history = await bulk.query<{ change: string }>(sql.history);
    returned = history.rows.filter(({ change }) => change === 'returned').length;
    changed = (await bulk.query(sql.update)).count;
  }
  const inserted = await bulk.query<{ id: string }>(sql.insertMissing);
  const seen: number[] = [];
  if (known) {
    for (const { id, seq } of (await bulk.query<{ id: string; seq: number }>(sql.seqs)).rows) {
      known.renew(id, seq, doubtful.get(id)?.hash ?? '');
      seen.push(seq);
    }
  }
  return { added: inserted.rows.map(({ id }) => id), seen, changed, returned };
};

const dropGone = async (bulk: Bulk, open: OpenStream, ids: readonly string[]): Promise<number> => {
  if (ids.length === 0) return 0;
  for (const id of ids) open.known?.drop(id);
  return (await bulk.query(markGone(open.kind, 'id'), [...owner(open.origin), ids])).count;
};

/** The end of a full read knows by itself what it did not see. */
const dropParts = async (bulk: Bulk, open: OpenStream, { wholes = [], records }: ReadPage['page']): Promise<number> => {
  const statement = markPartsGone(open.kind);
  if (open.known || wholes.length === 0) return 0;
  if (statement === null) throw new Fault('unexpected', 'Records of this kind are parts of nothing.', open.kind);
  const ids = Map.groupBy(records, wholeOf);
  let gone = 0;
  for (const { id, from = null, before = null } of wholes) {
    const there = (ids.get(id) ?? []).map((record) => record.id);
    gone += (await bulk.query(statement, [...owner(open.origin), id, from, before, there])).count;
  }
  return gone;
};

const wholeOf = (record: Records[RecordKind]): string | null =>
  'groupId' in record ? record.groupId : 'resourceId' in record ? record.resourceId : null;

const finishRead = async (bulk: Bulk, open: OpenStream, watermark: Cursor | null): Promise<Counts> => {
  let gone = 0;
  if (open.known) {
    for (const seqs of open.known.unseen(5_000)) {
      gone += (await bulk.query(markGone(open.kind, 'seq'), [...owner(open.origin), seqs])).count;
    }
  }
  await endRead(bulk, open.origin, open.state, watermark, open.known?.countSeen() ?? null);
  return { inserted: 0, changed: 0, unchanged: 0, gone };
};

const owner = ({ tenantId, connectionId, stream }: Origin) => [tenantId, connectionId, stream] as const;

const overtaken = (cause: Error): Fault =>
  new Fault('unexpected', 'Another run of this connection stored the same records. This one was stopped.', undefined, {
    cause,
  });
