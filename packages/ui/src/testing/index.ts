import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

export { pageFaults, seriousFaults } from './page-faults.ts';
export { loadPage, showPage } from './show-page.ts';

/** Set where the pages of every program were built from the same sources just before. */
const builtVariable = 'GATEHOUSE_TEST_PAGES_ARE_BUILT';

/**
 * Builds the pages of `folder` as they are shipped. A runner of tests says that it is none of production, and React would
 * be the one for developers: three times as slow, and not what people get.
 */
export const buildPages = async (folder: string, outDir: string): Promise<void> => {
  if (process.env[builtVariable] === 'true') return cp(join(folder, 'dist'), outDir, { recursive: true });
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  } finally {
    process.env.NODE_ENV = before;
  }
};
