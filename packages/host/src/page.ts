/** Where to continue. Opaque to everyone except the stream that made it. */
export type Cursor = string;

/** One durable step of a read. The host stores records and cursor together, or neither. */
export interface Page<T> {
  readonly records: readonly T[];
  /** null on the last page means the next run starts from the beginning. */
  readonly cursor: Cursor | null;
  /** Ids that the system says were deleted. Only delta streams have them. */
  readonly gone?: readonly string[];
  /**
   * Items of the answer that could not be read, one line about each. They become a caveat; where there are more of them
   * than records the read fails, so that nothing counts as gone.
   */
  readonly leftOut?: readonly string[];
  /** How many records the whole read will have, where the system says so. Lets a run show the time left. */
  readonly total?: number;
}
