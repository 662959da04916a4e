import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Choice, Span } from './choice.ts';

/** Where a page of rows ended: exactly as the database has it, which keeps more of a moment than a Date does. */
export interface Place {
  readonly at: string;
  readonly seq: string;
}

const beginning: Place = { at: '-infinity', seq: '' };

/** Rows in order, page after page, each read on its own: whoever takes them slowly keeps nothing of the database. */
export async function* inPages<Row>(
  size: number,
  read: (after: Place, limit: number) => Promise<readonly (Row & { readonly place: Place })[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after = beginning; ; ) {
    const rows = await read(after, size);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return;
    after = last.place;
  }
}

/** Rows of a span of time that come after a place, as a condition. `seq` orders those of one moment. */
export const isIn = (
  {
    at,
    seq,
    type,
  }: { readonly at: RawBuilder<unknown>; readonly seq: RawBuilder<unknown>; readonly type: 'bigint' | 'uuid' | 'text' },
  { from, until }: Span,
  after: Place,
): RawBuilder<boolean> => sql<boolean>`(${at} >= ${from.toISOString()}::timestamptz
  and ${at} < ${until?.toISOString() ?? 'infinity'}::timestamptz
  and (${at}, ${seq}) > (${after.at}::timestamptz, nullif(${after.seq}, '')::${sql.raw(type)}))`;

/** What a place is read from. */
export const placeOf = (at: RawBuilder<unknown>, seq: RawBuilder<unknown>) =>
  sql`jsonb_build_object('at', ${at}::text, 'seq', ${seq}::text)`;

/** In the order in which sessions are reported: by the time that was asked for, or by their numbers. */
export interface Order {
  readonly where: RawBuilder<boolean>;
  readonly order: RawBuilder<unknown>;
  readonly place: RawBuilder<unknown>;
}

/** Over columns of sessions; `lsid` says that a session is named. */
export const orderOf = (
  choice: Choice,
  of: { readonly lsid: RawBuilder<unknown>; readonly start: RawBuilder<unknown>; readonly end: RawBuilder<unknown> },
  seq: RawBuilder<unknown>,
  after: Place,
): Order => {
  if (choice.by === 'lsid') {
    const where = sql<boolean>`(${of.lsid} and ${seq} > coalesce(nullif(${after.seq}, ''), '0')::bigint)`;
    return { where, order: seq, place: placeOf(of.start, seq) };
  }
  const at = of[choice.by];
  return {
    where: isIn({ at, seq, type: 'bigint' }, choice.span, after),
    order: sql`${at}, ${seq}`,
    place: placeOf(at, seq),
  };
};

export const namedIn = (choice: Choice): readonly string[] => (choice.by === 'lsid' ? choice.lsids : []);

/** Without an order, for what is added up; `lsid` says that a session is named. */
export const isChosen = (
  choice: Choice,
  of: { readonly lsid: RawBuilder<unknown>; readonly start: RawBuilder<unknown>; readonly end: RawBuilder<unknown> },
): RawBuilder<unknown> => {
  if (choice.by === 'lsid') return of.lsid;
  const { from, until } = choice.span;
  return sql`${of[choice.by]} >= ${from.toISOString()}::timestamptz
    and ${of[choice.by]} < ${until?.toISOString() ?? 'infinity'}::timestamptz`;
};

/** Rows of the database. What they cannot be is our own fault, and not a word to whoever asked. */
export const parseRows = <T>(type: z.ZodType<T>, rows: readonly unknown[]): readonly T[] => {
  const parsed = z.array(type).safeParse(rows);
  if (parsed.success) return parsed.data;
  throw new Error('rows of a report are not what they can be', { cause: parsed.error });
};
