import { hash } from 'node:crypto';

/** Remembers the cursors of one read, so that a list which leads back into itself is noticed. */
export interface Cursors {
  /** False when this read had it before. */
  add(cursor: string): boolean;
}

/** Sixteen characters each; a cycle longer than this many pages ends by the run's budget of time. */
const remembered = 100_000;

export const createCursors = (): Cursors => {
  const seen = new Set<string>();
  return {
    add(cursor) {
      const key = hash('sha1', cursor, 'base64').slice(0, 16);
      if (seen.has(key)) return false;
      seen.add(key);
      if (seen.size > remembered) for (const oldest of seen.values().take(1)) seen.delete(oldest);
      return true;
    },
  };
};
