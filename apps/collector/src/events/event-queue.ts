import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArrivingLog, EventLogPart } from '@gatehouse/host';
import { type Disk, replaceFile } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { momentOf } from './moment.ts';

/** Deliveries of events on disk, in the order in which they came, until they are kept elsewhere. */
export interface EventQueue {
  readonly log: ArrivingLog;
  /** Begins a delivery. Nothing of it counts before `commit`. */
  begin(): Promise<Delivery>;
}

export interface Delivery {
  write(bytes: Uint8Array): Promise<void>;
  /** It is on the medium when this resolves. @throws Fault where there is no room for it */
  commit(): Promise<void>;
  /** Forgets it. After `commit`, nothing. */
  drop(): Promise<void>;
}

export interface EventQueueOptions {
  readonly folder: string;
  readonly mostBytes: number;
  readonly zone: string | null;
  readonly disk: Disk;
  readonly clock: Clock;
}

/** What had to be dropped and was not told yet. */
const Dropped = z.strictObject({
  deliveries: z.number(),
  bytes: z.number(),
  from: z.number(),
  to: z.number(),
  /** The number of the last of them. */
  last: z.number(),
});
type Dropped = z.output<typeof Dropped>;

/** What lives longer than the deliveries: numbers never begin anew, or a new one would pass for one that is kept. */
const Stored = z.strictObject({ kept: z.number(), dropped: Dropped.nullable() });

interface Waiting {
  readonly number: number;
  /** Milliseconds. */
  readonly arrivedAt: number;
  readonly bytes: number;
}

const nameOf = ({ number, arrivedAt }: Omit<Waiting, 'bytes'>) =>
  `${String(number).padStart(16, '0')}-${arrivedAt}.events`;

export const openEventQueue = async (options: EventQueueOptions): Promise<EventQueue> => {
  const { folder, mostBytes, zone, disk, clock } = options;
  const stateFile = join(folder, 'queue.json');
  await disk.makeFolder(folder);
  const bytes = await disk.read(stateFile);
  const stored = bytes === null ? undefined : Stored.safeParse(jsonOf(new TextDecoder().decode(bytes))).data;
  let { kept, dropped } = stored ?? { kept: 0, dropped: null };
  let waiting = await found(disk, folder);
  let last = Math.max(kept, dropped?.last ?? 0, waiting.at(-1)?.number ?? 0);
  let parts = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const save = () => replaceFile(disk, stateFile, JSON.stringify({ kept, dropped } satisfies z.input<typeof Stored>));

  const makeRoom = async (wanted: number) => {
    if (wanted > mostBytes) throw full();
    const going: Waiting[] = [];
    let held = waiting.reduce((sum, one) => sum + one.bytes, 0);
    for (const one of waiting) {
      if (held + wanted <= mostBytes) break;
      held -= one.bytes;
      going.push(one);
    }
    if (going.length === 0) return;
    waiting = waiting.slice(going.length);
    dropped = going.reduce<Dropped | null>(addDropped, dropped);
    // First what is told, then the loss: the other way round it could go unsaid.
    await save();
    for (const one of going) await disk.remove(join(folder, nameOf(one)));
  };

  const take = (position: string | null) =>
    inTurn(async () => {
      const number = Number(position ?? 0);
      if (!Number.isSafeInteger(number) || number <= kept) return;
      kept = number;
      last = Math.max(last, kept);
      // Told with the part that came after them.
      if (dropped !== null && dropped.last <= kept) dropped = null;
      const done = waiting.filter((one) => one.number <= kept);
      waiting = waiting.filter((one) => one.number > kept);
      await save();
      for (const one of done) await disk.remove(join(folder, nameOf(one)));
    });

  async function* read(from: string | null): AsyncGenerator<EventLogPart> {
    await take(from);
    let at = kept;
    // What comes while this is read waits for the next read, or a busy sender would never let it end.
    const end = last;
    for (;;) {
      const lost = dropped !== null && dropped.last > at ? dropped : null;
      const one = waiting.find(({ number }) => number > at && number <= end);
      if (one === undefined && lost === null) return;
      const number = one?.number ?? Math.max(lost?.last ?? 0, at);
      yield {
        name: one === undefined ? 'what was dropped' : `what arrived at ${momentOf(one.arrivedAt)}`,
        next: String(number),
        lost: lost === null ? null : toLost(lost),
        read: () => (one === undefined ? nothing() : bytesOf(join(folder, nameOf(one)))),
      };
      if (one === undefined) return;
      at = number;
    }
  }

  return {
    log: { ...{ id: 'queue', name: 'Forwarded events', zone, computer: null }, read },
    async begin() {
      const path = join(folder, `${process.pid}-${++parts}.part`);
      const file: FileHandle = await open(path, 'w', 0o600);
      let length = 0;
      let isOpen = true;
      let isKept = false;
      const close = async () => {
        if (isOpen) await file.close();
        isOpen = false;
      };
      return {
        async write(piece) {
          length += piece.byteLength;
          await file.appendFile(piece);
        },
        async commit() {
          await file.datasync();
          await close();
          await inTurn(async () => {
            await makeRoom(length);
            const arrived = { number: ++last, arrivedAt: clock.now().getTime() };
            await disk.rename(path, join(folder, nameOf(arrived)));
            await disk.settle(folder);
            isKept = true;
            waiting = [...waiting, { ...arrived, bytes: length }];
          });
        },
        async drop() {
          await close();
          if (!isKept) await disk.remove(path);
        },
      };
    },
  };
};

/** What lies there; deliveries that were not finished are removed. */
const found = async (disk: Disk, folder: string): Promise<readonly Waiting[]> => {
  const waiting: Waiting[] = [];
  for (const name of await disk.list(folder)) {
    const [, number, arrivedAt] = /^(\d{16})-(\d+)\.events$/.exec(name) ?? [];
    if (number !== undefined)
      waiting.push({
        ...{ number: Number(number), arrivedAt: Number(arrivedAt) },
        bytes: (await stat(join(folder, name))).size,
      });
    else if (name.endsWith('.part')) await disk.remove(join(folder, name));
  }
  return waiting;
};

const addDropped = (dropped: Dropped | null, one: Waiting): Dropped => ({
  deliveries: (dropped?.deliveries ?? 0) + 1,
  bytes: (dropped?.bytes ?? 0) + one.bytes,
  from: Math.min(dropped?.from ?? one.arrivedAt, one.arrivedAt),
  to: Math.max(dropped?.to ?? one.arrivedAt, one.arrivedAt),
  last: Math.max(dropped?.last ?? 0, one.number),
});

const toLost = ({ deliveries, bytes, from, to }: Dropped): EventLogPart['lost'] => ({
  code: 'events-dropped',
  advice: `${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'} of forwarded events (${bytes} bytes) that arrived from ${momentOf(from)} to ${momentOf(to)} were dropped, because the queue was full. Let it hold more, or find out why it was not read.`,
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path)) yield piece;
  } catch (error) {
    // Dropped for newer ones at this moment; the next read says so.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Fault('unreachable', 'Forwarded events were dropped while they were read.', path);
    throw error;
  }
}

const full = () => new Fault('throttled', 'There is no room for so many events at once.');

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
