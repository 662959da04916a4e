import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPassword } from '@gatehouse/server/testing';
import { buildPages, loadPage } from '@gatehouse/ui/testing';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { noBrowser as findReason, openBrowser } from '../../../../test/servers/chromium/browser.ts';
import { testSite } from '../../src/testing/test-site.ts';
import { type FakeConsole, fakeConsole } from './fake-console.ts';

const reason = findReason();
/** Why there are no pages to look at, for the title of a test; empty where there are. */
export const noBrowser = reason === null ? '' : ` (skipped: ${reason})`;

/** A real site and a real sign-in; endpoints, their sessions and their vault are played to the browser. */
export interface ConsolePages {
  signIn(
    who?: 'person' | 'administrator',
    options?: BrowserContextOptions,
  ): Promise<{
    readonly context: BrowserContext;
    readonly page: Page;
    readonly fake: FakeConsole;
    /** What the browser had to say. */
    readonly complaints: readonly string[];
  }>;
  /** Resolves once the page has what it shows. */
  visit(page: Page, address: string): Promise<void>;
  close(): Promise<void>;
}

export const startConsolePages = async (): Promise<ConsolePages> => {
  // A folder of its own: the one in the tree may be in use by a program that runs.
  const dist = await mkdtemp(join(tmpdir(), 'gatehouse-console-pages-'));
  await buildPages(join(import.meta.dirname, '..'), dist);
  const host = await testSite({ pages: dist });
  const emails = {
    person: (await host.person()).email,
    administrator: (await host.person({ systemAdministrator: true })).email,
  };
  const browser = await openBrowser();
  return {
    async signIn(who = 'person', options = {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const fake = await fakeConsole(context);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(`${host.url}/login`);
      await page.getByLabel('E-mail').fill(emails[who]);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: who === 'person' ? 'Console' : 'Information' }).waitFor();
      return { context, page, fake, complaints };
    },
    visit: (page, address) => loadPage(page, host.url + address),
    async close() {
      await browser.close();
      await host.close();
      await rm(dist, { recursive: true, force: true });
    },
  };
};
