import type { Cursor, Page } from '@gatehouse/host';
import type { RecordKind, Records } from './records.ts';

/** Where a stream stands, as of its last committed page. */
export interface Position {
  readonly cursor: Cursor | null;
  /** A full read has begun and not finished: its generation is open. */
  readonly midway: boolean;
  /** When the last full read finished; null when none ever did. */
  readonly fullReadAt: Date | null;
}

/** What a page, or the end of a read, did to the inventory. */
export interface Counts {
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly gone: number;
}

/** Where a run keeps what it reads. One store serves one connection; only one run of a connection is under way at a time. */
export interface RunStore {
  position(stream: string): Promise<Position>;
  /** Opens a new generation; forgets the cursor and what an unfinished generation had seen. */
  begin(stream: string): Promise<void>;
  /**
   * Work on a page that needs no database, done while earlier ones are being stored. Returns the bytes it will take.
   * It may never be saved. A store without it gets every page in a transaction of its own.
   */
  prepare?<K extends RecordKind>(stream: string, record: K, page: Page<Records[K]>): Promise<number>;
  /**
   * Commits the records of pages that followed each other, and the cursor of the last, in one transaction, or nothing.
   * Repeating is harmless. A page that says what is gone comes alone.
   */
  save<K extends RecordKind>(stream: string, record: K, pages: readonly Page<Records[K]>[]): Promise<Counts>;
  /**
   * Closes the open generation: what it did not see is gone. `watermark` is where the next delta read starts.
   * Called only while a generation is open: a delta read from its watermark, and every read of events, ends with its
   * last `save`, whose cursor is where the next one starts.
   */
  finish(stream: string, record: RecordKind, watermark: Cursor | null): Promise<Counts>;
}
