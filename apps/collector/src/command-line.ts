import { describe } from '@gatehouse/fields';
import {
  endSignal,
  flagOf,
  homeOf,
  openDialogue,
  questionsOf,
  realDisk,
  removeUnit,
  runProgram,
  startAtBoot,
  variableOf,
} from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import { Command, Option } from 'commander';
import { collector as agent } from './agent.ts';
import { EventSettings } from './events/index.ts';
import {
  install,
  installationKey,
  permissionLines,
  serverQuestion,
  sourceQuestion,
  tryPermissions,
} from './install/index.ts';
import type { Plugin } from './plugin.ts';
import { run, work } from './run.ts';
import { readSettings } from './settings/index.ts';
import { readState, statusLines } from './status/index.ts';
import { version } from './version.ts';

export interface Composition {
  readonly plugins: readonly Plugin[];
  /** The file that was started, which is started again by a service. */
  readonly program: string;
}

/** Reads the command line and does what it says. */
export const runCommandLine = (composition: Composition, argv: readonly string[]): Promise<void> =>
  runProgram(() => commandOf(composition).parseAsync([...argv], { from: 'user' }));

const commandOf = (composition: Composition): Command => {
  const collector = new Command('gatehouse collector')
    .description(
      'Reads systems inside your network and sends what it reads to Gatehouse Insights; only ever connects outwards.',
    )
    .version(version)
    .showHelpAfterError('(add --help for what is possible)');
  for (const make of [installCommand, runCommand, workCommand, statusCommand, testCommand, uninstallCommand])
    collector.addCommand(make(composition), { hidden: make === workCommand });
  return collector;
};

const home = () => new Option('--home <folder>', 'where the collector keeps everything (GATEHOUSE_COLLECTOR_HOME)');

const installCommand = ({ plugins, program }: Composition): Command => {
  const command = new Command('install')
    .summary('ask for everything, test it, register, and make a service')
    .description(
      'What no flag and no variable says is asked. Secrets are asked hidden, or read from a file, or from a line of standard input (-).',
    )
    .addOption(home())
    .option('--ca-file <path>', 'certificate authority of the server, PEM (GATEHOUSE_COLLECTOR_CA)')
    .option('--proxy <url>', 'HTTP proxy on the way to the server (GATEHOUSE_COLLECTOR_PROXY)')
    .option('--accept-missing', 'install though something cannot be read')
    .option('--no-service', 'make no service, print what would make one');
  const seen = new Set<string>();
  const questions = [
    serverQuestion,
    installationKey,
    sourceQuestion(plugins),
    ...plugins.flatMap(({ connector }) => questionsOf(describe(connector.config))),
    ...questionsOf(describe(EventSettings)),
  ];
  for (const question of questions) {
    const { flags, key } = flagOf(question);
    if (seen.has(key)) continue;
    seen.add(key);
    command.option(flags, `${question.title} (${variableOf(agent, question.name)})`);
  }
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  gatehouse collector install --server https://insights.example\n  gatehouse collector install --server https://insights.example --key-file key.txt --source active-directory …',
    )
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const folder = homeOf(agent, text(flags.home), process.env);
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        await install({
          ...{ home: folder, plugins, acceptsMissing: flags.acceptMissing === true, signal: endSignal() },
          answers: { agent, flags, environment: process.env, dialogue },
        });
      } finally {
        dialogue.close();
      }
      for (const line of startAtBoot({ agent, node: process.execPath, program, home: folder }, flags.service !== false))
        process.stdout.write(`${line}\n`);
    });
};

const runCommand = ({ program }: Composition): Command =>
  new Command('run')
    .summary('read and send until it is stopped; starts a newer version when there is one')
    .addOption(home())
    .option('--trial-seconds <n>', 'how long a new version has to report before the one before it runs again', '60')
    .addHelpText('after', '\nExample:\n  gatehouse collector run --home /var/lib/gatehouse-collector')
    .action(async (flags: { home?: string; trialSeconds: string }) => {
      const seconds = Number(flags.trialSeconds);
      if (!Number.isFinite(seconds) || seconds < 1)
        throw new Fault('misconfigured', '--trial-seconds: Enter a number of seconds.');
      process.exitCode = await run({ home: homeOf(agent, flags.home, process.env), program, trialMs: seconds * 1_000 });
    });

/** Started by `run`, which starts it again and replaces it. */
const workCommand = ({ plugins }: Composition): Command =>
  new Command('work')
    .addOption(home())
    .action((flags: { home?: string }) => work(homeOf(agent, flags.home, process.env), plugins));

const statusCommand = (_: Composition): Command =>
  new Command('status')
    .summary('how the collector is')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  gatehouse collector status\n  gatehouse collector status --json')
    .action(async (flags: { home?: string; json?: boolean }) => {
      const folder = homeOf(agent, flags.home, process.env);
      const state = await readState(folder);
      if (state === null)
        throw new Fault(
          'misconfigured',
          `No collector has run in ${folder} yet, or this account may not look into it.`,
        );
      const isRunning = Date.now() - Date.parse(state.writtenAt) < 15_000;
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...state, isRunning }, null, 2)}\n`);
      else process.stdout.write(`${statusLines(state, new Date(), isRunning).join('\n')}\n`);
      if (!isRunning || state.standing.state !== 'connected') process.exitCode = 1;
    });

const testCommand = ({ plugins }: Composition): Command =>
  new Command('test')
    .summary('test every permission that the collector needs')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  gatehouse collector test\n  gatehouse collector test --json')
    .action(async (flags: { home?: string; json?: boolean }) => {
      const folder = homeOf(agent, flags.home, process.env);
      const settings = await readSettings(realDisk, folder);
      if (settings === null) throw new Fault('misconfigured', `No collector is installed in ${folder}.`);
      for (const { source, settings: values } of settings.sources) {
        const plugin = plugins.find(({ kind }) => kind === source.kind);
        if (plugin === undefined) throw new Fault('misconfigured', `This version reads no ${source.kind}.`);
        const permissions = await tryPermissions(plugin, values, endSignal(), settings.events);
        const said = flags.json
          ? JSON.stringify({ source, ...permissions })
          : [source.name, ...permissionLines(permissions)].join('\n');
        process.stdout.write(`${said}\n`);
        if (permissions.works !== 'all') process.exitCode = 1;
      }
    });

const uninstallCommand = (_: Composition): Command =>
  new Command('uninstall')
    .summary('remove the service, the settings and what was not sent yet')
    .addOption(home())
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  gatehouse collector uninstall')
    .action(async (flags: { home?: string; yes?: boolean }) => {
      const folder = homeOf(agent, flags.home, process.env);
      // Not a folder of ours: what is in it is not ours to remove.
      const names = await realDisk.list(folder);
      if (!names.includes('collector.json') && !names.includes('device.key'))
        throw new Fault('misconfigured', `No collector is installed in ${folder}.`);
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        const answer = flags.yes ? 'yes' : await dialogue.ask(`\n  Remove the collector in ${folder}? (yes or no)`);
        if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new Fault('misconfigured', 'Nothing was removed.');
      } finally {
        dialogue.close();
      }
      if (removeUnit(agent)) process.stdout.write('  The service was stopped and removed.\n');
      for (const name of ours) await realDisk.remove(`${folder}/${name}`);
      process.stdout.write(
        `  What was in ${folder} was removed. Delete its connector on the page of connectors too.\n`,
      );
    });

/** Everything that a collector makes in its folder. */
const ours = [
  ...['collector.json', 'machine.key', 'device.key', 'nonce', 'state.json', 'versions.json', 'running.pid'],
  ...['spool', 'events', 'versions', 'logs'],
];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
