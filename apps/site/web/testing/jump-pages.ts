import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, testPassword } from '@gatehouse/server/testing';
import { buildPages } from '@gatehouse/ui/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '../../../../test/servers/chromium/browser.ts';
import { type Desk, openDesk, type Representative } from '../../src/support/testing/desk.ts';
import { type JumpClientProgram, pinned } from '../../src/testing/jump-client-program.ts';
import type { SiteUser } from '../../src/testing/test-site.ts';

export interface SignedIn {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser had to say. */
  readonly complaints: readonly string[];
}

/** A site with its pages, a machine that is pinned to it, and a representative who reaches it. */
export interface JumpPages {
  readonly desk: Desk;
  readonly browser: Browser;
  readonly client: JumpClientProgram & { readonly id: number };
  readonly admin: SiteUser;
  readonly rex: Representative;
  /** Somebody else who reaches it. */
  helper(): Promise<Representative>;
  /** Folder of the machine; `read-me.txt` is in it. */
  readonly files: string;
  /** Resolves once the page has this heading. */
  signIn(
    who: SiteUser,
    path: string,
    options?: BrowserContextOptions & { readonly heading?: string },
  ): Promise<SignedIn>;
  /** The page of a customer who came with a key, in a session that Rex took. */
  customer(options?: BrowserContextOptions): Promise<{ context: BrowserContext; carol: Page; lsid: string }>;
  close(): Promise<void>;
}

export const startJumpPages = async (options: Parameters<typeof openDesk>[0] = {}): Promise<JumpPages> => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-jump-pages-'));
  const files = await mkdtemp(join(tmpdir(), 'gatehouse-jump-files-'));
  await writeFile(join(files, 'read-me.txt'), 'Hello from the machine');
  const dist = join(folder, 'dist');
  await buildPages(join(import.meta.dirname, '..'), dist);
  const desk = await openDesk({ pages: dist, jumpPace: { roundMs: 200 }, ...options });
  const group = (await ok(desk.operator.post('/api/jump-groups', { name: 'Front office' }))).body.id;
  const client = await pinned(
    desk,
    { name: 'Reception', tag: 'lobby', comments: 'Behind the counter', jump_group_id: group },
    ...['--files-folder', files],
  );
  const admin = await desk.person({ systemAdministrator: true });
  const helper = async (): Promise<Representative> => {
    const user = await desk.representative({
      ...{ perm_support_allowed: true, perm_jump_client: true, perm_end_support_sessions: true },
      perm_accept_general_sessions: true,
    });
    await ok(desk.operator.post(`/api/jump-groups/${group}/users`, { user_id: user.userId, jump_item_role_id: 2 }));
    return user;
  };
  const rex = await helper();
  const browser = await openBrowser();
  return {
    ...{ desk, browser, client, admin, rex, helper, files },
    async signIn(who, path, { heading = 'Jump Clients', ...look } = {}) {
      const context = await browser.newContext({
        ...{ reducedMotion: 'reduce', acceptDownloads: true, bypassCSP: true, ...look },
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(`${desk.url}${path}`);
      await page.getByLabel('E-mail').fill(who.email);
      await page.locator('input[type=password]').fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      return { context, page, complaints };
    },
    async customer(look = {}) {
      const { key } = await desk.key();
      const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, ...look });
      const carol = await context.newPage();
      await carol.goto(desk.url);
      await carol.getByLabel('Session key').fill(key);
      await carol.getByRole('button', { name: 'Continue' }).click();
      await carol.getByLabel('Your name').fill('Carol');
      await carol.getByLabel('I agree').check();
      await carol.getByRole('button', { name: 'Start the session' }).click();
      await carol.getByText('Waiting for a representative').waitFor();
      const { lsid } = (await ok(rex.get('/api/support/sessions'))).body.items[0];
      await ok(rex.post(`/api/support/sessions/${lsid}/join`, {}));
      return { context, carol, lsid };
    },
    async close() {
      await browser.close();
      await client.close();
      await desk.close();
      for (const one of [folder, files]) await rm(one, { recursive: true, force: true });
    },
  };
};
