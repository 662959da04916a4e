import { asFault } from '@gatehouse/host';
import { newId, openRounds, toFault } from '@gatehouse/kernel';
import { findConnection } from '../connections/index.ts';
import { claimDue, type DeskSession, type Holder, releaseSession } from '../details/index.ts';
import type { DeskParts } from '../parts.ts';
import { lookAt } from './look.ts';
import type { ReadReport } from './read-report.ts';

export interface Worker {
  /** Something may be due. */
  wake(): void;
  stop(): Promise<void>;
}

/** How long until the next try, by how many there were; afterwards it is left to somebody. */
const waitsMs: readonly number[] = [2_000, 10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
const mostTries = 30;
const longestLookMs = 120_000;

export interface WorkerOptions {
  readonly read: ReadReport;
  /** Sessions that are looked at together. */
  readonly atOnce?: number;
  /** Between two looks for what nobody told of. */
  readonly everyMs?: number;
}

/** Looks at what is due, one session at a time each, for as long as the program runs; several copies share the work. */
export const startWorker = (parts: DeskParts, { read, atOnce = 4, everyMs = 2_000 }: WorkerOptions): Worker => {
  const { database, clock, log } = parts;
  const holder: Holder = { id: newId(), leaseMs: longestLookMs + 30_000 };
  const closing = new AbortController();
  const { signal } = closing;
  const running = new Set<Promise<void>>();

  const work = async (session: DeskSession): Promise<void> => {
    const tries = session.tries + 1;
    try {
      const connection = await database.system((tx) => findConnection(tx, session.connectionId));
      if (connection === null) return;
      const { next, problem } = await lookAt(parts, { connection, session, read });
      await database.system((tx) =>
        releaseSession(tx, session, holder, { dueAt: next, tries: 0, problem, deadAt: null }),
      );
    } catch (error) {
      const fault = asFault(error, 'the other system') ?? toFault(error);
      if (signal.aborted) return;
      const isOver =
        tries >= mostTries || (['misconfigured', 'unauthorized', 'forbidden'].includes(fault.kind) && tries >= 5);
      log.info(
        { err: fault, detail: fault.detail, lsid: session.lsid, tries },
        'a support session was not written back',
      );
      const now = clock.now();
      const wait = waitsMs[Math.min(tries, waitsMs.length) - 1] ?? 3_600_000;
      await database.system((tx) =>
        releaseSession(tx, session, holder, {
          ...{ tries, problem: fault.advice, deadAt: isOver ? now : null },
          dueAt: isOver ? null : new Date(now.getTime() + wait),
        }),
      );
    }
  };
  const look = async (): Promise<void> => {
    while (running.size < atOnce && !signal.aborted) {
      const session = await database.system((tx) => claimDue(tx, holder, clock.now()));
      if (session === null) return;
      const one = work(session)
        .catch((error: unknown) => log.warn({ err: error }, 'a support session was held up'))
        .finally(() => {
          running.delete(one);
          rounds.wake();
        });
      running.add(one);
    }
  };
  const rounds = openRounds({
    ...{ everyMs, look },
    onFault: (error) => log.warn({ err: error }, 'support sessions were held up'),
  });
  return {
    wake: rounds.wake,
    async stop() {
      closing.abort();
      await rounds.close();
      await Promise.all(running);
    },
  };
};
