import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { keepEmbedded } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { openHome } from './home.ts';
import {
  type Announcement,
  announce,
  type ProgramOptions,
  type Running,
  spawnProgram,
  stopRequested,
} from './program.ts';
import { openTerminal } from './terminal.ts';

/** What a command that starts programs works with. */
export interface Host {
  readonly home: string;
  progress(text: string): void;
  /** The database of a program: the one that was named, else one of the embedded server. */
  database(program: string): Promise<Secret>;
  /** Runs at the end, beside the others. Registered the moment something runs, so that a failure of another leaves nothing behind. */
  atEnd(stop: () => Promise<void>): void;
  /** Starts a program, and leaves in the folder where it answers. */
  start(program: string, settings: Readonly<Record<string, string | undefined>>): Promise<Running>;
  /** Says what runs where, and the links of first administrators while there are none. */
  announce(announcement: Announcement): void;
}

/** Starts programs with `work`, waits for Ctrl-C or for one to end by itself, then stops them all. */
export const runPrograms = async (
  root: string,
  options: ProgramOptions,
  work: (host: Host) => Promise<void>,
): Promise<void> => {
  const home = openHome(options.home, process.env.GATEHOUSE_HOME, root);
  const terminal = openTerminal();
  const stops: (() => Promise<void>)[] = [];
  const ends: Promise<string | null>[] = [stopRequested().then(() => null)];
  let stopDatabase = async () => {};
  let keeping: ReturnType<typeof keepEmbedded> | undefined;
  let asking: Promise<unknown> = Promise.resolve();
  const tell = (line: string) => terminal.say(`  ${line}`);
  const keep = async () => {
    const { keepEmbedded } = await import('@gatehouse/database');
    const server = await keepEmbedded({ home, onProgress: terminal.progress, onTrouble: tell });
    stopDatabase = () => server.stop();
    ends.push(server.ended);
    return server;
  };
  const host: Host = {
    ...{ home, progress: terminal.progress, atEnd: (stop) => void stops.push(stop) },
    async database(program) {
      if (options.databaseUrl !== undefined) return new Secret(options.databaseUrl);
      // One server for all of them.
      keeping ??= keep();
      const server = await keeping;
      // It has one connection to make databases with.
      const made = asking.then(() => server.database(program));
      asking = made.catch(() => undefined);
      return await made;
    },
    async start(program, settings) {
      const running = await spawnProgram(root, program, { ...settings, GATEHOUSE_HOME: home });
      stops.push(() => running.stop());
      ends.push(
        running.ended.then(
          () => `The program ${program} ended by itself; ${home}/logs/${program}.log says why. Stopping the others.`,
        ),
      );
      writeFileSync(join(home, `${program}.url`), running.url);
      return running;
    },
    announce: (announcement) => terminal.say(announce(announcement)),
  };
  try {
    await work(host);
    const said = await Promise.race(ends);
    if (said === null) terminal.progress('Stopping …');
    else {
      process.exitCode = 1;
      tell(said);
    }
  } finally {
    await Promise.allSettled(stops.map((stop) => stop()));
    // Nobody may talk to a database that is gone: it stops last.
    await stopDatabase();
    terminal.close();
  }
};
