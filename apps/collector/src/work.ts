import { join } from 'node:path';
import { type Hello, ingestPaths, releaseProgram } from '@gatehouse/connector-kit/ingest';
import { createUpdater, type Disk, type Log, lockHome, openLog, realDisk } from '@gatehouse/host/agent';
import { type Clock, Fault, systemClock } from '@gatehouse/kernel';
import { collector } from './agent.ts';
import { device, importDeviceKey } from './device.ts';
import { openEventLogs } from './events/index.ts';
import type { Plugin } from './plugin.ts';
import { createReader, spooledStreams } from './reading/index.ts';
import { createGreeter, createLink, createStanding, isOk, type Link, openNonces, runSender } from './sending/index.ts';
import { type CollectorSettings, readSettings, secretsIn } from './settings/index.ts';
import { openSpool } from './spool/index.ts';
import { readState, writeState } from './status/index.ts';
import { version } from './version.ts';

export interface WorkOptions {
  readonly home: string;
  readonly plugins: readonly Plugin[];
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** The version that runs; of the bundle where there is one. */
  readonly version?: string;
  /** Milliseconds between attempts while the server wants nothing of this collector. */
  readonly refusedMs?: number;
  /** The server answered a hello. */
  onReported?(): void;
  /** A newer version lies ready in the folder of versions. */
  onUpdate?(version: string): void;
  /** Gets each line of the log too. */
  echo?(line: string): void;
}

export interface Work {
  /** Resolves when it ended; rejects when it cannot go on. */
  readonly ended: Promise<void>;
  /** Ends reading and sending; what was read and not sent stays in the spool. */
  stop(): Promise<void>;
}

/** Reads and sends until it is stopped. @throws Fault `misconfigured` where it cannot start. */
export const startWork = async (options: WorkOptions): Promise<Work> => {
  const { home, plugins, disk = realDisk } = options;
  const settings = await readSettings(disk, home);
  if (settings === null)
    throw new Fault('misconfigured', `No collector is installed in ${home}. Run "gatehouse collector install".`);
  const unlock = await lockHome(collector, home);
  const ending = new AbortController();
  try {
    const log = openLog({
      ...{ path: join(home, 'logs', 'collector.log'), level: settings.logLevel, secrets: secretsIn(settings, plugins) },
      ...(options.echo && { echo: options.echo }),
    });
    const parts = await build(options, settings, log, ending.signal);
    const running = parts.map((part) => part());
    const over = Promise.all(running)
      .catch((error: unknown) => {
        if (ending.signal.aborted) return;
        log.write('error', 'The collector cannot go on.', { why: error instanceof Error ? (error.stack ?? '') : '' });
        ending.abort(new Error('another part failed'));
        throw error;
      })
      .finally(async () => {
        await Promise.allSettled(running);
        await unlock();
      });
    return {
      ended: over.then(() => undefined),
      async stop() {
        ending.abort(new Error('the collector stops'));
        await over.catch(() => undefined);
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};

/** Everything that runs at once, each for as long as the signal is quiet. */
const build = async (
  options: WorkOptions,
  settings: CollectorSettings,
  log: Log,
  signal: AbortSignal,
): Promise<readonly (() => Promise<void>)[]> => {
  const { home, plugins, disk = realDisk, clock = systemClock, refusedMs } = options;
  const before = await readState(home);
  const startedAt = clock.now();
  const own = options.version ?? version;
  const { server, registered } = settings;
  const link = createLink({
    ...{ server, collectorId: registered.collectorId, clock, signal, log },
    deviceKey: await importDeviceKey(settings.deviceKey),
    nonces: await openNonces(disk, join(home, 'nonce'), startedAt),
  });
  const read = settings.sources.flatMap((of) => {
    const plugin = plugins.find(({ kind }) => kind === of.source.kind);
    return plugin === undefined ? [] : [{ plugin, of }];
  });
  const spool = await openSpool({
    ...{ disk, root: join(home, 'spool'), mostBytes: settings.spoolBytes, now: link.now },
    streams: read.flatMap(({ plugin, of }) => spooledStreams(plugin, of.source.id)),
    say: (sentence) => log.write('warn', sentence),
  });
  const standing = createStanding(before?.standing.leases ?? [], startedAt);
  const lastReads = new Map(
    before?.streams.flatMap(({ stream, readAt }) => (readAt === null ? [] : [[stream, new Date(readAt)]])),
  );
  const onChange = () => greeter.nudge();
  const events = await openEventLogs({ home, settings: settings.events, disk, clock, signal, log });
  const eventLogs = events.logs;
  const readers = read.map((one) =>
    createReader({ ...one, spool, standing, clock, signal, log, lastReads, onChange, eventLogs }),
  );
  const updater = createUpdater({
    ...{ home, disk, clock, log, own, releases: { releaseKey: registered.releaseKey, program: releaseProgram } },
    fetch: (file) => fetchFile(link, file === null ? ingestPaths.release : `${ingestPaths.release}/${file}`),
    onReady: (ready) => options.onUpdate?.(ready),
  });
  const sources = read.map(({ of }) => of.source);
  const streams = () => readers.flatMap((reader) => reader.streams());
  const greeter = createGreeter({
    ...{ link, standing, spool, clock, signal, log },
    ...(refusedMs !== undefined && { refusedMs }),
    describe: () => ({
      ...{ ...device(), version: own, startedAt: startedAt.toISOString() },
      ...{ sources, check: checkOf(readers.map((reader) => reader.check())), streams: streams() },
    }),
    onAnswer({ runNow, offers }) {
      for (const reader of readers) reader.readNow(runNow);
      options.onReported?.();
      updater.offer(offers);
    },
  });

  const keepState = async () => {
    try {
      for (;;) {
        await keepOnce();
        await clock.sleep(1_000, signal);
      }
    } finally {
      // Whose reader it is must be known at the next start, when the server may be away.
      await keepOnce();
    }
  };
  const keepOnce = async () => {
    const { since, answeredAt, ...rest } = standing.get();
    await writeState(home, {
      ...{ version: own, pid: process.pid, startedAt: startedAt.toISOString(), writtenAt: clock.now().toISOString() },
      ...{ server: server.url, name: registered.name, clockOffsetMs: link.offsetMs(), update: updater.said() },
      standing: {
        ...rest,
        ...{ since: since.toISOString(), answeredAt: answeredAt?.toISOString() ?? null },
        ...{ leases: [...rest.leases], heldBy: [...rest.heldBy] },
      },
      ...{ sources, check: checkOf(readers.map((reader) => reader.check())), streams: streams() },
      spool: {
        ...spool.size(),
        dropped: spool
          .dropped()
          .map(({ from, to, ...rest }) => ({ ...rest, from: from.toISOString(), to: to.toISOString() })),
      },
    });
  };
  log.write('info', `The collector ${own} starts.`, { server: server.url, streams: streams().length });
  return [
    () => greeter.run(),
    () => runSender({ link, standing, spool, clock, signal, log, nudge: onChange }),
    ...readers.map((reader) => () => reader.run()),
    keepState,
    () => events.run(),
    () => updater.run(signal),
  ];
};

/** A file of the server. @throws Fault */
const fetchFile = async (link: Link, path: string): Promise<Uint8Array> => {
  const answer = await link.inTurn((send) => send({ method: 'GET', path }));
  if (isOk(answer)) return answer.bytes;
  throw new Fault('unreachable', `The server answers ${answer.status} to ${path}.`, answer.detail ?? undefined);
};

/** One check for all systems: the first fault, and what is known of each. */
const checkOf = (checks: readonly Hello['check'][]): Hello['check'] => {
  const done = checks.filter((check) => check !== null);
  if (done.length === 0) return null;
  const fault = done.find((check) => check.fault !== null)?.fault ?? null;
  return { fault, caveats: done.flatMap(({ caveats }) => caveats).slice(0, 100) };
};
