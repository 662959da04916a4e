import type { Cursor, Page, Readable } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { Absent, type Github } from './client.ts';
import { type Need, wordsOf } from './need.ts';

/** A list of the organization, one record (or none, or several) per item. */
export interface List<T> {
  readonly path: string | Promise<string>;
  readonly need: Need;
  toRecords(items: readonly unknown[]): Readable<T> | Promise<Readable<T>>;
}

/**
 * Reads a list page by page; the cursor is GitHub's next link. A link that GitHub no longer knows is passed on as its
 * status, which makes the run begin again. A list that the plan does not have is empty.
 */
export async function* listed<T>(client: Github, list: List<T>, from: Cursor | null): AsyncIterable<Page<T>> {
  const { need, toRecords } = list;
  let begun = false;
  try {
    for await (const { items, next, total } of client.pages(from ?? (await list.path), need)) {
      begun = true;
      const { items: records, leftOut } = await toRecords(items);
      yield { records, leftOut, cursor: next, ...(total === null ? {} : { total }) };
    }
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    if (from !== null && !begun) throw error;
    if (begun || need.plan === undefined) throw refused(error, need);
    yield { records: [], cursor: null };
  }
}

/** Lists one after another: `read(part, link)` reads one of them; cursors name the part. */
export async function* inTurn<T, Part extends string>(
  parts: readonly Part[],
  read: (part: Part, from: Cursor | null) => AsyncIterable<Page<T>>,
  from: Cursor | null,
): AsyncIterable<Page<T>> {
  const [place, link] = splitAt(from);
  let started = false;
  for (const [i, part] of parts.entries()) {
    if (!started && place !== null && parts.some((one) => one === place) && place !== part) continue;
    const resumed = !started && place === part && link !== '' ? link : null;
    started = true;
    const following = parts[i + 1];
    for await (const page of read(part, resumed)) {
      const then = page.cursor !== null ? `${part} ${page.cursor}` : following === undefined ? null : `${following} `;
      const { total, ...rest } = page;
      yield { ...rest, cursor: then };
    }
  }
}

const splitAt = (from: Cursor | null): readonly [string | null, string] => {
  if (from === null) return [null, ''];
  const space = from.indexOf(' ');
  return space < 0 ? [null, ''] : [from.slice(0, space), from.slice(space + 1)];
};

/** A stream of one page. */
export async function* once<T>(read: () => Promise<readonly T[]>, need: Need): AsyncIterable<Page<T>> {
  try {
    yield { records: await read(), cursor: null };
  } catch (error) {
    throw error instanceof Absent ? refused(error, need) : error;
  }
}

/** What a refusal means when the app holds the permission. */
export const refused = (error: Absent, need: Need): Fault =>
  error.status === 403
    ? new Fault(
        'forbidden',
        `GitHub refuses this although the app has ${wordsOf(need)}. Check that the installation is not suspended and that an IP allow list of the organization lets this server in.`,
        error.message,
        { cause: error },
      )
    : new Fault(
        error.status === 404 ? 'misconfigured' : 'unexpected',
        'GitHub does not know what was asked for. If the organization was renamed, enter the new address of the installation page.',
        error.message,
        { cause: error },
      );

/** Null instead of `Absent`: for facts that may be missing without anything being wrong. */
export const unlessAbsent = async <T>(read: Promise<T>): Promise<T | null> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Absent) return null;
    throw error;
  }
};
