import type { ArrivingLog, EventLogPart } from '@gatehouse/host';
import type { Disk } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import { type EventFile, endOfStretch, type Form, formOf, openEventFile } from './event-file.ts';
import { type Ledger, type Offer, openLedger, type Stretch } from './ledger.ts';
import { momentOf } from './moment.ts';

export interface FileLogOptions extends Pick<ArrivingLog, 'id' | 'name' | 'zone' | 'computer'> {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Where the ledger is kept. */
  readonly ledger: string;
  /** A file that was not written for this long is finished as far as it goes. Default 10 seconds. */
  readonly quietMs?: number;
  /** The files there are, in the order in which they are read. */
  list(): Promise<readonly Listed[]>;
  /** Called for a file of which everything is kept. */
  finish?(file: Listed, form: Form, writtenAt: number): Promise<void>;
  /**
   * What was read so far is not to be found any more, and more may have been written before that; `size` is that of the
   * file which is in its place, null where there is none. Null: that means nothing.
   */
  missing(last: Stretch, size: number | null): Offer['lost'];
}

export interface Listed {
  readonly path: string;
  /** In words, and in the ledger. */
  readonly name: string;
  /** It is only of interest for what was begun to be read of it: the copy or the new name of another. */
  readonly isRest?: boolean;
}

type Found = Omit<Offer, 'number'>;

/** Files as a log that arrives: each is read once, from where the last read ended, and told from others by what it is. */
export const createFileLog = (options: FileLogOptions): ArrivingLog => {
  const { id, name, zone, computer, disk } = options;

  async function* read(from: string | null): AsyncGenerator<EventLogPart> {
    const ledger = await openLedger(disk, options.ledger);
    ledger.confirm(from);
    await ledger.save();
    for (const offer of ledger.offered()) yield await partOf(ledger, offer);
    // A file that is written all the time is read as far as it was when this began.
    const sizes = new Map<string, number>();
    for (;;) {
      const offers = ledger.offer(await look(options, ledger, sizes));
      await ledger.save();
      if (offers.length === 0) return;
      for (const offer of offers) yield await partOf(ledger, offer);
    }
  }

  const partOf = async (ledger: Ledger, offer: Offer): Promise<EventLogPart> => {
    const { stretch } = offer;
    const common = { name: stretch.name, next: ledger.positionOf(offer) };
    const none = async function* () {};
    if (stretch.from === stretch.to) return { ...common, lost: offer.lost, read: none };
    const path = await pathOf(stretch, await options.list());
    if (path === null) return { ...common, lost: removed(name, stretch), read: none };
    return { ...common, lost: offer.lost, read: () => bytesOf(path, stretch) };
  };

  return { ...{ id, name, zone, computer }, read };
};

/** Stretches that are written down at once. */
const mostFound = 100;

/** What there is to read beyond what was handed out. */
const look = async (options: FileLogOptions, ledger: Ledger, sizes: Map<string, number>): Promise<readonly Found[]> => {
  const found: Found[] = [];
  const gone = new Set(ledger.taken());
  const files = new Map<string, number>();
  for (const listed of await options.list()) {
    if (found.length >= mostFound) return found;
    const file = await openEventFile(listed.path);
    if (file === null) continue;
    try {
      const known = await knownOf(file, listed, ledger);
      if (known !== null) gone.delete(known);
      files.set(file.mark.file, file.size);
      if (known === null && listed.isRest === true) continue;
      const limit = sizes.get(file.mark.file) ?? file.size;
      sizes.set(file.mark.file, limit);
      found.push(...(await nextOf(options, ledger, file, listed, known, limit)));
    } finally {
      await file.close();
    }
  }
  for (const one of ledger.taken().filter((taken) => gone.has(taken))) {
    ledger.forget(one);
    const lost = options.missing(one, files.get(one.mark.file) ?? null);
    if (lost !== null) found.unshift({ stretch: { ...one, from: one.to }, lost });
  }
  return found;
};

/** How far this file was read. It may have another name by now, or be the copy of one that was cut off. */
const knownOf = async (file: EventFile, { name, isRest }: Listed, ledger: Ledger): Promise<Stretch | null> => {
  for (const one of ledger.taken()) {
    const mayBe = one.mark.file === file.mark.file || isRest === true;
    if (!mayBe || !(await holds(file, one))) continue;
    if (one.name === name && one.mark.file === file.mark.file) return one;
    ledger.forget(one);
    const moved = { ...one, name, mark: file.mark };
    ledger.take(moved);
    return moved;
  }
  return null;
};

const nextOf = async (
  { clock, quietMs = 10_000, finish }: FileLogOptions,
  ledger: Ledger,
  file: EventFile,
  listed: Listed,
  known: Stretch | null,
  limit: number,
): Promise<readonly Found[]> => {
  const { size, writtenAt, mark } = file;
  if (size === 0) return [];
  const last = (await lastOffered(file, ledger)) ?? known;
  const now = clock.now().getTime();
  const isQuiet = writtenAt > now || now - writtenAt >= quietMs;
  const form = await formOf(file);
  const isRead = last !== null && last.to === size && (form !== 'whole' || last.writtenAt === writtenAt);
  if (isRead) {
    // Else a part of it was handed out, and may be needed once more.
    if (last === known) await finish?.(listed, form, writtenAt);
    return [];
  }
  const base = { name: listed.name, mark, writtenAt };
  if (form === 'whole') return isQuiet ? [{ stretch: { ...base, from: 0, to: size }, lost: null }] : [];
  const from = last?.to ?? 0;
  if (from >= limit) return [];
  const to = (await endOfStretch(file, form, from)) ?? (isQuiet ? size : null);
  if (to === null) return [];
  const stretch = { ...base, from, to };
  // What stands after the last event of a document.
  if (to === size && to - from < 200 && /^\s*(?:<\/\w+>\s*)?$/.test((await file.bytes(from, 200)).toString())) {
    ledger.take(stretch);
    return [];
  }
  return [{ stretch, lost: null }];
};

const lastOffered = async (file: EventFile, ledger: Ledger): Promise<Stretch | null> => {
  for (const { stretch } of ledger.offered().toReversed())
    if (stretch.to > stretch.from && (await isOf(stretch, file))) return stretch;
  return null;
};

const isOf = async (stretch: Stretch, file: EventFile): Promise<boolean> =>
  stretch.mark.file === file.mark.file && (await holds(file, stretch));

const pathOf = async (stretch: Stretch, files: readonly Listed[]): Promise<string | null> => {
  // Under its name first: a folder may be large.
  for (const { path } of files.toSorted((a, b) => Number(b.name === stretch.name) - Number(a.name === stretch.name))) {
    const file = await openEventFile(path);
    if (file === null) continue;
    await file.close();
    if (await holds(file, stretch)) return path;
  }
  return null;
};

const holds = async (file: EventFile, stretch: Stretch): Promise<boolean> =>
  file.size >= stretch.to && (await file.beginsLike(stretch.mark));

async function* bytesOf(path: string, stretch: Stretch): AsyncGenerator<Uint8Array> {
  const file = await openEventFile(path);
  try {
    if (file === null || !(await holds(file, stretch)))
      throw new Fault('unreachable', `${stretch.name} changed while it was read. The next read says what was lost.`);
    for (let at = stretch.from; at < stretch.to; ) {
      const bytes = await file.bytes(at, Math.min(262_144, stretch.to - at));
      if (bytes.length === 0) throw new Fault('unreachable', `${stretch.name} became shorter while it was read.`);
      at += bytes.length;
      yield bytes;
    }
  } finally {
    await file?.close();
  }
}

const removed = (log: string, { name, from, to, writtenAt }: Stretch): Offer['lost'] => ({
  code: 'event-file-gone',
  advice: `${log}: ${to - from} bytes of events in ${name}, written until ${momentOf(writtenAt)}, were removed before they were kept.`,
});
