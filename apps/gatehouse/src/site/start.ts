import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Embedded, keepEmbedded } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { buildPages } from '../built.ts';
import { openHome } from '../home.ts';
import {
  announce,
  commonSettings,
  type ProgramOptions,
  type Running,
  spawnProgram,
  stopRequested,
} from '../program.ts';
import { openTerminal } from '../terminal.ts';

/** Starts the site on its own database, announces it, waits for Ctrl-C, and stops in reverse order. */
export const startSite = async (root: string, options: ProgramOptions): Promise<void> => {
  const home = openHome(options.home, process.env.GATEHOUSE_HOME, root);
  const terminal = openTerminal();
  const stopping = stopRequested();
  const onTrouble = (line: string) => terminal.say(`  ${line}`);
  let embedded: Embedded | null = null;
  let site: Running | null = null;
  try {
    const pages = await buildPages(terminal.progress, 'site');
    if (options.databaseUrl === undefined)
      embedded = await keepEmbedded({ home, onProgress: terminal.progress, onTrouble });
    const databaseUrl =
      options.databaseUrl === undefined ? await embedded?.database('site') : new Secret(options.databaseUrl);
    if (databaseUrl === undefined) throw new Error('There is no database.');
    terminal.progress('Starting the site …');
    site = await spawnProgram(root, 'site', commonSettings(home, databaseUrl, pages, options));
    writeFileSync(join(home, 'site.url'), site.url);
    terminal.say(announce([['site', `${site.url}/login`]], site.firstAdministratorLink));
    const first = await Promise.race([
      stopping.then(() => 'asked' as const),
      site.ended.then(() => `The program site ended by itself; ${home}/logs/site.log says why.`),
      ...(embedded ? [embedded.ended] : []),
    ]);
    if (first === 'asked') terminal.progress('Stopping …');
    else {
      process.exitCode = 1;
      onTrouble(first);
    }
  } finally {
    // Nobody may talk to a database that is gone: it stops last.
    await site?.stop();
    await embedded?.stop();
    terminal.close();
  }
};
