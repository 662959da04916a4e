import { Fault, toFault } from '@gatehouse/kernel';
import type { TestAnswer } from '../api/sites.ts';
import type { DeskParts } from '../parts.ts';
import type { Site } from './store.ts';

interface Step {
  readonly id: string;
  readonly name: string;
  run(): Promise<string>;
}

/** Reachable, signed in, allowed: one after the other, and none after one that failed. */
export const testSite = async (parts: DeskParts, site: Site): Promise<TestAnswer> => {
  const { command, reports } = parts.openSite(site);
  const steps: readonly Step[] = [
    {
      ...{ id: 'signed-in', name: 'The site answers and knows the API account' },
      run: async () => {
        const { version, company } = await command.getApiInfo();
        return `It speaks version ${version} of the API${company === null ? '' : `, for ${company}`}.`;
      },
    },
    {
      ...{ id: 'command', name: 'The account has full access to the Command API' },
      run: async () => {
        const { permissions } = await command.getApiInfo();
        const said = permissions.get('perm_command');
        // Sites that do not say it refuse with words of their own when a key is made.
        if (said !== undefined && !/^(full_access|1)$/.test(said))
          throw new Fault('forbidden', 'Give the API account full access to the Command API on the site.');
        return said === undefined ? 'The site does not say; making a key will show it.' : 'It has.';
      },
    },
    {
      ...{ id: 'reporting', name: 'The account may read reports of support sessions' },
      run: async () => {
        const from = new Date(parts.clock.now().getTime() - 86_400_000);
        return `${(await reports.listSupportSessions({ by: 'start', from })).length} sessions since yesterday.`;
      },
    },
    {
      ...{ id: 'teams', name: 'Teams can be read' },
      run: async () => `${(await command.getSupportTeams()).length} teams.`,
    },
  ];
  const results: TestAnswer['steps'] = [];
  let failed: string | null = null;
  for (const { id, name, run } of steps) {
    if (failed !== null) {
      results.push({ id, name, ok: null, sentence: `Not tried, because this failed: ${failed}.` });
      continue;
    }
    try {
      results.push({ id, name, ok: true, sentence: await run() });
    } catch (error) {
      failed = name;
      const fault = toFault(error);
      parts.log.info({ err: fault, detail: fault.detail }, 'a site was tried and failed');
      results.push({ id, name, ok: false, sentence: fault.advice });
    }
  }
  return { ok: failed === null, steps: results };
};
