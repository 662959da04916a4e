import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/test/long-first.ts';

const all = ['{packages,connectors,vaults,desks,lab,bench,apps,scripts,test}/**/*.test.ts'];
/** With what GATEHOUSE_TEST_LEFT_OUT names, apart by commas: Vitest hears --exclude only where it has no projects. */
const left = ['**/node_modules/**', '**/dist/**', ...(process.env.GATEHOUSE_TEST_LEFT_OUT ?? '').split(',')].filter(
  Boolean,
);
/** They start browsers and servers, and programs as processes. */
const alone = ['**/*.{browser,ssh,vnc,rdp,samba,mariadb,rt,redmine}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['packages/database/src/testing/global-setup.ts'],
    // How long a test that hangs is waited for, on a machine that does other things too; no test measures time by it.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      // Most files take longer to load what they test than to test it: those of a worker share its process.
      { extends: true, test: { name: 'together', isolate: false, include: all, exclude: [...left, ...alone] } },
      { extends: true, test: { name: 'alone', include: alone, exclude: left } },
    ],
  },
});
