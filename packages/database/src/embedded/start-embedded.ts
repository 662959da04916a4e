import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@gatehouse/kernel';
import pg from 'pg';
import { StartFault } from '../start-fault.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster, readPassword, superuser } from './cluster.ts';
import { guardDisk, leastRoomBytes } from './disk-guard.ts';
import { holdLock, takeLock } from './keeper.ts';
import { choosePlace, type Place } from './place.ts';
import { choosePort, endPostmaster, findPostmaster, lastWords, launch, logSize, type Settings } from './postmaster.ts';

export interface EmbeddedOptions {
  /** Gatehouse's own folder; made where it is missing. The data are in `<home>/postgres`. */
  readonly home: string;
  /** Port of 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** One line for people, while something takes long or is worth knowing. */
  onProgress?(text: string): void;
  /** One line for people when something is wrong with the running server, and one when that is over. */
  onTrouble?(text: string): void;
  /** Bytes of the disk that stay free; with less the server only reads. Default 256 MiB. */
  readonly leastRoomBytes?: number;
  /** More settings of postgresql.conf, for tests and large machines. */
  readonly settings?: Settings;
  /** Where another user can reach files when we are root. Default /var/lib/gatehouse. */
  readonly systemFolder?: string;
  /** Gives the start up; a server that runs already is stopped with `stop`. */
  readonly signal?: AbortSignal;
}

/** The server that comes with Gatehouse, running. */
export interface Embedded {
  /** The data folder. */
  readonly folder: string;
  readonly port: number;
  /** The address of a program's own database, made where it is missing. Names: lower-case letters, digits, `_`. */
  database(name: string): Promise<Secret>;
  /** Resolves with a sentence if the server ends although nobody stopped it. */
  readonly ended: Promise<string>;
  /** Everything is written and the server ended; takes at most about three seconds. */
  stop(): Promise<void>;
}

/**
 * Starts the real PostgreSQL on its own data folder. Throws a StartFault, and overwrites nothing, when the folder is
 * damaged, unwritable or in use. A server that a killed Gatehouse left behind is ended first.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const onProgress = options.onProgress ?? (() => undefined);
  const systemFolder = options.systemFolder ?? '/var/lib/gatehouse';
  const place = choosePlace(options.home, systemFolder, onProgress);
  const binaries = findBinaries(place.runAs ? systemFolder : place.home, place.runAs !== null);
  const password = await ensureCluster(place, binaries, options.settings?.fsync !== 'off', onProgress);
  await endOrphan(place, password, onProgress);

  const port = await choosePort(options.port);
  const logged = logSize(place);
  const child = launch(place, binaries, port, options.settings ?? {});
  const config = login(port, password);
  const first = await connectWhenReady({ place, child, config, logged, onProgress, signal: options.signal });
  if (!(await takeLock(first))) throw taken(place);
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const keeper = holdLock(first, config, isAlive);
  const guard = await guardDisk({
    ...{ folder: place.data, config, leastBytes: options.leastRoomBytes ?? leastRoomBytes },
    onTrouble: options.onTrouble ?? (() => undefined),
  });

  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!stopping) resolve(endedBy(signal, code, place, logged));
    });
  });
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  child.once('exit', () => {
    process.removeListener('exit', endWithUs);
    guard.close();
  });
  child.unref();
  return {
    folder: place.data,
    port,
    ended,
    database: async (name) => {
      if (!/^[a-z][a-z0-9_]{0,50}$/.test(name)) throw new Error(`${name} is not a name for a database.`);
      const client = await keeper.client();
      await client.query(`create database ${name}`).catch((error: unknown) => {
        if (!(error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? ''))) throw error;
      });
      return new Secret(`postgres://${superuser}:${password.reveal()}@127.0.0.1:${port}/${name}`);
    },
    stop: async () => {
      stopping = true;
      process.removeListener('exit', endWithUs);
      guard.close();
      await keeper.close();
      if (child.pid && isAlive()) await endPostmaster(child.pid, 2_500);
    },
  };
};

const wasKilled = 'The database was killed, as it happens when a machine runs out of memory.';

/** A server that was killed had no time for a last word. */
const endedBy = (signal: string | null, code: number | null, place: Place, logged: number): string =>
  signal === 'SIGKILL'
    ? wasKilled
    : `The database ended (${signal ?? `code ${code}`}): ${lastWords(place, logged).replace(/\.?$/, '.')}`;

/** The addresses of a server that runs already for this home, for commands beside it; null when none runs. */
export const findEmbedded = (
  home: string,
  systemFolder = '/var/lib/gatehouse',
): ((database: string) => Secret) | null => {
  const place = choosePlace(home, systemFolder, () => undefined);
  const password = readPassword(join(place.home, 'postgres-password'));
  const running = findPostmaster(place.data);
  if (!password || !running) return null;
  return (database) => new Secret(`postgres://${superuser}:${password.reveal()}@127.0.0.1:${running.port}/${database}`);
};

const login = (port: number, password: Secret): pg.ClientConfig => ({
  host: '127.0.0.1',
  port,
  user: superuser,
  password: password.reveal(),
  database: 'postgres',
  application_name: 'gatehouse keeper',
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
});

const taken = (place: Place) =>
  new StartFault(
    `Another Gatehouse is running on ${place.data}. Stop that one, or choose another folder with --home.`,
    '--home',
  );

const endOrphan = async (place: Place, password: Secret, onProgress: (text: string) => void): Promise<void> => {
  const running = findPostmaster(place.data);
  if (!running) return;
  const client = new pg.Client(login(running.port, password));
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await takeLock(client))) throw taken(place);
  } catch (error) {
    // One that starts or stops at this moment belongs to somebody, too.
    if (error instanceof StartFault || error instanceof pg.DatabaseError) throw taken(place);
  } finally {
    await client.end().catch(() => undefined);
  }
  onProgress('Ending the database that an interrupted Gatehouse left running …');
  await endPostmaster(running.pid, 10_000);
};

interface Start {
  readonly place: Place;
  readonly child: ChildProcess;
  readonly config: pg.ClientConfig;
  /** Size of the log before. */
  readonly logged: number;
  onProgress(text: string): void;
  readonly signal: AbortSignal | undefined;
}

/** Recovery after a crash may take minutes, so the only limit is the server's own life and a quarter of an hour. */
const connectWhenReady = async (start: Start): Promise<pg.Client> => {
  const { place, child, config, logged, onProgress, signal } = start;
  const started = Date.now();
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (let told = false; Date.now() - started < 900_000; await sleep(20)) {
    if (signal?.aborted) {
      child.kill('SIGINT');
      throw signal.reason;
    }
    if (failure || child.exitCode !== null || child.signalCode !== null)
      throw child.signalCode === 'SIGKILL' ? killed() : refused(place, logged, failure);
    const client = new pg.Client(config);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (error instanceof pg.DatabaseError && error.code?.startsWith('28')) {
        child.kill('SIGINT');
        throw new StartFault(
          `The password in ${join(place.home, 'postgres-password')} is not the one of the database in ${place.data}. Put the right file back, or choose another folder with --home.`,
          '--home',
          { cause: error },
        );
      }
    }
    if (!told && Date.now() - started > 2_000) {
      told = true;
      onProgress('Waiting for the database to recover …');
    }
  }
  child.kill('SIGINT');
  throw refused(place, logged, null);
};

const killed = () =>
  new StartFault(
    `${wasKilled} Give this machine more memory, or choose another database with --database-url.`,
    '--database-url',
  );

const refused = (place: Place, logged: number, cause: Error | null): StartFault => {
  const words = cause?.message ?? lastWords(place, logged);
  if (/lock file|another server/i.test(words)) return taken(place);
  // A full disk has damaged nothing.
  const remedy = words.includes('No space left') ? 'Then start again' : 'Restore the folder from a backup';
  return new StartFault(
    `The database in ${place.data} does not start: ${words}. ${remedy}, or choose another with --home.`,
    '--home',
    { cause },
  );
};
