import type { Database } from '@gatehouse/database';
import { EcmError } from '@gatehouse/remote-access/ecm';
import { audit, type ByProgram, type Log } from '@gatehouse/server';
import { toProgram } from '../oauth/index.ts';
import { claimEndings, closeLease, delayEnding } from './leases.ts';
import type { Ending, Pace, Why } from './model.ts';
import type { Connections } from './turns.ts';

export interface ReleaseParts {
  readonly database: Database;
  readonly connections: Connections;
  readonly pace: Pace;
  readonly log: Log;
}

/** The ECM of an account says that a lease is over. Said twice it is noted once. */
export const noteReleased = async (
  database: Database,
  leaseId: string,
  account: { readonly id: number; readonly by: ByProgram['principal'] },
  why: Why | null,
): Promise<void> =>
  database.system(async (tx) => {
    const over = await closeLease(tx, leaseId, account.id, why);
    if (over === null) return;
    const { correlationId, hostname, sessionId, ecmName } = over;
    await audit(
      tx,
      { principal: account.by, correlationId },
      {
        action: 'credential.released',
        target: hostname,
        change: { lease: leaseId, session: sessionId, ecm: ecmName, why },
      },
    );
  });

/** Tells ECMs that sessions are over, again and again until they have said that the vault knows. */
export interface Releases {
  /** Begins at once, and once more where it is under way. */
  wake(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export const createReleases = ({ database, connections, pace, log }: ReleaseParts): Releases => {
  let isRunning = false;
  let again = false;
  const underWay = new Set<Promise<void>>();

  const release = async (lease: Ending): Promise<void> => {
    const { leaseId, correlationId, accountId, ecmName, tries } = lease;
    // Two that share an account and a name are both asked: only one of them has it.
    const ecms = connections.named({ accountId, name: ecmName });
    try {
      const [first] = ecms;
      if (first === undefined) throw new EcmError('disconnected', 'The ECM is not there.');
      const answers = await Promise.all(
        ecms.map((ecm) =>
          ecm.call(
            'credentials.release',
            { lease: leaseId },
            { deadlineMs: pace.releaseMs, correlation: correlationId },
          ),
        ),
      );
      // `ending`: it tells by itself when that is done; asked once more where it does not.
      if (answers.some(({ state }) => state === 'ending'))
        return await database.system((tx) => delayEnding(tx, leaseId, 60_000));

      await noteReleased(database, leaseId, { id: accountId, by: toProgram(first.account) }, null);
    } catch (error) {
      if (!(error instanceof EcmError)) throw error;
      await database.system((tx) => delayEnding(tx, leaseId, Math.min(60_000, 500 * 2 ** Math.min(tries, 10))));
    }
  };

  /** Each goes its own way: an ECM that stalls must not hold up the leases of others. */
  const begin = (lease: Ending): void => {
    const going = release(lease)
      .catch((error: unknown) =>
        log.warn({ err: error, lease: lease.leaseId }, 'a release was held up; it is repeated'),
      )
      .finally(() => underWay.delete(going));
    underWay.add(going);
  };

  const round = async (): Promise<void> => {
    try {
      do {
        again = false;
        const ecms = connections.all.flatMap(({ isReady, identity }) =>
          isReady && identity !== null ? [identity] : [],
        );
        if (ecms.length === 0) return;
        const due = await database.system((tx) => claimEndings(tx, ecms, pace.releaseMs + 2_000));
        for (const lease of due) begin(lease);
        if (due.length > 0) again = true;
      } while (again);
    } catch (error) {
      log.warn({ err: error }, 'releases were held up; they go on with the next round');
    } finally {
      isRunning = false;
    }
  };

  return {
    wake() {
      again = true;
      if (isRunning) return;
      isRunning = true;
      const rounds = round().finally(() => underWay.delete(rounds));
      underWay.add(rounds);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
