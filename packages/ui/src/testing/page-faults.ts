import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const widths = [768, 390] as const;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/**
 * What is wrong with a page that is shown: what axe calls serious or worse, in light and in dark, and where it is wider than
 * a window. Leaves the page light, in a window of 1280 by 800.
 */
export const pageFaults = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    found.push(...(await seriousFaults(page, scheme)).map((fault) => `${scheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    if (needed > width) found.push(`${needed} pixels wide in a window of ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  return found;
};

/** What axe calls serious or worse on the page as it is now, each with where it is. Needs a context with `bypassCSP`. */
export const seriousFaults = async (page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> => {
  // Colours that are on their way to others would be taken for what they are in between.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(
        ({ effect, playState }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime),
      );
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  // It stays where the program only went to another of its pages.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axe });
  // The dark scheme has the same markup; only its colours can fail.
  // Nothing serious is found by style sheets and sounds, which axe would fetch and read once more for each page.
  const only = {
    resultTypes: ['violations'],
    preload: false,
    ...(scheme === 'dark' && { runOnly: ['color-contrast'] }),
  };
  const violations = await page.evaluate(async (options) => {
    // The script that was just added put it there.
    const { axe: checker } = globalThis as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: Violation[] }> };
    };
    return (await checker.run(document, options)).violations;
  }, only);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 4)
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 260)}`),
    );
};
