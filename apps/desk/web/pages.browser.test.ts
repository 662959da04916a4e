import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiFolder } from '@gatehouse/desks/builtin/api';
import { type SignedIn, testPassword } from '@gatehouse/server/testing';
import { buildPages, loadPage, pageFaults, seriousFaults, showPage } from '@gatehouse/ui/testing';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type TestDesk, testDesk } from '../src/testing/test-desk.ts';
import { type Filled, fillDesk } from './testing/fill-desk.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `pages of the desk${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let desk: TestDesk;
    let filled: Filled;
    let browser: Browser;
    let dist: string;

    beforeAll(async () => {
      // A folder of its own: the one in the tree may be in use by a program that runs.
      dist = await mkdtemp(join(tmpdir(), 'gatehouse-desk-pages-'));
      await buildPages(import.meta.dirname, dist);
      desk = await testDesk({ pages: dist });
      filled = await fillDesk(desk);
      browser = await openBrowser();
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await desk?.close();
      if (dist !== undefined) await rm(dist, { recursive: true, force: true });
    });

    const open = async (person: SignedIn, how: { readonly bypassCSP?: boolean } = {}) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...how });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(`${desk.url}/cases`);
      await page.getByLabel('E-mail').fill(person.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Cases' }).waitFor();
      return { page, complaints, close: () => context.close() };
    };
    const visit = (page: Page, address: string) => loadPage(page, desk.url + address);

    test('axe finds no serious fault on any page, light or dark, and none is too wide', async () => {
      const { page, close } = await open(filled.administrator, { bypassCSP: true });
      const addresses = {
        ...{ cases: '/cases', 'no case': '/cases?search=nothing-has-this', 'new case': '/cases/new' },
        ...{ case: `/cases/${filled.number}`, people: '/people', teams: '/teams', team: `/teams/${filled.teamId}` },
        ...{
          fields: '/fields',
          accounts: '/accounts',
          audit: '/audit',
          'no such case': '/cases/SC-1',
          'not found': '/nothing',
        },
      };
      const found: string[] = [];
      for (const [name, address] of Object.entries(addresses)) {
        await showPage(page, address);
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      }
      for (const [address, button] of [
        [`/cases/${filled.number}`, 'Edit fields'],
        [`/cases/${filled.number}`, 'Merge'],
        ['/people', 'Add person'],
        ['/accounts', 'Add account'],
      ] as const) {
        await visit(page, address);
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('dialog').waitFor();
        found.push(...(await seriousFaults(page, 'light')).map((fault) => `${button}: ${fault}`));
      }
      expect(found).toEqual([]);
      await close();
    });

    test('a technician makes a case, takes it, tells internal from public and closes it', async () => {
      const { page, complaints, close } = await open(filled.technician);
      await page.getByRole('main').getByRole('link', { name: 'New case' }).click();
      await page.getByRole('button', { name: 'Make case' }).click();
      await page.getByText('Enter a subject.').waitFor();
      await page.getByLabel('Subject').fill('Mail does not arrive');
      await page.getByLabel('Description').fill('Since <b>Monday</b>');
      await page.getByRole('combobox', { name: 'Requester' }).fill('zoe@');
      await page.getByRole('option', { name: /Zoë Customer/ }).click();
      await page.getByRole('button', { name: 'Make case' }).click();
      await page.getByRole('heading', { name: 'Mail does not arrive' }).waitFor();
      await page.getByText('Since <b>Monday</b>').waitFor();
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      const description = page.getByRole('dialog').getByLabel('Description');
      expect(await description.inputValue()).toBe('Since <b>Monday</b>');
      await description.fill('Since Monday\nand not before');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('and not before').waitFor();
      await page.getByRole('button', { name: 'Assign to me' }).click();
      await page.getByText('Assignee: ').waitFor();
      await page.getByLabel('Note for the desk').fill('The mailbox is full');
      await page.getByRole('button', { name: 'Write note' }).click();
      await page.getByRole('listitem').filter({ hasText: 'The mailbox is full' }).getByText('Internal').waitFor();
      await page.getByText('Public answer', { exact: true }).click();
      await page.getByLabel('Answer to the customer').fill('Delete some mail');
      await page.getByRole('button', { name: 'Write answer' }).click();
      await page.getByRole('listitem').filter({ hasText: 'Delete some mail' }).getByText('Public').waitFor();
      // The next one is internal again, unless somebody says otherwise.
      await page.getByLabel('Note for the desk').waitFor();
      await page.getByRole('combobox', { name: 'Status' }).click();
      await page.getByRole('option', { name: 'Closed' }).click();
      await page.getByText('Status: closed').waitFor();
      await visit(page, '/cases?assignee=me');
      await page.getByRole('link', { name: /SC-/ }).waitFor();
      expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await close();
    });

    test('fields are edited, a case is found by what is in one, and merged into another', async () => {
      const { page, complaints, close } = await open(filled.technician);
      await visit(page, `/cases/${filled.other}`);
      await page.getByRole('button', { name: 'Edit fields' }).click();
      await page.getByLabel('Session IDs').fill('abc-1\nabc-2');
      await page.getByRole('button', { name: 'Save fields' }).click();
      await page.getByText('Fields saved.').waitFor();
      await visit(page, '/cases');
      await page.getByRole('searchbox', { name: 'Search cases' }).fill('abc-2');
      await page.getByText('1–1 of 1').waitFor();
      await page.getByRole('link', { name: filled.other }).click();
      await page.getByRole('button', { name: 'Merge' }).click();
      await page.getByLabel('Number of the other case').fill(filled.number);
      await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
      await page.getByRole('heading', { name: 'The printer is on fire' }).waitFor();
      await page.getByText('abc-1').waitFor();
      await visit(page, `/cases/${filled.other}`);
      await page.getByText(`${filled.other} was merged into this case`).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    test('a customer sees their own case and its public answers, and nothing else', async () => {
      const { page, close } = await open(filled.customer);
      await page.getByRole('link', { name: filled.number }).click();
      await page.getByText('Help is coming').waitFor();
      const seen = await page.content();
      for (const hidden of ['fire brigade', 'Support session', '1234567', 'Assignee', 'History'])
        expect(seen).not.toContain(hidden);
      await page.getByLabel('Your answer').fill('It burns no more');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('listitem').filter({ hasText: 'It burns no more' }).waitFor();
      await visit(page, '/people');
      await page.getByText('Your role does not allow this').waitFor();
      await visit(page, '/accounts');
      await page.getByText('Your role does not allow this').waitFor();
      await close();
    });

    test('a manager makes an account, and its token, shown once, opens the API until another is made', async () => {
      const { page, complaints, close } = await open(filled.manager);
      await visit(page, '/accounts');
      await page.getByRole('button', { name: 'Add account' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Add account' }).click();
      await page.getByText('Enter a login.').waitFor();
      await dialog.getByLabel('Login').fill('sessions');
      await dialog.getByRole('button', { name: 'Add account' }).click();
      const token = await page.getByRole('textbox', { name: 'Token' }).inputValue();
      const status = async () =>
        (await fetch(`${desk.url}${apiFolder}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
      expect(await status()).toBe(200);
      await page.getByRole('button', { name: 'Done' }).click();
      expect(await page.content()).not.toContain(token);
      await page.getByRole('button', { name: 'New token for sessions' }).click();
      await page.getByRole('button', { name: 'Make token' }).click();
      await page.getByRole('textbox', { name: 'Token' }).waitFor();
      expect(await status()).toBe(401);
      expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await close();
    });

    test('HTML that slipped into the database does nothing on the page', async () => {
      const { page, complaints, close } = await open(filled.technician);
      const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>
        <a href="javascript:document.title='owned'">lead</a><p style="position:fixed" onclick="x()">still <b>bold</b></p>
        <svg><a xlink:href="javascript:x()">svg</a></svg><form action="/x"><input name="y"></form>`;
      const { id, number } = await desk.makeCase({ subject: 'hostile' });
      await sql`update cases set description = ${hostile} where case_id = ${id}`.execute(desk.database.owner);
      await visit(page, `/cases/${number}`);
      await page.getByText('still').waitFor();
      const description = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Description' }) });
      const bad = description.locator('img, script, form, svg, [onclick], [style*="fixed"], a[href^="javascript"]');
      expect(await bad.evaluateAll((found) => found.map(({ outerHTML }) => outerHTML.slice(0, 200)))).toEqual([]);
      expect(await page.title()).not.toContain('owned');
      // The parser, which runs nothing of it, says that the policy of the page would not have let it either.
      expect(complaints.filter((line) => !line.includes('Content Security Policy'))).toEqual([]);
      await close();
    });
  },
);
