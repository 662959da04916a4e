import { startLab } from '@gatehouse/lab';
import { defaultPorts } from '@gatehouse/server';
import { Command } from 'commander';
import { buildCollector, buildPages } from './built.ts';
import { findTarget } from './commands/index.ts';
import { commonSettings, type ProgramOptions } from './program.ts';
import { runPrograms } from './run-programs.ts';
import { connectSample } from './sample.ts';
import { startSampleCollector } from './sample-collector.ts';

interface UpOptions extends ProgramOptions {
  readonly lab: boolean;
}

/** `gatehouse up`: every program on loopback, wired to each other, with a sample organisation. */
export const upCommand = (root: string): Command =>
  new Command('up')
    .summary('start everything on this machine, with a sample organisation')
    .option('--home <folder>', 'where everything is kept (default: .gatehouse beside the project, or GATEHOUSE_HOME)')
    .option('--port <port>', 'port of insights', String(defaultPorts.insights))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--lab', 'serve the sample organisation: Okta, GitHub and a domain', true)
    .option('--no-lab', 'leave it out')
    .addHelpText('after', '\nExamples:\n  gatehouse up\n  gatehouse up --home /srv/gatehouse --port 9000 --no-lab')
    .action((options: UpOptions) => up(root, options));

/** Starts, announces, waits for Ctrl-C, stops. */
export const up = (root: string, options: UpOptions): Promise<void> =>
  runPrograms(root, options, async (host) => {
    const { home, progress } = host;
    const database = host.database('insights');
    const labStarting = options.lab
      ? startLab({ home }).then((lab) => {
          host.atEnd(() => lab.close());
          return lab;
        })
      : Promise.resolve(null);
    const pagesBuilding = buildPages(progress, 'insights');
    const collectorBuilding = buildCollector();
    await Promise.allSettled([database, labStarting, pagesBuilding, collectorBuilding]);
    progress('Starting insights …');
    const settings = {
      ...commonSettings(await database, options),
      GATEHOUSE_PAGES: await pagesBuilding,
      GATEHOUSE_COLLECTOR_RELEASE: process.env.GATEHOUSE_COLLECTOR_RELEASE ?? (await collectorBuilding),
      GATEHOUSE_ROLE: options.role ?? 'all',
    };
    const lab = await labStarting;
    const insights = await host.start('insights', settings);
    const target = findTarget(home, undefined, undefined, 'insights');
    if (lab !== null) await connectSample(target, lab, home, progress);
    host.announce(
      [['insights', insights.url], ...(lab?.programs.map(({ name, url }) => [name, url] as const) ?? [])],
      insights.firstAdministratorLink,
    );
    // Nobody has to wait for it: what it reads comes in while people look around.
    const collecting = lab === null ? null : startSampleCollector(root, home, target, lab);
    host.atEnd(async () => (await collecting?.catch(() => null))?.stop());
  });
