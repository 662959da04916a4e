import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../problems.ts';

/** Where a row stands in an order: the value it is sorted by, as PostgreSQL writes it, and the tie breaker. */
export interface Place {
  readonly key: string | null;
  readonly tie: string;
}

/** How many rows there are in all, counted for the first page and carried along. */
export interface Total {
  readonly value: number;
  readonly exact: boolean;
}

const Written = z.strictObject({
  q: z.string(),
  n: z.number().int().min(0),
  e: z.boolean(),
  k: z.string().max(1_000).nullable(),
  t: z.union([z.string().regex(/^\d{1,19}$/), z.uuid()]),
});

/**
 * Opaque to callers. It carries a digest of what was asked and of itself, so it continues no other query, no other
 * tenant's, and no position that nobody was given.
 */
export const writeCursor = (place: Place, total: Total, asked: string): string => {
  const { key: k, tie: t } = place;
  const { value: n, exact: e } = total;
  return Buffer.from(JSON.stringify({ q: digest(asked, { k, t, n, e }), n, e, k, t })).toString('base64url');
};

export const parseCursor = (cursor: string, asked: string): { readonly place: Place; readonly total: Total } => {
  const written = Written.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!written.success) throw invalid('cursor', 'This cursor is damaged. Start at the first page.');
  const { q, k, t, n, e } = written.data;
  if (q !== digest(asked, { k, t, n, e })) {
    throw invalid('cursor', 'This cursor belongs to another query. Start at the first page.');
  }
  return { place: { key: k, tie: t }, total: { value: n, exact: e } };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const digest = (asked: string, { k, t, n, e }: Omit<z.output<typeof Written>, 'q'>) =>
  createHash('sha256')
    .update(JSON.stringify([asked, k, t, n, e]))
    .digest('base64url')
    .slice(0, 22);
