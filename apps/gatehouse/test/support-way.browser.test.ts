import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const reason = noBrowser();
const password = 'seven quiet otters read maps';

describe.skipIf(reason !== null)(
  `the way of a case to its support session and back${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    const home = mkdtempSync(join(tmpdir(), 'gatehouse-support-way-'));
    let up: RunningUp;
    let browser: Browser;
    const broken: string[] = [];

    beforeAll(async () => {
      up = await startUp(['--home', home, '--port', '0', '--only', 'site,desk', '--no-lab']);
      browser = await openBrowser({ hasScreen: true });
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await up?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const open = async (context: BrowserContext): Promise<Page> => {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`));
      page.on('console', (message) => {
        if (/Content Security Policy|Uncaught/.test(message.text())) broken.push(message.text());
      });
      return page;
    };
    /** The pictures are kept where somebody asks for them. */
    const picture = async (page: Page, name: string) => {
      const folder = process.env.GATEHOUSE_PICTURES;
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    };

    test('a key from a case leads a customer to a representative, and what happened stands in the case afterwards', async () => {
      const staff = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const desk = await open(staff);
      await desk.goto(up.link ?? '');
      await desk.getByLabel('Your name').fill('Ada Keller');
      await desk.getByLabel(/E-mail/).fill('ada@meridianfreight.example');
      await desk.getByLabel('Password', { exact: true }).fill(password);
      await desk.getByLabel('Password again').fill(password);
      await desk.getByRole('button').first().click();
      await desk.getByRole('link', { name: 'Desk' }).click();
      await desk
        .getByText(/printer on the third floor/)
        .first()
        .click();
      await desk.getByText('Waits in: The general queue').waitFor();
      await desk.getByRole('button', { name: 'Generate session key and URL' }).click();
      const key = (await desk.locator('[data-session-key]').textContent()) ?? '';
      await picture(desk, 'case-key');

      const customer = await open(await browser.newContext());
      await customer.goto(up.urlOf('site'));
      await customer.getByLabel('Session key').fill(key);
      await customer.getByRole('button', { name: 'Continue' }).click();
      await customer.getByLabel('Your name').fill('Carol Jones');
      await customer.getByLabel('I agree').check();
      await customer.getByRole('button', { name: 'Start the session' }).click();
      await customer.getByText('Waiting for a representative').waitFor();

      const console = await open(staff);
      await console.goto(`${up.urlOf('site')}/console/support`);
      await console.getByRole('list', { name: 'Waiting' }).getByRole('button', { name: 'Accept' }).click();
      await customer.getByText('is connected').waitFor();
      await customer.getByLabel('Message', { exact: true }).fill('It prints blank pages. The password: hunter2');
      await customer.getByRole('button', { name: 'Send', exact: true }).click();
      await console.getByRole('log').getByText('blank pages').waitFor();
      await customer.getByRole('button', { name: 'Share the screen' }).click();
      await console.getByText('Browser to browser').waitFor();
      await picture(console, 'room');
      await console.getByRole('button', { name: 'End session' }).click();
      await console.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await customer.getByLabel('5, well').check();
      await customer.getByRole('button', { name: 'Send' }).click();
      await customer.getByText('You can close this page').waitFor();

      const notes = async () => {
        await desk.reload();
        await desk.getByRole('list', { name: 'Support sessions' }).getByText('Carol Jones').waitFor();
        return [
          await desk.getByText('Support session with Carol Jones').count(),
          await desk.getByText('Survey of the support session').count(),
        ];
      };
      await expect.poll(notes, { timeout: 60_000 }).toEqual([1, 1]);
      await picture(desk, 'case-afterwards');
      expect(await desk.content()).not.toContain('hunter2');
      await desk.getByRole('list', { name: 'Support sessions' }).getByText('Carol Jones').click();
      await desk.getByRole('heading', { name: 'What happened' }).waitFor();
      await desk.getByText('It prints blank pages.').waitFor();
      await picture(desk, 'details');
      expect(broken).toEqual([]);
    });
  },
);
