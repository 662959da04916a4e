import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPages, loadPage, pageFaults, showPage } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { collectorOf } from './testing/collectors.ts';
import { headOffice } from './testing/connections.ts';
import { startFakeApi } from './testing/fake-api.ts';
import { pageAddresses } from './testing/pages.ts';
import { tenantId } from './testing/records.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(`pages${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let fake: Awaited<ReturnType<typeof startFakeApi>>;
  let browser: Browser;
  let dist: string;

  beforeAll(async () => {
    // A folder of its own: the one in the tree may be in use by a program that runs.
    dist = await mkdtemp(join(tmpdir(), 'gatehouse-pages-'));
    await buildPages(import.meta.dirname, dist);
    fake = await startFakeApi(dist);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await fake?.stop();
    if (dist !== undefined) await rm(dist, { recursive: true, force: true });
  });

  const open = async (address: string, width = 1280) => {
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await visit(page, address);
    return { page, complaints };
  };

  const visit = (page: Page, address: string) => loadPage(page, fake.url + address);

  test('axe finds no serious fault on any page, light or dark, and none is too wide', {
    timeout: 600_000,
  }, async () => {
    const { page, complaints } = await open('/sign-in');
    const found: string[] = [];
    for (const [name, address] of Object.entries(pageAddresses)) {
      await showPage(page, address);
      found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the content security policy of the server stops nothing on a page', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`${fake.url}/tenants/${tenantId}/inventory/accounts`);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Department' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('who is signed out is led to sign in, and from there to the page that was asked for', async () => {
    const { page } = await open('/sign-in');
    let isSignedIn = false;
    await page.route('**/api/session', (route) =>
      isSignedIn ? route.continue() : route.fulfill({ json: { person: null, setup: false } }),
    );
    await page.route('**/api/auth/sign-in/email', (route) => {
      isSignedIn = true;
      return route.fulfill({ json: {} });
    });
    await visit(page, `/tenants/${tenantId}/findings?status=accepted`);
    await page.getByLabel('E-mail').fill('ada@meridianfreight.example');
    await page.locator('input[type=password]').fill('seven quiet otters read maps');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${fake.url}/tenants/${tenantId}/findings?status=accepted`);
    await page.getByRole('heading', { name: 'Findings' }).waitFor();
    await page.close();
  });

  test('a table is walked and opened with the keyboard alone', async () => {
    const { page } = await open(`/tenants/${tenantId}/inventory/accounts`);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search accounts');
    await page.locator('tbody tr').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inventory\/accounts\/record\?/);
    await page.goBack();
    await page.getByRole('table', { name: 'Accounts' }).waitFor();
    await page.close();
  });

  test('a column is drawn wider with the pointer and with the keyboard, moves no other, and is so at the next visit', async () => {
    const { page } = await open(`/tenants/${tenantId}/inventory/accounts`);
    const widths = () => page.locator('th[data-type]').evaluateAll((all) => all.map((one) => one.clientWidth));
    const edge = page.getByRole('separator', { name: 'Width of Name' });
    const at = await edge.boundingBox();
    if (at === null) throw new Error('The column has no edge.');
    const before = await widths();
    await page.mouse.move(at.x + 4, at.y + 10);
    await page.mouse.down();
    await page.mouse.move(at.x + 54, at.y + 10, { steps: 5 });
    await page.mouse.move(at.x + 104, at.y + 10, { steps: 5 });
    await page.mouse.up();
    const name = before.findIndex((_, n) => n === 1);
    const wider = before.with(name, (before[name] ?? 0) + 100);
    await expect.poll(async () => (await widths()).slice(0, -1)).toEqual(wider.slice(0, -1));
    await page.reload();
    await edge.waitFor();
    await expect.poll(async () => (await widths()).slice(0, -1)).toEqual(wider.slice(0, -1));

    // The edges are one stop of the Tab key, just before the rows; the arrows go from edge to edge.
    await page.getByRole('separator').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Width of Name');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await widths())[name]).toBe((wider[name] ?? 0) - 16);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Back to the usual columns and widths' }).click();
    await expect.poll(widths).toEqual(before);
    await page.close();
  });

  test('paging goes forward and back, and the address says where it is', async () => {
    const { page } = await open(`/tenants/${tenantId}/inventory/accounts`);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL(/cursor=/);
    await page.getByText('51–74 of').waitFor();
    await page.reload();
    await page.getByText('51–74 of').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('1–24 of').waitFor();
    expect(page.url()).not.toContain('cursor');
    await page.close();
  });

  test('a list beside a record leads to the whole of it, which is searched there', async () => {
    const { page } = await open(`${pageAddresses.record}&tab=related`);
    await page.getByRole('link', { name: 'Show and search all 1,204' }).click();
    await page.getByText('1–30 of 1,204').waitFor();
    await page.getByRole('searchbox', { name: 'Search groups' }).fill('payments');
    await page.waitForURL(/list=groups.*search=payments/);
    await page.getByText('1–1 of 1').waitFor();
    await page.getByRole('link', { name: 'Payments on call' }).waitFor();
    await page.getByRole('link', { name: 'All lists' }).click();
    await page.getByRole('heading', { name: 'Second factors' }).waitFor();
    await page.close();
  });

  test('the grants of a record are searched by the names on them', async () => {
    const { page } = await open(`${pageAddresses.record}&tab=grants`);
    const ways = page.getByRole('list', { name: /^How .* holds/ });
    expect(await ways.count()).toBe(2);
    await page.getByRole('searchbox', { name: 'Search grants' }).fill('application');
    await page.waitForURL(/tab=grants.*search=application/);
    await expect.poll(() => ways.count()).toBe(1);
    await page.close();
  });

  test('a record is told in its system’s own words, with what its numbers stand for', async () => {
    const { page } = await open(pageAddresses.record ?? '');
    const words = page.locator('section', { has: page.getByRole('heading', { name: 'In its own words' }) });
    const line = words.locator('div', { has: page.getByText('userAccountControl', { exact: true }) }).last();
    expect(await line.textContent()).toContain('66048');
    expect(await line.textContent()).toContain('DONT_EXPIRE_PASSWORD');
    expect(await words.getByText('profile.firstName').count()).toBe(1);
    expect(await words.getByText('profile.mobilePhone').count()).toBe(0);
    await page.close();
  });

  test('an identity shows what happened to it, each change with the account that it is about', async () => {
    const { page } = await open(pageAddresses['history of an identity'] ?? '');
    const entries = page.getByRole('list', { name: 'History of this identity' }).locator('> li');
    expect(await entries.count()).toBe(5);
    const changed = entries.filter({ hasText: 'ada-l: Changed: Department' });
    await changed.getByRole('button').click();
    expect(await changed.getByRole('row', { name: /Department/ }).textContent()).toContain('Engineering');
    expect(await changed.getByRole('link', { name: 'ada-l' }).getAttribute('href')).toContain(
      '/inventory/accounts/record?',
    );
    await entries.filter({ hasText: 'joined with' }).getByText('Same SAML NameID').waitFor();
    await page.close();
  });

  test('the wizard names every field that is missing, and goes to the first', async () => {
    const { page } = await open(`/tenants/${tenantId}/connections/new/okta`);
    await page.getByRole('button', { name: 'Create connector' }).click();
    await page.getByText('Enter a name.').waitFor();
    await page.getByText('“Okta domain” is needed.').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    await page.close();
  });

  test('the wizard keeps what was entered over a reload, but no secret', async () => {
    const { page } = await open(`/tenants/${tenantId}/connections/new/okta`);
    await page.getByRole('textbox', { name: 'Connector name' }).fill('Okta production');
    await page.getByRole('textbox', { name: 'Okta domain' }).fill('acme.okta.com');
    await page.getByRole('textbox', { name: 'PEM key' }).fill('-----BEGIN PRIVATE KEY----- abc');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('PRIVATE KEY');
    await page.reload();
    const value = (name: string) => page.getByRole('textbox', { name }).inputValue();
    expect(await value('Connector name')).toBe('Okta production');
    expect(await value('Okta domain')).toBe('acme.okta.com');
    expect(await value('PEM key')).toBe('');
    await page.getByRole('link', { name: 'Discard' }).click();
    await page.getByRole('heading', { level: 1, name: 'Connectors' }).waitFor();
    await page.goBack();
    expect(await value('Connector name')).toBe('');
    await page.close();
  });

  test('a collector is added with a key that is shown until it is closed, and the page notices that it registered', async () => {
    const { page } = await open(`/tenants/${tenantId}/connections/new/insights-collector`);
    await page.getByRole('textbox', { name: 'Connector name' }).fill('Headquarters directory');
    await page.getByRole('button', { name: 'Create connector' }).click();
    await page.waitForURL(/\/settings$/);
    const key = page.getByRole('textbox', { name: 'Installation key' });
    expect(await key.inputValue()).toMatch(/^ghi_/);
    expect(await page.getByRole('textbox', { name: 'Command', exact: true }).inputValue()).toMatch(
      /^node collector\.mjs install --server/,
    );
    await page.getByText('Pending Agent Registration').first().waitFor();
    expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).not.toContain(
      'ghi_',
    );

    const registered = collectorOf(headOffice.connectionId);
    await page.route('**/collector', (route) => route.fulfill({ json: registered }));
    await page.getByText('Registered on NWT-MGMT01').waitFor();
    await page.getByText('The key was used').waitFor();
    expect(await page.getByRole('link', { name: 'create another connector' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Close key' }).press('Enter');
    await page.getByText('The key is no longer shown.').waitFor();
    expect(await page.getByRole('button', { name: 'Close key' }).count()).toBe(0);
    await page.close();
  });

  test('a key that nobody used is not shown again after a reload, but a new one can be made or it can be closed', async () => {
    const { page } = await open(pageAddresses['installer of a collector'] ?? '');
    await page.getByText('There is a key that nobody used yet.').waitFor();
    await page.getByRole('button', { name: 'Make a new key' }).click();
    const key = page.getByRole('textbox', { name: 'Installation key' });
    expect(await key.inputValue()).toMatch(/^ghi_/);
    await page.reload();
    await page.getByText('There is a key that nobody used yet.').waitFor();
    expect(await key.count()).toBe(0);
    await page.getByRole('button', { name: 'Close key' }).click();
    await page.getByText('The key opens nothing any more.').waitFor();
    await page.close();
  });

  test('a collector cannot be turned off from any menu, and its page says what it reads and who else does', async () => {
    const { page } = await open(`/tenants/${tenantId}/connections`);
    await page.getByRole('button', { name: 'Actions for Head office' }).click();
    await page.getByRole('menuitem', { name: 'Delete connector' }).waitFor();
    expect(await page.getByRole('menuitem', { name: /Turn o/ }).count()).toBe(0);
    await visit(page, pageAddresses['collector overview'] ?? '');
    const systems = page.getByRole('table', { name: 'Systems it can read' });
    await systems.getByText('Standing by: read by Rotterdam').waitFor();
    await page.getByRole('table', { name: 'What is read' }).getByText('Asked to read now').waitFor();
    expect(await page.getByRole('button', { name: /Turn o/ }).count()).toBe(0);
    await page.close();
  });

  test('who may not change a tenant sees no way to, and nothing is asked that the server would refuse', {
    timeout: 120_000,
  }, async () => {
    const { page } = await open('/sign-in');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.route('**/api/tenants', async (route) => {
      const tenants = (await (await route.fetch()).json()) as object[];
      await route.fulfill({ json: tenants.map((tenant) => ({ ...tenant, role: 'reader' })) });
    });
    for (const name of ['identities', 'accounts', 'settings', 'audit log', 'webhooks', 'connector overview'] as const)
      await visit(page, pageAddresses[name] ?? '');
    expect(asked.filter((path) => /\/(settings|audit|webhooks)$/.test(path) && path.startsWith('/api/'))).toEqual([]);
    expect(
      await page
        .getByRole('navigation')
        .first()
        .getByRole('link', { name: /Settings|Webhooks|Audit/ })
        .count(),
    ).toBe(0);
    expect(await page.getByRole('button', { name: /Run now|Turn off|Rename|More actions/ }).count()).toBe(0);
    await page.close();
  });

  test('deleting a connector asks for its name and says what happens to the data', async () => {
    const { page } = await open(`/tenants/${tenantId}/connections`);
    await page.getByRole('button', { name: 'Actions for Okta production' }).click();
    await page.getByRole('menuitem', { name: /Delete connector/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('141,563').waitFor();
    const confirm = dialog.getByRole('button', { name: 'Delete connector' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Okta production');
    expect(await confirm.isDisabled()).toBe(false);
    await page.close();
  });
});
