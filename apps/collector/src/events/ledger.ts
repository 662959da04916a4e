import { randomBytes } from 'node:crypto';
import { type Disk, replaceFile } from '@gatehouse/host/agent';
import { z } from 'zod';

/** What tells a file from every other, wherever it is moved: file numbers are used again, beginnings are copied. */
const Mark = z.strictObject({
  /** Device and file number. */
  file: z.string(),
  /** Hash of its first bytes, and how many they were. */
  head: z.string(),
  headBytes: z.number(),
});
export type Mark = z.output<typeof Mark>;

const Stretch = z.strictObject({
  name: z.string(),
  mark: Mark,
  from: z.number(),
  /** The byte after its last. */
  to: z.number(),
  /** When the file was written last, by its own words. */
  writtenAt: z.number(),
});
/** Some bytes of one file, or all that it had. */
export type Stretch = z.output<typeof Stretch>;

const Lost = z.strictObject({ code: z.string(), advice: z.string() });
const Offer = z.strictObject({ number: z.number(), stretch: Stretch, lost: Lost.nullable() });
export type Offer = z.output<typeof Offer>;

const Stored = z.strictObject({
  /** A ledger that was lost and made anew has another one, so that old positions say nothing about it. */
  id: z.string(),
  next: z.number(),
  /** How far files were read, the latest last. */
  taken: z.array(Stretch),
  /** What was handed out and may not be kept yet, in order. */
  offered: z.array(Offer),
});

/**
 * What was read of which files. What is handed out is written down first, and is handed out again until somebody says
 * that it is kept: a process that is killed in between loses nothing.
 */
export interface Ledger {
  taken(): readonly Stretch[];
  offered(): readonly Offer[];
  positionOf(offer: Offer): string;
  /** Everything up to this position is kept. */
  confirm(position: string | null): void;
  offer(more: readonly Omit<Offer, 'number'>[]): readonly Offer[];
  /** The file was read to the end of this stretch, without handing it out. */
  take(stretch: Stretch): void;
  forget(stretch: Stretch): void;
  save(): Promise<void>;
}

export const openLedger = async (disk: Disk, path: string): Promise<Ledger> => {
  const bytes = await disk.read(path);
  const known = bytes === null ? null : Stored.safeParse(jsonOf(new TextDecoder().decode(bytes))).data;
  const id = known?.id ?? randomBytes(6).toString('hex');
  let { next, taken, offered } = known ?? { next: 1, taken: [], offered: [] };
  let isChanged = false;

  const take = (stretch: Stretch) => {
    // One number is one file at a time.
    taken = [...taken.filter(({ mark }) => mark.file !== stretch.mark.file), stretch];
    isChanged = true;
  };
  return {
    taken: () => taken,
    offered: () => offered,
    positionOf: ({ number }) => `${id}:${number}`,
    confirm(position) {
      const [whose, number = '0'] = position?.split(':') ?? [];
      if (whose !== id) return;
      const kept = offered.filter((one) => one.number <= Number(number));
      if (kept.length === 0) return;
      offered = offered.filter((one) => one.number > Number(number));
      isChanged = true;
      for (const { stretch } of kept) if (stretch.to > stretch.from) take(stretch);
    },
    offer(more) {
      const added = more.map((one) => ({ ...one, number: next++ }));
      offered = [...offered, ...added];
      isChanged ||= added.length > 0;
      return added;
    },
    take,
    forget(stretch) {
      taken = taken.filter((one) => one !== stretch);
      isChanged = true;
    },
    async save() {
      if (!isChanged) return;
      await replaceFile(disk, path, JSON.stringify({ id, next, taken, offered } satisfies z.input<typeof Stored>));
      isChanged = false;
    },
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
