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
   * Things whose parts are all on this page: the groups of memberships, the resources of grants. What the inventory has
   * of them besides is gone. A thing of more parts than a page holds comes in stretches of their ids. Only delta streams
   * have them: a system that tells which group changed does not tell who left it.
   */
  readonly wholes?: readonly Whole[];
  /**
   * Items of the answer that could not be read, one line about each. They become a caveat; where there are more of them
   * than records the read fails, so that nothing counts as gone.
   */
  readonly leftOut?: readonly string[];
  /** What is known to be missing besides, for people. Each is said once, however many pages say it. */
  readonly caveats?: readonly { readonly code: string; readonly advice: string }[];
  /** How many records the whole read will have, where the system says so. Lets a run show the time left. */
  readonly total?: number;
}

export interface Whole {
  /** Id of the thing. */
  readonly id: string;
  /** First and past the last id of its parts that this page speaks of, in the order of their bytes; left out: from the start, to the end. */
  readonly from?: string;
  readonly before?: string;
}
