import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { Command } from 'commander';
import { agentCommand } from './agents/index.ts';
import { deskCommand } from './desk/index.ts';
import { insightsCommand } from './insights/index.ts';
import { siteCommand } from './site/index.ts';
import { upCommand } from './up/index.ts';
import { vaultCommand } from './vault/index.ts';

const root = join(import.meta.dirname, '../../..');

const gatehouse = new Command('gatehouse')
  .description('Open privileged access and identity security.')
  .version('0.1.0')
  .showHelpAfterError('(add --help for what is possible)')
  .addHelpText(
    'after',
    '\nExamples:\n  gatehouse up\n  gatehouse up --no-lab --port 9000\n  gatehouse insights findings list --tenant Acme --json',
  )
  // Words after `collector`, `ecm` and `jump-client` are their own.
  .enablePositionalOptions()
  .addCommand(upCommand(root))
  .addCommand(insightsCommand(root))
  .addCommand(siteCommand(root))
  .addCommand(vaultCommand(root))
  .addCommand(deskCommand(root))
  .addCommand(agentCommand(root, 'collector', 'a collector: install it, run it, ask how it is'))
  .addCommand(agentCommand(root, 'ecm', 'an endpoint credential manager: configure it, test it, run it'))
  .addCommand(agentCommand(root, 'jump-client', 'a Jump Client: pin this machine to a site, run it, ask how it is'));

// Who reads the output may have had enough of it: `gatehouse … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Loaded where it is needed: most commands only ask a program that runs, and need none of a database. */
const wordsOfStart = async (error: unknown): Promise<string | null> => {
  const { StartFault } = await import('@gatehouse/database');
  return error instanceof StartFault ? error.message : null;
};
const wholeOf = (error: unknown): string =>
  `Something went wrong: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

try {
  await gatehouse.parseAsync();
} catch (error) {
  // One clear sentence for people; what led to it only where it is our own bug.
  const told = error instanceof Fault ? error.advice : ((await wordsOfStart(error)) ?? wholeOf(error));
  process.stderr.write(`\n  ${told}\n\n`);
  process.exitCode = 1;
}
