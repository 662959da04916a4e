import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMailServer } from '@gatehouse/host/testing';
import { ok, type SignedIn, testPassword } from '@gatehouse/server/testing';
import { keepThing, tellOfFile, until } from '@gatehouse/site/testing';
import { buildPages, loadPage, pageFaults, seriousFaults, showPage } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type SupportedDesk, supportedDesk } from '../src/testing/support-desk.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `pages that connect desks and sites${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let host: SupportedDesk;
    let administrator: SignedIn;
    let browser: Browser;
    let dist: string;

    beforeAll(async () => {
      // A folder of its own: the one in the tree may be in use by a program that runs.
      dist = await mkdtemp(join(tmpdir(), 'gatehouse-desk-support-'));
      await buildPages(import.meta.dirname, dist);
      host = await supportedDesk({}, { pages: dist });
      administrator = await host.desk.signIn({ systemAdministrator: true });
      browser = await openBrowser();
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await host?.close();
      if (dist !== undefined) await rm(dist, { recursive: true, force: true });
    });

    const open = async (person: SignedIn, how: { readonly bypassCSP?: boolean } = {}) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...how });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(`${host.desk.url}/cases`);
      await page.getByLabel('E-mail').fill(person.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Cases' }).waitFor();
      return { page, complaints, close: () => context.close() };
    };
    const visit = (page: Page, address: string) => loadPage(page, host.desk.url + address);
    const steps = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem');

    test('a manager adds a site and the built-in desk, tries both, and sees the address for events once', async () => {
      const program = await host.site.account({ perm_command: 'full_access', perm_reporting_support: true });
      const account = await host.desk.account();
      const { number } = await host.desk.makeCase({ subject: 'Probe' });
      const { page, complaints, close } = await open(await host.desk.person('manager'));
      await page.getByRole('link', { name: 'Sites' }).click();
      await page.getByRole('link', { name: 'Add site' }).click();
      await page.getByRole('button', { name: 'Add site' }).click();
      await page.getByText('“OAuth client secret” is needed.').waitFor();
      await page.getByLabel('Name').fill('support');
      await page.getByLabel('Address').fill(host.site.url);
      await page.getByLabel('OAuth client ID').fill(program.clientId);
      await page.getByLabel('OAuth client secret').fill('wrong');
      await page.getByRole('button', { name: 'Add site' }).click();
      await page.getByText('There is a site with this name already.').waitFor();
      await page.getByLabel('Name').fill('Second site');
      await page.getByRole('button', { name: 'Add site' }).click();
      await page.getByRole('heading', { name: 'Second site' }).waitFor();

      await page.getByRole('button', { name: 'Test site' }).click();
      await page.getByText('Something does not work yet').waitFor();
      expect(await steps(page).getByText('Failed', { exact: true }).count()).toBe(1);
      expect(await steps(page).getByText('Not tried', { exact: true }).count()).toBe(3);
      await page.getByRole('button', { name: 'Replace OAuth client secret' }).click();
      await page.getByLabel('OAuth client secret').fill(program.secret);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Site saved.').waitFor();
      await page.getByText('Set. It is never shown again.').waitFor();
      await page.getByRole('button', { name: 'Test again' }).click();
      await page.getByText('Everything works').waitFor();
      expect(await steps(page).getByText('Passed', { exact: true }).count()).toBe(6);

      await page.getByRole('link', { name: 'Connections' }).click();
      await page.getByRole('link', { name: 'Add connection' }).click();
      await page.getByRole('radio', { name: 'Built-in desk' }).check();
      await page.getByRole('heading', { name: 'About Built-in desk' }).waitFor();
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.getByText('“Token” is needed.', { exact: false }).waitFor();
      await page.getByText('Name at least one host that events may come from.').waitFor();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Service desk');
      await page.getByRole('combobox', { name: 'Site' }).click();
      await page.getByRole('option', { name: 'Second site' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill(host.desk.url);
      await page.getByLabel('Token').fill(account.token);
      expect(await page.getByRole('textbox', { name: 'Session IDs' }).inputValue()).toBe('Session IDs');
      await page.getByRole('textbox', { name: 'Probe case' }).fill(number);
      await page.getByRole('combobox', { name: 'The customer comes' }).click();
      await page.getByRole('option', { name: 'To a team' }).click();
      await page.getByRole('textbox', { name: 'Name of the team on the site' }).fill('First line');
      await page.getByRole('combobox', { name: 'Hosts that events may come from' }).fill('127.0.0.1');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Blacked out in chats and notes' }).fill('KST-\\d+\n(');
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.getByText('Line 2: This is no regular expression').waitFor();
      await page.getByRole('textbox', { name: 'Blacked out in chats and notes' }).fill('KST-\\d+');
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.getByRole('heading', { name: 'Connection added' }).waitFor();
      const address = await page.getByRole('textbox', { name: 'Address for events' }).inputValue();
      expect(address).toContain('/extension/connect/events?KB=');
      await page.getByText('Management > Outbound Events').waitFor();

      await page.getByRole('button', { name: 'Go on and test it' }).click();
      await page.getByRole('heading', { name: 'Service desk', exact: true }).waitFor();
      expect(await page.content()).not.toContain(address.split('KB=')[1] ?? address);
      await page.getByRole('button', { name: 'Test desk' }).click();
      await page.getByText('Everything works').waitFor();
      await page.getByRole('textbox', { name: 'Template' }).fill('{% for one in chat %}');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The template has a mistake').waitFor();
      await page.getByRole('button', { name: 'Back to the usual one' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Connection saved.').waitFor();
      const { items } = (await ok(host.desk.operator.get('/api/connections'))).body;
      expect(items.find(({ name }: { name: string }) => name === 'Service desk')).toMatchObject({
        ...{ template: '', redact: ['KST-\\d+'], assignment: { to: 'team', team: 'First line' }, keySeconds: 86_400 },
      });

      const told = (url: string) =>
        fetch(url, {
          ...{ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          body: 'event=support_conference_begin',
        });
      expect((await told(address)).status).toBe(200);
      await page.getByRole('button', { name: 'New address' }).click();
      await page.getByRole('button', { name: 'Make address' }).click();
      const next = await page.getByRole('textbox', { name: 'Address for events' }).inputValue();
      expect((await told(address)).status).toBe(404);
      expect((await told(next)).status).toBe(200);
      await page.getByRole('button', { name: 'Done' }).click();

      await page.getByRole('link', { name: 'Events' }).click();
      await page.getByText('Problems', { exact: true }).click();
      await page.getByRole('heading', { name: 'Nothing could be made of these' }).waitFor();
      await page.getByText('Problem', { exact: true }).first().click();
      await page.getByText('It has no').first().waitFor();
      await page.getByRole('link', { name: 'Connections' }).click();
      await page.getByRole('link', { name: 'Service desk' }).click();
      await page.getByRole('button', { name: 'Remove connection' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove connection' }).click();
      await page.getByRole('heading', { name: 'Connections', exact: true }).waitFor();
      await page.getByRole('list', { name: 'Connections' }).getByRole('link', { name: 'Cases' }).waitFor();
      await page.getByRole('link', { name: 'Service desk' }).waitFor({ state: 'detached' });
      expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await close();
    });

    test('a manager tries a mail server before it is saved, previews a mail, and sees where answers went', async () => {
      const server = await startMailServer({ account: { name: 'desk', password: 'hunter2-of-the-desk' } });
      const customer = await host.desk.person('customer');
      const { number } = await host.desk.makeCase({ subject: 'Printer', requester: customer.email });
      const { page, complaints, close } = await open(await host.desk.person('manager'));
      await page.getByRole('link', { name: 'Mail', exact: true }).click();
      await page.getByRole('textbox', { name: 'Server' }).fill('localhost');
      await page.getByRole('textbox', { name: 'Port' }).fill(String(server.port));
      await page.getByRole('textbox', { name: 'User name' }).fill('desk');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('textbox', { name: 'Certificate authorities' }).fill(server.certificate);
      await page.getByRole('textbox', { name: 'Sender address' }).fill('desk@corp.example');
      await page.getByRole('textbox', { name: 'Send a test mail to' }).fill('me@corp.example');
      await page.getByRole('button', { name: 'Test mail' }).click();
      await page.getByText('refused the user name or the password').waitFor();
      await page.getByLabel('Password', { exact: true }).fill('hunter2-of-the-desk');
      await page.getByRole('button', { name: 'Test again' }).click();
      await page.getByText('It took one for me@corp.example.').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Mail server saved.').waitFor();
      await page.getByText('Set. It is never shown again.').waitFor();
      await page.getByRole('button', { name: 'Remove Password' }).click();
      await page.getByText('Removed when you save.').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Enter the password of this user name.').waitFor();
      await page.getByRole('button', { name: 'Keep the one that is set' }).click();

      await visit(page, `/cases/${number}`);
      await page.getByText('Public answer').click();
      await page.getByRole('textbox', { name: 'Answer to the customer' }).fill('Help is coming');
      await page.getByRole('button', { name: 'Write answer' }).click();
      await page.getByText(/^(Mail waits|Mailed)$/).waitFor();
      await visit(page, '/mail');
      const row = page.getByRole('list', { name: 'Mail' }).getByRole('listitem').filter({ hasText: customer.email });
      await row.getByText('Sent', { exact: true }).waitFor();
      expect(server.taken.map(({ to }) => to[0])).toEqual(['me@corp.example', customer.email]);

      await visit(page, `/connections/${host.connectionId}`);
      await page
        .getByRole('textbox', { name: 'Words of the mail' })
        .fill('Dear {{ customer.name }}: {{ session.key }}');
      await page.getByRole('button', { name: 'Preview mail' }).click();
      await page.getByText('Dear Carol: 1234567').waitFor();
      expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await close();
      await server.close();
    });

    test('a technician comes by the link of a ticket, and starts a session with the machine that it names', async () => {
      const { number } = await host.desk.makeCase({ subject: 'The screen at the door is dark' });
      const { login } = (await ok(host.technician.get('/api/desk/me'))).body.person;
      await ok(host.site.operator.ask('PATCH', `/api/users/${host.site.anna.userId}`, { body: { username: login } }));
      const { page, complaints, close } = await open(host.technician, { bypassCSP: true });
      await visit(page, `/cases/${number}`);
      await page.getByRole('link', { name: 'Start a session with a Jump Client' }).click();
      const machine = page.getByRole('textbox', { name: 'Machine' });
      await machine.fill('door');
      const faults = await pageFaults(page);
      const [tab] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('button', { name: 'Start in the console' }).click(),
      ]);
      await tab.waitForURL(`${host.site.url}/console/launch#*`);
      const [file] = await Promise.all([
        page.waitForRequest(`${host.site.url}/api/client_script?**`),
        page.getByRole('button', { name: 'File for the desktop console' }).click(),
      ]);
      expect(new URL(file.url()).searchParams.get('search_string')).toBe('door');
      await visit(page, `/start/${host.connectionId}/${number}`);
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[value="door"]') !== null);
      expect(faults).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });

    test('axe finds no serious fault on these pages, light or dark, and none is too wide', async () => {
      const { page, close } = await open(administrator, { bypassCSP: true });
      const { siteId, connectionId } = host;
      // An event of which nothing can be made, and a desk that is told what to run.
      const body = new URLSearchParams({ event: 'support_conference_begin', lsid: 'c'.repeat(32) });
      expect((await fetch(host.eventsUrl, { method: 'POST', body })).status).toBe(200);
      const redmine = await ok(
        host.desk.operator.post('/api/connections', {
          ...{ name: 'Redmine', desk: 'redmine', siteId, senders: ['10.0.0.0/8'] },
          settings: {
            ...{ url: 'http://127.0.0.1:9', apiKey: 'hidden', project: 'support' },
            fields: { sessionIds: 'Session IDs', sessionStartLink: 'Start' },
          },
        }),
      );
      const addresses = {
        ...{ sites: '/sites', 'new site': '/sites/new', site: `/sites/${siteId}`, connections: '/connections' },
        ...{ connection: `/connections/${connectionId}`, events: '/events', 'no problem': '/events?problems=true' },
        ...{
          sessions: '/support',
          'no dead session': '/support?dead=true',
          mail: '/mail',
          'no mail': '/mail?state=failed',
        },
      };
      const found: string[] = [];
      for (const [name, address] of Object.entries(addresses)) {
        await showPage(page, address);
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      }
      await visit(page, '/events?problems=true');
      await page.getByText('Problem', { exact: true }).first().click();
      await page.getByText('Came from').first().waitFor();
      found.push(...(await pageFaults(page)).map((fault) => `event, ${fault}`));
      await visit(page, `/connections/${redmine.body.connectionId}`);
      await page.getByRole('button', { name: 'Show what to run' }).click();
      await page.getByRole('textbox', { name: 'Command 1' }).waitFor();
      await page.getByRole('button', { name: 'Test desk' }).click();
      await page.getByText('Something does not work yet').waitFor();
      found.push(...(await pageFaults(page)).map((fault) => `what to run, ${fault}`));
      await visit(page, '/connections/new');
      for (const desk of ['Built-in desk', 'Redmine']) {
        await page.getByRole('radio', { name: desk, exact: true }).check();
        await page.getByRole('heading', { name: `About ${desk}` }).waitFor();
        found.push(...(await pageFaults(page)).map((fault) => `new connection, ${desk}, ${fault}`));
      }
      await visit(page, `/connections/${connectionId}`);
      await page.getByRole('button', { name: 'New address' }).click();
      await page.getByRole('dialog').waitFor();
      found.push(...(await seriousFaults(page, 'light')).map((fault) => `new address: ${fault}`));
      expect(found).toEqual([]);
      await close();
    });

    test('a technician opens what was said, a recording and a file of a session from its page', async () => {
      const { site } = host;
      const { number } = await host.desk.makeCase({ subject: 'Recorded' });
      const { key } = await host.key(number, { to: 'general' });
      const { lsid } = await site.redeem(key);
      await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
      await tellOfFile(site, lsid, await keepThing(site, lsid, 'file', ['a file']), 'log.txt');
      await keepThing(site, lsid, 'screen', ['frames']);
      await ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
      await until(async () => (await host.notes(number)).length > 0);
      const { page, close } = await open(host.technician, { bypassCSP: true });
      await showPage(page, `/support/${host.connectionId}/${lsid}`);
      const downloads = page.getByRole('list', { name: 'Downloads' });
      for (const [link, name] of [
        [downloads.getByRole('link', { name: 'text' }), `${lsid}-chat.txt`],
        [downloads.getByRole('link', { name: 'download' }), `${lsid}-recording-1`],
        [page.getByRole('link', { name: 'log.txt' }), 'log.txt'],
      ] as const) {
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
        expect(download.suggestedFilename()).toBe(name);
      }
      expect(await pageFaults(page)).toEqual([]);
      await close();
    });

    test('a technician is not shown these pages', async () => {
      const { page, close } = await open(host.technician);
      for (const address of ['/sites', '/connections', '/events', '/mail']) {
        await visit(page, address);
        await page.getByText('This page is for managers of the desk.').waitFor();
        expect(await page.getByRole('link', { name: 'Sites' }).count()).toBe(0);
      }
      await close();
    });
  },
);
