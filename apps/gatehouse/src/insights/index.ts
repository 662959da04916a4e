import { Command } from 'commander';
import { addCommands, refuseUnknown, whereListed } from '../add-commands.ts';
import { up } from '../up.ts';
import { collectorsCommands } from './collectors-commands.ts';
import { connectionsCommands } from './connections-commands.ts';
import { inventoryCommands } from './inventory-commands.ts';
import { tenantsCommands } from './tenants-commands.ts';

const all = [...tenantsCommands, ...connectionsCommands, ...collectorsCommands, ...inventoryCommands];

/** `gatehouse insights`: starts the program, or does through its API what its pages do. */
export const insightsCommand = (root: string): Command => {
  const insights = new Command('insights')
    .summary('identity security: start it, or do what its pages do')
    .description('Starts the program when no noun follows. With a noun it talks to a running one.')
    .option('--home <folder>', 'where everything is kept', undefined)
    .option('--url <address>', 'another running Gatehouse (needs GATEHOUSE_TOKEN)')
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .showHelpAfterError(whereListed('insights'))
    .hook('preSubcommand', ({ args: [word = ''] }, chosen) => {
      if (chosen.name() === 'start' && word !== 'start' && !word.startsWith('-')) refuseUnknown(insights, word);
    });
  insights
    .command('start', { isDefault: true })
    .description('start the program on its own database')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '8400')
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .option('--role <role>', 'web, worker or all', 'all')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse insights start --database-url postgres://gatehouse@db/insights --port 8400',
    )
    .action(async (options, command: Command) => up(root, { ...command.optsWithGlobals(), ...options, lab: false }));

  addCommands(insights, all, root);
  return insights;
};
