import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { audit, type Log } from '@gatehouse/server';
import { nextDue, removeRecording, removeSession } from './store.ts';

export interface SweepParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly processId: string;
  /** Between two looks for what is too old. */
  readonly everyMs: number;
}

/** Removes what the retention does not keep, as long as the site runs; several copies share the work. */
export interface Sweep {
  /** Resolves when it has stopped, with what it was removing removed or left whole. */
  close(): Promise<void>;
}

/** What goes in one look; more waits for the next. */
const mostAtOnce = 500;
/** Between two sessions, so that people who work meanwhile do not notice. */
const restMs = 20;

export const startSweep = ({ database, clock, log, processId, everyMs }: SweepParts): Sweep => {
  const closing = new AbortController();
  const rest = (ms: number) => pause(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  const by = { kind: 'program', id: processId, name: 'Gatehouse Site' } as const;

  /** One session in one transaction, with the proof. Its id; null: there is nothing to remove. */
  const removeNext = (passed: readonly string[], taken: (id: string) => void): Promise<string | null> =>
    database.system(async (tx) => {
      const now = clock.now();
      const due = await nextDue(tx, now, passed);
      if (due === null) return null;
      taken(due.id);
      const { id, correlationId, hostname: target, username: person, recording } = due;
      const endedAt = due.endedAt.toISOString();
      if (recording !== null) {
        const { format, chunks, bytes: bytesSeen } = recording;
        const removed = await removeRecording(tx, id, now);
        const change = { session: id, person, endedAt, format, chunks, bytesSeen, ...removed };
        await audit(tx, { principal: by, correlationId }, { action: 'recording.remove', target, change });
      }
      if (due.isOver) {
        const change = { session: id, person, endedAt, ...(await removeSession(tx, id)) };
        await audit(tx, { principal: by, correlationId }, { action: 'session.remove', target, change });
      }
      return id;
    });

  const sweep = async (): Promise<void> => {
    const failed: string[] = [];
    let removed = 0;
    while (removed + failed.length < mostAtOnce && !closing.signal.aborted) {
      let tried: string | null = null;
      try {
        const done = await removeNext(failed, (id) => {
          tried = id;
        });
        if (done === null) break;
        removed += 1;
      } catch (error) {
        // One that cannot be removed must not keep the others.
        if (tried === null) throw error;
        failed.push(tried);
        log.warn({ session: tried, err: error }, 'a session that is too old could not be removed; it is tried again');
      }
      await rest(restMs);
    }
    if (removed > 0) log.info({ sessions: removed }, 'what the retention does not keep was removed');
  };

  const sweeps = (async () => {
    while (!closing.signal.aborted) {
      await sweep().catch((error: unknown) => log.warn({ err: error }, 'the retention of sessions was held up'));
      await rest(everyMs);
    }
  })();
  return {
    close() {
      closing.abort();
      return sweeps;
    },
  };
};
