import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = 'seven quiet otters read maps';
const waitMs = 60_000;
const main = join(import.meta.dirname, '../src/main.ts');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Serious and critical faults that axe sees on the page once nothing on it fades or moves any more. */
const seriousFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(`Promise.all(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => undefined)))`);
  await page.evaluate(axe);
  const violations = await page.evaluate<Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations)',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${new URL(page.url()).pathname}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
};

describe('the main way of a newcomer', { timeout: 180_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'));
  chmodSync(home, 0o711);
  const lab = (name: string) => readFileSync(join(home, 'lab', name), 'utf8').trim();
  let up: RunningUp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const broken: string[] = [];

  beforeAll(async () => {
    up = await startUp(['--home', home, '--port', '0', '--only', 'insights']);
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
        broken.push(message.text());
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await up?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** As a person would on a server of the domain, with the answers as variables. Answers with what it printed. */
  const installCollector = async (key: string, folder = 'head-office'): Promise<string> => {
    const { ports, authority } = JSON.parse(lab('domain.json'));
    const installing = promisify(execFile)(
      process.execPath,
      [main, 'collector', 'install', '--no-service', '--accept-missing', '--home', join(home, folder)],
      {
        env: {
          ...process.env,
          ...{ GATEHOUSE_COLLECTOR_SERVER: up.url, GATEHOUSE_COLLECTOR_KEY: key },
          ...{ GATEHOUSE_COLLECTOR_SOURCE: 'active-directory', GATEHOUSE_COLLECTOR_PASSWORD: 'sample-organisation' },
          GATEHOUSE_COLLECTOR_CONTROLLERS: `ldaps://127.0.0.1:${ports.ldaps}`,
          GATEHOUSE_COLLECTOR_BIND_NAME: 'MERIDIAN\\gatehouse',
          GATEHOUSE_COLLECTOR_CERTIFICATE_AUTHORITIES: authority,
          GATEHOUSE_COLLECTOR_SYSVOL: join(home, 'lab/sysvol/meridianfreight.example'),
          ...{
            GATEHOUSE_COLLECTOR_EVENT_FOLDER: join(home, 'lab/events'),
            GATEHOUSE_COLLECTOR_EVENT_FOLDER_KEEPS: 'true',
          },
        },
      },
    );
    installing.child.stdin?.end();
    const { stdout } = await installing;
    return stdout;
  };

  test('the link makes the first administrator, once', async () => {
    await page.goto(up.link ?? '');
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@meridianfreight.example');
    await page.getByLabel('Password', { exact: false }).first().fill(password);
    await page.getByLabel('Password again').fill(password);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.waitForURL(`${new URL(page.url()).origin}/`);

    const stranger = await browser.newPage();
    await stranger.goto(up.link ?? '');
    await stranger.getByText('This link does not work any more').waitFor();
    await stranger.close();
  });

  test('a wrong password is refused and the right one signs in', async () => {
    const other = await browser.newContext();
    const signIn = await other.newPage();
    await signIn.goto(`${up.url}/sign-in`);
    await signIn.getByLabel('E-mail').fill('ada@meridianfreight.example');
    await signIn.locator('input[type=password]').fill('not the password');
    await signIn.getByRole('button', { name: 'Sign in', exact: true }).click();
    await signIn.getByRole('alert').first().waitFor();
    expect(await seriousFaults(signIn)).toEqual([]);
    await signIn.locator('input[type=password]').fill(password);
    await signIn.getByRole('button', { name: 'Sign in', exact: true }).click();
    await signIn.waitForURL(`${up.url}/`);
    await other.close();
  });

  test('a new tenant is made and says what to do first', async () => {
    await page
      .getByRole('button', { name: /new tenant|add tenant|create tenant/i })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Harbour Works');
    await dialog.getByRole('button', { name: /create|add/i }).click();
    await page.waitForURL(/\/tenants\/[0-9a-f-]+$/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('Okta is connected by the wizard: wrong values are named, right ones tested, then created', async () => {
    await page.getByRole('link', { name: 'Connectors' }).first().click();
    await page
      .getByRole('tab', { name: /available/i })
      .or(page.getByRole('link', { name: /available/i }))
      .first()
      .click();
    await page
      .getByRole('button', { name: 'Create connector: Okta' })
      .or(page.getByRole('link', { name: 'Create connector: Okta' }))
      .click();
    await page.getByRole('textbox', { name: 'Connector name' }).fill('Okta production');
    await page.getByRole('textbox', { name: 'Okta domain' }).fill(`127.0.0.1:${lab('okta.port')}`);
    await page.getByRole('textbox', { name: 'Okta domain' }).fill(`http://127.0.0.1:${lab('okta.port')}`);
    await page.getByRole('textbox', { name: 'Client ID' }).fill('0oagatehouse0000001');
    await page.getByRole('textbox', { name: 'Private key' }).fill('this is not a key');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('does not hold a private key').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Private key' }).fill(lab('okta.pem'));
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByRole('list', { name: 'What can be read' }).waitFor();
    await page.getByRole('button', { name: 'Create connector' }).click();
    await page.waitForURL(/\/connections\/[0-9a-f-]{36}$/);
  });

  test('the first run is watched until everything is read', async () => {
    await page.getByRole('link', { name: 'Users', exact: true }).waitFor();
    await page.getByText('Connected', { exact: true }).first().waitFor({ timeout: 120_000 });
    expect(await seriousFaults(page)).toEqual([]);
    const text = await page.locator('main').textContent();
    expect(text).toMatch(/Users/);
    expect(text).not.toContain('BEGIN PRIVATE KEY');
  });

  test('the secret is never sent back', async () => {
    await page.goto(`${page.url()}/settings`);
    await page.getByText(/set/i).first().waitFor();
    expect(await page.content()).not.toContain(lab('okta.pem').split('\n')[1]);
  });

  test('the inventory is searched, sorted and opened by keyboard alone', async () => {
    await page.getByRole('link', { name: 'Accounts' }).first().click();
    await page.getByRole('table').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('adm-');
    await page.waitForURL(/search=adm-/);
    await expect
      .poll(async () => (await page.locator('tbody').textContent())?.toLowerCase(), { timeout: waitMs })
      .toContain('adm-');
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('tbody a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/record\?/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('a recommendation leads to a finding with evidence, and its risk is accepted with owner, reason and expiry', async () => {
    await page.getByRole('link', { name: 'Recommendations' }).first().click();
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'API token of a super administrator' }).click();
    await page.getByRole('table').locator('tbody a[href*="/findings/"]').first().click();
    await page.waitForURL(/\/findings\/[0-9a-f-]{36}/);
    await page.getByRole('table', { name: 'Evidence' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Accept the risk…' }).click();
    const dialog = page.getByRole('dialog');
    // Without a reason nothing is sent: the field asks for it.
    await dialog.getByRole('button', { name: 'Accept the risk', exact: true }).click();
    expect(await dialog.getByRole('textbox', { name: 'Reason' }).evaluate((field) => field.matches(':invalid'))).toBe(
      true,
    );
    await dialog.getByRole('textbox', { name: 'Owner' }).fill('Ada Lovelace');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Replaced by a service app next quarter.');
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Accept the risk', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Accepted', { exact: false }).first().waitFor();
  });

  test('a collector is added with a key, installed where the domain is, and shows what it reads', async () => {
    await page.getByRole('link', { name: 'Connectors' }).first().click();
    await page
      .getByRole('tab', { name: /available/i })
      .or(page.getByRole('link', { name: /available/i }))
      .first()
      .click();
    await page
      .getByRole('button', { name: 'Create connector: Insights Collector' })
      .or(page.getByRole('link', { name: 'Create connector: Insights Collector' }))
      .click();
    await page.getByRole('textbox', { name: 'Connector name' }).fill('Head office');
    await page.getByRole('button', { name: 'Create connector' }).click();
    await page.getByText('Pending Agent Registration').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const key = await page.getByRole('textbox', { name: 'Installation key' }).inputValue();
    const installed = await installCollector(key);
    expect(installed).toContain('Registered as "Head office", to read meridianfreight.example.');
    expect(installed).not.toContain(key);
    const again = await installCollector(key, 'second').catch((error: unknown) => String(error));
    expect(again).toMatch(/key/i);
    const child = spawn(process.execPath, [main, 'collector', 'run', '--home', join(home, 'head-office')], {
      stdio: 'ignore',
    });
    try {
      await page.getByText('meridianfreight.example').first().waitFor({ timeout: 120_000 });
      await page.getByText('Connected', { exact: true }).first().waitFor({ timeout: 120_000 });
      await page.getByRole('link', { name: 'See how it goes' }).click();
      // The registry comes last, and no collector on Linux can read it.
      await page.getByText('Not available here', { exact: true }).first().waitFor({ timeout: 120_000 });
      await page.getByText('Connected', { exact: true }).first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole('link', { name: 'Accounts' }).first().click();
      await page.keyboard.press('/');
      await page.keyboard.type('krbtgt');
      await expect.poll(() => page.locator('tbody').textContent(), { timeout: waitMs }).toContain('MERIDIAN\\krbtgt');
      await page.getByRole('link', { name: 'Recommendations' }).first().click();
      const rule = page.getByRole('link', { name: 'Requesters choose whose certificate they get (ESC1)' });
      await rule.click();
      const finding = page.getByRole('table').locator('tbody a[href*="/findings/"]').first();
      await expect
        .poll(
          async () => {
            if (await finding.isVisible()) return true;
            await page.reload();
            await page.getByRole('heading', { level: 1 }).waitFor();
            return await finding.isVisible();
          },
          { timeout: 120_000, interval: 3_000 },
        )
        .toBe(true);
      await finding.click();
      const evidence = await page.getByRole('table', { name: 'Evidence' }).textContent();
      expect(evidence).toContain('Help Desk');
      expect(evidence).toContain('Meridian CA on ca1.meridianfreight.example');
      await page.getByRole('link', { name: 'Connectors' }).first().click();
      const row = page.getByRole('row').filter({ hasText: 'Head office' });
      await row.getByText('Connected', { exact: true }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  test('nothing on the way threw or was stopped by the content security policy', () => {
    expect(broken).toEqual([]);
  });
});
