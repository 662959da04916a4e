import { type Cursor, type Page, statusOf } from '@gatehouse/host';
import { z } from 'zod';
import { endless, type Listing, nothing, type OktaClient } from './client.ts';
import { isAbsent } from './refusal.ts';

/** One list of a stream, made by `flat` or `nested`. */
export interface Section<R> {
  readonly first: string;
  page(client: OktaClient, path: string): Promise<SectionPage<R>>;
}

interface SectionPage<R> {
  readonly next: string | null;
  readonly records: readonly R[];
  readonly leftOut: readonly string[];
  /** What leads to requests of its own before it is a record. */
  readonly entries: readonly Entry<R>[];
}

interface Entry<R> {
  readonly id: string;
  read(from: string | null): Promise<Leaf<R>>;
}

/** One page of one entry. */
export interface Leaf<R> {
  readonly records: readonly R[];
  /** One line about each item that could not be read. */
  readonly leftOut?: readonly string[];
  /** Path of the entry's next page; null when it is done. */
  readonly next: string | null;
}

type List<Item> = (client: OktaClient, path: string) => Promise<Listing<Item>>;

/**
 * A list of something that not every organisation has: where it does not, the list is empty. A page further on that is
 * not there was forgotten.
 */
export const whereOffered =
  <Item>(list: List<Item>): List<Item> =>
  async (client, path) => {
    try {
      return await list(client, path);
    } catch (error) {
      if (!isAbsent(error) && !(statusOf(error) === 404 && !path.includes('after='))) throw error;
      return nothing;
    }
  };

/** A list whose items are records. */
export const flat = <Item, R>(of: { first: string; list: List<Item>; map(item: Item): R | null }): Section<R> => ({
  first: of.first,
  async page(client, path) {
    const { items, leftOut, next } = await of.list(client, path);
    return { next, records: items.map(of.map).filter((record) => record !== null), leftOut, entries: [] };
  },
});

/** A list whose items lead to lists of their own, such as the members of a group. `each` reads one page of one item. */
export const nested = <Item extends { readonly id: string }, R>(of: {
  first: string;
  list: List<Item>;
  each(client: OktaClient, item: Item, from: string | null): Promise<Leaf<R>>;
}): Section<R> => ({
  first: of.first,
  async page(client, path) {
    const { items, next } = await of.list(client, path);
    const entries = items.map((item) => ({
      id: item.id,
      read: (from: string | null) => of.each(client, item, from),
    }));
    // What cannot be read of this list is said by the stream that has it.
    return { next, records: [], leftOut: [], entries };
  },
});

/**
 * Where a walk continues: in which section, on which page of its list, behind which item of that page, and, in the
 * midst of an item, on which of its own pages. Addresses and ids rather than numbers, because lists move.
 */
const Position = z.object({
  section: z.number().int().min(0),
  at: z.string().optional(),
  after: z.string().optional(),
  within: z.object({ item: z.string(), at: z.string() }).optional(),
});
type Position = z.output<typeof Position>;

export interface Walk<R> {
  readonly sections: readonly Section<R>[];
  /** What else the cursors carry. Default: nothing. */
  readonly carry?: Readonly<Record<string, string>>;
  /** The cursor behind the last page. Default: null. */
  last?(): Cursor;
}

/**
 * Reads section after section. A page whose address Okta no longer knows is the Fault that it is: whoever runs the
 * stream begins anew. What it read is handed on at the latest after 1,000 records or one page of a list.
 */
export async function* walk<R>(client: OktaClient, of: Walk<R>, from: Cursor | null): AsyncIterable<Page<R>> {
  const { sections, carry = {}, last } = of;
  const start = positionOf(from, sections.length);
  for (let index = start.section; index < sections.length; index++) {
    const section = sections[index];
    if (section === undefined) return;
    const resumed = index === start.section ? start : { section: index };
    for await (const { records, leftOut, position } of readSection(client, section, resumed)) {
      const next = position ?? { section: index + 1 };
      const isOver = next.section >= sections.length;
      yield { records, leftOut, cursor: isOver ? (last?.() ?? null) : JSON.stringify({ ...carry, ...next }) };
    }
  }
}

interface Step<R> {
  readonly records: readonly R[];
  readonly leftOut: readonly string[];
  /** Null: the section is done. */
  readonly position: Position | null;
}

async function* readSection<R>(client: OktaClient, section: Section<R>, start: Position): AsyncIterable<Step<R>> {
  const seen = new Set<string>();
  let here = start;
  for (let wanted: string | null = start.at ?? section.first; wanted !== null; ) {
    const path = wanted;
    const page: SectionPage<R> = await section.page(client, path);
    const { next } = page;
    seen.add(path);
    if (next !== null && seen.has(next)) throw endless(path);
    const position = next === null ? null : { section: start.section, at: next };
    if (page.entries.length === 0) yield { records: page.records, leftOut: page.leftOut, position };
    else yield* readEntries(page.entries, { ...here, at: path }, position);
    here = { section: start.section };
    wanted = next;
  }
}

/** Entries under way at once, so that a list of small groups is not read at the pace of one round trip each. */
const ahead = 4;
const enough = 1_000;

async function* readEntries<R>(
  entries: readonly Entry<R>[],
  here: Position,
  done: Position | null,
): AsyncIterable<Step<R>> {
  const { begin, within } = resumeIn(entries, here);
  const started = new Map<number, Promise<Leaf<R>>>();
  const firstLeaf = (at: number): Promise<Leaf<R>> | undefined => {
    for (const [i, entry] of entries.slice(at, at + ahead).entries()) {
      if (started.has(at + i)) continue;
      const leaf = entry.read(at + i === begin ? within : null);
      // Looked at when its turn comes; until then a refusal must not count as unhandled.
      leaf.catch(() => {});
      started.set(at + i, leaf);
    }
    return started.get(at);
  };

  let records: R[] = [];
  let leftOut: string[] = [];
  for (const [i, entry] of entries.entries()) {
    if (i < begin) continue;
    const seen = new Set<string>();
    for (let leaf = await firstLeaf(i); leaf !== undefined; ) {
      for (const record of leaf.records) records.push(record);
      leftOut.push(...(leaf.leftOut ?? []));
      const { next } = leaf;
      if (next === null) break;
      if (seen.has(next)) throw endless(next);
      seen.add(next);
      if (records.length >= enough) {
        const position = { ...here, after: entries[i - 1]?.id, within: { item: entry.id, at: next } };
        yield { records, leftOut, position };
        records = [];
        leftOut = [];
      }
      leaf = await entry.read(next);
    }
    started.delete(i);
    if (records.length >= enough && i < entries.length - 1) {
      yield { records, leftOut, position: { ...here, after: entry.id, within: undefined } };
      records = [];
      leftOut = [];
    }
  }
  yield { records, leftOut, position: done };
}

/** The next entry to read. Where the one to resume at is gone from the page, the page is read from its beginning. */
const resumeIn = (entries: readonly { readonly id: string }[], { after, within }: Position) => {
  const inside = entries.findIndex(({ id }) => id === within?.item);
  if (within !== undefined) return { begin: Math.max(inside, 0), within: inside < 0 ? null : within.at };
  return { begin: entries.findIndex(({ id }) => id === after) + 1, within: null };
};

/** A cursor that is not one of this walk (a watermark, or of an older version of the connector) is the start. */
const positionOf = (cursor: Cursor | null, sections: number): Position => {
  const parsed = Position.safeParse(cursor === null ? null : jsonOf(cursor));
  return parsed.success && parsed.data.section < sections ? parsed.data : { section: 0 };
};

export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};
