import { setTimeout } from 'node:timers/promises';
import { type Fault, faults, newId, toFault } from '@gatehouse/kernel';
import type { ChangeParts, Outcome } from './change-parts.ts';
import { changeSecret } from './change-secret.ts';
import { settleChange } from './find-out.ts';
import {
  beginDue,
  type Claimed,
  claimLeaseMs,
  claimTarget,
  isCheckedOut,
  keepClaims,
  longestRetryMs,
  reclaim,
  type Settlement,
  settleTarget,
} from './queue.ts';
import { addMessage } from './store.ts';
import { verifySecret } from './verify-secret.ts';

export interface JobWorker {
  /** Looks for work now: called when a job was made in this process. */
  wake(): void;
  /** Gives back what it has and resolves when nothing of it is left. */
  stop(): Promise<void>;
}

/** How often the queue is looked at. Another process may have made a job at any moment. */
const lookMs = 1_000;

/** Performs jobs, some credentials at a time and one on each system, until it is stopped. Workers share the queue. */
export const startJobWorker = (parts: Omit<ChangeParts, 'worker'>, width = 8): JobWorker => {
  const { database, clock, log } = parts;
  const worker = newId<string>();
  const own: ChangeParts = { ...parts, worker };
  const stopping = new AbortController();
  const performing = new Map<Claimed, Promise<void>>();
  let looking: Promise<void> | null = null;

  const take = (claimed: Claimed) => {
    const { jobId, credentialId } = claimed;
    const work = perform(own, claimed, stopping.signal)
      .catch((error: unknown) =>
        log.error({ err: error, jobId, credentialId }, 'how a job went could not be written down; it is tried again'),
      )
      .finally(() => {
        performing.delete(claimed);
        look();
      });
    performing.set(claimed, work);
  };
  const search = async () => {
    const at = clock.now();
    await database.system(async (tx) => {
      await reclaim(tx, at);
      await beginDue(tx, at);
    });
    while (!stopping.signal.aborted && performing.size < width) {
      const claimed = await database.system((tx) => claimTarget(tx, worker, clock.now()));
      if (claimed === null) break;
      take(claimed);
    }
  };
  const look = () => {
    if (stopping.signal.aborted || looking || performing.size >= width) return;
    looking = search()
      .catch((error: unknown) => log.warn({ err: error }, 'the queue of jobs could not be read'))
      .finally(() => {
        looking = null;
      });
  };
  /** Changes whose worker died and of which no job asks. */
  const settleLeft = async () => {
    const outcome = await settleChange(own, null, stopping.signal).catch((error: unknown) => {
      log.warn({ err: error }, 'changes under way could not be looked at');
      return null;
    });
    if (outcome !== null && outcome.state !== 'busy' && !stopping.signal.aborted) await settleLeft();
  };
  let settling: Promise<void> = Promise.resolve();
  const timers = [
    setInterval(look, lookMs),
    setInterval(() => {
      settling = settling.then(settleLeft);
    }, 10_000),
    setInterval(() => {
      database
        .system((tx) => keepClaims(tx, worker, [...performing.keys()], clock.now()))
        .catch((error: unknown) => log.warn({ err: error }, 'jobs could not be held'));
    }, claimLeaseMs / 4),
  ];
  look();
  settling = settleLeft();

  return {
    wake: look,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      stopping.abort(new Error('The worker stops.'));
      await looking;
      await Promise.all([...performing.values(), settling]);
    },
  };
};

const perform = async (parts: ChangeParts, claimed: Claimed, signal: AbortSignal): Promise<void> => {
  const { clock } = parts;
  const settlement = await tryOnce(parts, claimed, signal).catch((error: unknown) =>
    afterFault(claimed, toFault(error), clock.now()),
  );
  for (let attempt = 1; ; attempt++) {
    try {
      return await settle(parts, claimed, settlement, signal);
    } catch (error) {
      // Else the change would be made once more as soon as the claim is over.
      if (attempt === writes.most || signal.aborted) throw error;
      await setTimeout(writes.firstWaitMs * 2 ** attempt);
    }
  }
};

/** How often it is tried to write down how a job went: for about a quarter of a minute. */
const writes = { most: 7, firstWaitMs: 100 } as const;

const settle = (
  { database, clock, worker }: ChangeParts,
  claimed: Claimed,
  settlement: Settlement,
  signal: AbortSignal,
): Promise<void> =>
  database.system(async (tx) => {
    const { jobId, credentialId } = claimed;
    const level = settlement.state === 'succeeded' ? 'info' : settlement.state === 'failed' ? 'error' : 'warning';
    const at = clock.now();
    // What was given back at a stop says nothing: it goes on at the next start.
    if (!signal.aborted) await addMessage(tx, jobId, { credentialId, level, text: settlement.message }, at);
    await settleTarget(tx, claimed, worker, signal.aborted ? givenBack(settlement, at) : settlement, at);
  });

const givenBack = (settlement: Settlement, at: Date): Settlement =>
  settlement.state === 'succeeded'
    ? settlement
    : { state: 'waiting', message: settlement.message, nextAttemptAt: at, counts: false };

const tryOnce = async (parts: ChangeParts, claimed: Claimed, signal: AbortSignal): Promise<Settlement> => {
  const { database, clock } = parts;
  const { credentialId, jobId, author, settings, kind } = claimed;
  const heedsCheckouts = settings.ifCheckedOut !== 'change';
  const order = { credentialId, jobId, author, signal, heedsCheckouts };
  if (kind === 'verify') {
    const works = await verifySecret(parts, order);
    return works
      ? { state: 'succeeded', message: 'The stored password works.' }
      : { state: 'failed', message: 'The system refuses the stored password.' };
  }
  // Asked before anything else, too: a job that waits must not look at the system each time.
  if (heedsCheckouts && (await database.system((tx) => isCheckedOut(tx, credentialId, clock.now()))))
    return afterChange(claimed, { state: 'checked out' }, clock.now());
  return afterChange(claimed, await changeSecret(parts, order), clock.now());
};

const afterChange = (claimed: Claimed, outcome: Outcome, now: Date): Settlement => {
  switch (outcome.state) {
    case 'changed':
      return { state: 'succeeded', message: outcome.caveat ?? 'Changed, and verified by signing in with it.' };
    case 'busy':
      return {
        ...{ state: 'waiting', message: 'Another change of it is under way.', counts: false },
        nextAttemptAt: new Date(now.getTime() + 5_000),
      };
    case 'checked out':
      if (claimed.settings.ifCheckedOut === 'cancel')
        return { state: 'cancelled', message: 'Left out: it is checked out.' };
      return {
        ...{ state: 'waiting', message: 'Waits for its check-in.', counts: false },
        nextAttemptAt: new Date(now.getTime() + 60_000),
      };
    case 'unknown':
      return again(claimed, `Whether it was changed is not known yet. ${outcome.fault.advice}`, now);
    case 'unchanged':
      return afterFault(claimed, outcome.fault, now);
  }
};

/** What a person has to mend first is not tried as often as it may be. */
const afterFault = (claimed: Claimed, fault: Fault, now: Date): Settlement =>
  faults[fault.kind].retry || fault.kind === 'unexpected' || fault.kind === 'unauthorized'
    ? again(claimed, fault.advice, now)
    : { state: 'failed', message: fault.advice };

const again = ({ attempt, settings }: Claimed, message: string, now: Date): Settlement => {
  if (attempt >= settings.attempts)
    return { state: 'failed', message: `${message} Given up after ${attempt} attempts.` };
  const waitMs = Math.min(longestRetryMs, settings.firstRetrySeconds * 1_000 * 2 ** Math.min(attempt - 1, 20));
  return { state: 'waiting', message, nextAttemptAt: new Date(now.getTime() + waitMs), counts: true };
};
