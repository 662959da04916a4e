import type { Stream } from '@gatehouse/connector-kit';
import type { Hello } from '@gatehouse/connector-kit/ingest';
import type { Clock } from '@gatehouse/kernel';

/** When each stream of one system was read and is next. */
export interface Schedule {
  /** What is due, as far as it is read together: events alone, so that they never wait for more than one inventory. */
  due(now: Date): readonly string[];
  /** When the next one is due. */
  nextAt(): Date;
  /** A run of these has begun. */
  begin(ids: readonly string[]): void;
  /** Of those that were begun, these are read at this moment. True where that is news. */
  reading(ids: readonly string[]): boolean;
  /** `readAt` null: it was not read to its end. */
  end(id: string, readAt: Date | null, nextAt: Date): void;
  /**
   * True where one of them was not going to be read anyway. The wish is said again until it was fulfilled, which a read
   * that fails does not: one that was tried a moment ago waits.
   */
  readNow(ids: readonly string[], now: Date): boolean;
  list(): readonly Scheduled[];
}

export interface Scheduled {
  readonly id: string;
  readonly state: Hello['streams'][number]['state'];
  readonly readAt: Date | null;
  readonly nextAt: Date;
}

/** Between two reads that a person wanted and that failed. */
const againMs = 60_000;

export const createSchedule = (
  streams: Readonly<Record<string, Stream<never>>>,
  clock: Clock,
  lastRead: (id: string) => Date | null,
): Schedule => {
  const all = new Map<string, Scheduled>();
  const triedAt = new Map<string, number>();
  for (const [id, { everyMs }] of Object.entries(streams)) {
    const now = clock.now();
    const readAt = lastRead(id);
    // A clock that went back must not put off a read for as long as it did.
    const next = readAt === null ? now.getTime() : Math.min(readAt.getTime(), now.getTime()) + everyMs;
    all.set(id, { id, state: 'idle', readAt, nextAt: new Date(next) });
  }
  const change = (id: string, step: Partial<Scheduled>) => {
    const before = all.get(id);
    if (before !== undefined) all.set(id, { ...before, ...step });
  };

  return {
    due(now) {
      const due = [...all.values()].filter(({ nextAt }) => nextAt <= now).map(({ id }) => id);
      const events = due.filter((id) => streams[id]?.reading.mode === 'events');
      return events.length > 0 ? events : due;
    },
    nextAt: () => new Date(Math.min(...[...all.values()].map(({ nextAt }) => nextAt.getTime()))),
    begin: (ids) => {
      for (const id of ids) change(id, { state: 'waiting' });
    },
    reading(ids) {
      const news = ids.filter((id) => all.get(id)?.state === 'waiting');
      for (const { id, state } of all.values())
        if (state === 'reading' && !ids.includes(id)) change(id, { state: 'idle' });
      for (const id of news) change(id, { state: 'reading' });
      return news.length > 0;
    },
    end(id, readAt, nextAt) {
      change(id, { state: 'idle', nextAt, ...(readAt !== null && { readAt }) });
      if (readAt === null) triedAt.set(id, clock.now().getTime());
      else triedAt.delete(id);
    },
    readNow(ids, now) {
      const idle = ids.filter((id) => {
        const one = all.get(id);
        const isTooSoon = now.getTime() - (triedAt.get(id) ?? 0) < againMs;
        return one !== undefined && one.state === 'idle' && one.nextAt > now && !isTooSoon;
      });
      for (const id of idle) change(id, { nextAt: now });
      return idle.length > 0;
    },
    list: () => [...all.values()],
  };
};
