import type { AppLink } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import { createHost } from '@gatehouse/host';
import { type Clock, toFault } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import { saveActivity } from './store.ts';

/** Asks every program of the server's settings whether it is there. Any answer counts: a stranger is refused, not ignored. */
export const lookAtApps = async (
  { database, clock, log, apps }: { database: Database; clock: Clock; log: Log; apps: readonly AppLink[] },
  signal: AbortSignal,
): Promise<void> => {
  for (const { name, url } of apps) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    try {
      const http = createHost({ signal: limit, clock, attempts: 1 }).http({
        origin: new URL(url).origin,
        system: name,
      });
      const answer = await http.fetch(url, { redirect: 'manual', signal: limit });
      await answer.body?.cancel();
    } catch (error) {
      if (signal.aborted) return;
      if (toFault(error).kind === 'unreachable') {
        log.info({ err: error, url }, 'a program of the Apps menu did not answer');
        continue;
      }
    }
    await database.system((tx) => saveActivity(tx, url, clock.now()));
  }
};
