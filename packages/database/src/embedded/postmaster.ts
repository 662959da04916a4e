import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartFault } from '../start-fault.ts';
import type { Binaries } from './binaries.ts';
import { environment } from './cluster.ts';
import type { Place } from './place.ts';

/** The first process of a running server, as its own file in the data folder says. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The server that runs on this data, or null; a file left behind by one that was killed is removed. */
export const findPostmaster = (data: string): Postmaster | null => {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const found = { pid: Math.abs(Number(lines[0])), port: Number(lines[3]) };
  if (found.pid > 0 && servesFolder(found.pid, data)) return found;
  // PostgreSQL itself only looks whether that number is in use, and after a restart of a machine or container it often is.
  rmSync(file, { force: true });
  return null;
};

const servesFolder = (pid: number, data: string): boolean => {
  const proc = `/proc/${pid}/cmdline`;
  const command = existsSync('/proc/self/cmdline')
    ? existsSync(proc)
      ? readFileSync(proc, 'utf8')
      : ''
    : spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes('postgres') && command.includes(data);
};

/** Settings that PostgreSQL takes on its command line. */
export type Settings = Readonly<Record<string, string | number>>;

/** A sixteenth of the machine: the indexes of a million records stay in memory while they are read. */
const buffersMB = Math.max(128, Math.min(1024, Math.floor(totalmem() / 16 / 2 ** 20)));

const defaults: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: `${buffersMB}MB`,
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '4GB',
  wal_compression: 'on',
  jit: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
  datestyle: 'iso, ymd',
};

/** Starts the server. It is on its own in the terminal's eyes, so Ctrl-C reaches it only through us. */
export const launch = (place: Place, binaries: Binaries, port: number, settings: Settings): ChildProcess => {
  const log = openSync(logFile(place), isLarge(logFile(place)) ? 'w' : 'a', 0o600);
  const all = { ...defaults, ...settings, port };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    return spawn(join(binaries.folder, 'bin', 'postgres'), ['-D', place.data, ...args], {
      ...place.runAs,
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
};

const logFile = (place: Place) => join(place.home, 'postgres.log');
const isLarge = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000;

/** The last lines that say why a server ended, of what it wrote since `offset`. */
export const lastWords = (place: Place, offset: number): string => {
  const text = readFileSync(logFile(place)).subarray(offset).toString();
  const lines = text
    .split('\n')
    .filter((line) => /\b(FATAL|PANIC|ERROR):|could not/.test(line) && !tooEarly.test(line));
  const full = lines.findLast((line) => line.includes('No space left on device'));
  if (full !== undefined) return `the disk of ${place.data} is full (No space left on device). Free some space there`;
  return (lines[0] ?? text.trim().split('\n').at(-1) ?? '')
    .replace(/^.*?\b(FATAL|PANIC|ERROR|LOG):\s*/, '')
    .slice(0, 500);
};
/** What it answers those who ask before it is ready, ourselves among them: a FATAL of its own, and no reason. */
const tooEarly = /the database system is (starting up|not yet accepting|in recovery|shutting down)/;
export const logSize = (place: Place): number => statSync(logFile(place), { throwIfNoEntry: false })?.size ?? 0;

/** Fast shutdown: sessions are ended, everything is written. Harder after `patienceMs`. */
export const endPostmaster = async (pid: number, patienceMs: number): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!kill(pid, signal)) return;
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (!kill(pid, 0)) return;
      await sleep(10);
    }
  }
};

const kill = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

/** A port of the loopback address: the one asked for, or a free one. */
export const choosePort = (port: number | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) =>
      reject(
        new StartFault(`Port ${port} of 127.0.0.1 is taken. Choose another with --database-port.`, '--database-port', {
          cause,
        }),
      ),
    );
    probe.listen(port ?? 0, '127.0.0.1', () => {
      const address = probe.address();
      const chosen = typeof address === 'object' && address ? address.port : (port ?? 0);
      probe.close(() => resolve(chosen));
    });
  });
