import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../problems.ts';

/** Where a row stands in an order: the value it is sorted by, as PostgreSQL writes it, and the tie breaker. */
export interface Place {
  readonly key: string | null;
  readonly tie: string;
}

const Written = z.strictObject({
  q: z.string(),
  k: z.string().max(1_000).nullable(),
  t: z.union([z.string().regex(/^\d{1,19}$/), z.uuid()]),
});

/** Opaque to callers. It carries a digest of what was asked, so it cannot continue another query or another tenant's. */
export const writeCursor = (place: Place, asked: string): string =>
  Buffer.from(JSON.stringify({ q: digest(asked), k: place.key, t: place.tie })).toString('base64url');

export const parseCursor = (cursor: string, asked: string): Place => {
  const written = Written.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!written.success) throw invalid('cursor', 'This cursor is damaged. Start at the first page.');
  if (written.data.q !== digest(asked)) {
    throw invalid('cursor', 'This cursor belongs to another query. Start at the first page.');
  }
  return { key: written.data.k, tie: written.data.t };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const digest = (asked: string) => createHash('sha256').update(asked).digest('base64url').slice(0, 16);
