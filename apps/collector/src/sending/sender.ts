import { BatchAnswer, ingestPaths, refusals } from '@gatehouse/connector-kit/ingest';
import { createBackoff, createBell, type Log } from '@gatehouse/host/agent';
import { type Clock, toFault } from '@gatehouse/kernel';
import type { Pending, Spool } from '../spool/index.ts';
import { type Answer, bodyOf, isOk, placeIn } from './answer.ts';
import type { Link } from './link.ts';
import type { StandingBoard } from './standing.ts';

export interface SenderOptions {
  readonly link: Link;
  readonly standing: StandingBoard;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The server has to be asked how things stand. */
  nudge(): void;
}

/** Sends what the spool holds, in order for each stream, for as long as it runs. A batch leaves the spool when it arrived. */
export const runSender = async (options: SenderOptions): Promise<void> => {
  const { link, standing, spool, clock, signal, log, nudge } = options;
  const backoff = createBackoff();
  let disagreed = 0;
  const bell = createBell(clock, signal);
  const unwatch = [spool.watch(bell.ring), standing.watch(bell.ring)];
  try {
    for (;;) {
      const waitMs = await sendNext();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      else if (waitMs === 0) backoff.reset();
      // Rung by what changes; the time is for what would be missed.
      else await bell.wait(60_000);
      signal.throwIfAborted();
    }
  } finally {
    for (const stop of unwatch) stop();
  }

  /** Milliseconds to wait before the next one; -1 where there is none. */
  function sendNext(): Promise<number> {
    return link.inTurn(async (send) => {
      const pending = standing.maySend() ? spool.next(standing.get().leases) : null;
      if (pending === null) return -1;
      const bytes = await spool.content(pending);
      if (bytes === null) return 0;
      const { stream, place } = pending;
      let answer: Answer;
      try {
        answer = await send({
          ...{ method: 'POST', path: ingestPaths.batches },
          body: { type: 'application/gzip', bytes },
        });
      } catch (error) {
        signal.throwIfAborted();
        const { advice, detail } = toFault(error);
        log.write('warn', `A batch was not sent: ${advice}`, { stream, detail: detail ?? null });
        return backoff.next();
      }
      const said = isOk(answer) ? bodyOf(answer, BatchAnswer) : null;
      if (said === null) return await refused(pending, answer);
      log.write('debug', `A batch was ${said.state}.`, { stream, ...place });
      await spool.settle(pending);
      disagreed = 0;
      return 0;
    });
  }

  async function refused(pending: Pending, answer: Answer): Promise<number> {
    const { stream, source } = pending;
    const { status, code, detail, retryAfterMs } = answer;
    log.write('warn', `A batch was answered with ${status}.`, { stream, code, detail });
    if (status === 409 && code === refusals.order) {
      const isMended = await spool.align(stream, placeIn(answer));
      disagreed = isMended ? 0 : disagreed + 1;
      // Both say that it follows, and one of them is wrong: it must not stand in the way for ever.
      if (disagreed >= 3) await spool.refuse(pending, 'it is out of order there.');
      return backoff.next();
    }
    if (status === 409) {
      standing.set({ leases: standing.get().leases.filter((id) => id !== source) }, clock.now());
      nudge();
      return 0;
    }
    if (status === 400 || status === 413 || status === 422) {
      await spool.refuse(pending, detail ?? `it answers ${status}.`);
      return backoff.next();
    }
    // Whether it is off, gone or unknown is said to the next hello, which also says so to people.
    if (status === 401 || status === 403 || status === 410) nudge();
    return backoff.next(retryAfterMs);
  }
};
