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
  /** Commits the page's records and the cursor that follows them in one transaction, or neither. Repeating is harmless. */
  save<K extends RecordKind>(stream: string, record: K, page: Page<Records[K]>): Promise<Counts>;
  /**
   * Closes the open generation: what it did not see is gone. `watermark` is where the next delta read starts.
   * Called only while a generation is open: a delta read from its watermark, and every read of events, ends with its
   * last `save`, whose cursor is where the next one starts.
   */
  finish(stream: string, record: RecordKind, watermark: Cursor | null): Promise<Counts>;
}
