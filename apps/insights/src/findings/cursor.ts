import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../problems.ts';

/** Where a finding stands in an order: what it is sorted by, as PostgreSQL writes it, and its id. */
export interface Place {
  readonly key: string;
  readonly id: string;
}

const Written = z.strictObject({ q: z.string(), k: z.string().max(60), t: z.uuid() });

/** Bound to what was asked, so that it cannot continue another query or another tenant's. */
export const writeCursor = ({ key, id }: Place, asked: string): string =>
  Buffer.from(JSON.stringify({ q: digest(asked), k: key, t: id })).toString('base64url');

export const parseCursor = (cursor: string | undefined, asked: string): Place | null => {
  if (cursor === undefined) return null;
  const written = Written.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!written.success || written.data.q !== digest(asked)) {
    throw invalid('cursor', 'This cursor belongs to another list. Start at the first page.');
  }
  return { key: written.data.k, id: written.data.t };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const digest = (asked: string) => createHash('sha256').update(asked).digest('base64url').slice(0, 16);
