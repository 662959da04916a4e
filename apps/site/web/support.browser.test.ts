import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMailServer } from '@gatehouse/host/testing';
import { ok, testPassword } from '@gatehouse/server/testing';
import { buildPages, loadPage, pageFaults } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type Desk, openDesk, type Representative } from '../src/support/testing/desk.ts';
import { until } from '../src/testing/errands.ts';

const reason = noBrowser();

describe.skipIf(reason !== null)(
  `remote support${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let desk: Desk;
    let browser: Browser;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gatehouse-support-pages-'));
      const dist = join(folder, 'dist');
      await buildPages(import.meta.dirname, dist);
      desk = await openDesk({ pages: dist });
      await ok(desk.operator.post('/api/canned-messages', { title: 'Greeting', message: 'Hello, how can I help?' }));
      await rename(desk.anna, 'Anna Berg');
      browser = await openBrowser({ hasScreen: true });
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await desk?.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    const rename = ({ userId }: Representative, name: string) =>
      ok(desk.operator.ask('PATCH', `/api/users/${userId}`, { body: { public_display_name: name } }));

    /** A browser of its own, and everything that it had to say. */
    const open = async (options: Parameters<Browser['newContext']>[0] = {}) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', acceptDownloads: true, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // What the made picture of a screen asks for; a real one does not.
        if (message.type() === 'error' && !message.text().includes('camera is not allowed'))
          complaints.push(message.text());
      });
      return { context, page, complaints };
    };
    const signIn = async (who: Representative, options: Parameters<typeof open>[0] = {}) => {
      const opened = await open(options);
      const { page } = opened;
      await page.goto(`${desk.url}/console/support`);
      await page.getByLabel('E-mail').fill(who.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Remote support' }).waitFor();
      return opened;
    };
    /** Makes a key on the page, as a representative does, and resolves with it. */
    const makeKey = async (page: Page, ticket = ''): Promise<{ key: string; link: string }> => {
      await page.getByRole('button', { name: 'Session key' }).click();
      await page.getByLabel('Ticket').fill(ticket);
      await page.getByRole('button', { name: 'Make the key' }).click();
      const key = (await page.locator('[data-session-key]').textContent()) ?? '';
      const link = await page.getByRole('textbox', { name: 'Link for the customer' }).inputValue();
      await page.getByRole('button', { name: 'Done' }).click();
      return { key, link };
    };
    const enter = async (page: Page, name: string) => {
      await page.getByLabel('Your name').fill(name);
      await page.getByLabel('What do you need help with?').fill('The printer <b>beeps</b>');
      await page.getByLabel('I agree').check();
      await page.getByRole('button', { name: 'Start the session' }).click();
      await page.getByText('Waiting for a representative').waitFor();
    };
    const say = async (page: Page, text: string) => {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
    };
    const log = (page: Page) => page.getByRole('log');
    const accept = async (page: Page, name: string) => {
      await page
        .getByRole('list', { name: 'Waiting' })
        .getByRole('listitem')
        .filter({ hasText: name })
        .getByRole('button')
        .click();
      await page.getByRole('heading', { name, exact: true }).waitFor();
    };
    /** Pictures of the video that really differ from each other. */
    const isMoving = async (page: Page): Promise<boolean> =>
      page.locator('video').evaluate(async (video) => {
        const shown = video as HTMLVideoElement;
        const canvas = document.createElement('canvas');
        const frames = new Set<string>();
        for (let frame = 0; frame < 40 && frames.size < 2; frame += 1) {
          canvas.width = shown.videoWidth;
          canvas.height = shown.videoHeight;
          if (shown.videoWidth > 0) {
            canvas.getContext('2d')?.drawImage(shown, 0, 0);
            frames.add(canvas.toDataURL());
          }
          await new Promise((resolve) => setTimeout(resolve, 150));
        }
        return frames.size >= 2;
      });

    test('a representative has the invitation sent by the site, and is told where it cannot', async () => {
      const server = await startMailServer({ security: 'none' });
      const { context, page } = await signIn(desk.anna);
      const dialog = page.getByRole('dialog');
      await page.getByRole('button', { name: 'Session key' }).click();
      await dialog.getByLabel('E-mail of the customer').fill('carol@customer.example');
      await dialog.getByRole('button', { name: 'Make the key' }).click();
      await dialog.getByText('This site sends no mail yet').waitFor();
      const body = { server: '127.0.0.1', port: server.port, security: 'none', senderAddress: 'it@acme.example' };
      await ok(desk.operator.ask('PUT', '/api/mail', { body }));
      await dialog.getByLabel('E-mail of the customer').fill('nobody');
      await dialog.getByRole('button', { name: 'Make the key' }).click();
      expect(await dialog.getByLabel('E-mail of the customer').evaluate((field) => field.matches(':invalid'))).toBe(
        true,
      );
      await dialog.getByLabel('E-mail of the customer').fill('carol@customer.example');
      await dialog.getByRole('button', { name: 'Make the key' }).click();
      await dialog.getByText('The invitation is on its way to carol@customer.example.').waitFor();
      const key = (await page.locator('[data-session-key]').textContent()) ?? '';
      await until(() => server.taken.length > 0);
      expect(server.taken[0]?.message).toContain(key);
      await ok(desk.operator.ask('DELETE', '/api/mail'));
      await context.close();
      await server.close();
    });

    test('a customer enters a key; chat, files, screen, a second representative, the end and both surveys', async () => {
      const anna = await signIn(desk.anna);
      const { key } = await makeKey(anna.page, 'INC-7');
      const carol = await open();
      await carol.page.goto(desk.url);
      await carol.page.getByLabel('Session key').fill(key);
      await carol.page.getByRole('button', { name: 'Continue' }).click();
      await enter(carol.page, 'Carol <i>Jones</i>');
      await accept(anna.page, 'Carol <i>Jones</i>');
      await carol.page.getByText('Anna Berg is connected').waitFor();
      await anna.page.getByText('The printer <b>beeps</b>').waitFor();

      await anna.page.getByRole('button', { name: 'Canned messages' }).click();
      await anna.page.getByRole('menuitem', { name: 'Greeting' }).click();
      await anna.page.getByRole('button', { name: 'Send', exact: true }).click();
      await log(carol.page).getByText('Hello, how can I help?').waitFor();
      await say(carol.page, '<img src=x onerror=alert(1)> it beeps');
      await log(anna.page).getByText('<img src=x onerror=alert(1)> it beeps').waitFor();

      const path = join(folder, 'trace & <log>.txt');
      await writeFile(path, 'beep'.repeat(1_000));
      await carol.page.locator('input[type=file]').setInputFiles(path);
      const offered = log(anna.page).getByRole('link', { name: /trace & <log>\.txt/ });
      await offered.waitFor();
      const [download] = await Promise.all([anna.page.waitForEvent('download'), offered.click()]);
      expect(download.suggestedFilename()).toMatch(/^trace & .log.\.txt$/);
      await log(carol.page).getByText('Anna Berg downloaded').waitFor();

      await anna.page.getByLabel('Note', { exact: true }).fill('Loose cable');
      await anna.page.getByRole('button', { name: 'Add the note' }).click();
      await log(anna.page).getByText('You noted: Loose cable').waitFor();
      await anna.page.getByLabel('Ticket').fill('INC-8');
      await anna.page.getByRole('button', { name: 'Save' }).click();
      await anna.page.locator('header').getByText('INC-8').waitFor();

      await carol.page.getByRole('button', { name: 'Share the screen' }).click();
      await carol.page.getByRole('heading', { name: 'Your screen is shared' }).waitFor();
      await anna.page.getByText('Browser to browser').waitFor();
      expect(await isMoving(anna.page)).toBe(true);

      const bert = await desk.representative({ perm_support_allowed: true });
      await rename(bert, 'Bert Vos');
      const second = await signIn(bert);
      await anna.page.getByRole('button', { name: 'Invite' }).click();
      await anna.page.getByRole('menuitem', { name: /Bert Vos/ }).click();
      await second.page.getByRole('list', { name: 'Invitations' }).getByRole('button', { name: 'Join' }).click();
      await carol.page.getByText('Bert Vos is connected').waitFor();
      await say(second.page, 'Bert here');
      await log(carol.page).getByText('Bert here').waitFor();
      expect(await isMoving(second.page)).toBe(true);
      expect(await carol.page.content()).not.toContain('Loose cable');

      await carol.page.getByRole('button', { name: 'Stop sharing' }).click();
      await anna.page.getByRole('heading', { name: 'No screen is shared' }).waitFor();
      await anna.page.getByRole('button', { name: 'End session' }).click();
      await anna.page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await carol.page.getByRole('heading', { name: 'The session is over' }).waitFor();
      await carol.page.getByLabel('5, well').check();
      await carol.page.getByRole('button', { name: 'Send' }).click();
      await carol.page.getByText('Thank you. You can close this page.').waitFor();
      await anna.page.getByRole('heading', { name: 'How did it go?' }).waitFor();
      await anna.page.getByLabel('4', { exact: true }).check();
      await anna.page.getByRole('button', { name: 'Send' }).click();
      await log(anna.page).getByText('answered the survey').first().waitFor();
      for (const { complaints } of [anna, carol, second]) expect(complaints).toEqual([]);
    });

    test('browsers that cannot meet see the screen through the site, whenever they come', async () => {
      const noMeeting = () => {
        const Real = RTCPeerConnection;
        // Only through relays of the network, and there are none.
        Reflect.set(globalThis, 'RTCPeerConnection', function make() {
          return new Real({ iceTransportPolicy: 'relay' });
        });
      };
      const anna = await signIn(desk.anna);
      const { link } = await makeKey(anna.page);
      const carol = await open();
      await carol.page.goto(link);
      await enter(carol.page, 'Cara');
      expect(carol.page.url()).not.toContain('ak=');
      await accept(anna.page, 'Cara');
      const address = anna.page.url();
      await anna.page.close();
      const late = await anna.context.newPage();
      await late.addInitScript(noMeeting);
      await carol.page.getByRole('button', { name: 'Share the screen' }).click();
      await loadPage(late, address);
      await late.getByText('Through the site').waitFor();
      expect(await isMoving(late)).toBe(true);
      await late.reload();
      await late.getByText('Through the site').waitFor();
      expect(await isMoving(late)).toBe(true);
      // Both come back to where they were.
      await carol.page.getByRole('button', { name: 'Stop sharing' }).click();
      await carol.page.reload();
      await say(carol.page, 'I am back');
      await log(late).getByText('I am back').waitFor();
      await carol.page.getByRole('button', { name: 'End session' }).click();
      await carol.page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await carol.page.getByText('You ended it.').waitFor();
      await late.getByText('The customer ended the session.').first().waitFor();
      const again = await open();
      await again.page.goto(link);
      await again.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
      expect([...carol.complaints, ...again.complaints]).toEqual([]);
    });

    test('what is written while the connection is away arrives once, and in order', async () => {
      const anna = await signIn(desk.anna);
      const { key } = await makeKey(anna.page);
      const carol = await open();
      await carol.page.goto(desk.url);
      await carol.page.getByLabel('Session key').fill(`${key.slice(0, 3)} ${key.slice(3)}`);
      await carol.page.getByRole('button', { name: 'Continue' }).click();
      await enter(carol.page, 'Cleo');
      await accept(anna.page, 'Cleo');
      await say(carol.page, 'one');
      await log(anna.page).getByText('one').waitFor();
      await carol.context.setOffline(true);
      await say(carol.page, 'two');
      await say(carol.page, 'three');
      await say(anna.page, 'hello?');
      await carol.context.setOffline(false);
      await log(anna.page).getByText('three').waitFor();
      await log(carol.page).getByText('hello?').waitFor();
      const said = await log(anna.page).locator('p').allTextContents();
      expect(said.filter((one) => ['one', 'two', 'three'].includes(one))).toEqual(['one', 'two', 'three']);
    });

    test('axe finds no serious fault, light or dark, and none is too wide', async () => {
      const anna = await signIn(desk.anna, { bypassCSP: true });
      const { key } = await makeKey(anna.page);
      const carol = await open({ bypassCSP: true });
      const found: string[] = [];
      const look = async (name: string, page: Page) =>
        found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
      await loadPage(carol.page, desk.url);
      await look('portal', carol.page);
      await carol.page.getByLabel('Session key').fill(key);
      await carol.page.getByRole('button', { name: 'Continue' }).click();
      await look('who are you', carol.page);
      await enter(carol.page, 'Cora');
      await look('queues', anna.page);
      await anna.page.getByRole('button', { name: 'Session key' }).click();
      await look('new key', anna.page);
      await anna.page.keyboard.press('Escape');
      await accept(anna.page, 'Cora');
      await say(carol.page, 'Hello '.repeat(60));
      await carol.page.getByRole('button', { name: 'Share the screen' }).click();
      await anna.page.getByText('Browser to browser').waitFor();
      await look('room', anna.page);
      await look('room of the customer', carol.page);
      await carol.page.getByRole('button', { name: 'End session' }).click();
      await carol.page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
      await carol.page.getByText('You ended it.').waitFor();
      await look('end of the customer', carol.page);
      await look('end', anna.page);
      expect(found).toEqual([]);
    });
  },
);
