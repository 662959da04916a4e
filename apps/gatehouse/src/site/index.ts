import type { Command } from 'commander';
import { addCommands, programCommand } from '../commands/index.ts';
import { siteCommands } from './commands.ts';
import { startSite } from './start.ts';

/** `gatehouse site`: starts the program, or does through its API what its pages do. */
export const siteCommand = (root: string): Command => {
  const site = programCommand('site', 'privileged remote access: start it, or do what its pages do');
  site
    .command('start', { isDefault: true })
    .description('start the program on its own database')
    .option('--database-url <url>', 'your PostgreSQL; without it the embedded one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '8420')
    .option('--public-url <url>', 'the address people use, when a proxy stands before it')
    .addHelpText('after', '\nExample:\n  gatehouse site start --database-url postgres://gatehouse@db/site --port 8420')
    .action(async (options, command: Command) => startSite(root, { ...command.optsWithGlobals(), ...options }));
  addCommands(site, siteCommands, root);
  return site;
};
