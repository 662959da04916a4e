import type { ArrivingLog, EventLogPart } from '@gatehouse/host';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { Disk } from '../disk/index.ts';
import { type EventFile, endOfStretch, formOf, openEventFile } from './event-file.ts';
import { isSame, type Ledger, type Offer, openLedger, type Stretch } from './ledger.ts';

export interface FileLogOptions {
  readonly id: string;
  readonly name: string;
  readonly zone: string | null;
  readonly computer: string | null;
  readonly disk: Disk;
  readonly clock: Clock;
  /** Where the ledger is kept. */
  readonly ledger: string;
  /** A file that was not written for this long is finished as far as it goes. Default 10 seconds. */
  readonly quietMs?: number;
  /** The files there are, in the order in which they are read. */
  list(ledger: Ledger): Promise<readonly Listed[]>;
  /** Called for files of which everything is kept. Returns how far it is still of interest. */
  finish?(path: string, stretch: Stretch): Promise<void>;
  /** A file that was read is not to be found any more, though more may have been written to it. */
  missing?(stretch: Stretch): Offer['lost'];
}

export interface Listed {
  readonly path: string;
  /** In words, and in the ledger. */
  readonly name: string;
}

/** Stretches that are written down at once. */
const mostOffers = 100;

/** Files as a log that arrives: each is read once, from where the last read ended, and told from others by what it is. */
export const createFileLog = (options: FileLogOptions): ArrivingLog => {
  const { id, name, zone, computer, disk, clock, quietMs = 10_000 } = options;

  async function* read(from: string | null): AsyncGenerator<EventLogPart> {
    const ledger = await openLedger(disk, options.ledger);
    const kept = ledger.confirm(from);
    await ledger.save();
    const listed = new Map((await options.list(ledger)).map((one) => [one.name, one.path]));
    if (options.finish !== undefined)
      for (const { name: file, path } of lastOf(kept, listed)) await finishIfDone(ledger, path, file);
    for (const offer of ledger.offered()) yield* partOf(ledger, offer, listed);
    for (;;) {
      const found = await look(ledger, await options.list(ledger));
      const offers = ledger.offer(found);
      await ledger.save();
      if (offers.length === 0) return;
      const now = new Map((await options.list(ledger)).map((one) => [one.name, one.path]));
      for (const offer of offers) yield* partOf(ledger, offer, now);
    }
  }

  const finishIfDone = async (ledger: Ledger, path: string, stretch: Stretch) => {
    const file = await openEventFile(path);
    if (file === null) return;
    await file.close();
    const isDone = file.size === stretch.to && file.writtenAt === stretch.writtenAt && (await isTaken(file, stretch));
    const others = ledger.offered().some((offer) => isSame(offer.stretch.mark, stretch.mark));
    if (isDone && !others) await options.finish?.(path, stretch);
  };

  /** What there is to read beyond what was handed out. */
  const look = async (ledger: Ledger, files: readonly Listed[]): Promise<readonly Omit<Offer, 'number'>[]> => {
    const found: Omit<Offer, 'number'>[] = [];
    const present: Stretch[] = [];
    for (const { path, name: file } of files) {
      const opened = await openEventFile(path);
      if (opened === null) continue;
      try {
        const known = await knownOf(opened, ledger);
        if (known !== null) present.push(known);
        if (found.length < mostOffers) found.push(...(await nextOf(ledger, opened, file, known)));
      } finally {
        await opened.close();
      }
    }
    if (found.length >= mostOffers) return found;
    const gone = ledger.taken().filter((one) => !present.some((other) => isSame(one.mark, other.mark)));
    const lost = gone.flatMap((one) => options.missing?.(one) ?? []);
    ledger.forget((one) => gone.includes(one));
    // Said with what comes next; where nothing does, with nothing.
    const [first, ...others] = found;
    const said = lost.map((one): Omit<Offer, 'number'> => ({ stretch: nothingOf(gone), lost: one }));
    return first === undefined ? said : [...said, first, ...others];
  };

  const nextOf = async (
    ledger: Ledger,
    file: EventFile,
    of: string,
    known: Stretch | null,
  ): Promise<readonly Omit<Offer, 'number'>[]> => {
    const last = ledger.offered().findLast(({ stretch }) => isSame(stretch.mark, file.mark))?.stretch ?? known;
    if (file.size === 0) return [];
    const now = clock.now().getTime();
    const isQuiet = file.writtenAt > now || now - file.writtenAt >= quietMs;
    const base = { name: of, mark: file.mark, writtenAt: file.writtenAt };
    const form = await formOf(file);
    if (form === 'whole') {
      if (!isQuiet || (last !== null && last.to === file.size && last.writtenAt === file.writtenAt)) return [];
      return [{ stretch: { ...base, from: 0, to: file.size }, lost: null }];
    }
    const isCut = last !== null && file.size < last.to;
    const from = isCut ? 0 : (last?.to ?? 0);
    if (from >= file.size) return [];
    const end = (await endOfStretch(file, form, from)) ?? (isQuiet ? file.size : null);
    if (end === null) return [];
    const stretch = { ...base, from, to: end };
    // The end of the document around the events.
    if (end === file.size && /^\s*(?:<\/\w+>)?\s*$/.test((await file.bytes(from, 200)).toString()) && end - from <= 200) {
      ledger.take(stretch);
      return [];
    }
    return [{ stretch, lost: isCut ? cutOff(of, last) : null }];
  };

  async function* partOf(ledger: Ledger, offer: Offer, paths: ReadonlyMap<string, string>): AsyncGenerator<EventLogPart> {
    const { stretch, lost } = offer;
    const next = ledger.positionOf(offer);
    const common = { name: stretch.name, next };
    if (stretch.from === stretch.to) {
      yield { ...common, lost, read: async function* () {} };
      return;
    }
    const path = await pathOf(stretch, paths);
    if (path === null) {
      yield { ...common, lost: removed(name, stretch), read: async function* () {} };
      return;
    }
    yield { ...common, lost, read: () => bytesOf(path, stretch) };
  }

  return { ...{ id, name, zone, computer }, read };
};

/** Of each file the last stretch, where the file is still there. */
const lastOf = (kept: readonly Offer[], paths: ReadonlyMap<string, string>) =>
  [...new Map(kept.map(({ stretch }) => [stretch.name, stretch])).values()].flatMap((stretch) => {
    const path = paths.get(stretch.name);
    return path === undefined ? [] : [{ path, name: stretch }];
  });

const isTaken = async (file: EventFile, stretch: Stretch): Promise<boolean> =>
  file.mark.file === stretch.mark.file && (await beginsLike(file, stretch));

const beginsLike = (file: EventFile, { mark }: Stretch): Promise<boolean> => file.beginsLike(mark);

/** How far this file was read: by its number and beginning, else (a copy of it) by its beginning alone. */
const knownOf = async (file: EventFile, ledger: Ledger): Promise<Stretch | null> => {
  for (const one of ledger.taken()) if (one.mark.file === file.mark.file && (await beginsLike(file, one))) return one;
  return null;
};

const pathOf = async (stretch: Stretch, paths: ReadonlyMap<string, string>): Promise<string | null> => {
  const likely = paths.get(stretch.name);
  for (const path of [...(likely === undefined ? [] : [likely]), ...paths.values()]) {
    const file = await openEventFile(path);
    if (file === null) continue;
    await file.close();
    if (file.size >= stretch.to && (await isTaken(file, stretch))) return path;
  }
  return null;
};

async function* bytesOf(path: string, stretch: Stretch): AsyncGenerator<Uint8Array> {
  const file = await openEventFile(path);
  try {
    if (file === null || file.size < stretch.to || !(await isTaken(file, stretch)))
      throw new Fault('unreachable', `${stretch.name} changed while it was read. The next read goes on with what is left.`);
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

const nothingOf = (gone: readonly Stretch[]): Stretch => {
  const [first] = gone;
  if (first === undefined) throw new Error('nothing is gone');
  return { ...first, from: first.to, to: first.to };
};

const cutOff = (name: string, last: Stretch | null): Offer['lost'] => ({
  code: 'event-file-truncated',
  advice: `${name} was cut off after ${last?.to ?? 0} bytes of it were read (written until ${momentOf(last?.writtenAt ?? 0)}). What was written since and cut off again was not read.`,
});

const removed = (log: string, { name, from, to, writtenAt }: Stretch): Offer['lost'] => ({
  code: 'event-file-gone',
  advice: `${log}: ${to - from} bytes of events in ${name}, written until ${momentOf(writtenAt)}, were removed before they were kept.`,
});

export const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
