import type { Installation } from '../api/types.ts';

/**
 * Installation keys of this visit, by connection. The server says a key once, so it stays on the page until the person
 * closes it; it is kept nowhere else, and a reload forgets it.
 */
const fresh = new Map<string, Installation>();

export const keepFreshKey = (connectionId: string, installation: Installation): void => {
  fresh.set(connectionId, installation);
};

export const findFreshKey = (connectionId: string): Installation | null => fresh.get(connectionId) ?? null;

export const forgetFreshKey = (connectionId: string): void => {
  fresh.delete(connectionId);
};
