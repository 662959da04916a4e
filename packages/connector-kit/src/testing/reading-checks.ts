import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RecordKind, Records } from '../records.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { type Check, claim, claimAllDone, outcomeOf, streamIds, type Trial, told, withTrial } from './trial.ts';

type AnyRecord = Records[RecordKind];

export const everyCursorResumes: Check = {
  name: 'resuming from every cursor of every stream gives the same set',
  prove: (subject) =>
    withTrial(subject, async ({ fake, run }) => {
      fake.capPages(2);
      for (const stream of streamIds(subject)) {
        const whole = createMemoryStore();
        claimAllDone(await run({ streams: [stream], store: whole }), `reading ${stream}`);
        const pages = whole.calls.filter(({ call }) => call === 'save');
        const mode = subject.connector.streams[stream]?.reading.mode;
        const read: AnyRecord[] = [];
        for (const [i, { cursor, records }] of pages.entries()) {
          read.push(...records);
          if (cursor === null) continue;
          const store = createMemoryStore();
          store.place(stream, { cursor, midway: mode !== 'events' }, read);
          claimAllDone(await run({ streams: [stream], store }), `resuming ${stream} after page ${i + 1}`);
          claimSame(whole, store, stream, `resuming after page ${i + 1} of ${pages.length}`);
        }
      }
    }),
};

export const everyStreamYields: Check = {
  name: 'every declared stream yields at least one record',
  prove: (subject) =>
    withTrial(subject, async ({ run }) => {
      const store = createMemoryStore();
      const outcome = await run({ store });
      claimAllDone(outcome, 'a healthy run');
      for (const { stream, fault, records, wasFull } of outcome.streams) {
        claim(records > 0, `${stream} yields no record (${fault?.detail ?? 'no fault'})`);
        const isWhole = wasFull || subject.connector.streams[stream]?.reading.mode === 'events';
        claim(isWhole, `the first read of ${stream} was not a full one`);
      }
      const unhealthy = outcome.streams.filter(({ caveats }) => caveats.length > 0);
      claim(
        unhealthy.length === 0,
        `a healthy run has caveats: ${JSON.stringify(unhealthy.map((one) => one.caveats))}`,
      );
    }),
};

export const expiredCursor: Check = {
  name: 'a cursor that the vendor no longer knows falls back to a full read',
  prove: (subject) =>
    withTrial(subject, async ({ fake, run }) => {
      fake.capPages(1);
      let begun = 0;
      for (const stream of streamIds(subject)) {
        const whole = createMemoryStore();
        claimAllDone(await run({ streams: [stream], store: whole }), `reading ${stream}`);
        const first = whole.calls.find(({ call, cursor }) => call === 'save' && cursor !== null);
        if (first === undefined) continue;
        const mode = subject.connector.streams[stream]?.reading.mode;
        const store = createMemoryStore();
        store.place(stream, { cursor: first.cursor, midway: mode !== 'events' }, first.records);
        fake.expireCursors();
        const outcome = await run({ streams: [stream], store });
        // A read that was under way begins anew only when its place is not known.
        begun += store.calls.filter(({ call }) => call === 'begin').length;
        claimAllDone(outcome, `${stream} with an expired cursor`);
        claimSame(whole, store, stream, 'after an expired cursor');
      }
      claim(begun > 0, 'no stream began anew after its cursor had expired: the fake hands out no places');
    }),
};

export const flatMemory: Check = {
  name: 'ten thousand records use flat memory',
  prove: (subject) =>
    withTrial(subject, async (trial) => {
      const stream = trial.fake.growable[0] ?? '';
      claim(streamIds(subject).includes(stream), 'the fake can grow no stream of the connector');
      const once = await measureRead(trial, stream, 10_000);
      const { records, pages, bytes } = once;
      claim(
        pages >= 5,
        `${stream} hands over ${records} records in ${pages} pages: nothing can be committed on the way`,
      );
      // What a reader that keeps everything would hold, against what a page and the network need.
      if (once.grown < Math.max(6 * 1024 * 1024, bytes / 4)) return;
      // Large pages need more, but twice as many of them do not.
      const twice = await measureRead(trial, stream, 20_000);
      claim(
        twice.grown - once.grown < (twice.bytes - bytes) / 4,
        `${stream}: ${bytes} bytes of records grew the memory by ${once.grown}, ${twice.bytes} bytes by ${twice.grown}`,
      );
    }),
};

/** How much the memory grows while a stream of so many records is read, and what was read. */
const measureRead = async ({ fake, run }: Trial, stream: string, count: number) => {
  fake.grow(stream, count);
  const store = createMemoryStore({ keeps: false });
  // Once unmeasured: connections open, code is compiled, and the fake's own texts take their final form.
  claimAllDone(await run({ streams: [stream], store }), 'warming up');
  // From the beginning again, also where only what changed would be read.
  store.place(stream, { cursor: null, midway: false, fullReadAt: null });
  const gauge = createGauge();
  let bytes = 0;
  let pages = 0;
  const { save } = store;
  const measured: MemoryStore = {
    ...store,
    save: async (id, kind, group) => {
      for (const { records } of group) bytes += JSON.stringify(records).length;
      if (pages++ % 4 === 0) gauge.measure();
      return save(id, kind, group);
    },
  };
  const outcome = await run({ streams: [stream], store: measured });
  claimAllDone(outcome, `reading ${count} records of ${stream}`);
  const { records } = outcomeOf(outcome, stream);
  claim(records >= count, `${stream} grew to ${records} records only (${told(outcome)})`);
  return { records, pages, bytes, grown: gauge.grown() };
};

/** The heap after a collection, compared with where it stood when the gauge was made. */
const createGauge = () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const start = used();
  let most = 0;
  return {
    measure() {
      most = Math.max(most, used() - start);
    },
    grown: () => most,
  };
};

const claimSame = (whole: MemoryStore, other: MemoryStore, stream: string, when: string): void => {
  const [expected, found] = [setOf(whole, stream), setOf(other, stream)];
  for (const [id, words] of expected) {
    claim(found.has(id), `${stream}, ${when}: the record ${id} is missing`);
    claim(found.get(id) === words, `${stream}, ${when}: the record ${id} is another one`);
  }
  claim(found.size === expected.size, `${stream}, ${when}: ${found.size} records instead of ${expected.size}`);
};

/** By id, without the vendor's own words, which may hold the time of the answer. */
const setOf = (store: MemoryStore, stream: string): ReadonlyMap<string, string> =>
  new Map([...store.records(stream)].map(([id, { raw: _, ...record }]) => [id, JSON.stringify(record)]));
