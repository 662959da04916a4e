import { openWebSocket, resumesAt } from '@gatehouse/host';
import { createBackoff, type Log } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import { createLine, jumpLimits, jumpPaths, lineClosings, lineProtocol } from '@gatehouse/remote-access/jump';
import { type JumpClientSettings, wayTo } from '../settings/index.ts';
import { addressOf, createServes, siteSystem } from './serves.ts';

export interface Standing {
  readonly state: 'connecting' | 'connected' | 'locked' | 'refused' | 'unpinned';
  readonly sentence: string | null;
}

export interface LinkOptions {
  readonly settings: JumpClientSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  onStanding(standing: Standing): void;
  /** The site let it in, and offers this version. */
  onWelcome(offers: string | null): void;
  onOpened(): () => void;
  /** Milliseconds until the first new attempt. Default 1,000. */
  readonly firstMs?: number;
}

/** After these only the site's administrator can do something, so it is asked rarely. */
const refusedMs = 60_000;

/** Keeps the line to the site. Resolves when it was unpinned; rejects when the signal is given. */
export const keepLine = async (options: LinkOptions): Promise<void> => {
  const { clock, log, signal, onStanding, firstMs = 1_000 } = options;
  const backoff = createBackoff(firstMs, 60_000);
  for (;;) {
    signal.throwIfAborted();
    let waitMs: number;
    try {
      const { code, reason } = await liveOnce(options, () => backoff.reset());
      signal.throwIfAborted();
      if (code === lineClosings.unpinned) {
        onStanding({ state: 'unpinned', sentence: reason });
        log.write('warn', reason);
        return;
      }
      const isRefused = code === lineClosings.locked || code === lineClosings.unknown;
      log.write('warn', reason === '' ? 'The connection to the site is gone.' : reason, { code });
      onStanding({
        state: code === lineClosings.locked ? 'locked' : isRefused ? 'refused' : 'connecting',
        sentence: reason === '' ? null : reason,
      });
      waitMs = backoff.next(isRefused ? Math.min(refusedMs, firstMs * 60) : 0);
    } catch (error) {
      signal.throwIfAborted();
      const fault = error instanceof Fault ? error : null;
      const sentence = fault?.advice ?? 'Something went wrong on our side.';
      onStanding({ state: 'connecting', sentence });
      log.write('warn', sentence, { detail: fault?.detail ?? (error instanceof Error ? error.message : null) });
      const least = (resumesAt(error)?.getTime() ?? 0) - clock.now().getTime();
      waitMs = backoff.next(Math.min(Math.max(0, least), 300_000));
    }
    await clock.sleep(waitMs, signal);
  }
};

/** One life of the line. Resolves with how it was closed. */
const liveOnce = async (
  options: LinkOptions,
  greeted: () => void,
): Promise<{ readonly code: number; readonly reason: string }> => {
  const { settings, log, signal, onStanding, onOpened } = options;
  const over = new AbortController();
  const open = AbortSignal.any([signal, over.signal]);
  const early: string[] = [];
  let receive: ((text: string) => void) | null = null;
  const socket = await openWebSocket({
    ...{ url: addressOf(settings.site, jumpPaths.line), system: siteSystem, protocols: [lineProtocol] },
    ...wayTo(settings.site),
    ...{ maxBytes: jumpLimits.messageBytes, signal: open },
    onText: (text) => (receive === null ? void early.push(text) : receive(text)),
  });
  let pinging: NodeJS.Timeout | undefined;
  const line = createLine({
    ...{ send: socket.send, close: socket.close },
    report: (error) => log.write('error', 'A defect of this Jump Client.', { why: String(error) }),
    serves: createServes({
      ...{ settings, log, signal: open, onOpened },
      onWelcome({ name, site, pingMs, offers }) {
        greeted();
        options.onWelcome(offers);
        log.write('info', `Connected to ${site} as "${name}".`);
        onStanding({ state: 'connected', sentence: null });
        // What keeps a dead connection from being taken for a live one.
        pinging = setInterval(() => {
          if (line.quietMs() < pingMs * 2) return;
          line
            .call('ping', {}, jumpLimits.answerMs)
            .catch(() => socket.close(lineClosings.silent, 'A ping was not answered.'));
        }, pingMs);
      },
    }),
  });
  receive = line.receive;
  for (const text of early) line.receive(text);
  try {
    return await socket.closed;
  } finally {
    clearInterval(pinging);
    line.end('The connection to the site is gone.');
    over.abort(new Fault('unreachable', 'The connection to the site is gone.'));
  }
};
