import { setTimeout as pause } from 'node:timers/promises';
import { toFault } from '@gatehouse/kernel';
import { type Connection, listConnections } from '../connections/index.ts';
import { listSettled, tellSession } from '../details/index.ts';
import { forgetEvents } from '../events/index.ts';
import { forgetKeys } from '../keys/index.ts';
import type { DeskParts } from '../parts.ts';
import { findSite } from '../sites/index.ts';

/** How far back sessions are looked for that nobody told of. */
const backMs = 86_400_000;

export interface Reconciler {
  /** One look at every connection; resolves with how many sessions were not as the site has them. */
  look(): Promise<number>;
  stop(): Promise<void>;
}

/** Asks sites from time to time what events failed to say: ends that were missed, and keys that came late. */
export const startReconciler = (parts: DeskParts, everyMs: number, wake: () => void): Reconciler => {
  const { database, clock, log } = parts;
  const closing = new AbortController();

  const lookAt = async ({ connectionId, siteId }: Connection): Promise<number> => {
    const now = clock.now();
    const site = await database.system((tx) => findSite(tx, siteId));
    if (site === null) return 0;
    const { reports } = parts.openSite(site);
    const from = new Date(now.getTime() - backMs);
    const ended = await reports.listSupportSessions({ by: 'end', from });
    const settled = await database.system((tx) => listSettled(tx, connectionId, from));
    // One whose key is not the one that was written by is somebody else's now.
    const behind = ended.filter(({ lsid, externalKey }) => settled.get(lsid) !== externalKey);
    for (const { lsid } of behind) await database.system((tx) => tellSession(tx, connectionId, lsid, clock.now()));
    return behind.length;
  };
  const look = async (): Promise<number> => {
    let missed = 0;
    for (const connection of await database.system(listConnections)) {
      if (!connection.enabled || closing.signal.aborted) continue;
      try {
        missed += await lookAt(connection);
      } catch (error) {
        const fault = toFault(error);
        log.info(
          { err: fault, detail: fault.detail, connection: connection.name },
          'a site could not be asked what was missed',
        );
      }
    }
    if (missed > 0) wake();
    return missed;
  };
  const rounds = (async () => {
    while (!closing.signal.aborted) {
      await pause(everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
      const ago = (days: number) => new Date(clock.now().getTime() - days * 86_400_000);
      await database
        .system(async (tx) => {
          await forgetEvents(tx, ago(30));
          await forgetKeys(tx, ago(1));
        })
        .catch((error: unknown) => log.warn({ err: error }, 'old events were not forgotten'));
      if (!closing.signal.aborted)
        await look().catch((error: unknown) => log.warn({ err: error }, 'sites were not asked what was missed'));
    }
  })();
  return {
    look,
    stop() {
      closing.abort();
      return rounds;
    },
  };
};
