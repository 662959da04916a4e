export { call, findTarget, type Target } from './client.ts';
export { type ApiCommand, body, connection, fixed, must, query, tenant } from './command.ts';
export { addCommands, programCommand } from './program-command.ts';
