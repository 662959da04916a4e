import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take the longest, in the order in which they start: one that begins last leaves the other workers idle. */
const long: readonly string[] = [
  'apps/site/web/console.browser.test.ts',
  'apps/insights/web/pages.browser.test.ts',
  'apps/site/web/pages.browser.test.ts',
  'apps/vault/web/pages.browser.test.ts',
  'apps/site/web/rdp.rdp.test.ts',
  'apps/gatehouse/test/main-way.browser.test.ts',
  'apps/gatehouse/test/up-whole.ssh.test.ts',
  'desks/src/redmine/contract.redmine.test.ts',
  'desks/src/request-tracker/contract.rt.test.ts',
  'desks/src/redmine/test/set-up.redmine.test.ts',
  'apps/gatehouse/test/up.test.ts',
  'apps/gatehouse/test/broken-networks.ssh.test.ts',
  'apps/vault/src/jobs/crash.ssh.test.ts',
  'apps/insights/src/rules/testing/examples.database.test.ts',
  'apps/insights/src/runs/outage.database.test.ts',
  'apps/gatehouse/test/insights-command.test.ts',
  'apps/gatehouse/test/site-command.database.test.ts',
  'bench/src/main.test.ts',
  'connectors/src/github/contract.test.ts',
  'connectors/src/bad-input.test.ts',
  'connectors/src/active-directory/descriptor/fuzz.test.ts',
  'packages/database/src/embedded/start-embedded.test.ts',
  'apps/collector/src/work.test.ts',
  'apps/collector/src/events/killed.test.ts',
];

/** Vitest's own order, by what it remembers of earlier runs or by size, after the files that are known to be long. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
