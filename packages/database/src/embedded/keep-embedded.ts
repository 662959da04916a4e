import { setTimeout as sleep } from 'node:timers/promises';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './start-embedded.ts';

export interface KeepOptions extends EmbeddedOptions {
  /** One line for people when the server ended by itself, and one when it runs again. */
  onTrouble?(text: string): void;
  /** Milliseconds before each new start; one end more within five minutes is the last. */
  readonly pausesMs?: readonly number[];
}

/** Sessions of a killed server may go on for as long as a statement takes, and until then no other can start. */
const pauses = [200, 2_000, 5_000, 15_000, 45_000];
const windowMs = 300_000;

/**
 * `startEmbedded`, and again on the same port whenever the server ends by itself: killed, or out of memory. Programs
 * find it by its address as before. `ended` resolves with a sentence once it ended too often to be started again.
 */
export const keepEmbedded = async (options: KeepOptions): Promise<Embedded> => {
  const { onTrouble = () => undefined, pausesMs = pauses } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let server = await startEmbedded(options);
  let starting: Promise<Embedded> = Promise.resolve(server);
  const { port, folder } = server;

  const guard = async (): Promise<string> => {
    let why = await server.ended;
    let isUp = true;
    for (let ends: readonly number[] = []; ; ) {
      ends = [...ends.filter((at) => Date.now() - at < windowMs), Date.now()];
      const pauseMs = pausesMs[ends.length - 1];
      if (pauseMs === undefined) {
        const advice = why.includes(' --')
          ? ''
          : ' Give this machine more memory, or choose another database with --database-url.';
        return `${why} It went wrong ${ends.length} times within five minutes, so it is not started again.${advice}`;
      }
      onTrouble(isUp ? `${why} Starting it again …` : 'The database does not start yet. Trying again …');
      await sleep(pauseMs, undefined, { signal });
      starting = startEmbedded({ ...options, port, signal, onProgress: () => undefined });
      try {
        server = await starting;
      } catch (error) {
        signal.throwIfAborted();
        isUp = false;
        why = error instanceof Error ? error.message : String(error);
        continue;
      }
      signal.throwIfAborted();
      onTrouble('The database runs again.');
      isUp = true;
      why = await server.ended;
    }
  };
  const ended = guard();
  return {
    ...{ folder, port },
    // A stop ends the guard, and is nothing to tell.
    ended: ended.catch(() => new Promise<string>(() => undefined)),
    database: (name) => server.database(name),
    stop: async () => {
      stopping.abort(new Error('Gatehouse is stopping.'));
      const started = await starting.catch(() => null);
      await started?.stop();
    },
  };
};
