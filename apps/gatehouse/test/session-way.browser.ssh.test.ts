import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noSsh } from '@gatehouse/lab/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { call, findTarget } from '../src/commands/index.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const reason = noSsh() ?? noBrowser();
const password = 'seven quiet otters read maps';

describe.skipIf(reason !== null)(
  `the way of a newcomer to a privileged session${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    const home = mkdtempSync(join(tmpdir(), 'gatehouse-session-way-'));
    chmodSync(home, 0o711);
    let up: RunningUp;
    let browser: Browser;
    let page: Page;
    const broken: string[] = [];

    beforeAll(async () => {
      up = await startUp(['--home', home, '--port', '0', '--only', 'site,vault,ecm']);
      browser = await openBrowser();
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`));
      page.on('console', (message) => {
        if (/Content Security Policy|Uncaught/.test(message.text())) broken.push(message.text());
      });
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await up?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    /** The pictures are kept where somebody asks for them. */
    const picture = async (name: string) => {
      const folder = process.env.GATEHOUSE_PICTURES;
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
    };
    const ask = async (program: string, path: string) =>
      Object(await (await call(findTarget(home, undefined, undefined, program), { method: 'GET', path })).json());
    /** What the server keeps of the account's password: another text after every change. */
    const kept = () =>
      readFileSync(join(home, 'lab/ssh/etc/shadow'), 'utf8')
        .split('\n')
        .find((line) => line.startsWith('deploy:'))
        ?.split(':')[1];
    const terminal = () => page.locator('.xterm-rows');

    test('a session opens with one click, is replayed, and its password is another one afterwards', async () => {
      await page.goto(up.link ?? '');
      await page.getByLabel('Your name').fill('Ada Keller');
      await page.getByLabel(/E-mail/).fill('ada@meridianfreight.example');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByLabel('Password again').fill(password);
      await page.getByRole('button').first().click();
      await page
        .getByRole('link', { name: /Remote access|Site/ })
        .first()
        .waitFor();
      await picture('welcome');

      const before = kept();
      const jobsBefore = (await ask('vault', '/api/jobs')).items.length;
      await page.goto(`${up.urlOf('site')}/console`);
      await picture('console');
      await page.getByRole('list', { name: 'Endpoints' }).getByRole('link', { name: 'web1' }).click();
      await page.getByRole('button', { name: 'Open as deploy' }).waitFor();
      await picture('endpoint');
      await page.getByRole('button', { name: 'Open as deploy' }).click();
      await page.getByRole('heading', { name: 'deploy @ web1' }).waitFor();
      await expect.poll(() => terminal().innerText(), { timeout: 60_000 }).toMatch(/[$#]\s*$/m);
      await page.locator('.xterm-helper-textarea').pressSequentially('echo on-$((40+2))-$(id -un)\n');
      await expect.poll(() => terminal().innerText()).toContain('on-42-deploy');
      await picture('session');
      await page.getByRole('button', { name: 'End session' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await page.getByRole('heading', { name: 'You ended the session' }).waitFor();
      await picture('ended');

      await page.getByRole('link', { name: 'Watch the recording' }).click();
      await page.locator('.ap-player, .ap-wrapper').first().waitFor();
      await picture('recording');

      // The vault changes the password as soon as the session has given it back.
      // It is made, and proved by signing in with it, before the job has succeeded.
      const succeeded = async () => {
        const { items } = await ask('vault', '/api/jobs');
        return items.length > jobsBefore && items.every(({ state }: { state: string }) => state === 'succeeded');
      };
      await expect.poll(succeeded, { timeout: 60_000 }).toBe(true);
      expect(kept()).not.toBe(before);
      expect(broken).toEqual([]);
    });
  },
);
