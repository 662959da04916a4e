import { buildPages } from '../built.ts';
import { commonSettings, linksOf, type ProgramOptions } from '../program.ts';
import { runPrograms } from '../run-programs.ts';

/** Starts the site alone. */
export const startSite = (root: string, options: ProgramOptions): Promise<void> =>
  runPrograms(root, options, async (host) => {
    const pages = await buildPages(host.progress, 'site');
    const databaseUrl = await host.database('site');
    host.progress('Starting the site …');
    const site = await host.start('site', { ...commonSettings(databaseUrl, options), GATEHOUSE_PAGES: pages });
    host.announce({ rows: [['site', `${site.url}/login`]], links: linksOf(site) });
  });
