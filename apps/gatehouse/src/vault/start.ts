import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepEmbedded } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { buildPages } from '../built.ts';
import { openHome } from '../home.ts';
import { announce, type ProgramOptions, spawnProgram, stopRequested, vaultSettings } from '../program.ts';
import { openTerminal } from '../terminal.ts';

/** Starts the vault alone, announces it, waits for Ctrl-C, stops it and then its database. */
export const startVault = async (
  root: string,
  options: ProgramOptions & { readonly reveal?: boolean },
): Promise<void> => {
  const home = openHome(options.home, process.env.GATEHOUSE_HOME, root);
  const terminal = openTerminal();
  const stopping = stopRequested();
  const tell = (line: string) => terminal.say(`  ${line}`);
  const stops: (() => Promise<void>)[] = [];
  try {
    const pages = await buildPages(terminal.progress, 'vault');
    let databaseEnded: Promise<string> = new Promise(() => undefined);
    let databaseUrl = new Secret(options.databaseUrl ?? '');
    if (options.databaseUrl === undefined) {
      const server = await keepEmbedded({ home, onProgress: terminal.progress, onTrouble: tell });
      stops.push(() => server.stop());
      databaseEnded = server.ended;
      databaseUrl = await server.database('vault');
    }
    terminal.progress('Starting the vault …');
    const vault = await spawnProgram(root, 'vault', vaultSettings(home, databaseUrl, pages, options));
    stops.push(() => vault.stop());
    writeFileSync(join(home, 'vault.url'), vault.url);
    terminal.say(announce([['vault', vault.url]], vault.firstAdministratorLink));
    const ended = vault.ended.then(() => `The vault ended by itself; ${home}/logs/vault.log says why.`);
    const first = await Promise.race([stopping.then(() => null), ended, databaseEnded]);
    if (first === null) terminal.progress('Stopping …');
    else {
      process.exitCode = 1;
      tell(first);
    }
  } finally {
    for (const stop of stops.toReversed()) await stop().catch(() => undefined);
    terminal.close();
  }
};
