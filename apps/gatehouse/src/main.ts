import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import { Command } from 'commander';
import { agentCommand } from './agents/index.ts';
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
  // Words after `collector` and `ecm` are their own.
  .enablePositionalOptions()
  .addCommand(upCommand(root))
  .addCommand(insightsCommand(root))
  .addCommand(siteCommand(root))
  .addCommand(vaultCommand(root))
  .addCommand(agentCommand(root, 'collector', 'a collector: install it, run it, ask how it is'))
  .addCommand(agentCommand(root, 'ecm', 'an endpoint credential manager: configure it, test it, run it'));

// Who reads the output may have had enough of it: `gatehouse … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await gatehouse.parseAsync();
} catch (error) {
  // One clear sentence for people; what led to it only where it is our own bug.
  if (error instanceof Fault) process.stderr.write(`\n  ${error.advice}\n\n`);
  else if (error instanceof StartFault) process.stderr.write(`\n  ${error.message}\n\n`);
  else
    process.stderr.write(
      `\n  Something went wrong: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n`,
    );
  process.exitCode = 1;
}
