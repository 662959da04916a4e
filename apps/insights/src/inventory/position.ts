import type { z } from 'zod';
import type { ListQuery } from '../api/words.ts';
import { parseCursor, type Total, writeCursor } from './cursor.ts';

/** A part of a list that is put together and sorted for every page, so that a place in it is a number. */
export interface Part {
  readonly offset: number;
  readonly limit: number;
}

/** One page of such a list. `asked` names the list, the tenant included: a cursor goes on with no other. */
export const readPart = async <T>(
  asked: string,
  { cursor, limit }: z.output<typeof ListQuery>,
  read: (part: Part) => Promise<{ items: readonly T[]; total: Total }>,
): Promise<{ items: T[]; next: string | null; total: Total }> => {
  const after = cursor === undefined ? null : parseCursor(cursor, asked);
  const offset = after === null ? 0 : Number(after.place.tie);
  const { items, total: counted } = await read({ offset, limit: limit + 1 });
  const total = after?.total ?? counted;
  const next = items.length > limit ? writeCursor({ key: null, tie: String(offset + limit) }, total, asked) : null;
  return { items: items.slice(0, limit), next, total };
};
