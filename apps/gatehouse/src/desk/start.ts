import { buildPages } from '../built.ts';
import { commonSettings, linksOf, type ProgramOptions } from '../program.ts';
import { runPrograms } from '../run-programs.ts';

/** Starts the desk alone. */
export const startDesk = (root: string, options: ProgramOptions): Promise<void> =>
  runPrograms(root, options, async (host) => {
    const [databaseUrl, pages] = await Promise.all([host.database('desk'), buildPages(host.progress, 'desk')]);
    host.progress('Starting the desk …');
    const desk = await host.start('desk', { ...commonSettings(databaseUrl, options), GATEHOUSE_PAGES: pages });
    host.announce({ rows: [['desk', `${desk.url}/cases`]], links: linksOf(desk) });
  });
