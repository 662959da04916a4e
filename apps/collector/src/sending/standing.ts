/** What the server thinks of this collector, as it last said. */
export type StandingState =
  /** Nothing was heard since the start. */
  | 'starting'
  | 'connected'
  /** It does not answer: reading goes on, within the bounds of the spool. */
  | 'unreachable'
  /** Its connection is turned off, was deleted, or the server does not know its key: nothing is read or sent. */
  | 'off'
  | 'removed'
  | 'unknown';

export interface Standing {
  readonly state: StandingState;
  readonly since: Date;
  readonly answeredAt: Date | null;
  /** For people: what is wrong, or null. */
  readonly sentence: string | null;
  /** Ids of the sources that it may read, until the server says otherwise. */
  readonly leases: readonly string[];
  /** Sources that another collector reads, and its name. */
  readonly heldBy: readonly { readonly source: string; readonly collector: string }[];
}

/** Where the parts of the program meet: whoever hears from the server changes it, whoever depends on it watches. */
export interface StandingBoard {
  get(): Standing;
  set(change: Partial<Standing>, now: Date): void;
  watch(listener: () => void): () => void;
  mayRead(source: string): boolean;
  maySend(): boolean;
}

export const createStanding = (leases: readonly string[], now: Date): StandingBoard => {
  let standing: Standing = {
    ...{ state: 'starting', since: now, answeredAt: null, sentence: null },
    // Held before the start: nobody else was told otherwise.
    ...{ leases, heldBy: [] },
  };
  const listeners = new Set<() => void>();
  const isRefused = () => ['off', 'removed', 'unknown'].includes(standing.state);
  return {
    get: () => standing,
    set(change, now) {
      const state = change.state ?? standing.state;
      standing = { ...standing, ...change, since: state === standing.state ? standing.since : now };
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    mayRead: (source) => !isRefused() && standing.leases.includes(source),
    maySend: () => standing.state === 'connected',
  };
};
