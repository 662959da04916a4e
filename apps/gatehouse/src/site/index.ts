import type { Command } from 'commander';
import { programCommand } from '../commands/index.ts';
import { siteCommands } from './commands.ts';
import { startSite } from './start.ts';

/** `gatehouse site`: starts the program, or does through its API what its pages do. */
export const siteCommand = (root: string): Command =>
  programCommand(root, {
    program: 'site',
    summary: 'privileged remote access: start it, or do what its pages do',
    commands: siteCommands,
    start: (options) => startSite(root, options),
  });
