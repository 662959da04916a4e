import {
  endSignal,
  flagOf,
  homeOf,
  openDialogue,
  realDisk,
  removeUnit,
  runProgram,
  startAtBoot,
  variableOf,
} from '@gatehouse/host/agent';
import { Fault, toFault } from '@gatehouse/kernel';
import { Command, Option } from 'commander';
import { jumpClient as agent } from './agent.ts';
import { install, installQuestions } from './install/index.ts';
import { run, work } from './run.ts';
import { type JumpClientSettings, ours, readSettings } from './settings/index.ts';
import { leaveSite } from './site/index.ts';
import { readState, stateLines } from './status/index.ts';
import { version } from './version.ts';

/** Reads the command line and does what it says. `program` is the file that was started, which a service starts again. */
export const runCommandLine = (program: string, argv: readonly string[]): Promise<void> =>
  runProgram(() => commandOf(program).parseAsync([...argv], { from: 'user' }));

const commandOf = (program: string): Command =>
  new Command('gatehouse jump-client')
    .description(
      'Pins this machine to a Gatehouse site, so that representatives can help on it; only ever connects outwards.',
    )
    .version(version)
    .showHelpAfterError('(add --help for what is possible)')
    .addCommand(installCommand(program))
    .addCommand(runCommand(program))
    .addCommand(workCommand(), { hidden: true })
    .addCommand(statusCommand())
    .addCommand(uninstallCommand());

const home = () =>
  new Option('--home <folder>', `where the Jump Client keeps everything (${variableOf(agent, 'home')})`);

const installCommand = (program: string): Command => {
  const command = new Command('install')
    .summary('pin this machine to a site, and make a service')
    .description(
      'What no flag and no variable says of the site and the key is asked. The key is asked hidden, or read from a file, or from a line of standard input (-).',
    )
    .addOption(home())
    .option('--proxy <url>', `HTTP proxy on the way to the site (${variableOf(agent, 'proxy')})`)
    .option('--no-service', 'make no service, print what would make one');
  for (const question of installQuestions)
    command.option(flagOf(question).flags, `${question.title} (${variableOf(agent, question.name)})`);
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  gatehouse jump-client install --site support.example\n  gatehouse jump-client install --site support.example --key-file key.txt --hosts 10.0.0.0/8:22',
    )
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const folder = homeOf(agent, text(flags.home), process.env);
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        await install({
          ...{ home: folder, signal: endSignal() },
          answers: { agent, flags, environment: process.env, dialogue },
        });
      } finally {
        dialogue.close();
      }
      // Whoever helps on a machine needs what they would need before it; what they may is said by the settings.
      const started = { agent, node: process.execPath, program, home: folder, isUnconfined: true };
      for (const line of startAtBoot(started, flags.service !== false)) process.stdout.write(`${line}\n`);
    });
};

const runCommand = (program: string): Command =>
  new Command('run')
    .summary('connect and serve until it is stopped or unpinned; starts a newer version when there is one')
    .addOption(home())
    .option('--trial-seconds <n>', 'how long a new version has to be let in before the one before it runs again', '60')
    .addHelpText('after', '\nExample:\n  gatehouse jump-client run --home /var/lib/gatehouse-jump-client')
    .action(async (flags: { home?: string; trialSeconds: string }) => {
      const seconds = Number(flags.trialSeconds);
      if (!Number.isFinite(seconds) || seconds < 1)
        throw new Fault('misconfigured', '--trial-seconds: Enter a number of seconds.');
      process.exitCode = await run({ home: homeOf(agent, flags.home, process.env), program, trialMs: seconds * 1_000 });
    });

/** Started by `run`, which starts it again and replaces it. */
const workCommand = (): Command =>
  new Command('work')
    .addOption(home())
    .action((flags: { home?: string }) => work(homeOf(agent, flags.home, process.env)));

const statusCommand = (): Command =>
  new Command('status')
    .summary('how the Jump Client is')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  gatehouse jump-client status\n  gatehouse jump-client status --json')
    .action(async (flags: { home?: string; json?: boolean }) => {
      const folder = homeOf(agent, flags.home, process.env);
      const state = await readState(folder);
      if (state === null)
        throw new Fault(
          'misconfigured',
          `No Jump Client has run in ${folder} yet, or this account may not look into it.`,
        );
      const isRunning = Date.now() - Date.parse(state.writtenAt) < 15_000 && state.standing.state !== 'unpinned';
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...state, isRunning }, null, 2)}\n`);
      else process.stdout.write(`${stateLines(state, isRunning).join('\n')}\n`);
      if (!isRunning || state.standing.state !== 'connected') process.exitCode = 1;
    });

const uninstallCommand = (): Command =>
  new Command('uninstall')
    .alias('unpin')
    .summary('remove the service, the key and the settings of this machine')
    .addOption(home())
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  gatehouse jump-client uninstall --yes')
    .action(async (flags: { home?: string; yes?: boolean }) => {
      const folder = homeOf(agent, flags.home, process.env);
      const names = await realDisk.list(folder);
      // Not a folder of ours: what is in it is not ours to remove.
      if (!names.some((name) => ['jump-client.json', 'device.key', 'state.json'].includes(name)))
        throw new Fault('misconfigured', `No Jump Client is installed in ${folder}.`);
      const settings = await readSettings(realDisk, folder).catch(() => null);
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        const answer = flags.yes ? 'yes' : await dialogue.ask(`\n  Remove the Jump Client in ${folder}? (yes or no)`);
        if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new Fault('misconfigured', 'Nothing was removed.');
      } finally {
        dialogue.close();
      }
      if (removeUnit(agent)) process.stdout.write('  The service was stopped and removed.\n');
      if (settings !== null) process.stdout.write(`  ${await farewell(settings)}\n`);
      for (const name of ours) await realDisk.remove(`${folder}/${name}`);
      process.stdout.write(`  What was in ${folder} was removed.\n`);
    });

/** What became of it at the site. */
const farewell = async (settings: JumpClientSettings): Promise<string> => {
  const { url } = settings.site;
  try {
    await leaveSite(settings);
    return `${url} has it no more.`;
  } catch (error) {
    return `${url} could not be told: ${toFault(error).advice} Unpin it there, in Jump > Jump Clients.`;
  }
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
