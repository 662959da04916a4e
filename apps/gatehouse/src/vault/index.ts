import type { Command } from 'commander';
import { type ApiCommand, programCommand } from '../commands/index.ts';
import { auditCommands } from './audit-commands.ts';
import { credentialsCommands } from './credentials-commands.ts';
import { delegationCommands } from './delegation-commands.ts';
import { identitiesCommands } from './identities-commands.ts';
import { jobsCommands } from './jobs-commands.ts';
import { listsCommands } from './lists-commands.ts';
import { addOpening } from './open-sealed.ts';
import { peopleCommands } from './people-commands.ts';
import { policiesCommands } from './policies-commands.ts';
import { startVault, type VaultOptions } from './start.ts';
import { useCommands } from './use-commands.ts';

/** Everything that the pages of the vault can do. */
export const vaultCommands: readonly ApiCommand[] = [
  ...[credentialsCommands, policiesCommands, listsCommands, jobsCommands, useCommands, identitiesCommands],
  ...[delegationCommands, peopleCommands, auditCommands],
].flat();

/** `gatehouse vault`: starts the program, or does through its API what its pages do. */
export const vaultCommand = (root: string): Command => {
  const vault = programCommand<VaultOptions>(root, {
    program: 'vault',
    summary: 'managed passwords: start it, or do what its pages do',
    commands: vaultCommands,
    startFlags: (start) =>
      start
        .option('--role <role>', 'web, worker or all', 'all')
        .option('--reveal', 'let passwords be seen, behind a second factor and a second person', false),
    start: (options) => startVault(root, options),
  });
  addOpening(vault);
  return vault;
};
