import type { Cursor } from '@gatehouse/host';

/** The first read of events goes back a week, which is what a new connection can show within minutes. */
export const firstReadMs = 7 * 24 * 3_600_000;
/** Entries become visible some minutes after they happened. Repeats are dropped by their id. */
export const overlapMs = 5 * 60_000;

/** Up to when events were seen; null for a cursor that says nothing of it. */
export const seenIn = (cursor: Cursor | null): Date | null => {
  const time = new Date(/"seen":"([^"]+)"/.exec(cursor ?? '')?.[1] ?? '');
  return Number.isNaN(time.getTime()) ? null : time;
};
