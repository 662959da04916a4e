import { type Cursor, type Page, readable } from '@gatehouse/host';
import { Absent, endless, type Github, type ListPage } from './client.ts';
import type { Need } from './need.ts';
import { refused, unlessAbsent } from './reading.ts';
import { Unreadable } from './shapes.ts';

/** What one parent (a repository, a team) has: at most one page of it, and where the rest is. */
export interface Children<T> {
  readonly records: readonly T[];
  readonly leftOut?: readonly string[];
  readonly next: Cursor | null;
}

export interface Chain<Parent, T> {
  /** The list of parents. */
  readonly path: string | Promise<string>;
  readonly need: Need;
  /** The parent in an item of the list; null leaves it out. */
  parent(item: unknown): Parent | null;
  idOf(parent: Parent): string;
  /** The parent's children from a link, or from the start. An `Absent` that is about this parent means there are none. */
  children(parent: Parent, link: Cursor | null): Promise<Children<T>>;
}

/** One page of a parent's children, without those that cannot be read. */
export const readChildren = <T>({ items, next }: ListPage, toRecord: (item: unknown) => T): Children<T> => {
  const { items: records, leftOut } = readable(items, toRecord);
  return { records, leftOut, next };
};

/** Two lists of one parent as one, which goes on where the second does. */
export const joined = <T>(first: Children<T>, second: Children<T>): Children<T> => ({
  records: [...first.records, ...second.records],
  leftOut: [...(first.leftOut ?? []), ...(second.leftOut ?? [])],
  next: second.next,
});

/** Parents asked ahead. The host lets four requests pass at once; more of them hide what octokit's timers take. */
const together = 20;
/** A page with so many records takes no further parent. */
const enough = 2_000;

/**
 * Reads the children of every parent; none where the plan has no such parents. A page holds those of a few parents, or
 * one page of a parent that has many; its cursor says where in the list of parents we are, so that a read continues after
 * any of its pages. A place in that list that GitHub no longer knows is passed on as its status, which makes the run begin again.
 */
export async function* chained<Parent, T>(
  client: Github,
  chain: Chain<Parent, T>,
  from: Cursor | null,
): AsyncIterable<Page<T>> {
  try {
    yield* walk(client, chain, from);
  } catch (error) {
    if (!(error instanceof Absent) || from !== null) throw error;
    if (chain.need.plan === undefined) throw refused(error, chain.need);
    yield { records: [], cursor: null };
  }
}

async function* walk<Parent, T>(client: Github, chain: Chain<Parent, T>, from: Cursor | null): AsyncIterable<Page<T>> {
  const start = await chain.path;
  let { list, after, more, of } = placeOf(from) ?? { ...beginning, list: start };
  const visited = new Set<string>();
  for (;;) {
    const page = await client.page(list, chain.need);
    // A parent that cannot be read is said by the stream of such parents.
    const parents = readable(page.items, chain.parent).items.filter((parent) => parent !== null);
    let i = after === null ? 0 : parents.findIndex((parent) => chain.idOf(parent) === after) + 1;
    const current = parents[i];
    // Parents come and go between two runs, and a link continues only the one it was made for.
    if (current === undefined || chain.idOf(current) !== of) more = null;
    let yielded = false;
    // Answers about the parents from `i` on, or after it while that one continues.
    let ahead: Children<T>[] = [];
    while (i < parents.length) {
      const first = parents[i];
      if (more !== null && first !== undefined) ahead.unshift(await childrenOf(chain, first, more));
      else if (ahead.length === 0) {
        ahead = await Promise.all(parents.slice(i, i + together).map((parent) => childrenOf(chain, parent, null)));
      }
      more = null;
      const records: T[] = [];
      const leftOut: string[] = [];
      for (let answer = ahead.shift(); answer !== undefined; answer = ahead.shift()) {
        for (const record of answer.records) records.push(record);
        leftOut.push(...(answer.leftOut ?? []));
        more = answer.next;
        if (more !== null) break;
        i++;
        if (records.length >= enough) break;
      }
      const previous = parents[i - 1];
      const open = parents[i];
      after = previous === undefined ? null : chain.idOf(previous);
      of = more === null || open === undefined ? null : chain.idOf(open);
      const ended = i >= parents.length;
      yielded = true;
      yield {
        ...{ records, leftOut },
        cursor: ended && page.next === null ? null : cursorOf(ended ? nextList(page) : { list, after, more, of }),
      };
    }
    if (page.next === null) {
      if (!yielded) yield { records: [], cursor: null };
      return;
    }
    visited.add(list);
    list = page.next;
    after = null;
    if (visited.has(list)) throw endless(list);
  }
}

interface Place {
  /** The page of the list of parents. */
  readonly list: Cursor;
  /** The last parent of it that is read to its end. */
  readonly after: string | null;
  /** Where the parent after that one continues. */
  readonly more: Cursor | null;
  /** Whose continuation that is. */
  readonly of: string | null;
}

const beginning = { after: null, more: null, of: null };

const nextList = ({ next }: ListPage): Place => ({ ...beginning, list: next ?? '' });

const cursorOf = (place: Place): Cursor => JSON.stringify([place.list, place.after, place.more, place.of]);

const placeOf = (from: Cursor | null): Place | null => {
  if (from === null) return null;
  try {
    const [list, after, more, of] = JSON.parse(from) as [string, string | null, string | null, string | null]; // made by cursorOf
    return { list, after, more, of };
  } catch {
    return null;
  }
};

const childrenOf = async <Parent, T>(
  chain: Chain<Parent, T>,
  parent: Parent,
  link: Cursor | null,
): Promise<Children<T>> => {
  try {
    return await chain.children(parent, link);
  } catch (error) {
    if (error instanceof Unreadable) return { records: [], leftOut: [error.detail ?? error.advice], next: null };
    if (!(error instanceof Absent) || !error.isAboutThis) throw error;
    // A link that is no longer known starts the run again, unless the parent itself went away in the meantime.
    if (link !== null && (await isThere(chain, parent))) throw error;
    return { records: [], next: null };
  }
};

const isThere = async <Parent, T>(chain: Chain<Parent, T>, parent: Parent): Promise<boolean> =>
  (await unlessAbsent(chain.children(parent, null))) !== null;
