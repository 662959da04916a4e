import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const password = 'seven quiet otters read maps';

/** Something to send webhooks to, and a program for the Apps menu. */
const startReceiver = async () => {
  const received: { readonly type: string; readonly signature: string }[] = [];
  let status = 204;
  const server = createServer(async (request, answer) => {
    const body = await text(request);
    const signature = request.headers['webhook-signature'];
    if (request.method === 'POST') received.push({ type: JSON.parse(body).type, signature: String(signature) });
    answer.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    received,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
    answerWith: (next: number) => {
      status = next;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};

describe('what an administrator sets up', { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-administration-'));
  chmodSync(home, 0o711);
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let up: RunningUp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let tenant: string;

  beforeAll(async () => {
    receiver = await startReceiver();
    up = await startUp(['--home', home, '--port', '0', '--only', 'insights', '--no-lab'], {
      GATEHOUSE_PRIVATE_WEBHOOKS: 'true',
      GATEHOUSE_APPS: JSON.stringify([{ id: 'safe', name: 'Password Safe', url: receiver.url }]),
    });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(up.link ?? '');
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@meridianfreight.example');
    await page.getByLabel('Password').first().fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.waitForURL(`${up.url}/`);
    await page.getByRole('button', { name: 'New tenant' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('Harbour Works');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /create|add/i })
      .click();
    await page.waitForURL(/\/tenants\/[0-9a-f-]+$/);
    tenant = page.url();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await up?.stop();
    await receiver?.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('the Apps menu leads to a program that answers, and is away while none does', async () => {
    // It is looked at soon after the start, not at it.
    await expect
      .poll(async () => (await page.request.get(`${up.url}/api/apps`)).json(), { timeout: 30_000 })
      .toMatchObject({ items: [{ name: 'Password Safe' }] });
    await page.reload();
    await page.getByRole('button', { name: 'Apps' }).click();
    const app = page.getByRole('menuitem', { name: 'Password Safe' });
    expect(await app.getAttribute('href')).toBe(receiver.url);
    await page.keyboard.press('Escape');
    await page.route('**/api/apps', (route) => route.fulfill({ json: { items: [] } }));
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'Apps' }).count()).toBe(0);
    await page.unroute('**/api/apps');
  });

  test('a webhook says what is wrong with its address, shows its secret once, and lists what came of every test', async () => {
    await page.goto(`${tenant}/webhooks`);
    await page.getByRole('button', { name: 'New webhook' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Alarm bell');
    await dialog.getByLabel('Address').fill('http://');
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await dialog.getByText('Enter an address that starts with https://').waitFor();
    await dialog.getByLabel('Address').fill(`${receiver.url}hook`);
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await dialog.getByText('Copy the secret now').waitFor();
    const secret = await dialog.getByRole('textbox', { name: 'Signing secret' }).inputValue();
    expect(secret).toMatch(/^whsec_/);
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('link', { name: 'Alarm bell' }).click();
    const send = page.getByRole('button', { name: 'Send a test' });
    const rows = page.getByRole('table', { name: 'Deliveries' }).locator('tbody tr');
    await send.click();
    await rows.filter({ hasText: 'Delivered' }).waitFor();
    expect(receiver.received).toEqual([{ type: 'test', signature: expect.stringMatching(/^v1,/) }]);
    receiver.answerWith(500);
    await send.click();
    await rows.filter({ hasText: 'Failed' }).waitFor();
    receiver.answerWith(204);
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/A test\s+Failed\s+500\s+1\s+The receiver/),
      expect.stringMatching(/A test\s+Delivered\s+204/),
    ]);
    expect(await page.content()).not.toContain(secret);
  });

  test('how long events are kept is set, refused beyond its bounds, and never taken from an emptied field', async () => {
    await page.goto(`${tenant}/settings`);
    const days = page.getByLabel('Days that events are kept');
    const save = page.getByRole('button', { name: 'Save settings' });
    await days.fill('400');
    await save.click();
    await page.getByText('Settings saved.').waitFor();
    await page.reload();
    await expect.poll(() => days.inputValue()).toBe('400');

    await days.fill('99999');
    await save.click();
    await page.getByText('Enter 0 to 3,650 days.').waitFor();
    await days.fill('');
    await save.click();
    expect(await days.evaluate((field) => field.matches(':invalid'))).toBe(true);
    await page.reload();
    await expect.poll(() => days.inputValue()).toBe('400');
  });

  test('a passkey is added, signs in without a password, and signs in no more once it is deleted', async () => {
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    const signOut = async () => {
      await page.getByRole('button', { name: /account of Ada Lovelace/ }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.waitForURL(/\/sign-in/);
    };
    const withPasskey = page.getByRole('button', { name: 'Sign in with a passkey' });

    await page.goto(`${up.url}/person`);
    await page.getByLabel('Name of a new passkey').fill('Work laptop');
    await page.getByRole('button', { name: 'Add passkey' }).click();
    const remove = page.getByRole('button', { name: 'Delete the passkey Work laptop' });
    await remove.waitFor();
    await page.getByLabel('Name of a new passkey').fill('The same one');
    await page.getByRole('button', { name: 'Add passkey' }).click();
    await page.getByText('This device has a passkey for you already').waitFor();

    await signOut();
    await withPasskey.click();
    await page.waitForURL(`${up.url}/`);

    await page.goto(`${up.url}/person`);
    await remove.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete passkey' }).click();
    await remove.waitFor({ state: 'detached' });
    await signOut();
    await withPasskey.click();
    await page.getByText('This passkey is not known here.').waitFor();
  });
});
