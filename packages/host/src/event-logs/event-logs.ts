/**
 * Logs of events that whoever made the host was told of, to be read and never written. Whoever asks says what to read;
 * how it is got at is the other side's.
 */
export interface EventLogs {
  /** What comes by itself: files that are put into a folder, a file that grows, events that are sent. */
  readonly arriving: readonly ArrivingLog[];
  /** Presence is capability: the event logs of other machines, where this one runs Windows. */
  readonly windows?: WindowsEventLogs;
}

export interface ArrivingLog {
  /** Its positions count for as long as this stays the same: "folder". */
  readonly id: string;
  /** What people call it, for words. */
  readonly name: string;
  /** The time zone of times that are written without one; null: nobody said. */
  readonly zone: string | null;
  /** The computer that wrote a log in which it is not named; null: nobody said. */
  readonly computer: string | null;
  /**
   * Its parts from a position on (null: from the first), in order, as far as there are any. Asking from a position says
   * that everything before it is kept elsewhere: it may be let go. @throws Fault
   */
  read(from: string | null): AsyncIterable<EventLogPart>;
}

/** Some events in one form: a file, a stretch of one, one delivery. It is the same however often it is read. */
export interface EventLogPart {
  /** What people call it, for words: the name of a file, "what arrived at 2026-01-02 03:04:05 UTC". */
  readonly name: string;
  /** The position after it. */
  readonly next: string;
  /** What came before this part and cannot be read any more, for people; null: nothing was lost. */
  readonly lost: { readonly code: string; readonly advice: string } | null;
  /** Its bytes from the beginning, in pieces of any size. @throws Fault */
  read(): AsyncIterable<Uint8Array>;
}

/** The event logs of machines with Windows, as the account that this process runs as. */
export interface WindowsEventLogs {
  /**
   * Events as XML, `<Event>` after `<Event>`, in UTF-8 or UTF-16.
   *
   * @throws Fault `forbidden` where the account may not read the log, `unreachable` where the machine does not answer,
   * `unexpected` for what cannot be understood.
   */
  read(query: EventLogQuery): AsyncIterable<Uint8Array>;
}

export interface EventLogQuery {
  readonly computer: string;
  readonly channel: string;
  /** Empty: events of every id. */
  readonly eventIds: readonly number[];
  /** Only events with a larger EventRecordID. */
  readonly after: number | null;
  /** Only events that are not older. */
  readonly since: Date | null;
  readonly order: 'oldest-first' | 'newest-first';
  readonly most: number;
}
