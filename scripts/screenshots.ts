// `npm run screenshots`: every page of the sample organisation, light and dark, into docs/screenshots.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startUp } from '../apps/gatehouse/src/testing/running.ts';
import { openBrowser } from '../test/servers/chromium/browser.ts';
import { root } from './checks/tree.ts';

const folder = join(root, 'docs/screenshots');
const only = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'gatehouse-screenshots-'));
mkdirSync(folder, { recursive: true });

const up = await startUp(['--home', home, '--port', '0', '--only', 'insights']);
const browser = await openBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 });
  const page = await context.newPage();
  const api = async <T>(path: string): Promise<T> => (await (await page.request.get(`${up.url}${path}`)).json()) as T;

  await page.goto(up.link ?? up.url);
  await page.getByLabel('Your name').waitFor();
  await shoot(page, 'welcome', () => Promise.resolve());
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill('ada@meridianfreight.example');
  await page.getByLabel('Password').first().fill('seven quiet otters read maps');
  await page.getByLabel('Password again').fill('seven quiet otters read maps');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.waitForURL('**/');
  await page.waitForLoadState('networkidle').catch(() => undefined);

  const [tenant] = await api<{ tenantId: string }[]>('/api/tenants');
  const of = `/tenants/${tenant?.tenantId}`;
  const connections = await api<{ connectionId: string; connector: string }[]>(`/api${of}/connections`);
  const connected = (name: string) => connections.find(({ connector }) => connector === name);
  const okta = connected('okta');
  const collector = connected('insights-collector');
  // Everything read and evaluated, so that the pages show what a person sees after two minutes.
  for (const connection of [okta, connected('github'), collector])
    for (;;) {
      const runs = await api<{ items: { state: string }[] }>(`/api${of}/connections/${connection?.connectionId}/runs`);
      if (runs.items[0] !== undefined && !['queued', 'running'].includes(runs.items[0].state)) break;
      if (connection === okta)
        await shoot(page, 'connection-running', () => page.goto(`${up.url}${of}/connections/${okta?.connectionId}`));
      await page.waitForTimeout(1_000);
    }
  interface Listed {
    items: { id: string; _connection: string; _stream: string; findingId: string; ruleId: string }[];
  }
  const [account] = (await api<Listed>(`/api${of}/inventory/accounts?filter=truePrivilege:eq:highest&limit=1`)).items;
  const [identity] = (
    await api<Listed>(`/api${of}/inventory/identities?filter=connections:gt:1&sort=-privilege&limit=1`)
  ).items;
  const [finding] = (await api<Listed>(`/api${of}/findings?limit=1`)).items;
  const ruleOf = (words: string) => api<Listed>(`/api${of}/findings?search=${encodeURIComponent(words)}&limit=1`);
  const [certificate] = (await ruleOf('(ESC1)')).items;
  const [krbtgt] = (await api<Listed>(`/api${of}/inventory/accounts?search=krbtgt&limit=1`)).items;
  const [template] = (await api<Listed>(`/api${of}/inventory/resources?search=Meridian%20VPN&limit=1`)).items;
  const [group] = (await api<Listed>(`/api${of}/inventory/groups?search=Administrators&limit=1`)).items;
  const record = (kind: string, at: Listed['items'][number] | undefined) =>
    `${of}/inventory/${kind}/record?connection=${at?._connection}&stream=${at?._stream}&id=${encodeURIComponent(at?.id ?? '')}`;

  const shots: Record<string, string> = {
    home: '/',
    dashboard: of,
    'connectors-configured': `${of}/connections`,
    'connectors-available': `${of}/connections/available`,
    'wizard-okta': `${of}/connections/new/okta`,
    'wizard-github': `${of}/connections/new/github`,
    'wizard-collector': `${of}/connections/new/insights-collector`,
    collector: `${of}/connections/${collector?.connectionId}`,
    'collector-settings': `${of}/connections/${collector?.connectionId}/settings`,
    connection: `${of}/connections/${okta?.connectionId}`,
    'connection-settings': `${of}/connections/${okta?.connectionId}/settings`,
    'connection-activity': `${of}/connections/${okta?.connectionId}/activity`,
    identities: `${of}/inventory/identities`,
    identity: `${of}/identities/${identity?.id}`,
    accounts: `${of}/inventory/accounts?filter=truePrivilege%3Ain%3Ahigh%7Chighest`,
    account: record('accounts', account),
    'directory-account': record('accounts', krbtgt),
    'certificate-template': record('resources', template),
    groups: `${of}/inventory/groups`,
    group: record('groups', group),
    roles: `${of}/inventory/roles`,
    grants: `${of}/inventory/grants`,
    resources: `${of}/inventory/resources`,
    secrets: `${of}/inventory/credentials`,
    events: `${of}/inventory/events`,
    policies: `${of}/inventory/policies`,
    recommendations: `${of}/recommendations`,
    recommendation: `${of}/recommendations/${finding?.ruleId}`,
    findings: `${of}/findings`,
    finding: `${of}/findings/${finding?.findingId}`,
    'certificate-finding': `${of}/findings/${certificate?.findingId}`,
    settings: `${of}/settings`,
    people: `${of}/people`,
    webhooks: `${of}/webhooks`,
    audit: `${of}/audit`,
    person: '/person',
    'not-found': `${of}/nothing-here`,
  };
  for (const [name, path] of Object.entries(shots))
    if (only.length === 0 || only.includes(name)) await shoot(page, name, () => page.goto(`${up.url}${path}`));
  if (only.length === 0 || only.includes('sign-in')) {
    await context.clearCookies();
    await shoot(page, 'sign-in', () => page.goto(`${up.url}/sign-in`));
  }
} finally {
  await browser.close();
  await up.stop();
  rmSync(home, { recursive: true, force: true });
}

/** One page, light and dark. */
async function shoot(page: Page, name: string, open: () => Promise<unknown>) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open();
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}-${scheme}.png`) });
  }
  console.log(name);
}
