import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPages, loadPage, pageFaults, showPage } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { openReceiver, type Receiver, status } from '../src/outbound-events/testing/receiver.ts';
import { openReportDesk, type ReportDesk } from '../src/reporting/testing/report-desk.ts';
import { addEvent } from '../src/support/events.ts';
import type { SiteUser } from '../src/testing/test-site.ts';
import { type FilledDesk, fillDesk } from './testing/fill-desk.ts';

const reason = noBrowser();
/** Pictures of every page are kept here, where somebody wants to look at them. */
const pictures = process.env.GATEHOUSE_PICTURES;

describe.skipIf(reason !== null)(
  `administration of remote support${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let desk: ReportDesk;
    let filled: FilledDesk;
    let administrator: SiteUser;
    let receiver: Receiver;
    let browser: Browser;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gatehouse-administration-'));
      const dist = join(folder, 'dist');
      await buildPages(import.meta.dirname, dist);
      receiver = await openReceiver();
      desk = await openReportDesk({ pages: dist, allowPrivateWebhooks: true, outboundPace: { everyMs: 200 } });
      administrator = await desk.person({ systemAdministrator: true });
      browser = await openBrowser();
      filled = await fillDesk(desk, receiver.url, await recorded(browser));
      if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await desk?.close();
      await receiver?.[Symbol.asyncDispose]();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    const open = async (address: string): Promise<Page & { readonly complaints: string[] }> => {
      const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, acceptDownloads: true });
      // As the administrator who is signed in already; the form is tried with the other pages of the site.
      const cookies = [...administrator.cookies].map(([name, value]) => ({ name, value, url: desk.url }));
      await context.addCookies(cookies);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await loadPage(page, desk.url + address);
      return Object.assign(page, { complaints });
    };
    const picture = async (page: Page, name: string) => {
      if (pictures === undefined) return;
      for (const [look, colorScheme, width] of [
        ['light', 'light', 1280],
        ['dark', 'dark', 1280],
        ['narrow', 'light', 390],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true });
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 800 });
    };

    test('axe finds no serious fault on any page, light or dark, and none is too wide', async () => {
      const page = await open('/login');
      const found: string[] = [];
      for (const [name, address] of Object.entries(filled.addresses)) {
        await showPage(page, address);
        await picture(page, name.replaceAll(' ', '-'));
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      }
      expect(found).toEqual([]);
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });

    test('a session is found by who was helped and on which day, its screen is played, its file saved, and it is held', async () => {
      const page = await open('/login/support-sessions');
      await page.getByRole('searchbox', { name: 'Search names, tickets, attributes' }).fill('laptop 12');
      await page.getByRole('row', { name: /Carol Jones.*Ended/ }).waitFor();
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
      expect(csv.suggestedFilename()).toBe('support-sessions.csv');
      await page.getByLabel('To', { exact: true }).fill('2020-01-01');
      await page.getByText('Nothing matches').waitFor();
      await page.getByLabel('To', { exact: true }).fill('');
      await page.getByRole('link', { name: 'Carol Jones' }).click();
      await page.getByRole('heading', { name: 'Carol Jones', exact: true }).waitFor();
      await page.getByText('My printer beeps. <b>All the time.</b>').waitFor();
      await page.getByText('Notes', { exact: true }).click();
      await page.getByText('Third time this month.').waitFor();
      expect(await page.getByText('My printer beeps.').count()).toBe(0);
      await page.getByRole('button', { name: 'Play Shell 1' }).click();
      await page.locator('.ap-player').waitFor();
      await page.getByRole('button', { name: /^Play a/ }).click();
      const video = page.locator('video');
      await expect
        .poll(() => video.evaluate((one) => (one as HTMLVideoElement).videoWidth), { timeout: 20_000 })
        .toBe(64);
      await expect.poll(() => video.evaluate((one) => Number.isFinite((one as HTMLVideoElement).duration))).toBe(true);
      const files = page.getByRole('table', { name: 'Files' });
      const [file] = await Promise.all([page.waitForEvent('download'), files.getByRole('link').click()]);
      expect(file.suggestedFilename()).toContain('.txt');
      await page.getByRole('button', { name: 'Keep this session' }).click();
      await page.getByLabel('Reason').fill('Case 12');
      await page.getByRole('button', { name: 'Keep', exact: true }).click();
      await page.getByText('Case 12').first().waitFor();
      // A browser asks for a film as often as it likes, and each time is told.
      for (const action of [/support-screen.open/, /recording.play/]) await page.getByText(action).first().waitFor();
      await page.getByText(/support-session.hold/).waitFor();
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });

    test('a session of more events than are answered at once is shown from its first word to its last', async () => {
      const lsid = await desk.session('Long Talk');
      await desk.change(async ({ tx, now }) => {
        for (let number = 1; number <= 2_100; number += 1)
          await addEvent(tx, lsid, {
            type: 'chat_message',
            at: now,
            performedBy: 1,
            body: { text: `Word ${number}.` },
          });
      });
      const page = await open(`/login/support-sessions/${lsid}`);
      await page.getByText('Word 2100.').waitFor();
      const log = page.getByRole('list', { name: 'What happened' });
      expect(await log.getByText(/Word \d+\./).count()).toBe(2_100);
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });

    test('the first page says that events do not arrive, and leads to what to do', async () => {
      const page = await open('/login');
      await page.getByText('Outbound events do not arrive at Old desk.').waitFor();
      await page.getByRole('link', { name: 'Look after recipients' }).click();
      await page.getByRole('row', { name: /Old desk.*Failing/ }).waitFor();
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });

    test('a team gets a manager and an issue, and is not deleted while the issue leads to it', async () => {
      const page = await open('/login/support-teams');
      await page.getByRole('link', { name: 'Add Team' }).first().click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Night shift');
      await page.getByRole('button', { name: 'Add Team' }).click();
      await page.getByRole('heading', { name: 'Night shift' }).waitFor();
      await page.getByRole('combobox', { name: 'User' }).fill('bea');
      await page.getByRole('option', { name: 'bea' }).click();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const role = page.getByRole('table', { name: 'Members' }).getByRole('combobox');
      await role.selectOption('manager');
      const teamId = Number(new URL(page.url()).pathname.split('/').at(-1));
      const roles = async () => (await desk.operator.get(`/api/teams/${teamId}/users`)).body.items;
      await expect.poll(roles).toMatchObject([{ role: 'manager' }]);
      await page.getByText('No issue leads here').waitFor();
      await page.getByRole('link', { name: 'Add issue' }).click();
      await page.getByRole('textbox', { name: 'Description' }).fill('It is dark');
      await page.getByRole('combobox', { name: 'Team' }).fill('Night');
      await page.getByRole('option', { name: 'Night shift' }).click();
      await page.getByRole('button', { name: 'Add Support issue' }).click();
      await page.getByText('Support issue saved.').waitFor();
      await loadPage(page, `${desk.url}/login/support-teams/${teamId}`);
      await page.getByRole('link', { name: 'It is dark' }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('its queue is gone').waitFor();
      await page.getByRole('button', { name: 'Delete Team' }).click();
      await page.getByText('This Team is still in use.').waitFor();
      expect(page.complaints.filter((line) => !line.includes('400') && !line.includes('409'))).toEqual([]);
      await page.context().close();
    });

    test('options refuse what cannot be, say what large numbers are, and take effect on the portal', async () => {
      const page = await open('/login/support-options');
      await page.getByText('2 GiB').waitFor();
      await page.getByRole('textbox', { name: 'Keys are valid for' }).fill('9999999');
      await page.getByRole('button', { name: 'Save options' }).click();
      await page.getByText('This is longer than a key may be valid.').first().waitFor();
      await page.getByRole('button', { name: 'Undo changes' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Help of Acme');
      await page.getByLabel('Customers may come without a key').uncheck();
      await page.getByRole('button', { name: 'Save options' }).click();
      await page.getByText('Options saved.').waitFor();
      await page.goto(desk.url);
      await page.getByText('Help of Acme').waitFor();
      expect(await page.getByText('Ask the next free representative').count()).toBe(0);
      expect(page.complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await page.context().close();
    });

    test('a question is added, ordered and refused without answers; a customer must answer it, and it stands as it was asked', async () => {
      const page = await open('/login/surveys');
      const customers = page.getByRole('form', { name: 'Customers' });
      await customers.getByRole('button', { name: 'Add question' }).click();
      const question = customers.getByRole('group', { name: 'Question 3' });
      await question.getByRole('textbox', { name: 'Question' }).fill('Would you come again?');
      await question.getByRole('combobox', { name: 'Answer' }).click();
      await page.getByRole('option', { name: 'Choice between answers' }).click();
      await question.getByLabel('Required').check();
      await customers.getByRole('button', { name: 'Save survey' }).click();
      await question.getByText('Offer at least two different answers.').waitFor();
      for (const word of ['Yes', 'No']) {
        await question.getByRole('combobox', { name: 'Answers to choose from' }).fill(word);
        await page.keyboard.press('Enter');
      }
      await question.getByRole('button', { name: 'Move question 3 up' }).click();
      await customers.getByRole('button', { name: 'Move question 2 up' }).click();
      await customers.getByRole('button', { name: 'Save survey' }).click();
      await page.getByText('Survey saved.').waitFor();
      const { body } = await desk.operator.get('/api/surveys/customer');
      expect(body.questions.map(({ name }: { name: string }) => name)).toEqual([
        ...['would_you_come_again', 'rating', 'comments'],
      ]);

      const { key } = await desk.key();
      const carol = await (await browser.newContext()).newPage();
      await carol.goto(desk.url);
      await carol.getByLabel('Session key').fill(key);
      await carol.getByRole('button', { name: 'Continue' }).click();
      await carol.getByLabel('Your name').fill('Gina');
      await carol.getByLabel('I agree').check();
      await carol.getByRole('button', { name: 'Start the session' }).click();
      await carol.getByRole('button', { name: 'End session' }).click();
      await carol.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await carol.getByRole('radio', { name: '5, well' }).check();
      expect(await carol.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
      await carol.getByRole('radio', { name: 'Yes' }).check();
      await carol.getByRole('button', { name: 'Send' }).click();
      await carol.getByText('Thank you. You can close this page.').waitFor();
      await carol.context().close();
      await loadPage(page, `${desk.url}/login/support-sessions?search=Gina`);
      await page.getByRole('link', { name: 'Gina' }).click();
      await page.getByText('Would you come again?').waitFor();
      expect(page.complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await page.context().close();
    });

    test('a session key is revoked after its consequence was read', async () => {
      const page = await open('/login/session-keys');
      const row = page.getByRole('row', { name: /INC-12/ });
      await row.getByRole('button', { name: /^Revoke session key/ }).click();
      await page.getByText('cannot begin a session with it any more').waitFor();
      await page.getByRole('button', { name: 'Revoke the key' }).click();
      await page.getByText('No session key is valid').waitFor();
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });

    test('a recipient is added, proved by a test, failing where it answers 500, and replayed once it works', async () => {
      const page = await open('/login/outbound-events');
      await page.getByRole('link', { name: 'Add recipient' }).first().click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Service desk');
      await page.getByRole('textbox', { name: 'URL' }).fill('http://10.0.0.1/events');
      await page.getByRole('button', { name: 'Add Recipient' }).click();
      await page.getByText('or allow sending without TLS').first().waitFor();
      await page.getByLabel('Without TLS').check();
      await page.getByRole('textbox', { name: 'URL' }).fill(receiver.url);
      await page.getByRole('button', { name: 'Add Recipient' }).click();
      await page.getByRole('heading', { name: 'Service desk' }).waitFor();
      receiver.next(status(500));
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('The test did not arrive').waitFor();
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('The test arrived').waitFor();
      await page.getByRole('button', { name: 'Make a signing secret' }).click();
      const secret = await page.getByRole('dialog').getByRole('textbox').inputValue();
      expect(secret).toMatch(/^whsec_/);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByText('Signed', { exact: true }).waitFor();

      const before = receiver.posted.length;
      await desk.wait('general', 'Dora');
      await expect.poll(() => receiver.posted.length).toBeGreaterThan(before);
      await page.getByRole('link', { name: 'Deliveries' }).click();
      const row = page.getByRole('row', { name: /Support conference begin.*Delivered/ });
      await row.getByRole('button', { name: /Send again/ }).click();
      await page.getByText('One event is sent again.').waitFor();
      await page.getByRole('row', { name: /\(replay\).*Delivered/ }).waitFor({ timeout: 30_000 });
      await page.getByRole('combobox', { name: 'State' }).click();
      await page.getByRole('option', { name: 'Given up' }).click();
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      expect(new URL(page.url()).searchParams.get('state')).toBe('given_up');
      expect(page.complaints.filter((line) => !line.includes('400'))).toEqual([]);
      await page.context().close();
    });
  },
);

/** A short recording, made as the page of a customer makes them. */
const recorded = async (browser: Browser): Promise<Buffer> => {
  const page = await browser.newPage();
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start(200);
    for (let frame = 0; frame < 30; frame += 1) {
      context?.fillRect(frame, frame, 9, 9);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await page.close();
  return Buffer.from(bytes);
};
