import type { Page } from 'playwright-core';

/** What a page shows while it is not all there. */
const unfinished = '[aria-label="Loading"], [aria-busy="true"]';

/**
 * Goes to an address of the program that is open in `page`, as its links do, without loading it anew. Resolves once another
 * heading is shown and nothing is loading; where the address has the heading of the page before, it is loaded.
 */
export const showPage = async (page: Page, address: string): Promise<void> => {
  const before = await page.evaluateHandle((to) => {
    const heading = document.querySelector('h1, h2');
    history.pushState(null, '', to);
    return { heading, text: heading?.textContent };
  }, address);
  const isThere = page.waitForFunction(
    ([{ heading, text }, busy]) => {
      const now = document.querySelector('h1, h2');
      return now !== null && (now !== heading || now.textContent !== text) && document.querySelector(busy) === null;
    },
    [before, unfinished] as const,
    { timeout: 1_500 },
  );
  await isThere.catch(() => loadPage(page, new URL(address, page.url()).href));
};

/** Loads an address as if it was typed. Resolves once its page has what it shows. */
export const loadPage = async (page: Page, url: string): Promise<void> => {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.getByRole('heading').first().waitFor();
  await page.waitForFunction((busy) => document.querySelector(busy) === null, unfinished);
};
