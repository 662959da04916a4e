import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What the accessibility checker calls serious or worse on the page as it is now. */
export const seriousFaults = async (page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> => {
  await page.addScriptTag({ path: axe });
  return await page.evaluate(
    async (only) => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(on: Document, options: object): Promise<{ violations: Violation[] }> };
      };
      interface Violation {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { readonly html: string }[];
      }
      const { violations } = await checker.run(document, only);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
    },
    // The dark scheme has the same markup; only its colours can fail.
    scheme === 'dark' ? { runOnly: ['color-contrast'] } : {},
  );
};
