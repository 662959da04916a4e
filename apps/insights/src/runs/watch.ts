import type { Database } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import type { StoredRun } from './model.ts';
import { currentRun } from './store.ts';

export interface RunWatch {
  /** The current run of a connection, at once and whenever it changed, until the signal aborts. */
  watch(tenantId: TenantId, connectionId: string, signal: AbortSignal): AsyncGenerator<StoredRun>;
}

/** Twice a second: workers write at most once, on whichever machine they run. */
const lookMs = 500;

/** Everybody in this process who watches one connection shares one query. */
export const watchRuns = (database: Database): RunWatch => {
  const topics = new Map<string, Topic>();
  return {
    async *watch(tenantId, connectionId, signal) {
      const key = `${tenantId} ${connectionId}`;
      const topic = topics.get(key) ?? openTopic(database, tenantId, connectionId, () => topics.delete(key));
      topics.set(key, topic);
      let seen = '';
      topic.join();
      try {
        while (!signal.aborted) {
          const run = topic.newest();
          const now = run ? `${run.runId} ${run.version}` : '';
          if (run && now !== seen) {
            seen = now;
            yield run;
          } else await topic.changed(signal);
        }
      } finally {
        topic.leave();
      }
    },
  };
};

interface Topic {
  join(): void;
  leave(): void;
  newest(): StoredRun | null;
  /** Resolves after the next look, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

const openTopic = (database: Database, tenantId: TenantId, connectionId: string, onEmpty: () => void): Topic => {
  let watchers = 0;
  let run: StoredRun | null = null;
  let timer: NodeJS.Timeout | null = null;
  let next = Promise.withResolvers<void>();

  const look = async () => {
    try {
      run = await database.tenant(tenantId, (tx) => currentRun(tx, tenantId, connectionId));
    } catch {
      // The database is away; whoever watches sees the state when it is back.
    }
    const { resolve } = next;
    next = Promise.withResolvers();
    resolve();
    if (watchers > 0) timer = setTimeout(() => void look(), lookMs);
  };
  return {
    join: () => {
      watchers++;
      if (watchers === 1) void look();
    },
    leave: () => {
      watchers--;
      if (watchers > 0) return;
      if (timer) clearTimeout(timer);
      onEmpty();
    },
    newest: () => run,
    changed: async (signal) => {
      const stop = Promise.withResolvers<void>();
      const abort = () => stop.resolve();
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) stop.resolve();
      await Promise.race([next.promise, stop.promise]);
      signal.removeEventListener('abort', abort);
    },
  };
};
