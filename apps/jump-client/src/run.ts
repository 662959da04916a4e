import { misconfiguredCode, realDisk, supervise, type WorkMessage } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import { jumpProgram } from '@gatehouse/remote-access/jump';
import { jumpClient } from './agent.ts';
import { readSettings } from './settings/index.ts';
import { startJumpClient } from './start-jump-client.ts';
import { version } from './version.ts';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;

/** What a service starts: keeps one version running until it is told to stop, or unpinned. Resolves with an exit code. */
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
    throw new Fault('misconfigured', `No Jump Client is installed in ${home}. Run "gatehouse jump-client install".`);
  }
  const ending = new AbortController();
  // Whoever started it with a channel is gone when that ends.
  for (const signal of endings) process.on(signal, () => ending.abort());
  // It may have gone while this process was still starting.
  if (process.connected === false) ending.abort();
  const code = await supervise({
    ...{ name: jumpClient.name, home, trialMs, disk: realDisk, installed: { program, version }, signal: ending.signal },
    releases: { releaseKey: settings.releaseKey, program: jumpProgram },
    now: () => new Date(),
    say: (sentence) => process.stdout.write(`${sentence}\n`),
  });
  if (process.connected) process.disconnect();
  return code;
};

/** The process that connects. Whoever started it hears when the site let it in and when a newer version is there. */
export const work = async (home: string): Promise<void> => {
  const tell = (message: WorkMessage) => process.send?.(message);
  try {
    const running = await startJumpClient({
      home,
      onReported: () => tell({ type: 'reported' }),
      onUpdate: (ready) => tell({ type: 'update', version: ready }),
    });
    const stop = () => {
      setTimeout(() => process.exit(0), 3_500).unref();
      void running.stop().then(() => process.exit(0));
    };
    for (const signal of endings) process.once(signal, stop);
    if (process.connected === false) stop();
    if ((await running.ended) === 'unpinned') {
      process.stdout.write('This Jump Client was unpinned at the site; its key was removed.\n');
      process.exit(misconfiguredCode);
    }
  } catch (error) {
    if (error instanceof Fault && error.kind === 'misconfigured') process.exitCode = misconfiguredCode;
    throw error;
  }
};
