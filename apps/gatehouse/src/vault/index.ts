import { Command } from 'commander';
import { addCommands, refuseUnknown, whereListed } from '../add-commands.ts';
import { auditCommands } from './audit-commands.ts';
import { credentialsCommands } from './credentials-commands.ts';
import { delegationCommands } from './delegation-commands.ts';
import { identitiesCommands } from './identities-commands.ts';
import { listsCommands } from './lists-commands.ts';
import { addOpening } from './open-sealed.ts';
import { policiesCommands } from './policies-commands.ts';
import { startVault } from './start.ts';

const all = [
  ...[credentialsCommands, policiesCommands, listsCommands, identitiesCommands, delegationCommands, auditCommands],
].flat();

/** `gatehouse vault`: starts the program, or does through its API what its pages do. */
export const vaultCommand = (root: string): Command => {
  const vault = new Command('vault')
    .summary('managed passwords: start it, or do what its pages do')
    .description('Starts the program when no noun follows. With a noun it talks to a running one.')
    .option('--home <folder>', 'where everything is kept', undefined)
    .option('--url <address>', 'another running vault (needs GATEHOUSE_TOKEN)')
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .showHelpAfterError(whereListed('vault'))
    .hook('preSubcommand', ({ args: [word = ''] }, chosen) => {
      if (chosen.name() === 'start' && word !== 'start' && !word.startsWith('-')) refuseUnknown(vault, word);
    });
  vault
    .command('start', { isDefault: true })
    .description('start the vault on its own database')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '8420')
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .option('--role <role>', 'web, worker or all', 'all')
    .option('--reveal', 'let passwords be seen, behind a second factor and a second person', false)
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse vault start --database-url postgres://gatehouse@db/vault --port 8420',
    )
    .action(async (options, command: Command) => startVault(root, { ...command.optsWithGlobals(), ...options }));
  addCommands(vault, all, root);
  addOpening(vault);
  return vault;
};
