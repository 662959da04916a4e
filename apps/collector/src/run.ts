import { releaseProgram } from '@gatehouse/connector-kit/ingest';
import { misconfiguredCode, realDisk, supervise, type WorkMessage } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import type { Plugin } from './plugin.ts';
import { readSettings } from './settings/index.ts';
import { version } from './version.ts';
import { startWork } from './work.ts';

/** What a service starts: keeps one version of the collector running until it is told to stop. Resolves with an exit code. */
export const run = async (of: {
  readonly home: string;
  readonly program: string;
  readonly trialMs: number;
}): Promise<number> => {
  const { home, program, trialMs } = of;
  const settings = await readSettings(realDisk, home).catch((error: unknown) => {
    process.exitCode = misconfiguredCode;
    throw error;
  });
  if (settings === null) {
    process.exitCode = misconfiguredCode;
    throw new Fault('misconfigured', `No collector is installed in ${home}. Run "gatehouse collector install".`);
  }
  const ending = new AbortController();
  // Whoever started it with a channel is gone when that ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => ending.abort());
  // It may have gone while this process was still starting.
  if (process.connected === false) ending.abort();
  const code = await supervise({
    ...{ name: 'collector', home, trialMs, disk: realDisk, installed: { program, version }, signal: ending.signal },
    releases: { releaseKey: settings.registered.releaseKey, program: releaseProgram },
    now: () => new Date(),
    say: (sentence) => process.stdout.write(`${sentence}\n`),
  });
  if (process.connected) process.disconnect();
  return code;
};

/** The process that reads and sends. Whoever started it hears when the server answered and when a newer version is there. */
export const work = async (home: string, plugins: readonly Plugin[]): Promise<void> => {
  const tell = (message: WorkMessage) => process.send?.(message);
  try {
    const running = await startWork({
      ...{ home, plugins },
      onReported: () => tell({ type: 'reported' }),
      onUpdate: (ready) => tell({ type: 'update', version: ready }),
    });
    const stop = () => {
      // Whatever hangs: what was promised is on disk.
      setTimeout(() => process.exit(0), 3_500).unref();
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, stop);
    if (process.connected === false) stop();
    await running.ended;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'misconfigured') process.exitCode = misconfiguredCode;
    throw error;
  }
};
