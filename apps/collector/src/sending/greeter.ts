import { type Hello, HelloAnswer, ingestPaths, refusals } from '@gatehouse/connector-kit/ingest';
import { createBackoff, createBell, type Log } from '@gatehouse/host/agent';
import { type Clock, toFault } from '@gatehouse/kernel';
import type { Spool } from '../spool/index.ts';
import { type Answer, bodyOf, isOk } from './answer.ts';
import type { Link } from './link.ts';
import type { StandingBoard } from './standing.ts';

/** Says hello for as long as it runs: what the collector is like, and what the server wants. */
export interface Greeter {
  /** Something changed that the server should know soon. */
  nudge(): void;
  run(): Promise<void>;
}

export interface GreeterOptions {
  readonly link: Link;
  readonly standing: StandingBoard;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** All but what the greeter knows itself. */
  describe(): Omit<Hello, 'now' | 'spool'>;
  /** An answered hello: called before the next one. */
  onAnswer(answer: HelloAnswer): void;
  /** Milliseconds between attempts while the server wants nothing of this collector. Default fifteen minutes. */
  readonly refusedMs?: number;
}

export const createGreeter = (options: GreeterOptions): Greeter => {
  const { link, standing, spool, clock, signal, log, describe, onAnswer, refusedMs = 900_000 } = options;
  const backoff = createBackoff(1_000, 60_000);
  const bell = createBell(clock, signal);

  const hello = (): Promise<number> =>
    link.inTurn(async (send) => {
      const dropped = spool.dropped();
      let answer: Answer;
      try {
        const bytes = new TextEncoder().encode(JSON.stringify(words(dropped)));
        answer = await send({ method: 'POST', path: ingestPaths.hello, body: { type: 'application/json', bytes } });
      } catch (error) {
        signal.throwIfAborted();
        const { advice, detail } = toFault(error);
        return unreachable(advice, detail ?? null);
      }
      if (!isOk(answer)) return refused(answer);
      const body = bodyOf(answer, HelloAnswer);
      if (body === null) return unreachable(strange, null);
      await spool.told(dropped);
      await align(body);
      const before = standing.get().state;
      standing.set(
        {
          ...{ state: 'connected', sentence: null, answeredAt: clock.now() },
          ...{ leases: body.leases.map(({ source }) => source), heldBy: body.heldBy },
        },
        clock.now(),
      );
      if (before !== 'connected') log.write('info', 'The server answers.');
      backoff.reset();
      onAnswer(body);
      return body.everyMs;
    });

  const words = (dropped: ReturnType<Spool['dropped']>): Hello => ({
    ...describe(),
    now: clock.now().toISOString(),
    spool: {
      ...spool.size(),
      dropped: dropped.map(({ from, to, ...rest }) => ({ ...rest, from: from.toISOString(), to: to.toISOString() })),
    },
  });

  /** Nothing is sent between the hello and this, so what the server says it has is what it has now. */
  const align = async ({ leases, places }: HelloAnswer) => {
    const leased = new Set(leases.map(({ source }) => source));
    for (const { stream, source } of spool.streams)
      if (leased.has(source)) await spool.align(stream, places.find((place) => place.stream === stream) ?? null);
  };

  const unreachable = (sentence: string, detail: string | null, leastMs = 0): number => {
    if (standing.get().state !== 'unreachable')
      log.write('warn', `${sentence} What is read waits here until it does.`, { detail });
    standing.set({ state: 'unreachable', sentence }, clock.now());
    return backoff.next(leastMs);
  };

  const refused = ({ status, code, detail, retryAfterMs }: Answer): number => {
    const state = Object.entries(states).find(([known]) => known === code)?.[1];
    // Whatever stands between here and the server may refuse too; only the server's own words end the reading.
    if (state === undefined) return unreachable(`The server answers ${status}.`, detail ?? code, retryAfterMs);
    const sentence = `${sentences[state]} Nothing is read or sent.`;
    if (standing.get().state !== state) log.write('error', sentence, { detail, status });
    standing.set({ state, sentence, answeredAt: clock.now(), leases: [] }, clock.now());
    return refusedMs * (0.75 + Math.random() / 2);
  };

  return {
    nudge: bell.ring,
    async run() {
      for (;;) {
        const ms = await hello();
        // Nudges that come thickly become one hello; none shortens a wait that the server caused.
        const least = standing.get().state === 'connected' ? Math.min(ms, 2_000) : ms;
        await clock.sleep(least, signal);
        if (ms > least) await bell.wait(ms - least);
      }
    },
  };
};

const strange = 'The server gives an answer that this version does not understand.';
const states = {
  [refusals.off]: 'off',
  [refusals.removed]: 'removed',
  [refusals.signature]: 'unknown',
} as const;
const sentences = {
  off: 'This collector is turned off on the page of its connector.',
  removed: 'The connector of this collector was deleted. Uninstall the collector, or install it with a new key.',
  unknown: 'The server does not know this collector. Uninstall it and install it with a new key.',
} as const;
