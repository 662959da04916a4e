import { type Cursor, type Page, type Readable, statusOf } from '@gatehouse/host';
import { z } from 'zod';
import type { PasswordSafeClient, Place } from './client.ts';

/** Records that are handed on together. */
const enough = 1_000;

const PlaceShape = z.object({
  offset: z.number().int().min(0),
  total: z.number().int().min(0).nullable(),
  first: z.string().optional(),
});
/** Where a read goes on: at a place, behind the record or parent `after`, or in the midst of the list of one parent. */
const Position = z.object({
  at: PlaceShape.optional(),
  after: z.string().optional(),
  within: z.object({ parent: z.string(), at: PlaceShape }).optional(),
});
type Position = z.output<typeof Position>;

/** A list that comes in one answer, handed on in parts. A cursor names the last record of a part. */
export async function* whole<T extends { readonly id: string }>(
  list: Promise<Readable<T>>,
  from: Cursor | null,
): AsyncIterable<Page<T>> {
  const { items, leftOut } = await list;
  const { after } = positionOf(from);
  // Where that record is gone the list is read from its beginning: repeating is harmless.
  const start = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1;
  for (let i = start; ; i += enough) {
    const records = items.slice(i, i + enough);
    const isLast = i + enough >= items.length;
    const cursor = isLast ? null : JSON.stringify({ after: records.at(-1)?.id });
    yield { records, leftOut: i === start ? leftOut : [], cursor, total: items.length };
    if (isLast) return;
  }
}

/** A list that takes `limit` and `offset`. */
export async function* stretches<T>(
  client: PasswordSafeClient,
  path: string,
  read: (item: unknown) => T,
  from: Cursor | null,
): AsyncIterable<Page<T>> {
  for (let place = positionOf(from).at ?? null; ; ) {
    const { items, leftOut, next, total } = await client.stretch(path, place, read);
    const cursor = next === null ? null : JSON.stringify({ at: next });
    yield { records: items, leftOut, cursor, ...(total !== null && { total }) };
    if (next === null) return;
    place = next;
  }
}

/** Everything of a list that takes `limit` and `offset`, for what has to be known before other lists are read. */
export const all = async <T>(
  client: PasswordSafeClient,
  path: string,
  read: (item: unknown) => T,
): Promise<Readable<T>> => {
  const found: T[] = [];
  const left: string[] = [];
  for (let place: Place | null = null; ; ) {
    const { items, leftOut, next }: Awaited<ReturnType<typeof client.stretch<T>>> = await client.stretch(
      path,
      place,
      read,
    );
    for (const item of items) found.push(item);
    left.push(...leftOut);
    if (next === null) return { items: found, leftOut: left };
    place = next;
  }
};

/** One part of what belongs to a parent. */
export interface Leaf<R> extends Readable<R> {
  readonly next: Place | null;
}

/**
 * What belongs to each of `parents`, one parent after the other. Cursors name parents rather than numbers, because lists
 * move. `each` reads one part of one parent; where the parent is gone meanwhile, nothing belongs to it any more.
 */
export async function* nested<P extends { readonly id: string }, R>(of: {
  readonly parents: readonly P[];
  readonly each: (parent: P, at: Place | null) => Promise<Leaf<R>>;
  readonly from: Cursor | null;
}): AsyncIterable<Page<R>> {
  const { parents, each } = of;
  const { after, within } = positionOf(of.from);
  const start = parents.findIndex(({ id }) => id === after) + 1;
  let records: R[] = [];
  let leftOut: string[] = [];
  const takeWith = (position: Position | null): Page<R> => {
    const page = { records, leftOut, cursor: position === null ? null : JSON.stringify(position) };
    records = [];
    leftOut = [];
    return page;
  };
  for (let i = start; i < parents.length; i++) {
    const parent = parents[i];
    if (parent === undefined) break;
    let place = parent.id === within?.parent ? within.at : null;
    do {
      const leaf: Leaf<R> = await (place === null ? unlessGone(each(parent, null)) : each(parent, place));
      for (const record of leaf.items) records.push(record);
      leftOut.push(...leaf.leftOut);
      place = leaf.next;
      if (place !== null && records.length >= enough) {
        yield takeWith({ after: parents[i - 1]?.id, within: { parent: parent.id, at: place } });
      }
    } while (place !== null);
    if (records.length >= enough && i < parents.length - 1) yield takeWith({ after: parent.id });
  }
  yield takeWith(null);
}

/** Nothing for what Password Safe says is not there. */
const unlessGone = async <R>(work: Promise<Leaf<R>>): Promise<Leaf<R>> => {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { items: [], leftOut: [], next: null };
  }
};

/** A cursor that is none of ours, or of an older version of the connector, is the start. */
const positionOf = (cursor: Cursor | null): Position => {
  if (cursor === null) return {};
  try {
    const parsed = Position.safeParse(JSON.parse(cursor));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
};
