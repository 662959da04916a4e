import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/test/long-first.ts';

export default defineConfig({
  test: {
    include: ['{packages,connectors,vaults,lab,bench,apps,scripts,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['packages/database/src/testing/global-setup.ts'],
    // How long a test that hangs is waited for, on a machine that does other things too; no test measures time by it.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
});
