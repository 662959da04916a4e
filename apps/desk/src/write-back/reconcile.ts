import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '@gatehouse/database';
import { toFault } from '@gatehouse/kernel';
import { askForChanges } from '../changes/index.ts';
import { type Connection, findComparisons, listConnections, saveComparisons } from '../connections/index.ts';
import { findKnown, tellSession } from '../details/index.ts';
import { forgetEvents } from '../events/index.ts';
import { forgetKeys } from '../keys/index.ts';
import type { DeskParts } from '../parts.ts';
import { findSite, type SiteClient } from '../sites/index.ts';

const dayMs = 86_400_000;
/** What each look goes back over the one before: reports come late, and clocks differ. */
const overlapMs = 3_600_000;
/** Once a day so far, for keys that were edited afterwards. */
const sweepMs = 30 * dayMs;
/** Sites keep no session for longer. */
const keptMs = 90 * dayMs;

export interface Reconciler {
  /** One look at every connection; resolves with how many sessions were not as the site has them. */
  look(): Promise<number>;
  stop(): Promise<void>;
}

/** Asks sites from time to time what events failed to say: ends that were missed, keys and surveys that came late. */
export const startReconciler = (parts: DeskParts, everyMs: number, wake: () => void): Reconciler => {
  const { database, clock, log } = parts;
  const closing = new AbortController();

  const lookAt = async ({ connectionId, siteId, createdAt }: Connection): Promise<number> => {
    const now = clock.now();
    const site = await database.system((tx) => findSite(tx, siteId));
    if (site === null) return 0;
    const { reports } = parts.openSite(site);
    const { comparedAt, sweptAt } = await database.system((tx) => findComparisons(tx, connectionId));
    // However long this program was away: from where it was there last, and never before there was a connection.
    const since = comparedAt === null ? createdAt.getTime() - dayMs : comparedAt.getTime() - overlapMs;
    const isSweep = comparedAt !== null && now.getTime() - (sweptAt?.getTime() ?? 0) > dayMs;
    const back = Math.min(since, now.getTime() - (isSweep ? sweepMs : dayMs));
    const from = new Date(Math.max(back, createdAt.getTime() - dayMs, now.getTime() - keptMs));
    const ended = await reports.listSupportSessions({ by: 'end', from });
    const told = await surveysSince(new Date(Math.max(since, now.getTime() - keptMs)), reports);
    const lsids = new Set([...ended.map(({ lsid }) => lsid), ...told.keys()]);
    const known = await database.system((tx) => findKnown(tx, connectionId, [...lsids]));
    const behind = new Set<string>();
    for (const { lsid, externalKey } of ended) {
      const one = known.get(lsid);
      // One whose key is not the one that was written by is somebody else's now. What fails is tried again by itself.
      const isAsKnown = one?.isEnded ? externalKey === '' || one.externalKey === externalKey : one?.isFailing;
      if (!isAsKnown) behind.add(lsid);
    }
    for (const [lsid, at] of told) if (at > (known.get(lsid)?.reportedAt ?? new Date(0))) behind.add(lsid);
    await database.system(async (tx: Sql) => {
      for (const lsid of behind) await tellSession(tx, connectionId, lsid, clock.now());
      await saveComparisons(tx, connectionId, { comparedAt: now, sweptAt: isSweep ? now : (sweptAt ?? now) });
    });
    return behind.size;
  };
  /** When the last survey about each session came; sites that do not tell of surveys by themselves have none. */
  const surveysSince = async (from: Date, reports: SiteClient['reports']): Promise<ReadonlyMap<string, Date>> => {
    const last = new Map<string, Date>();
    for (const list of [reports.customerSurveys, reports.representativeSurveys]) {
      const found = await list({ by: 'start', from }).catch((error: unknown) => {
        if (toFault(error).kind === 'misconfigured') return [];
        throw error;
      });
      for (const { lsid, at } of found) if (at !== null && at > (last.get(lsid) ?? from)) last.set(lsid, at);
    }
    return last;
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
      await askForChanges(parts, connection).catch((error: unknown) => {
        const fault = toFault(error);
        log.info({ err: fault, detail: fault.detail, connection: connection.name }, 'a desk was not asked for changes');
      });
    }
    wake();
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
