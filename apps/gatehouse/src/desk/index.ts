import type { Command } from 'commander';
import { type ApiCommand, mailCommands, programCommand } from '../commands/index.ts';
import { accountsCommands } from './accounts-commands.ts';
import { casesCommands } from './cases-commands.ts';
import { connectionsCommands } from './connections-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { sessionsCommands } from './sessions-commands.ts';
import { sitesCommands } from './sites-commands.ts';
import { startDesk } from './start.ts';
import { teamsCommands } from './teams-commands.ts';
import { ticketsCommands } from './tickets-commands.ts';

/** Everything that the pages of the desk can do. */
export const deskCommands: readonly ApiCommand[] = [
  ...[casesCommands, peopleCommands, teamsCommands, accountsCommands],
  ...[sitesCommands, connectionsCommands, ticketsCommands, sessionsCommands, mailCommands('desk')],
].flat();

/** `gatehouse desk`: starts the program, or does through its API what its pages do. */
export const deskCommand = (root: string): Command =>
  programCommand(root, {
    program: 'desk',
    summary: 'support and helpdesk cases: start it, or do what its pages do',
    commands: deskCommands,
    start: (options) => startDesk(root, options),
  });
