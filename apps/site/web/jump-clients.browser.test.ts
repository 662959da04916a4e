import { join } from 'node:path';
import { ok } from '@gatehouse/server/testing';
import { pageFaults } from '@gatehouse/ui/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../../../test/servers/chromium/browser.ts';
import { installJumpClient } from '../src/testing/jump-client-program.ts';
import { type JumpPages, startJumpPages } from './testing/jump-pages.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `Jump Clients${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let pages: JumpPages;
    let desk: JumpPages['desk'];
    let admin: JumpPages['admin'];
    let rex: JumpPages['rex'];
    let files: string;
    beforeAll(async () => {
      pages = await startJumpPages();
      ({ desk, admin, rex, files } = pages);
    }, 300_000);
    afterAll(() => pages?.close());

    const signIn: JumpPages['signIn'] = (...how) => pages.signIn(...how);
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
      await page.getByRole('link', { name: 'Kiosk' }).click();
      await page.getByRole('heading', { name: 'Machine' }).waitFor();
      await page.getByText('shells, files').waitFor();
      expect(await faultsIn(page)).toEqual([]);
      await page.getByLabel('Locked').check();
      await page.getByRole('button', { name: 'Save' }).click();
      const isLocked = async () => (await desk.operator.get('/api/jump-clients?search=Kiosk')).body.items[0].is_locked;
      await expect.poll(isLocked).toBe(true);
      await page.locator('main').getByText('Locked', { exact: true }).last().waitFor();
      expect(complaints).toEqual([]);
      await context.close();
      await kiosk.close();
    });

    for (const [scheme, width] of [
      ['light', 1_280],
      ['dark', 390],
    ] as const)
      test(`a customer lends their machine to a session, and takes it back (${scheme}, ${width} wide)`, async () => {
        const look = { colorScheme: scheme, viewport: { width, height: 860 }, reducedMotion: 'reduce' } as const;
        const { context, carol, lsid } = await pages.customer(look);
        const rep = await signIn(rex, `/console/support/${lsid}`, { heading: 'Carol', ...look });
        await rep.page.getByText('Machine', { exact: true }).click();
        await rep.page.getByRole('heading', { name: 'At the address of the customer' }).waitFor();
        expect(await faultsIn(rep.page)).toEqual([]);
        await rep.page.getByRole('button', { name: 'Ask for Reception' }).click();
        await rep.page.getByText('Waiting for Carol to agree').waitFor();
        const asked = carol.getByRole('alert').filter({ hasText: 'asks for your computer' });
        await asked.waitFor();
        for (const page of [carol, rep.page]) expect(await faultsIn(page)).toEqual([]);
        await asked.getByRole('button', { name: 'Do not agree' }).click();
        await rep.page.getByText('Carol did not agree').waitFor();
        await rep.page.getByRole('button', { name: 'Ask for Reception' }).click();
        await asked.getByRole('button', { name: 'Agree', exact: true }).click();
        await carol.getByRole('heading', { name: 'Your computer is connected' }).waitFor();
        await rep.page.getByRole('button', { name: 'Open a shell' }).click();
        await terminal(rep.page).locator('textarea').focus();
        await rep.page.keyboard.type('echo "six times seven is $((6*7))"\n');
        await rep.page.getByText('six times seven is 42').first().waitFor();
        await carol.getByText('opened a shell on the machine').waitFor();
        for (const page of [carol, rep.page]) expect(await faultsIn(page)).toEqual([]);
        // What is open goes on while the screen is looked at.
        await rep.page.getByRole('radiogroup').getByText('Screen', { exact: true }).click();
        await rep.page.getByText('No screen is shared').waitFor();
        await rep.page.getByText('Machine (connected)').click();
        await rep.page.getByText('six times seven is 42').first().waitFor();
        await carol.getByRole('button', { name: 'Disconnect it' }).click();
        await rep.page.getByRole('heading', { name: 'Connect the machine of Carol' }).waitFor();
        await rep.page.getByText('Carol disconnected the machine Reception.').waitFor();
        await rep.page.getByRole('button', { name: 'End session' }).click();
        await rep.page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
        await rep.page.getByRole('link', { name: 'Shell 1' }).waitFor();
        // The page may ask for the machine in the moment in which it is gone.
        expect(rep.complaints.filter((one) => !one.includes('404 (Not Found)'))).toEqual([]);
        await Promise.all([context.close(), rep.context.close()]);
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
