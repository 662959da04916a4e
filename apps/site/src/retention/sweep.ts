import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import { type RemoveNext, removeNextSession, removeNextSupport } from './remove-due.ts';

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

  const sweep = async (what: string, removeNext: RemoveNext): Promise<void> => {
    const failed: string[] = [];
    let removed = 0;
    while (removed + failed.length < mostAtOnce && !closing.signal.aborted) {
      let tried: string | null = null;
      try {
        const taken = (id: string) => {
          tried = id;
        };
        const isDone = await database.system((tx) => removeNext(tx, by, clock.now(), failed, taken));
        if (!isDone) break;
        removed += 1;
      } catch (error) {
        // One that cannot be removed must not keep the others.
        if (tried === null) throw error;
        failed.push(tried);
        log.warn({ session: tried, err: error }, 'a session that is too old could not be removed; it is tried again');
      }
      await rest(restMs);
    }
    if (removed > 0) log.info({ [what]: removed }, 'what the retention does not keep was removed');
  };
  const heldUp = (error: unknown) => log.warn({ err: error }, 'the retention of sessions was held up');

  const sweeps = (async () => {
    while (!closing.signal.aborted) {
      await sweep('sessions', removeNextSession).catch(heldUp);
      await sweep('supportSessions', removeNextSupport).catch(heldUp);
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
