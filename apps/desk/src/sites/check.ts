import { Fault, toFault } from '@gatehouse/kernel';
import type { TestAnswer } from '../api/sites.ts';
import type { DeskParts } from '../parts.ts';
import type { Site } from './store.ts';

interface Step {
  readonly id: string;
  readonly name: string;
  /** Others are tried also where it fails. */
  readonly isMinor?: true;
  run(): Promise<string>;
}

/** Reachable, encrypted, signed in, allowed: one after the other, and none after one that they need. */
export const testSite = async (parts: DeskParts, site: Site): Promise<TestAnswer> => {
  const { command, reports, reach } = parts.openSite(site);
  const steps: readonly Step[] = [
    {
      ...{ id: 'reachable', name: 'The site answers' },
      run: async () => {
        await reach();
        return `Something answered at ${new URL(site.url).origin}.`;
      },
    },
    {
      ...{ id: 'encrypted', name: 'The connection is encrypted', isMinor: true },
      run: async () => {
        const { protocol, hostname } = new URL(site.url);
        if (protocol === 'https:') return 'The site showed a certificate that is trusted here.';
        if (/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
          return 'It is not, and need not be: the site is on this machine.';
        throw new Fault(
          'misconfigured',
          'The address begins with http://: the secret can be read on its way. Use https://.',
        );
      },
    },
    {
      ...{ id: 'signed-in', name: 'The site knows the API account' },
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
        return `${counted((await reports.listSupportSessions({ by: 'start', from })).length, 'session')} since yesterday.`;
      },
    },
    {
      ...{ id: 'teams', name: 'Teams can be read' },
      run: async () => `${counted((await command.getSupportTeams()).length, 'team')}.`,
    },
  ];
  const results: TestAnswer['steps'] = [];
  let failed: string | null = null;
  for (const { id, name, isMinor, run } of steps) {
    if (failed !== null) {
      results.push({ id, name, ok: null, sentence: `Not tried, because this failed: ${failed}.` });
      continue;
    }
    try {
      results.push({ id, name, ok: true, sentence: await run() });
    } catch (error) {
      if (!isMinor) failed = name;
      const fault = toFault(error);
      parts.log.info({ err: fault, detail: fault.detail }, 'a site was tried and failed');
      results.push({ id, name, ok: false, sentence: fault.advice });
    }
  }
  return { ok: results.every(({ ok }) => ok === true), steps: results };
};

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
