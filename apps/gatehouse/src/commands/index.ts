export { call, findTarget, type Target } from './client.ts';
export { type ApiCommand, type ApiOption, body, connection, fixed, must, query, tenant } from './command.ts';
export { mailCommands } from './mail-commands.ts';
export { nounCommands } from './noun-commands.ts';
export { programCommand } from './program-command.ts';
