import { Fault } from '@gatehouse/kernel';

/** What of a list could be read, and one line about each of its items that could not. */
export interface Readable<T> {
  readonly items: readonly T[];
  readonly leftOut: readonly string[];
}

/** An odd item must not cost the others. `read` throws an `unexpected` Fault for one that it cannot read. */
export const readable = <T>(list: readonly unknown[], read: (item: unknown) => T): Readable<T> => {
  const items: T[] = [];
  const leftOut: string[] = [];
  for (const item of list) {
    try {
      items.push(read(item));
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'unexpected') throw error;
      leftOut.push(error.detail ?? error.advice);
    }
  }
  return { items, leftOut };
};
