import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Embedded, keepEmbedded } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { startLab } from '@gatehouse/lab';
import { Command } from 'commander';
import { buildCollector, buildPages } from './built.ts';
import { findTarget } from './client.ts';
import { openHome } from './home.ts';
import {
  announce,
  insightsSettings,
  type ProgramOptions,
  type Running,
  spawnProgram,
  stopRequested,
} from './program.ts';
import { connectSample } from './sample.ts';
import { startSampleCollector } from './sample-collector.ts';
import { openTerminal } from './terminal.ts';

interface UpOptions extends ProgramOptions {
  readonly lab: boolean;
}

/** `gatehouse up`: every program on loopback, wired to each other, with a sample organisation. */
export const upCommand = (root: string): Command =>
  new Command('up')
    .summary('start everything on this machine, with a sample organisation')
    .option('--home <folder>', 'where everything is kept (default: .gatehouse beside the project, or GATEHOUSE_HOME)')
    .option('--port <port>', 'port of insights', '8400')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--lab', 'serve the sample organisation: Okta, GitHub and a domain', true)
    .option('--no-lab', 'leave it out')
    .addHelpText('after', '\nExamples:\n  gatehouse up\n  gatehouse up --home /srv/gatehouse --port 9000 --no-lab')
    .action((options: UpOptions) => up(root, options));

/** Starts, announces, waits for Ctrl-C, stops in reverse order. */
export const up = async (root: string, options: UpOptions): Promise<void> => {
  const home = openHome(options.home, process.env.GATEHOUSE_HOME, root);
  const terminal = openTerminal();
  const stopping = stopRequested();
  // Whatever runs is registered the moment it does, so that a failure of another leaves nothing behind.
  const running = { programs: [] as (() => Promise<void>)[], database: async () => {} };
  let databaseEnded: Embedded['ended'] = new Promise(() => undefined);
  const tell = (line: string) => terminal.say(`  ${line}`);
  try {
    const database =
      options.databaseUrl === undefined
        ? keepEmbedded({ home, onProgress: terminal.progress, onTrouble: tell }).then((server) => {
            running.database = () => server.stop();
            databaseEnded = server.ended;
            return server.database('insights');
          })
        : Promise.resolve(new Secret(options.databaseUrl));
    const labStarting = options.lab
      ? startLab({ home }).then((lab) => {
          running.programs.push(() => lab.close());
          return lab;
        })
      : Promise.resolve(null);
    const pagesBuilding = buildPages(terminal.progress);
    const collectorBuilding = buildCollector();
    await Promise.allSettled([database, labStarting, pagesBuilding, collectorBuilding]);
    terminal.progress('Starting insights …');
    const built = { pages: await pagesBuilding, collector: await collectorBuilding };
    const settings = insightsSettings(home, await database, built, options);
    const lab = await labStarting;
    const insights: Running = await spawnProgram(root, 'insights', settings);
    running.programs.push(() => insights.stop());
    writeFileSync(join(home, 'insights.url'), insights.url);
    const target = findTarget(home, undefined, undefined);
    if (lab !== null) await connectSample(target, lab, home, terminal.progress);
    terminal.say(
      announce(
        [['insights', insights.url], ...(lab?.programs.map(({ name, url }) => [name, url] as const) ?? [])],
        insights.firstAdministratorLink,
      ),
    );
    // Nobody has to wait for it: what it reads comes in while people look around.
    const collecting = lab === null ? null : startSampleCollector(root, home, target, lab);
    running.programs.push(async () => (await collecting?.catch(() => null))?.stop());
    const first = await Promise.race([
      stopping.then(() => 'asked' as const),
      insights.ended.then(
        () => `The program insights ended by itself; ${home}/logs/insights.log says why. Stopping the others.`,
      ),
      databaseEnded,
    ]);
    if (first !== 'asked') {
      process.exitCode = 1;
      tell(first);
    } else terminal.progress('Stopping …');
  } finally {
    // Nobody may talk to a database that is gone: it stops last.
    await Promise.allSettled(running.programs.map((stop) => stop()));
    await running.database();
    terminal.close();
  }
};
