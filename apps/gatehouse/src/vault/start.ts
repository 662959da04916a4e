import { buildPages } from '../built.ts';
import { commonSettings, linksOf, type ProgramOptions } from '../program.ts';
import { runPrograms } from '../run-programs.ts';

export interface VaultOptions extends ProgramOptions {
  readonly reveal?: boolean;
}

/** Starts the vault alone. */
export const startVault = (root: string, options: VaultOptions): Promise<void> =>
  runPrograms(root, options, async (host) => {
    const [databaseUrl, pages] = await Promise.all([host.database('vault'), buildPages(host.progress, 'vault')]);
    host.progress('Starting the vault …');
    const vault = await host.start('vault', {
      ...commonSettings(databaseUrl, options),
      GATEHOUSE_PAGES: pages,
      GATEHOUSE_ROLE: options.role ?? 'all',
      GATEHOUSE_REVEAL: String(options.reveal ?? false),
    });
    host.announce({ rows: [['vault', vault.url]], links: linksOf(vault) });
  });
