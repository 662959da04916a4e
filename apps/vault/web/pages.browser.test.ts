import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPassword } from '@gatehouse/server/testing';
import { buildPages, loadPage, pageFaults, showPage } from '@gatehouse/ui/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { noOpenSsh, startOpenSsh } from '../../../test/servers/openssh/server.ts';
import { type TestVault, testVault } from '../src/testing/test-vault.ts';
import { type Filled, fillVault } from './testing/fill-vault.ts';

const reason = noBrowser();
const noHost = noOpenSsh();

describe.skipIf(reason !== null)(
  `pages of the vault${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let vault: TestVault;
    let filled: Filled;
    let browser: Browser;
    let dist: string;

    beforeAll(async () => {
      // A folder of its own: the one in the tree may be in use by a program that runs.
      dist = await mkdtemp(join(tmpdir(), 'gatehouse-vault-pages-'));
      await buildPages(import.meta.dirname, dist);
      vault = await testVault({ pages: dist });
      [filled, browser] = await Promise.all([fillVault(vault), openBrowser()]);
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await vault?.close();
      if (dist !== undefined) await rm(dist, { recursive: true, force: true });
    });

    const addresses = (): Readonly<Record<string, string>> => ({
      ...{ home: '/', credentials: '/credentials', credential: `/credentials/${filled.credentialId}` },
      ...{ 'new credential': `/credentials/new?systemId=${filled.systemId}`, import: '/credentials/import' },
      ...{ systems: '/systems', system: `/systems/${filled.systemId}`, 'new system': '/systems/new' },
      ...{ sets: '/sets', set: `/sets/${filled.setId}`, jobs: '/jobs', job: `/jobs/${filled.jobId}` },
      ...{ templates: '/jobs/templates', 'new job': '/jobs/new', lists: '/lists', list: `/lists/${filled.listId}` },
      ...{ platforms: '/platforms', platform: `/platforms/${filled.platformId}`, 'new platform': '/platforms/new' },
      ...{ policies: '/policies', policy: `/policies/${filled.policyId}`, 'new policy': '/policies/new' },
      ...{
        identities: '/identities',
        identity: `/identities/${filled.identityId}`,
        role: `/identities/${filled.roleId}`,
      },
      ...{ rights: '/rights', permissions: '/permissions', impersonations: '/impersonations' },
      ...{ registrations: '/registrations', domains: '/domains', domain: `/domains/${filled.domainId}` },
      ...{ people: '/people', requests: '/requests', 'check-outs': '/checkouts', audit: '/audit' },
      ...{ receivers: '/audit/receivers', receiver: `/audit/receivers/${filled.receiverId}` },
      ...{ errand: `/audit/errand/${filled.correlationId}`, 'your account': '/person', 'not found': '/nothing' },
    });

    interface Seat {
      readonly page: Page;
      readonly complaints: readonly string[];
    }
    const signIn = async (email: string, context: BrowserContext, address = '/'): Promise<Seat> => {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(vault.url + address);
      await page.getByLabel('E-mail').fill(email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('banner').waitFor();
      return { page, complaints };
    };
    const visit = (page: Page, address: string) => loadPage(page, vault.url + address);

    test('axe finds no serious fault on any page, light or dark, and none is too wide', async () => {
      const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce', bypassCSP: true });
      const { page } = await signIn(filled.administrator.email, context);
      const found: string[] = [];
      for (const [name, address] of Object.entries(addresses())) {
        await showPage(page, address);
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      }
      expect(found).toEqual([]);
      await context.close();
    });

    test('a file with faults changes nothing, and they are shown by line and column', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page } = await signIn(filled.administrator.email, context, '/credentials/import');
      await page.locator('input[type=file]').setInputFiles({
        ...{ name: 'accounts.csv', mimeType: 'text/csv' },
        buffer: Buffer.from(
          'System_Name,InstanceName,Namespace,AccountName,Password,Comment,AssetTag\r\nimported-1,,[Linux],root,pw-1,,\r\nimported-2,,[Linux],,pw-2,,\r\n',
        ),
      });
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page
        .getByRole('table', { name: 'Faults' })
        .getByRole('row', { name: /^3 AccountName/ })
        .waitFor();
      expect((await vault.operator.get('/api/systems?search=imported')).body.items).toEqual([]);
      await page.getByLabel('Leave out rows with faults').check();
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('1 credential', { exact: true }).first().waitFor();
      expect((await vault.operator.get('/api/systems?search=imported')).body.items).toHaveLength(1);
      await context.close();
    });

    test('a key of a program is shown once, and the lists of an administrator are closed to others', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page, complaints } = await signIn(filled.administrator.email, context, '/registrations');
      await page.getByRole('button', { name: 'Register a program' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Integration');
      await page.getByRole('textbox', { name: 'Networks it may call from' }).fill('10.2.0.0/255.255.0.0\n\n');
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      const key = await page.getByRole('textbox', { name: 'API registration key' }).inputValue();
      expect(key).toMatch(/^ghv_/);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('row', { name: /Integration 10\.2\.0\.0\/16/ }).waitFor();
      expect(await page.content()).not.toContain(key);
      expect(complaints).toEqual([]);
      await context.close();

      const other = await vault.signIn();
      const theirs = await browser.newContext({ reducedMotion: 'reduce' });
      const { page: closed } = await signIn(other.email, theirs, '/credentials');
      await closed.getByText('This page is for administrators of the vault.').waitFor();
      expect(await closed.getByRole('link', { name: 'Jobs' }).count()).toBe(0);
      await theirs.close();
    });

    test('a custom platform is described, its mistakes are shown at their fields, and a system has it', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const { page, complaints } = await signIn(filled.administrator.email, context, '/platforms/new');
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Radio');
      await page.getByRole('textbox', { name: 'Command that changes a password' }).fill('set {account} {next}');
      await page.getByRole('button', { name: 'Add platform' }).click();
      await page.getByText('Only {account} is filled in').waitFor();
      await page.getByText('Dialogue on a terminal').click();
      await page.getByRole('button', { name: 'Remove step 3' }).click();
      await page.getByRole('button', { name: 'Add platform' }).click();
      await page.getByRole('alert').getByText('One step sends the new password').waitFor();
      await page.getByRole('button', { name: 'Add step' }).click();
      await page.getByRole('textbox', { name: 'Step 3: once it says' }).fill('new:');
      await page.getByRole('textbox', { name: 'Step 3: type' }).fill('{next}');
      await page.getByRole('button', { name: 'Add platform' }).click();
      await page.getByRole('heading', { level: 1, name: 'Radio' }).waitFor();
      const { items } = (await vault.operator.get('/api/platforms?search=radio')).body;
      expect(items[0].rules.change.steps[2]).toEqual({ expect: 'new:', send: '{next}' });

      await visit(page, '/systems/new');
      await page.getByRole('combobox', { name: 'Kind' }).click();
      await page.getByRole('option', { name: 'Other' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('mast');
      await page.getByRole('combobox', { name: 'Custom platform' }).fill('Rad');
      await page.getByRole('option', { name: 'Radio' }).click();
      await page.getByRole('button', { name: 'Add system' }).click();
      await page.getByRole('heading', { level: 1, name: 'mast' }).waitFor();
      expect((await vault.operator.get('/api/systems?search=mast')).body.items).toMatchObject([
        { platformName: 'Radio' },
      ]);
      // What a refused form answers is an error of the browser's console, too.
      expect(complaints.filter((words) => !words.includes('400'))).toEqual([]);
      await context.close();
    });

    test('an account of a shared list is checked out from its list, and checked in at home', async () => {
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      const address = `/lists/${filled.listId}`;
      const { page, complaints } = await signIn(filled.administrator.email, context, address);
      await page
        .getByRole('row', { name: /netadmin/ })
        .getByRole('button', { name: 'Check out' })
        .click();
      await page.getByRole('textbox', { name: 'Why' }).fill('Ticket 43');
      await page.getByRole('dialog').getByRole('button', { name: 'Check out' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await visit(page, '/');
      await page.getByRole('table', { name: 'Accounts of shared lists' }).getByText('Checked out by you').waitFor();
      const mine = page.getByRole('table', { name: 'Checked out by you' }).getByRole('row', { name: /netadmin/ });
      await mine.getByRole('button', { name: 'Check in' }).click();
      await mine.waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
      await context.close();
    });

    test.skipIf(noHost !== null)(
      `from a new system to a password that was used and is verified${noHost === null ? '' : ` (skipped: ${noHost})`}`,
      async () => {
        const first = `Planted-${randomBytes(6).toString('hex')}`;
        await using host = await startOpenSsh([{ name: 'deploy', password: first }]);
        const context = await browser.newContext({ reducedMotion: 'reduce' });
        const { page, complaints } = await signIn(filled.administrator.email, context, '/systems/new');
        await page.getByRole('textbox', { name: 'Name', exact: true }).fill('web1');
        await page.getByRole('textbox', { name: 'Host name or IP address' }).fill(`${host.address}:${host.port}`);
        await page.getByRole('textbox', { name: 'Pinned host keys' }).fill(host.hostKeys.ed25519);
        await page.getByRole('button', { name: 'Add system' }).click();
        await page.getByRole('heading', { level: 1, name: 'web1' }).waitFor();
        await page.getByRole('link', { name: 'Add credential' }).first().click();
        await page.getByRole('textbox', { name: 'Account', exact: true }).fill('deploy');
        await page.locator('input[type=password]').fill(first);
        await page.getByRole('switch', { name: 'Auto-spin' }).check();
        await page.getByRole('button', { name: 'Add credential' }).click();
        await page.getByRole('heading', { level: 1, name: '[Linux]\\deploy' }).waitFor();

        await page.getByRole('button', { name: 'Change now' }).click();
        const progress = page.getByRole('status', { name: 'Progress of the job' });
        await progress.getByText('Succeeded').waitFor();
        await page.getByText('Made by the vault').waitFor();
        await page.getByText('Verified', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Verify now' }).click();
        await page.getByRole('heading', { name: 'Verification Succeeded' }).waitFor();

        const credential = page.url();
        const [bea, cid] = [await vault.signIn(), await vault.signIn()];
        for (const [name, { personId }] of [
          ['bea', bea],
          ['cid', cid],
        ] as const)
          await vault.operator.post('/api/identities', { kind: 'explicit', name, personId });
        for (const name of ['bea', 'cid']) {
          await visit(page, new URL(credential).pathname);
          await page.getByRole('combobox', { name: 'Identity' }).fill(name);
          await page.getByRole('option', { name: `${name} · Explicit` }).click();
          await page.getByRole('button', { name: 'Give rights' }).click();
          await page.getByRole('row', { name: new RegExp(`^${name} `) }).waitFor();
        }
        const grant = page.getByRole('checkbox', { name: /^Grant password requests: cid/ });
        await grant.click();
        await expect.poll(() => grant.isChecked()).toBe(true);

        const [contextOfBea, contextOfCid] = [await browser.newContext(), await browser.newContext()];
        const { page: asks, complaints: ofBea } = await signIn(bea.email, contextOfBea);
        await asks
          .getByRole('row', { name: /deploy/ })
          .getByRole('button', { name: 'Request' })
          .click();
        await asks.getByRole('textbox', { name: 'Why' }).fill('Ticket 42');
        await asks.getByRole('dialog').getByRole('button', { name: 'Request' }).click();
        await asks.getByText('Waits for a decision').waitFor();

        const { page: grants, complaints: ofCid } = await signIn(cid.email, contextOfCid);
        await grants.getByText('Ticket 42').waitFor();
        await grants.getByRole('button', { name: 'Grant' }).click();
        await grants.getByRole('dialog').getByRole('button', { name: 'Grant' }).click();
        await grants.getByText('Ticket 42').waitFor({ state: 'detached' });

        await visit(asks, '/');
        await asks
          .getByRole('row', { name: /deploy/ })
          .getByRole('button', { name: 'Check out' })
          .click();
        await asks.getByRole('dialog').getByRole('button', { name: 'Check out' }).click();
        const mine = asks.getByRole('table', { name: 'Checked out by you' });
        await mine.getByRole('row', { name: /deploy.*1 h 59 min/ }).waitFor();
        expect(await asks.getByRole('button', { name: 'Reveal' }).count()).toBe(0);
        await mine.getByRole('button', { name: 'Check in' }).click();
        await asks.getByText('You have nothing checked out').waitFor();

        await visit(page, '/audit?event=EVENT_ID_PASSWORD_CHECKED_OUT');
        await page
          .getByRole('row', { name: /deploy/ })
          .getByRole('link', { name: 'Whole errand' })
          .click();
        const errand = page.getByRole('list', { name: 'Entries of this errand' });
        for (const step of [/requested password/, /checked-out/, /checked-in/, /changed password for/])
          await errand.getByText(step).first().waitFor();
        await visit(page, '/audit');
        await page.getByRole('button', { name: 'Verify', exact: true }).click();
        await page.getByText('The audit is whole').waitFor();
        expect([...complaints, ...ofBea, ...ofCid]).toEqual([]);
        await Promise.all([context.close(), contextOfBea.close(), contextOfCid.close()]);
      },
    );
  },
);
