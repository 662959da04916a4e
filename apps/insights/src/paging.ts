import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './problems.ts';

/**
 * Cursors of lists that are ordered by a time-ordered id, newest first: the last id of the page, bound to the list it
 * came from. `asked` names that list, the tenant included.
 */
export const writePlace = (id: string | undefined, asked: string): string | null =>
  id === undefined ? null : Buffer.from(`${digest(asked, id)} ${id}`).toString('base64url');

/** Null at the beginning. A cursor of another list, or a damaged one, is a problem that names the field. */
export const parsePlace = (cursor: string | undefined, asked: string): string | null => {
  if (cursor === undefined) return null;
  const [of, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const place = z.uuid().safeParse(id);
  if (!place.success || of !== digest(asked, place.data)) {
    throw invalid('cursor', 'This cursor belongs to another list. Start at the first page.');
  }
  return place.data;
};

const digest = (asked: string, id: string) =>
  createHash('sha256').update(`${asked} ${id}`).digest('base64url').slice(0, 16);
