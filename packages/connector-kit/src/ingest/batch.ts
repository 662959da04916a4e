import type { Cursor, Page, Whole } from '@gatehouse/host';
import { Fault, type FaultKind, faults } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Column } from '../column.ts';
import { type RecordKind, type Records, recordKinds, records } from '../records.ts';
import { gunzip, gzip } from './gzip.ts';

/** The most bytes of one batch as it travels, and as it is unpacked. */
export const largestBatch = 8 * 2 ** 20;
const largestUnpacked = 64 * 2 ** 20;

const Place = {
  /** The id of the source it was read from; the collector holds its lease. */
  source: z.string().min(1).max(300),
  /** As `collectedStream` names it. */
  stream: z.string().regex(/^[a-z0-9-]{1,80}$/),
  /**
   * Grows with every read from the beginning: the milliseconds of its start, and at least one more than what the server
   * has of the stream, whatever the device's clock says. A batch of an older one is out of order.
   */
  generation: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** From 0 on in each generation, without a gap. */
  sequence: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  readAt: z.iso.datetime(),
};
const Caveat = z.strictObject({ code: z.string().max(100), advice: z.string().max(2_000) });
const kinds = Object.keys(faults) as [FaultKind, ...FaultKind[]];

/**
 * What a collector sends of one stream: a page of records, the end of a read that began at the beginning, or the fault
 * that ended a read. The same batch sent twice is one batch.
 */
export const Batch = z.discriminatedUnion('type', [
  z.strictObject({
    ...{ type: z.literal('page'), ...Place },
    record: z.enum(recordKinds as [RecordKind, ...RecordKind[]]),
    records: z.array(z.record(z.string(), z.unknown())).max(10_000),
    gone: z.array(z.string().max(500)).max(10_000).default([]),
    wholes: z
      .array(
        z.strictObject({
          id: z.string().max(500),
          from: z.string().max(500).optional(),
          before: z.string().max(500).optional(),
        }),
      )
      .max(10_000)
      .default([]),
    leftOut: z.array(z.string().max(500)).max(10_000).default([]),
    total: z.number().int().min(0).nullable().default(null),
  }),
  z.strictObject({ ...{ type: z.literal('end'), ...Place }, caveats: z.array(Caveat).max(100).default([]) }),
  z.strictObject({
    ...{ type: z.literal('fault'), ...Place },
    fault: z.strictObject({
      kind: z.enum(kinds),
      advice: z.string().max(2_000),
      detail: z.string().max(4_000).optional(),
    }),
  }),
]);
export type Batch = z.output<typeof Batch>;
export type PageBatch = Extract<Batch, { type: 'page' }>;

/** A batch as it travels and lies in a spool: JSON, compressed. */
export const packBatch = (batch: z.input<typeof Batch>): Promise<Uint8Array> => gzip(JSON.stringify(batch));

/** @throws Fault `unexpected` for anything that is not a batch, or unpacks to more than one may. */
export const unpackBatch = async (bytes: Uint8Array): Promise<Batch> => {
  const text = await gunzip(bytes, largestUnpacked).catch((cause: unknown) => {
    throw new Fault('unexpected', 'A batch cannot be unpacked.', undefined, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('unexpected', 'A batch is not JSON.', undefined, { cause });
  }
  const parsed = Batch.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('unexpected', `A batch is not as it must be: ${issue?.path.join('.')}: ${issue?.message}`);
};

/** A page as a batch has it: times as text, everything else as it is. */
export const toPageBatch = <K extends RecordKind>(
  record: K,
  page: Page<Records[K]>,
  place: Pick<PageBatch, 'source' | 'stream' | 'generation' | 'sequence' | 'readAt'>,
): z.input<typeof Batch> => ({
  ...{ type: 'page', ...place, record },
  records: page.records.map((one) => ({ ...one })),
  gone: [...(page.gone ?? [])],
  wholes: [...(page.wholes ?? [])],
  leftOut: (page.leftOut ?? []).map((line) => line.slice(0, 500)),
  total: page.total ?? null,
});

/** The page again. Columns that the batch lacks or has in another type are unknown; the run makes the rest fit. */
export const toPage = (batch: PageBatch, cursor: Cursor): Page<Records[RecordKind]> => {
  const columns = Object.entries<Column>(records[batch.record]);
  return {
    records: batch.records.map((given) => {
      const row: Record<string, unknown> = { id: given.id, raw: given.raw ?? null };
      for (const [name, { type }] of columns) row[name] = revive(type, given[name]);
      // Every column of the kind is there; what is in it is checked where each page of a connector is.
      return row as unknown as Records[RecordKind];
    }),
    cursor,
    ...(batch.gone.length > 0 && { gone: batch.gone }),
    ...(batch.wholes.length > 0 && { wholes: batch.wholes.map(toWhole) }),
    ...(batch.leftOut.length > 0 && { leftOut: batch.leftOut }),
    ...(batch.total !== null && { total: batch.total }),
  };
};

const toWhole = ({ id, from, before }: PageBatch['wholes'][number]): Whole => ({
  id,
  ...(from !== undefined && { from }),
  ...(before !== undefined && { before }),
});

const revive = (type: Column['type'], value: unknown): unknown => {
  if (value === undefined) return type === 'list' ? [] : null;
  if (type !== 'time') return value;
  const time = typeof value === 'string' ? new Date(value) : null;
  return time && !Number.isNaN(time.getTime()) ? time : null;
};
