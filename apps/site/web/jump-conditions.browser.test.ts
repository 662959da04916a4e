import { ok, testPassword, totpCode } from '@gatehouse/server/testing';
import { pageFaults, seriousFaults } from '@gatehouse/ui/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../../../test/servers/chromium/browser.ts';
import { type JumpPages, startJumpPages } from './testing/jump-pages.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `conditions of Jump Clients${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let pages: JumpPages;
    let desk: JumpPages['desk'];
    let rex: JumpPages['rex'];
    let policyId: number;
    const change = (path: string, body: object, method: 'PATCH' | 'PUT' = 'PATCH') =>
      ok(desk.operator.ask(method, path, { body: JSON.parse(JSON.stringify(body)) }));
    const policy = (asked: object) =>
      change(`/api/jump-policies/${policyId}`, {
        ...{ ticket_id_required: false, approval_required: false, two_factor_challenge_required: false },
        ...{ simultaneous_jumps: 'global', ...asked },
      });
    const rules = (asked: object) =>
      change(
        '/api/session-policies/1/rules',
        {
          ...{ reasonRequired: false, idleMinutes: null, limitMinutes: null, upload: true, download: true },
          ...{ fileMegabytes: 1, clipboard: true, recordInput: false, ...asked },
        },
        'PUT',
      );
    beforeAll(async () => {
      // A minute of a session policy lasts a second, so that what lasts minutes is seen to end.
      pages = await startJumpPages({ jumpPace: { roundMs: 200, minuteMs: 1_000 } });
      ({ desk, rex } = pages);
      const made = await ok(
        desk.operator.post('/api/jump-policies', { display_name: 'Strict', schedule_enabled: false }),
      );
      policyId = made.body.id;
      await policy({
        approval_user_ids: [String(pages.admin.userId)],
        approval_display_name: 'The night shift',
      });
      await change(`/api/jump-clients/${pages.client.id}`, { jump_policy_id: policyId });
      await rules({});
    }, 300_000);
    afterAll(() => pages?.close());
    afterEach(async () => {
      await policy({});
      await rules({});
    });

    const looks = [
      ['light', 1_280],
      ['dark', 390],
    ] as const;
    const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);
    const room = (page: Page) => page.getByText('The machine of Reception');
    const leave = async (page: Page) => {
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('heading', { name: 'The session is over' }).waitFor();
    };
    /** A link of a program, for Rex. */
    const link = async (parameters: Readonly<Record<string, string>> = {}): Promise<string> => {
      const program = await desk.program({ perm_command: 'full_access' });
      const asked = new URLSearchParams({
        ...{ type: 'web_console', operation: 'generate', action: 'start_jump_item_session', search_string: 'lobby' },
        ...{ username: rex.username, ...parameters },
      });
      const { url } = (await ok(program.ask('POST', `/api/client_script?${asked}`))).body;
      return url.slice(desk.url.length);
    };

    test('whose session one joins is said before, and both are in it', async () => {
      await rules({ reasonRequired: true });
      await policy({ simultaneous_jumps: 'join' });
      const { admin, client } = pages;
      const { body } = await ok(
        admin.post(`/api/console/jump-clients/${client.id}/sessions`, { reason: 'The disk is full' }),
      );
      const { context, page, complaints } = await pages.signIn(rex, '/console/jump-clients');
      await page.getByRole('button', { name: 'Start a session with Reception' }).click();
      await page.getByText(/^You join the session of .+\.$/).waitFor();
      await page.getByLabel('Reason').fill('Four eyes');
      await page.getByRole('button', { name: 'Join the session' }).click();
      await room(page).waitFor();
      await ok(admin.post(`/api/support/sessions/${body.lsid}/leave`, {}));
      await leave(page);
      expect(complaints).toEqual([]);
      await context.close();
    });

    for (const [colorScheme, width] of looks)
      test(`what is missing is named beside its prompt, and the keyboard does all of it (${colorScheme}, ${width} wide)`, async () => {
        await rules({ reasonRequired: true });
        await policy({ ticket_id_required: true });
        const look = { colorScheme, viewport: { width, height: 860 } };
        const { context, page, complaints } = await pages.signIn(rex, '/console/jump-clients', look);
        await page.getByRole('button', { name: 'Start a session with Reception' }).press('Enter');
        await page.getByRole('heading', { name: 'Reception', exact: true }).waitFor();
        await page.getByText('You name a ticket.').waitFor();
        const start = page.getByRole('button', { name: 'Start the session' });
        await start.press('Enter');
        await page.getByText('Say why you need this session.').waitFor();
        await page.getByText('Enter the number of the ticket.').waitFor();
        expect(await focused(page)).toBe('prompt-reason');
        expect(await seriousFaults(page, colorScheme)).toEqual([]);
        await page.keyboard.type('The disk is full');
        await page.keyboard.press('Tab');
        expect(await focused(page)).toBe('prompt-ticket');
        await page.keyboard.type('INC-7');
        expect(await page.getByText('Enter the number of the ticket.').count()).toBe(0);
        await page.keyboard.press('Enter');
        await room(page).waitFor();
        if (width > 1_000) {
          await page.getByText('The disk is full').waitFor();
          expect(await page.getByLabel('Ticket').inputValue()).toBe('INC-7');
        }
        await leave(page);
        expect(complaints).toEqual([]);
        await context.close();
      });

    test('a code of the authenticator app is asked for, and a wrong one is named beside it', async () => {
      const una = await pages.helper();
      const { context, page, complaints } = await pages.signIn(una, '/console/jump-clients');
      const { body } = await ok(una.post('/api/auth/two-factor/enable', { password: testPassword }));
      await ok(una.post('/api/auth/two-factor/verify-totp', { code: totpCode(body.totpURI) }));
      await policy({ two_factor_challenge_required: true });
      await page.getByRole('button', { name: 'Start a session with Reception' }).click();
      await page.getByLabel('Code').fill('000000');
      await page.keyboard.press('Enter');
      await page.getByText('The code is wrong, or was used already.').waitFor();
      const field = page.getByLabel('Code');
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await seriousFaults(page, 'light')).toEqual([]);
      await field.fill(totpCode(body.totpURI, Date.now() + 30_000));
      await page.keyboard.press('Enter');
      await room(page).waitFor();
      await leave(page);
      expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
      await context.close();
    });

    test('an approval is asked for, decided, and leads back to the Jump Client', async () => {
      await policy({ approval_required: true });
      const { context, page, complaints } = await pages.signIn(rex, '/console/jump-clients');
      await page.getByRole('button', { name: 'Start a session with Reception' }).click();
      await page.getByText('This session needs an approval').waitFor();
      expect(await page.getByRole('button', { name: 'Start the session' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await page.getByText('Say why you need this session.').waitFor();
      await page.getByLabel('Reason').fill('Paper is stuck');
      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await page.getByText('Waiting for an approval').waitFor();
      expect(await pageFaults(page)).toEqual([]);
      const admin = await pages.signIn(pages.admin, '/console/approvals', { heading: 'Approvals' });
      await admin.page.getByText('Paper is stuck').waitFor();
      expect(await pageFaults(admin.page)).toEqual([]);
      await admin.page.getByRole('button', { name: 'Approve', exact: true }).click();
      await admin.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await admin.page.getByText('Approved by').waitFor();
      await page.goto(`${desk.url}/console/approvals`);
      await page.getByRole('link', { name: 'Open' }).click();
      await page.getByRole('heading', { name: 'Reception', exact: true }).waitFor();
      await page.getByText('You may open it until').waitFor();
      await page.getByRole('button', { name: 'Start the session' }).click();
      await room(page).waitFor();
      await leave(page);
      expect([...complaints, ...admin.complaints]).toEqual([]);
      await Promise.all([context.close(), admin.context.close()]);
    });

    for (const [colorScheme, width] of looks)
      test(`a link asks what is left to ask, and begins (${colorScheme}, ${width} wide)`, async () => {
        await rules({ reasonRequired: true });
        await policy({ ticket_id_required: true });
        const look = { colorScheme, viewport: { width, height: 860 }, heading: 'Start a session' };
        const address = await link({ 'session.custom.external_key': 'INC-9' });
        const { context, page, complaints } = await pages.signIn(rex, address, look);
        const dialog = page.getByRole('dialog', { name: 'Start a session with Reception' });
        await dialog.getByLabel('Reason').waitFor();
        expect(await focused(page)).toBe('prompt-reason');
        // The link has named it.
        expect(await dialog.getByLabel('Ticket').count()).toBe(0);
        expect(await seriousFaults(page, colorScheme)).toEqual([]);
        // Whoever thinks better of it has used nothing up.
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
        await page.getByRole('button', { name: 'Start a session with Reception' }).press('Enter');
        await dialog.getByLabel('Reason').fill('The door is stuck');
        await dialog.getByRole('button', { name: 'Start the session' }).press('Enter');
        await room(page).waitFor();
        await leave(page);
        expect(complaints).toEqual([]);
        await context.close();
      });

    for (const [colorScheme, width] of looks)
      test(`who asks a customer for the machine is asked first, and is told when its time is over (${colorScheme}, ${width} wide)`, async () => {
        await rules({ reasonRequired: true, limitMinutes: 12 });
        const look = { colorScheme, viewport: { width, height: 860 } };
        const { context, carol, lsid } = await pages.customer(look);
        const rep = await pages.signIn(rex, `/console/support/${lsid}`, { heading: 'Carol', ...look });
        await rep.page.getByText('Machine', { exact: true }).click();
        await rep.page.getByRole('button', { name: 'Ask for Reception' }).press('Enter');
        const dialog = rep.page.getByRole('dialog', { name: 'Ask for Reception' });
        await dialog.getByText('The machine is disconnected after 12 minutes.').waitFor();
        expect(await focused(rep.page)).toBe('prompt-reason');
        expect(await seriousFaults(rep.page, colorScheme)).toEqual([]);
        await rep.page.keyboard.type('Look at the printer');
        await dialog.getByRole('button', { name: 'Ask the customer' }).press('Enter');
        await rep.page.getByText('Waiting for Carol to agree').waitFor();
        await carol.getByRole('button', { name: 'Agree', exact: true }).click();
        await rep.page.getByRole('status').filter({ hasText: 'The machine is disconnected within a minute' }).waitFor();
        await rep.page.getByRole('button', { name: 'Open a shell' }).waitFor();
        expect(await seriousFaults(rep.page, colorScheme)).toEqual([]);
        await rep.page.getByText('The time for the machine Reception was over, and it was disconnected.').waitFor();
        await carol.getByText('The time for the machine Reception was over, and it was disconnected.').waitFor();
        await rep.page.getByRole('heading', { name: 'Connect the machine of Carol' }).waitFor();
        await rep.page.getByRole('button', { name: 'End session' }).click();
        await rep.page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
        await rep.page.getByRole('heading', { name: 'The session is over' }).waitFor();
        // The page may ask for the machine in the moment in which it is gone.
        expect(rep.complaints.filter((one) => !one.includes('404 (Not Found)'))).toEqual([]);
        await Promise.all([context.close(), rep.context.close()]);
      });

    test('a session says how long it goes on, and why it is over', async () => {
      await rules({ limitMinutes: 15 });
      const { context, page, complaints } = await pages.signIn(rex, '/console/jump-clients');
      await page.getByRole('button', { name: 'Start a session with Reception' }).click();
      await room(page).waitFor();
      await page.getByRole('status').filter({ hasText: 'The session ends within a minute' }).waitFor();
      await page.getByText('The time for this session was over.').first().waitFor();
      expect(complaints.filter((one) => !one.includes('404 (Not Found)'))).toEqual([]);
      await context.close();
    });
  },
);
