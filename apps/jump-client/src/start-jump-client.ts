import { join } from 'node:path';
import { createUpdater, type Disk, lockHome, openLog, realDisk } from '@gatehouse/host/agent';
import { type Clock, Fault, systemClock } from '@gatehouse/kernel';
import { jumpProgram } from '@gatehouse/remote-access/jump';
import { jumpClient } from './agent.ts';
import { forgetKey, readSettings } from './settings/index.ts';
import { fetchRelease, keepLine, type Standing } from './site/index.ts';
import { writeState } from './status/index.ts';
import { version } from './version.ts';

export interface JumpClientOptions {
  readonly home: string;
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** Milliseconds until the first new attempt to connect. Default 1,000. */
  readonly firstMs?: number;
  /** The site let it in. */
  onReported?(): void;
  /** A newer version lies ready in the folder of versions, and nothing is open that its start would cut. */
  onUpdate?(version: string): void;
  /** Gets each line of the log too. */
  echo?(line: string): void;
}

export interface RunningJumpClient {
  /** Resolves with how it ended, when it was stopped or unpinned; rejects when it cannot go on. */
  readonly ended: Promise<'stopped' | 'unpinned'>;
  standing(): Standing;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;

/** Connects and serves until it is stopped or unpinned. @throws Fault `misconfigured` where it cannot start. */
export const startJumpClient = async (options: JumpClientOptions): Promise<RunningJumpClient> => {
  const { home, disk = realDisk, clock = systemClock, firstMs } = options;
  const settings = await readSettings(disk, home);
  if (settings === null)
    throw new Fault('misconfigured', `No Jump Client is installed in ${home}. Run "gatehouse jump-client install".`);
  const unlock = await lockHome(jumpClient, home);
  const ending = new AbortController();
  const log = openLog({
    ...{
      path: join(home, 'logs', 'jump-client.log'),
      level: settings.logLevel,
      secrets: [settings.deviceKey.reveal()],
    },
    ...(options.echo && { echo: options.echo }),
  });
  log.write('info', `The Jump Client starts, version ${version}.`);
  const startedAt = clock.now().toISOString();
  const { shell, files, hosts } = settings.allows;
  let standing: Standing = { state: 'connecting', sentence: null };
  let open = 0;
  const updater = createUpdater({
    ...{ home, disk, clock, log, own: version },
    releases: { releaseKey: settings.releaseKey, program: jumpProgram },
    fetch: (file) => fetchRelease(settings.site, file, ending.signal),
    onReady: (ready) => void whenIdle().then(() => options.onUpdate?.(ready)),
  });
  /** Nobody is cut off in the middle of something; whoever leaves a shell open for a day is. */
  const whenIdle = async (): Promise<void> => {
    const end = performance.now() + dayMs;
    while (open > 0 && performance.now() < end) await clock.sleep(1_000, ending.signal);
  };
  const keepState = () =>
    writeState(home, {
      ...{ version, pid: process.pid, startedAt, writtenAt: clock.now().toISOString(), site: settings.site.url },
      ...{ name: settings.name, standing, update: updater.said(), allows: { shell, files, hosts } },
    });
  const writing = (async () => {
    while (!ending.signal.aborted) {
      await keepState();
      await clock.sleep(1_000, ending.signal).catch(() => undefined);
    }
  })();

  const updating = updater.run(ending.signal).catch(() => undefined);

  const live = async (): Promise<'stopped' | 'unpinned'> => {
    try {
      await keepLine({
        ...{ settings, clock, log, signal: ending.signal, ...(firstMs !== undefined && { firstMs }) },
        onStanding(now) {
          standing = now;
        },
        onWelcome(offers) {
          options.onReported?.();
          updater.offer(offers);
        },
        onOpened() {
          open += 1;
          return () => {
            open -= 1;
          };
        },
      });
      // What it proved itself with is worth nothing any more.
      await forgetKey(disk, home);
      return 'unpinned';
    } catch (error) {
      if (ending.signal.aborted) return 'stopped';
      log.write('error', 'The Jump Client cannot go on.', { why: error instanceof Error ? (error.stack ?? '') : '' });
      throw error;
    } finally {
      ending.abort(new Error('it is over'));
      await Promise.all([writing, updating]);
      await keepState();
      await unlock();
    }
  };
  const ended = live();
  return {
    ended,
    standing: () => standing,
    async stop() {
      ending.abort(new Error('the Jump Client stops'));
      await ended.catch(() => undefined);
    },
  };
};
