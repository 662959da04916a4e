import type { Page } from '@gatehouse/host';

/** Bytes that are stored in one transaction at most, unless a single page has more. */
const largestGroup = 4 * 1024 * 1024;

/** Pages on their way to the store, one transaction at a time. */
export interface GroupCommits<T> {
  /**
   * Hands on a page of so many `bytes`, or of a size that is not known (null). Resolves when there is room for the next
   * one; rejects with the store's failure, after which nothing more is stored.
   */
  push(page: Page<T>, bytes: number | null): Promise<void>;
  /** Resolves when everything is stored, or rejects. */
  flush(): Promise<void>;
}

/**
 * Stores pages in their order. While some are being stored, those that arrive are gathered for the next transaction: a
 * system that answers faster than the database stores costs no transaction a page, and a slow one waits for nothing.
 */
export const groupCommits = <T>(store: (pages: readonly Page<T>[]) => Promise<void>): GroupCommits<T> => {
  let gathered: Page<T>[] = [];
  let gatheredBytes = 0;
  let working: Promise<void> | null = null;
  let hasFailed = false;

  const work = async (): Promise<void> => {
    while (gathered.length > 0) {
      const pages = gathered;
      gathered = [];
      gatheredBytes = 0;
      await store(pages);
    }
    working = null;
  };

  return {
    async push(page, bytes) {
      // What is gone must not be gathered with a page that brings it back.
      const size =
        bytes === null || page.gone !== undefined || page.wholes !== undefined ? Number.POSITIVE_INFINITY : bytes;
      if (hasFailed) await working;
      while (gathered.length > 0 && gatheredBytes + size > largestGroup) await working;
      gathered.push(page);
      gatheredBytes += size;
      if (working !== null) return;
      working = work();
      // It stays, for whoever pushes or flushes next.
      working.catch(() => {
        hasFailed = true;
      });
    },
    async flush() {
      await working;
    },
  };
};
