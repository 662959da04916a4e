import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, testPassword } from '@gatehouse/server/testing';
import { buildPages, pageFaults } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type Desk, openDesk, type Representative } from '../src/support/testing/desk.ts';
import { installJumpClient, type JumpClientProgram, pinned } from '../src/testing/jump-client-program.ts';
import type { SiteUser } from '../src/testing/test-site.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `Jump Clients${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let desk: Desk;
    let browser: Browser;
    let folder: string;
    let files: string;
    let client: JumpClientProgram & { readonly id: number };
    let admin: SiteUser;
    let rex: Representative;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gatehouse-jump-pages-'));
      files = await mkdtemp(join(tmpdir(), 'gatehouse-jump-files-'));
      await writeFile(join(files, 'read-me.txt'), 'Hello from the machine');
      const dist = join(folder, 'dist');
      await buildPages(import.meta.dirname, dist);
      desk = await openDesk({ pages: dist, jumpPace: { roundMs: 200 } });
      const group = (await ok(desk.operator.post('/api/jump-groups', { name: 'Front office' }))).body.id;
      client = await pinned(
        desk,
        { name: 'Reception', tag: 'lobby', comments: 'Behind the counter', jump_group_id: group },
        ...['--files-folder', files],
      );
      admin = await desk.person({ systemAdministrator: true });
      rex = await desk.representative({
        ...{ perm_support_allowed: true, perm_jump_client: true, perm_end_support_sessions: true },
      });
      await ok(desk.operator.post(`/api/jump-groups/${group}/users`, { user_id: rex.userId, jump_item_role_id: 2 }));
      browser = await openBrowser();
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await client?.close();
      await desk?.close();
      for (const one of [folder, files]) if (one !== undefined) await rm(one, { recursive: true, force: true });
    });

    const signIn = async (
      who: SiteUser,
      path: string,
      {
        heading = 'Jump Clients',
        ...options
      }: Parameters<Browser['newContext']>[0] & { readonly heading?: string } = {},
    ) => {
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        acceptDownloads: true,
        bypassCSP: true,
        ...options,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(`${desk.url}${path}`);
      await page.getByLabel('E-mail').fill(who.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      return { context, page, complaints };
    };
    const terminal = (page: Page) => page.locator('[data-terminal]');
    const faultsIn = (page: Page) => pageFaults(page);

    test('an administrator makes one command, the machine that runs it appears, and is locked', async () => {
      const { context, page, complaints } = await signIn(admin, '/login/jump-clients');
      await page.getByRole('link', { name: 'Reception' }).waitFor();
      await page.getByText('Online').waitFor();
      expect(await faultsIn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Install on a machine' }).first().click();
      await page.getByRole('dialog').getByRole('combobox', { name: 'Jump group' }).click();
      await page.getByRole('option', { name: 'Front office' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('Kiosk');
      expect(await faultsIn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Make the command' }).click();
      const command = await page.getByRole('textbox', { name: '1. Run this on the machine' }).inputValue();
      expect(command).toBe(`gatehouse jump-client install --site ${desk.url} --key-file -`);
      const key = await page.getByRole('textbox', { name: '2. Give it this key when it asks' }).inputValue();
      expect(await faultsIn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Done' }).click();
      const kiosk = await installJumpClient(desk.url, key);
      await page.reload();
      await page.getByRole('link', { name: 'Kiosk' }).click();
      await page.getByRole('heading', { name: 'Machine' }).waitFor();
      await page.getByText('shells, files').waitFor();
      expect(await faultsIn(page)).toEqual([]);
      await page.getByLabel('Locked').check();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Locked', { exact: true }).last().waitFor();
      // The box has the same name, so that it is shown is no sign that it was saved.
      await expect
        .poll(async () => (await desk.operator.get('/api/jump-clients?search=Kiosk')).body.items[0].is_locked)
        .toBe(true);
      expect(complaints).toEqual([]);
      await context.close();
      await kiosk.close();
    });

    for (const [scheme, width] of [
      ['light', 1_280],
      ['dark', 390],
    ] as const)
      test(`a representative finds a machine, types in its shell, and moves files (${scheme}, ${width} wide)`, async () => {
        const { context, page, complaints } = await signIn(rex, '/console/jump-clients', {
          ...{ colorScheme: scheme, viewport: { width, height: 860 } },
        });
        await page.getByRole('searchbox', { name: 'Search Jump Clients' }).fill('COUNTER');
        await page.getByText('1 Jump Client').waitFor();
        expect(await faultsIn(page)).toEqual([]);
        await page.getByRole('button', { name: 'Start a session with Reception' }).click();
        await page.getByRole('heading', { name: 'Reception', exact: true }).waitFor();
        await page.getByText('The machine of Reception').waitFor();
        expect(await faultsIn(page)).toEqual([]);
        await page.getByRole('button', { name: 'Open a shell' }).click();
        await terminal(page).locator('textarea').focus();
        await page.keyboard.type('echo "six times seven is $((6*7))"\n');
        await page.getByText('six times seven is 42').first().waitFor();
        await page.getByText('Recorded', { exact: true }).waitFor();
        expect(await faultsIn(page)).toEqual([]);
        await page.getByRole('button', { name: 'Files', exact: true }).click();
        const coming = page.waitForEvent('download');
        await page.getByRole('link', { name: 'read-me.txt' }).click();
        expect((await coming).suggestedFilename()).toBe('read-me.txt');
        const name = `from-${scheme}.txt`;
        await page
          .getByRole('dialog')
          .locator('input[type=file]')
          .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('sent') });
        await page.getByRole('link', { name }).waitFor();
        expect(await faultsIn(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Close the shell' }).click();
        await page.getByText('Open a shell').waitFor();
        await page.getByRole('button', { name: 'Leave' }).click();
        await page.getByRole('heading', { name: 'The session is over' }).waitFor();
        await page.getByText(`put ${join(files, name)} on the machine`).waitFor();
        expect(await faultsIn(page)).toEqual([]);
        await page.getByRole('link', { name: 'Shell 1' }).click();
        await page.locator('[data-player] .ap-player').waitFor();
        expect(await faultsIn(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await context.close();
      });

    test('a link of another program shows what it means, and one that was made for somebody begins once they are signed in', async () => {
      const { context, page, complaints } = await signIn(rex, '/console/launch?search_string=nowhere', {
        heading: 'Start a session',
      });
      await page.getByText('Nothing that you reach is called so').waitFor();
      expect(await faultsIn(page)).toEqual([]);
      await page.goto(`${desk.url}/console/launch?search_string=counter&session.custom.external_key=INC-9`);
      await page.getByText('“counter” for ticket INC-9').waitFor();
      expect(await faultsIn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Start a session with Reception' }).click();
      await page.getByRole('heading', { name: 'Reception', exact: true }).waitFor();
      await page.getByText('INC-9').first().waitFor();
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('heading', { name: 'The session is over' }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();

      const program = await desk.program({ perm_command: 'full_access' });
      const asked = new URLSearchParams({
        ...{ type: 'web_console', operation: 'generate', action: 'start_jump_item_session', search_string: 'lobby' },
        username: rex.username,
      });
      const { url } = (await ok(program.ask('POST', `/api/client_script?${asked}`))).body;
      const link = url.slice(desk.url.length);
      // Nobody is signed in where the link is opened.
      const fresh = await signIn(rex, link, { heading: 'Reception' });
      await fresh.page.getByText('The machine of Reception').waitFor();
      expect(new URL(fresh.page.url()).hash).toBe('');
      await fresh.page.getByRole('button', { name: 'Leave' }).click();
      await fresh.page.getByRole('heading', { name: 'The session is over' }).waitFor();
      await fresh.page.goto(url);
      await fresh.page.getByText('This link cannot be used').waitFor();
      expect(await faultsIn(fresh.page)).toEqual([]);
      await fresh.context.close();
    });
  },
);
