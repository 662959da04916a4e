import type { Cursor, Page } from '@gatehouse/host';
import { type Clock, systemClock } from '@gatehouse/kernel';
import { nothing } from '../outcome.ts';
import type { RecordKind, Records } from '../records.ts';
import type { Counts, Position, RunStore } from '../run-store.ts';

type AnyRecord = Records[RecordKind];

/** A `RunStore` in memory, which a test can look into. */
export interface MemoryStore extends RunStore {
  /** What the inventory holds of a stream now, by id. */
  records(stream: string): ReadonlyMap<string, AnyRecord>;
  /** Every call that changed something, in order: `begin`, `save`, `finish`. */
  readonly calls: readonly StoreCall[];
  /** Puts a stream where a test wants it to stand. */
  place(stream: string, position: Partial<Position>, records?: Iterable<AnyRecord>): void;
}

export interface StoreCall {
  readonly call: 'begin' | 'save' | 'finish';
  readonly stream: string;
  readonly cursor: Cursor | null;
  readonly records: readonly AnyRecord[];
}

interface Held {
  cursor: Cursor | null;
  midway: boolean;
  fullReadAt: Date | null;
  records: Map<string, AnyRecord>;
  seen: Set<string>;
}

/** `keeps: false` counts and forgets, for reads whose memory is measured. */
export const createMemoryStore = ({
  clock = systemClock,
  keeps = true,
}: {
  clock?: Clock;
  keeps?: boolean;
} = {}): MemoryStore => {
  const streams = new Map<string, Held>();
  const calls: StoreCall[] = [];
  const held = (stream: string): Held => {
    const found = streams.get(stream) ?? {
      cursor: null,
      midway: false,
      fullReadAt: null,
      records: new Map(),
      seen: new Set(),
    };
    streams.set(stream, found);
    return found;
  };
  const note = (call: StoreCall) => void (keeps && calls.push(call));

  return {
    calls,
    records: (stream) => held(stream).records,
    place(stream, position, records = []) {
      Object.assign(held(stream), position);
      for (const record of records) {
        held(stream).records.set(record.id, record);
        held(stream).seen.add(record.id);
      }
    },
    async position(stream) {
      const { cursor, midway, fullReadAt } = held(stream);
      return { cursor, midway, fullReadAt };
    },
    async begin(stream) {
      note({ call: 'begin', stream, cursor: null, records: [] });
      Object.assign(held(stream), { cursor: null, midway: true, seen: new Set<string>() });
    },
    async save<K extends RecordKind>(stream: string, _: K, pages: readonly Page<Records[K]>[]): Promise<Counts> {
      const [page] = pages;
      if (!page || pages.length > 1) throw new Error('Only pages that were prepared are saved together.');
      note({ call: 'save', stream, cursor: page.cursor, records: page.records });
      const here = held(stream);
      here.cursor = page.cursor;
      if (!keeps) return { ...nothing, inserted: page.records.length };
      let inserted = 0;
      for (const record of page.records) {
        if (!here.records.has(record.id)) inserted++;
        here.records.set(record.id, record);
        here.seen.add(record.id);
      }
      const present = new Set(page.records.map(({ id }) => id));
      // The end of a full read knows by itself what it did not see.
      const left = here.midway ? [] : [...here.records.values()].filter((record) => isLeft(record, page, present));
      const gone = [...(page.gone ?? []), ...left.map(({ id }) => id)].filter((id) => here.records.delete(id)).length;
      return { inserted, changed: 0, unchanged: page.records.length - inserted, gone };
    },
    async finish(stream, _, watermark) {
      note({ call: 'finish', stream, cursor: watermark, records: [] });
      const here = held(stream);
      if (!here.midway) throw new Error(`finish of ${stream} without a generation`);
      const unseen = [...here.records.keys()].filter((id) => !here.seen.has(id));
      for (const id of unseen) here.records.delete(id);
      Object.assign(here, { cursor: watermark, midway: false, fullReadAt: clock.now(), seen: new Set<string>() });
      return { ...nothing, gone: unseen.length };
    },
  };
};

/** Whether a record is a part of something of which the page has every part, and is not on it. */
const isLeft = (record: AnyRecord, { wholes = [] }: Page<unknown>, present: ReadonlySet<string>): boolean => {
  const whole = 'groupId' in record ? record.groupId : 'resourceId' in record ? record.resourceId : null;
  return wholes.some(
    ({ id, from = '', before }) =>
      id === whole && !present.has(record.id) && record.id >= from && (before === undefined || record.id < before),
  );
};
