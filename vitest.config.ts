import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/test/long-first.ts';

export default defineConfig({
  test: {
    include: ['{packages,connectors,vaults,lab,bench,apps,scripts,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['packages/database/src/testing/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
});
