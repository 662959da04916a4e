import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPassword } from '@gatehouse/server/testing';
import { buildPages, loadPage, pageFaults, showPage } from '@gatehouse/ui/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { askToken, type TestSite, testSite } from '../src/testing/test-site.ts';
import { type Filled, fillSite } from './testing/fill-site.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `pages of the site${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let host: TestSite;
    let filled: Filled;
    let browser: Browser;
    let dist: string;

    beforeAll(async () => {
      // A folder of its own: the one in the tree may be in use by a program that runs.
      dist = await mkdtemp(join(tmpdir(), 'gatehouse-site-pages-'));
      await buildPages(import.meta.dirname, dist);
      host = await testSite({ pages: dist });
      filled = await fillSite(host);
      browser = await openBrowser();
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await host?.close();
      if (dist !== undefined) await rm(dist, { recursive: true, force: true });
    });

    const addresses = () => ({
      ...{ information: '/login', users: '/login/users', user: `/login/users/${filled.userId}` },
      ...{ 'group policies': '/login/group-policies', 'group policy': `/login/group-policies/${filled.policyId}` },
      ...{ 'Jump group': `/login/jump-groups/${filled.groupId}`, 'shell jumps': '/login/jump-items/shell-jump' },
      ...{ 'no VNC': '/login/jump-items/remote-vnc', 'new RDP': '/login/jump-items/remote-rdp/new' },
      ...{
        'Jump policy': `/login/jump-policies/${filled.jumpPolicyId}`,
        API: '/login/api',
        'new account': '/login/api/new',
      },
      ...{ account: `/login/api/${filled.accountId}`, security: '/login/security', audit: '/login/audit' },
      ...{ 'your account': '/person', 'not found': '/login/nothing' },
    });

    const signIn = async (context: BrowserContext): Promise<{ page: Page; complaints: readonly string[] }> => {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(`${host.url}/login/security`);
      await page.getByLabel('E-mail').fill(filled.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Security' }).waitFor();
      return { page, complaints };
    };
    const visit = (page: Page, address: string) => loadPage(page, host.url + address);

    test('axe finds no serious fault on any page, light or dark, and none is too wide', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true });
      const { page } = await signIn(context);
      const found: string[] = [];
      for (const [name, address] of Object.entries(addresses())) {
        await showPage(page, address);
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      }
      expect(found).toEqual([]);
      await context.close();
    });

    test('an account is added, its secret is shown once and works, and a new one replaces it', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page, complaints } = await signIn(context);
      await page.getByRole('link', { name: 'API Configuration' }).click();
      await page.getByRole('link', { name: 'Add API account' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Middleware');
      await page.getByRole('group', { name: 'Configuration API' }).getByLabel('Allow Access').check();
      await page.getByLabel('Networks this account may come from').fill('not a network');
      await page.getByRole('button', { name: 'Add API Account' }).click();
      await page.getByText('“not a network” is no network').waitFor();
      await page.getByLabel('Networks this account may come from').fill('127.0.0.0/255.0.0.0\n::1');
      await page.getByRole('button', { name: 'Add API Account' }).click();
      const shown = async (label: string) => page.getByRole('textbox', { name: label }).inputValue();
      await page.getByText('This is the only time you can see it').waitFor();
      const first = { clientId: await shown('OAuth Client ID'), secret: await shown('OAuth Client Secret') };
      expect((await askToken(host.url, first)).status).toBe(200);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'Generate new client secret' }).click();
      expect(await page.content()).not.toContain(first.secret);
      await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).click();
      await page.getByText('This is the only time you can see it').waitFor();
      const second = { clientId: await shown('OAuth Client ID'), secret: await shown('OAuth Client Secret') };
      expect((await askToken(host.url, first)).status).toBe(401);
      expect((await askToken(host.url, second)).status).toBe(200);
      expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await context.close();
    });

    test('the retention says what it removes before it is saved, and refuses sessions that go before their recordings', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page, complaints } = await signIn(context);
      await page.getByText('Nothing is old enough to be removed.').waitFor();
      await page.getByLabel('Keep recordings of desktops for').fill('100');
      await page.getByText('keep sessions as long as both').waitFor();
      await page.getByLabel('Keep sessions for').fill('365');
      await page.getByLabel('Keep chats for').fill('200');
      await page.getByText('keep sessions as long as all of that').waitFor();
      await page.getByLabel('Keep support sessions for').fill('200');
      await page.getByText('Nothing is old enough to be removed.').waitFor();
      await page.getByRole('button', { name: 'Save retention' }).click();
      await page.getByText('Retention saved.').waitFor();
      const kept = await host.operator.get('/api/retention');
      expect(kept.body).toEqual({
        ...{ shellDays: 90, desktopDays: 100, sessionDays: 365, supportChatDays: 200, supportRecordingDays: 90 },
        ...{ supportFileDays: 90, supportSessionDays: 200 },
      });
      await page.getByLabel('End idle sessions after').selectOption('15 minutes');
      await expect.poll(async () => (await host.operator.get('/api/options')).body.sessionIdleSeconds).toBe(900);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('an endpoint is added to a Jump group, and a member of a policy reaches it', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page, complaints } = await signIn(context);
      await visit(page, '/login/jump-items/remote-vnc/new');
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('desk-7');
      await page.getByLabel('Host name or IP address').fill('desk-7.acme.example');
      await page.getByLabel('Jump group').first().fill('Linux');
      await page.getByRole('option', { name: 'Linux servers' }).click();
      await page.getByRole('button', { name: 'Add Remote VNC' }).click();
      await page.getByRole('heading', { name: 'desk-7' }).waitFor();
      await visit(page, `/login/group-policies/${filled.policyId}`);
      await page.locator('input[name=perm_remote_vnc]').check({ force: true, timeout: 10_000 });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Group policy saved.').waitFor();
      await visit(page, `/login/users/${filled.userId}`);
      await page.getByRole('row', { name: /desk-7.*May begin/ }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
  },
);
