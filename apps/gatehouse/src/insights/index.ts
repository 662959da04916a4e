import type { Command } from 'commander';
import { programCommand } from '../commands/index.ts';
import { up } from '../up/index.ts';
import { collectorsCommands } from './collectors-commands.ts';
import { connectionsCommands } from './connections-commands.ts';
import { inventoryCommands } from './inventory-commands.ts';
import { tenantsCommands } from './tenants-commands.ts';

/** `gatehouse insights`: starts the program, or does through its API what its pages do. */
export const insightsCommand = (root: string): Command =>
  programCommand(root, {
    program: 'insights',
    summary: 'identity security: start it, or do what its pages do',
    commands: [...tenantsCommands, ...connectionsCommands, ...collectorsCommands, ...inventoryCommands],
    startFlags: (start) => start.option('--role <role>', 'web, worker or all', 'all'),
    start: (options) => up(root, { ...options, lab: false, only: 'insights' }),
  });
