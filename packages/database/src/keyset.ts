/** Where a list goes on: the values of its sort columns in the last row shown, each as PostgreSQL writes it. */
export type Place = readonly (string | null)[];

/** An opaque cursor. `scope` says which list it belongs to, so that it cannot be used for another. */
export const encodePlace = (scope: string, place: Place): string =>
  Buffer.from(JSON.stringify([scope, ...place])).toString('base64url');

/** Null when the cursor is damaged or belongs to another list. */
export const decodePlace = (scope: string, cursor: string, columns: number): Place | null => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length !== columns + 1 || parsed[0] !== scope) return null;
  const place: unknown[] = parsed.slice(1);
  return place.every((value) => value === null || typeof value === 'string') ? place : null;
};
