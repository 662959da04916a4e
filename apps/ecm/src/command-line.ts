import {
  flagOf,
  homeOf,
  lockHome,
  openDialogue,
  realDisk,
  removeUnit,
  runProgram,
  variableOf,
} from '@gatehouse/host/agent';
import { Fault, systemClock } from '@gatehouse/kernel';
import type { AnyVault } from '@gatehouse/vault-kit';
import { Command, Option } from 'commander';
import { ecm } from './agent.ts';
import {
  accountQuestions,
  configureInTerminal,
  createConfigurator,
  openConfiguratorLog,
  openStored,
  pluginById,
  servePage,
  testConnection,
  testSettings,
} from './configure/index.ts';
import { openLeaseBook } from './leases/index.ts';
import { findPlugins, pluginFolder } from './plugins/index.ts';
import { startWithMachine } from './service.ts';
import { startEcm } from './start-ecm.ts';
import { readState, statusLines } from './status/index.ts';
import { clearTokens } from './tokens/index.ts';
import { version } from './version.ts';

export interface Composition {
  /** The plugins that come with this ECM. */
  readonly vaults: readonly AnyVault[];
  /** The file that was started, which is started again by a service. */
  readonly program: string;
}

/** A service that a person has to mend is not started again and again: `RestartPreventExitStatus`. */
const misconfiguredCode = 78;

/** Reads the command line and does what it says. */
export const runCommandLine = (composition: Composition, argv: readonly string[]): Promise<void> =>
  runProgram(() => commandOf(composition).parseAsync([...argv], { from: 'user' }));

const commandOf = (composition: Composition): Command => {
  const command = new Command('gatehouse ecm')
    .description('Hands credentials of your vault to sessions of the site; only ever connects outwards.')
    .version(version)
    .showHelpAfterError('(add --help for what is possible)');
  const makers = [configure, run, status, connection, test, plugins, clear, service, uninstall];
  for (const make of makers) command.addCommand(make(composition));
  return command;
};

interface Flags {
  readonly home?: string;
  readonly json?: boolean;
}
const home = () => new Option('--home <folder>', 'where the ECM keeps everything (GATEHOUSE_ECM_HOME)');
const folderOf = ({ home: said }: Flags): string => homeOf(ecm, said, process.env);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const configure = ({ vaults }: Composition): Command => {
  const command = new Command('configure')
    .summary('the Configurator: site, API account, plugin and its settings')
    .description(
      'What no flag and no variable says is asked. Secrets are asked hidden, or read from a file, or from a line of standard input (-).',
    )
    .addOption(home())
    .option('--web', 'on a page of this machine instead, in a browser')
    .option('--ca-file <path>', 'certificate authority of the site, PEM (GATEHOUSE_ECM_CA)')
    .option('--site-proxy <url>', 'HTTP proxy on the way to the site; none: without (GATEHOUSE_ECM_SITE_PROXY)')
    .option('--vault-proxy <url>', 'HTTP proxy on the way to the vault; none: without (GATEHOUSE_ECM_VAULT_PROXY)')
    .option('--name <text>', 'what the site lists this ECM as')
    .option('--log-level <level>', 'info or debug')
    .option('--set <path=value>', 'a setting of the plugin; any number of them', several, [])
    .option(
      '--set-file <path=file>',
      'a setting of the plugin from a file: secrets, texts of several lines',
      several,
      [],
    )
    .option('--no-test', 'save without testing the connection');
  for (const question of Object.values(accountQuestions))
    command.option(flagOf(question).flags, `${question.title} (${variableOf(ecm, question.name)})`);
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  gatehouse ecm configure\n  gatehouse ecm configure --web\n  gatehouse ecm configure --site access.example --client-id 1f… --client-secret-file secret.txt \\\n    --plugin privileged-identity --set apiUser=svc-ecm --set-file apiPassword=password.txt',
    )
    .action(async (flags: Flags & Readonly<Record<string, unknown>> & { set: string[]; setFile: string[] }) => {
      const folder = folderOf(flags);
      if (flags.web === true) return await serveConfigurator(folder, vaults);
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        await configureInTerminal({
          ...{ home: folder, vaults, set: flags.set, setFile: flags.setFile, isTested: flags.test !== false },
          ...{ answers: { agent: ecm, flags, environment: process.env, dialogue }, clock: systemClock },
        });
      } finally {
        dialogue.close();
      }
    });
};

const serveConfigurator = async (folder: string, vaults: readonly AnyVault[]): Promise<void> => {
  const page = await servePage(await createConfigurator({ home: folder, vaults, clock: systemClock }));
  print(`\n  Open this address in a browser of this machine; it works once:\n\n  ${page.url}\n\n  Stop with Ctrl-C.\n`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, page.close);
  await page.closed;
};

const run = ({ vaults }: Composition): Command =>
  new Command('run')
    .summary('connect to the site and serve until it is stopped')
    .addOption(home())
    .addHelpText('after', '\nExample:\n  gatehouse ecm run --home /var/lib/gatehouse-ecm')
    .action(async (flags: Flags) => {
      try {
        const echo = (line: string) => void process.stdout.write(`${line}\n`);
        const running = await startEcm({ home: folderOf(flags), vaults, environment: process.env, echo });
        const stop = () => {
          // Whatever hangs: what must last is on disk.
          setTimeout(() => process.exit(0), 3_500).unref();
          void running.stop().then(() => process.exit(0));
        };
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, stop);
        // Whoever started it may have gone while it was still starting.
        if (process.connected === false) stop();
        await running.ended;
      } catch (error) {
        if (error instanceof Fault && error.kind === 'misconfigured') process.exitCode = misconfiguredCode;
        throw error;
      }
    });

const status = (_: Composition): Command =>
  new Command('status')
    .summary('how the ECM is')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  gatehouse ecm status\n  gatehouse ecm status --json')
    .action(async (flags: Flags) => {
      const folder = folderOf(flags);
      const state = await readState(folder);
      if (state === null)
        throw new Fault('misconfigured', `No ECM has run in ${folder} yet, or this account may not look into it.`);
      const isRunning = Date.now() - Date.parse(state.writtenAt) < 15_000;
      if (flags.json) printJson({ ...state, isRunning });
      else print(statusLines(state, isRunning).join('\n'));
      if (!isRunning || state.standing.state !== 'connected') process.exitCode = 1;
    });

const connection = (_: Composition): Command =>
  new Command('test-connection')
    .summary('whether the site lets this ECM in')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  gatehouse ecm test-connection')
    .action(async (flags: Flags) => {
      const stored = await openStored(folderOf(flags));
      if (stored === null) throw nothingThere(folderOf(flags));
      const tested = await testConnection(stored, systemClock);
      if (flags.json) printJson(tested);
      else print(tested.sentence);
      if (!tested.ok) process.exitCode = 1;
    });

const test = ({ vaults }: Composition): Command =>
  new Command('test')
    .summary('test settings: which credentials a user would find for an endpoint')
    .addOption(home())
    .requiredOption('--user <name>', 'user1, DOMAIN\\username or username@domain')
    .requiredOption('--endpoint <name>', 'a machine, such as my-server-hostname')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      "\nExample:\n  gatehouse ecm test --user 'NS\\test_user' --endpoint web1\n\nThe site is not asked, and no password is retrieved.",
    )
    .action(async (flags: Flags & { user: string; endpoint: string }) => {
      const folder = folderOf(flags);
      const stored = await openStored(folder);
      if (stored?.plugin == null) throw nothingThere(folder);
      const vault = await pluginById(folder, vaults, stored.plugin.id);
      const { log } = await openConfiguratorLog(folder);
      const { values } = stored.plugin;
      const proxy = stored.vaultProxy;
      const { user, endpoint } = flags;
      const tested = await testSettings({ vault, values, proxy, user, endpoint, clock: systemClock, log });
      if (flags.json) printJson(tested);
      else {
        print([tested.sentence, ...tested.labels].join('\n'));
        if (tested.labels.length === 0) for (const line of tested.trace) print(`  ${line}`);
      }
      if (tested.failed) process.exitCode = 1;
    });

const plugins = ({ vaults }: Composition): Command =>
  new Command('plugins')
    .summary('the plugins that there are, and why others cannot be used')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  gatehouse ecm plugins')
    .action(async (flags: Flags) => {
      const folder = pluginFolder(folderOf(flags));
      const { found, unusable } = await findPlugins(vaults, folder);
      const all = found.map(({ vault: { id, name, summary }, file }) => ({ id, name, summary, file }));
      if (flags.json) return printJson({ folder, plugins: all, unusable });
      for (const { id, name, file } of all) print(`${id}  ${name}${file === null ? '' : `  (${file})`}`);
      for (const { file, reason } of unusable) print(`${file}  cannot be used: ${reason}`);
      print(`More go into ${folder}.`);
    });

const clear = (_: Composition): Command =>
  new Command('clear-tokens')
    .summary('clear the token cache: every identity logs in to the vault anew')
    .addOption(home())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  gatehouse ecm clear-tokens')
    .action(async (flags: Flags) => {
      const folder = folderOf(flags);
      if ((await openStored(folder)) === null) throw nothingThere(folder);
      const count = await clearTokens(realDisk, folder);
      const { log } = await openConfiguratorLog(folder);
      log.write('info', 'The token cache was cleared.');
      if (flags.json) printJson({ cleared: count });
      else print('The token cache is empty.');
    });

const service = ({ program }: Composition): Command =>
  new Command('service')
    .summary('make a service that starts with the machine, or show what makes one')
    .addOption(home())
    .option('--print', 'only show it')
    .addHelpText('after', '\nExamples:\n  gatehouse ecm service\n  gatehouse ecm service --print')
    .action(async (flags: Flags & { print?: boolean }) => {
      const folder = folderOf(flags);
      if ((await openStored(folder)) === null) throw nothingThere(folder);
      for (const line of startWithMachine({ program, home: folder }, flags.print !== true)) print(line);
    });

const uninstall = (_: Composition): Command =>
  new Command('uninstall')
    .summary('remove the service and the settings; refused while credentials are handed out')
    .addOption(home())
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  gatehouse ecm uninstall')
    .action(async (flags: Flags & { yes?: boolean }) => {
      const folder = folderOf(flags);
      if ((await openStored(folder)) === null) throw nothingThere(folder);
      const book = await openLeaseBook({ disk: realDisk, home: folder, clock: systemClock, onDamage: () => undefined });
      const open = book.count();
      if (open > 0)
        throw new Fault(
          'misconfigured',
          `${open} credentials are handed out. End their sessions first; only this ECM can release them.`,
        );
      const dialogue = openDialogue(process.stdin, process.stdout);
      try {
        const answer = flags.yes ? 'yes' : await dialogue.ask(`\n  Remove the ECM in ${folder}? (yes or no)`);
        if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new Fault('misconfigured', 'Nothing was removed.');
      } finally {
        dialogue.close();
      }
      if (removeUnit(ecm)) print('  The service was stopped and removed.');
      const unlock = await lockHome(ecm, folder);
      for (const name of ours) await realDisk.remove(`${folder}/${name}`);
      await unlock();
      print(`  What was in ${folder} was removed, but its folder of plugins. Delete the API account of the site too.`);
    });

/** Everything that an ECM makes in its folder. */
const ours = ['ecm.json', 'machine.key', 'leases.jsonl', 'state.json', 'tokens', 'logs'];

const nothingThere = (folder: string) =>
  new Fault('misconfigured', `Nothing is configured in ${folder}. Run "gatehouse ecm configure".`);
