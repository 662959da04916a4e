import { defaultPorts } from '@gatehouse/server/settings';
import { Command } from 'commander';
import { openHome } from '../home.ts';
import type { ProgramOptions } from '../program.ts';
import { findTarget } from './client.ts';
import type { ApiCommand } from './command.ts';
import { runCommand } from './run-command.ts';

interface ProgramDescription<Options extends ProgramOptions> {
  readonly program: keyof typeof defaultPorts;
  readonly summary: string;
  readonly commands: readonly ApiCommand[];
  /** What only this program can be told when it starts. */
  readonly startFlags?: (start: Command) => Command;
  start(options: Options): Promise<void>;
}

/** A program's own command: `start`, which also runs when no noun follows, and its nouns with their verbs. */
export const programCommand = <Options extends ProgramOptions>(
  root: string,
  { program, summary, commands, startFlags = (start) => start, start }: ProgramDescription<Options>,
): Command => {
  const made = new Command(program)
    .summary(summary)
    .description('Starts the program when no noun follows. With a noun it talks to a running one.')
    .option('--home <folder>', 'where everything is kept', undefined)
    .option('--url <address>', 'another running Gatehouse (needs GATEHOUSE_TOKEN)')
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .showHelpAfterError(whereListed(program))
    .hook('preSubcommand', ({ args: [word = ''] }, chosen) => {
      if (chosen.name() === 'start' && word !== 'start' && !word.startsWith('-')) refuseUnknown(made, word);
    });
  const port = String(defaultPorts[program]);
  const starting = made
    .command('start', { isDefault: true })
    .description('start the program on its own database')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', port)
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .addHelpText(
      'after',
      `\nExample:\n  gatehouse ${program} start --database-url postgres://gatehouse@db/${program} --port ${port}`,
    )
    .action(async (options, command: Command) => start({ ...command.optsWithGlobals(), ...options }));
  startFlags(starting);
  addCommands(made, commands, root);
  return made;
};

/** Adds what a program can be asked, noun by noun. */
const addCommands = (program: Command, all: readonly ApiCommand[], root: string): void => {
  const nouns = new Map<string, Command>();
  for (const command of all) {
    const [noun = '', verb = ''] = command.name.split(' ');
    const parent = nouns.get(noun) ?? makeNoun(program, noun, all);
    nouns.set(noun, parent);
    add(program.name(), parent, verb, command, root);
  }
};

const makeNoun = (program: Command, noun: string, all: readonly ApiCommand[]) =>
  program
    .command(noun)
    .summary(`${noun}: ${verbs(noun, all)}`)
    .showHelpAfterError(whereListed(`${program.name()} ${noun}`));

const whereListed = (command: string) => `(gatehouse ${command} --help lists the commands)`;

/**
 * Ends with the parser's own words for an unknown command, with the nearest one. The parser itself would hand the word to
 * the default command, `start`, and count its arguments.
 */
const refuseUnknown = (program: Command, word: string) => {
  if (word === '') return;
  const bare = new Command(program.name()).showHelpAfterError(whereListed(program.name()));
  for (const command of program.commands) bare.addCommand(new Command(command.name()));
  bare.parse([word], { from: 'user' });
};

const verbs = (noun: string, all: readonly ApiCommand[]) =>
  all
    .filter(({ name }) => name.startsWith(`${noun} `))
    .map(({ name }) => name.slice(noun.length + 1))
    .join(', ');

const add = (program: string, parent: Command, verb: string, command: ApiCommand, root: string) => {
  const words = [...command.path.matchAll(/:(\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'tenantId' && name !== 'connectionId');
  const made = parent.command(verb).description(command.does);
  for (const word of words) made.argument(`<${word}>`);
  if (command.upload) made.argument('<file>');
  if (command.path.includes(':tenantId'))
    made.option('--tenant <name>', 'the tenant, by name or id; may be left out where there is one');
  if (command.path.includes(':connectionId')) made.option('--connection <name>', 'the connection, by name or id');
  if (command.paged) made.option('--limit <n>', 'rows at once, at most 500', '50').option('--all', 'every page');
  for (const option of command.options ?? []) {
    if (option.fixed !== undefined) continue;
    if (option.required) made.requiredOption(option.flags, option.does);
    else made.option(option.flags, option.does);
  }
  made
    .option('--json', 'print JSON')
    .option('--home <folder>', 'the folder of the running Gatehouse')
    .option('--url <address>', 'its address, with GATEHOUSE_TOKEN');
  made.addHelpText(
    'after',
    `\n${command.examples.length > 1 ? 'Examples' : 'Example'}:\n${command.examples.map((line) => `  ${line}`).join('\n')}`,
  );
  made.action(async (...given: unknown[]) => {
    const typed = made.optsWithGlobals();
    const values = Object.fromEntries(
      (command.options ?? [])
        .filter(({ flags }) => flags !== '')
        .map((option) => [option.flags, typed[attribute(option.flags)]]),
    );
    const home = openHome(typed.home, process.env.GATEHOUSE_HOME, root);
    await runCommand(
      command,
      {
        values,
        words: Object.fromEntries(words.map((word, index) => [word, String(given[index])])),
        file: command.upload ? String(given[words.length]) : undefined,
        tenant: typed.tenant,
        connection: typed.connection,
        limit: Number(typed.limit ?? 50),
        all: typed.all === true,
        json: typed.json === true,
      },
      findTarget(home, typed.url, process.env.GATEHOUSE_TOKEN, program),
      (text) => process.stdout.write(`${text}\n`),
    );
  });
};

/** `--owned-domains <domain...>` → `ownedDomains`, as commander names it. */
const attribute = (flags: string) =>
  (/--([a-z-]+)/.exec(flags)?.[1] ?? '').replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
