import { pageFaults, showPage } from '@gatehouse/ui/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsolePages, noBrowser, startConsolePages } from './testing/console-pages.ts';

describe.skipIf(noBrowser !== '')(`console of the site${noBrowser}`, { timeout: 300_000 }, () => {
  let pages: ConsolePages;
  beforeAll(async () => {
    pages = await startConsolePages();
  }, 300_000);
  afterAll(() => pages?.close());

  const signIn: ConsolePages['signIn'] = (...how) => pages.signIn(...how);
  const visit: ConsolePages['visit'] = (...where) => pages.visit(...where);
  const row = (page: Page, name: string) => page.getByRole('list', { name: 'Endpoints' }).getByRole('link', { name });
  /** Opens a session with web-1 and waits for its prompt. */
  const openShell = async (page: Page) => {
    await visit(page, '/console/shell-jump/1');
    await page.getByLabel('Reason').fill('Certificate runs out');
    await page.getByRole('button', { name: 'Open as ada' }).click();
    await terminal(page).getByText('Welcome to web-1').waitFor();
  };
  const terminal = (page: Page) => page.locator('[data-terminal] .xterm-rows');

  test('axe finds no serious fault on any page, light or dark, and none is too wide', async () => {
    const { context, page, fake } = await signIn('administrator', { bypassCSP: true });
    const [over, failed] = fake.sessions;
    await openShell(page);
    const live = page.url().split('/').at(-1);
    const found: string[] = [];
    const addresses = {
      ...{
        list: '/console',
        item: '/console/shell-jump/1',
        join: '/console/shell-jump/8',
        wait: '/console/remote-rdp/5',
        'item to approve': '/console/shell-jump/2',
      },
      ...{ 'no account': '/console/shell-jump/3', 'no ECM': '/console/shell-jump/7' },
      ...{ obstacle: '/console/remote-rdp/6', 'own sessions': '/console/sessions', approvals: '/console/approvals' },
      ...{ live: `/console/sessions/${live}`, over: `/console/sessions/${over?.id}` },
      ...{ failed: `/console/sessions/${failed?.id}`, replay: `/console/sessions/${over?.id}/replay` },
      ...{
        'all sessions': '/login/sessions',
        detail: `/login/sessions/${over?.id}`,
        watch: `/login/sessions/${live}`,
      },
      ...{ rules: '/login/session-policies/1', 'host keys': '/login/host-keys' },
    };
    for (const [name, address] of Object.entries(addresses)) {
      await showPage(page, address);
      if (name === 'live') await terminal(page).getByText('Welcome').waitFor();
      if (name === 'replay') await page.locator('.ap-player').waitFor();
      found.push(...(await pageFaults(page)).map((fault) => `${name}, ${fault}`));
    }
    expect(found).toEqual([]);
    await context.close();
  });

  test('who administers nothing lands in the console, and sees nothing of the administration', async () => {
    const { context, page, complaints } = await signIn();
    expect(new URL(page.url()).pathname).toBe('/console');
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    await visit(page, '/login');
    expect(new URL(page.url()).pathname).toBe('/console');
    await visit(page, '/login/users');
    await page.getByRole('heading', { name: 'You do not administer this site' }).waitFor();
    await page.getByRole('link', { name: 'To the console' }).click();
    await row(page, 'web-1').waitFor();
    const administrator = await signIn('administrator');
    await administrator.page.getByRole('link', { name: 'Console' }).click();
    await administrator.page.getByRole('link', { name: 'Administration' }).click();
    await administrator.page.getByRole('heading', { name: 'Information' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
    await administrator.context.close();
  });

  test('an endpoint is found and opened with the keyboard alone', async () => {
    const { context, page } = await signIn();
    await row(page, 'web-1').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('acme');
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('acme');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'db-1' }).waitFor();
    await context.close();
  });

  test('searching narrows the list, a star puts an endpoint first, and what cannot be opened says why', async () => {
    const { context, page, fake } = await signIn();
    const list = page.getByRole('list', { name: 'Endpoints' }).getByRole('listitem');
    await expect.poll(() => list.count()).toBe(8);
    expect(await row(page, 'hr-1').count()).toBe(0);
    await list.filter({ hasText: 'hr-1' }).getByText('Not at this time').waitFor();
    await page.getByRole('button', { name: 'Favourite: desk-7' }).click();
    await expect.poll(() => list.nth(1).textContent()).toContain('desk-7');
    expect(fake.asked).toContain('PUT /api/console/favourites/remote-vnc/4 {"isFavourite":true}');
    await page.getByText('Favourites', { exact: true }).click();
    await expect.poll(() => list.count()).toBe(2);
    await page.getByText('All', { exact: true }).click();
    await page.getByRole('searchbox').fill('storage');
    await expect.poll(() => list.count()).toBe(1);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByRole('heading', { name: 'No endpoint matches' }).waitFor();
    await context.close();
  });

  test('a session begins with one click once the reason is given, and the reason is remembered', async () => {
    const { context, page, fake } = await signIn();
    await visit(page, '/console/shell-jump/1');
    await page.getByRole('button', { name: 'Open as ada' }).click();
    await page.getByText('Say why you need this session.').waitFor();
    expect(await page.getByLabel('Reason').evaluate((field) => field === document.activeElement)).toBe(true);
    expect(fake.asked.filter((one) => one.includes('/sessions'))).toEqual([]);
    await page.keyboard.type('Certificate runs out');
    await page.getByRole('button', { name: 'Open as ada' }).click();
    await page.getByRole('heading', { name: 'ada @ web-1' }).waitFor();
    expect(JSON.parse(fake.asked.at(0)?.split(' ').slice(2).join(' ') ?? '')).toEqual({
      item: { type: 'shell-jump', id: 1 },
      credential: { from: 'vault', id: 'c1' },
      ...{ reason: 'Certificate runs out', ticket: '', code: '' },
    });
    await page.getByRole('link', { name: /Back to the console/ }).click();
    await row(page, 'web-1').click();
    expect(await page.getByLabel('Reason').inputValue()).toBe('Certificate runs out');
    await context.close();
  });

  test('an approval is asked for with a reason and a ticket, and the page notices the answer; a wrong code is named', async () => {
    const { context, page, fake } = await signIn();
    await visit(page, '/console/shell-jump/2');
    expect(await page.getByRole('button', { name: 'Open as ada' }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Code').count()).toBe(0);
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await page.getByText('Enter the number of the ticket.').waitFor();
    await page.getByLabel('Reason').fill('Slow queries');
    await page.getByLabel('Ticket').fill('INC-7');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await page.getByText('The database team has been asked').waitFor();
    fake.approve();
    await page.getByText('Approved', { exact: true }).waitFor({ timeout: 20_000 });
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Open as ada' }).click();
    await page.getByText('This code is not right.').waitFor();
    await page.getByLabel('Code').fill('123456');
    await page.getByRole('button', { name: 'Open as ada' }).click();
    await page.getByRole('heading', { name: 'ada @ db-1' }).waitFor();
    await context.close();
  });

  test('without an ECM the page says so at once, and one can use a password of one’s own', async () => {
    const { context, page, fake } = await signIn();
    await visit(page, '/console/shell-jump/7');
    await page.getByText('No ECM is connected').waitFor({ timeout: 5_000 });
    await page.getByRole('button', { name: 'Ask again' }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill('of my own');
    await page.getByRole('button', { name: 'Open session' }).click();
    await page.getByRole('heading', { name: 'backup-1' }).waitFor();
    expect(fake.asked[0]).toContain('"credential":{"from":"person","username":"bea","password":"of my own"}');
    await context.close();
  });

  test('what is typed goes to the endpoint, what it answers is shown, and its size follows the window', async () => {
    const { context, page, fake, complaints } = await signIn();
    await openShell(page);
    await page.keyboard.type('uptime');
    await expect.poll(() => fake.typed()).toBe('uptime');
    await terminal(page).getByText('uptime').waitFor();
    const sizes = () => fake.asked.filter((one) => one.includes('resize'));
    await expect.poll(() => sizes().length).toBeGreaterThan(0);
    const before = sizes().at(-1);
    await page.setViewportSize({ width: 700, height: 500 });
    await expect.poll(() => sizes().at(-1)).not.toBe(before);
    // Four megabytes at once are all drawn, in order.
    fake.show('x'.repeat(99).concat('\r\n').repeat(40_000).concat('the last line'));
    await terminal(page).getByText('the last line').waitFor({ timeout: 60_000 });
    // Styles of the terminal are let in by the policy, nothing else is complained of.
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a line that breaks comes back by itself, and so does a page that is loaded again', async () => {
    const { context, page, fake } = await signIn();
    await openShell(page);
    await fake.cut();
    await page.getByText('The connection to the site was lost').waitFor({ state: 'detached', timeout: 20_000 });
    await page.keyboard.type('after');
    await expect.poll(() => fake.typed()).toContain('after');
    // A network that swallows everything closes nothing: the page misses what the site said that it would send.
    const opened = () => fake.asked.filter((one) => one === 'socket opened').length;
    const before = opened();
    fake.tell({ type: 'beat', nextMs: -14_500 });
    await expect.poll(opened).toBe(before + 1);
    await page.reload();
    await terminal(page).getByText('Welcome to web-1').waitFor();
    fake.tell({ type: 'taken' });
    await page.getByRole('button', { name: 'Take it back' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Take it back' }).count()).toBe(0);
    await context.close();
  });

  test('the page warns before an idle session ends, and staying is one click; who watches is named', async () => {
    const { context, page, fake } = await signIn();
    await openShell(page);
    fake.tell({ type: 'idle', endsInSeconds: 60 });
    fake.tell({ type: 'watched', by: ['Cleo Moreau'] });
    await page.getByText('Watched by Cleo Moreau').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await expect.poll(() => fake.asked).toContain('socket {"type":"stay"}');
    expect(await page.getByRole('button', { name: 'Stay' }).count()).toBe(0);
    await context.close();
  });

  test('a session that ends says why, and leads to its recording and back', async () => {
    const { context, page } = await signIn();
    await openShell(page);
    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    await page.getByRole('heading', { name: 'You ended the session' }).waitFor();
    await page.getByRole('link', { name: 'Watch the recording' }).click();
    await page.locator('.ap-player').waitFor();
    await visit(page, '/console/sessions');
    await page
      .getByRole('row', { name: /dc-1.*Failed/ })
      .getByRole('link')
      .click();
    await page.getByText('dc-1.acme.example does not answer on port 3389').waitFor();
    await page.getByRole('link', { name: 'Open again' }).click();
    await page.getByRole('heading', { name: 'dc-1' }).waitFor();
    await context.close();
  });

  test('a session of a colleague is joined in the size that it has, and left without ending it; one at a time is one at a time', async () => {
    const { context, page, fake } = await signIn();
    await visit(page, '/console/shell-jump/8');
    expect(await page.getByRole('button', { name: /^Open/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Join Ada Byron' }).click();
    await page.getByText('Session of Ada Byron').waitFor();
    await terminal(page).getByText('Welcome to web-1').waitFor();
    fake.tell({ type: 'joined', by: ['Ada Keller', 'Cleo Moreau'] });
    await page.getByText('Session of Ada Byron, with Cleo Moreau').waitFor();
    const rows = () => terminal(page).locator('> div').count();
    await expect.poll(rows).toBe(30);
    fake.tell({ type: 'size', columns: 80, rows: 12 });
    await expect.poll(rows).toBe(12);
    await page.setViewportSize({ width: 700, height: 500 });
    await page.keyboard.type('ls');
    await expect.poll(() => fake.typed()).toBe('ls');
    expect(fake.asked.filter((one) => one.includes('resize'))).toEqual([]);
    expect(await page.getByRole('button', { name: 'Files' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'End session' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'You are in the session of Ada Byron no longer' }).waitFor();
    expect(fake.asked.some((one) => one.endsWith('/end {}'))).toBe(false);
    await visit(page, '/console/remote-rdp/5');
    await page.getByText('Its policy allows one person at a time.').waitFor();
    expect(await page.getByRole('button', { name: /^Open/ }).count()).toBe(0);
    await context.close();
  });

  test('an administrator keeps a session with a reason, and sees who does', async () => {
    const { context, page, fake } = await signIn('administrator');
    await visit(page, `/login/sessions/${fake.sessions[0]?.id}`);
    await page.getByRole('button', { name: 'Keep this session' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Case 12');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
    await page.getByText('Grace keeps this session').waitFor();
    await page.getByText('Case 12').waitFor();
    await page.getByRole('button', { name: 'Keep it no longer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep no longer' }).click();
    await page.getByRole('button', { name: 'Keep this session' }).waitFor();
    expect(fake.asked.map((one) => one.replace(/[0-9a-f-]{36}/, 'id'))).toEqual([
      ...['PUT /api/sessions/id/hold {"reason":"Case 12"}', 'DELETE /api/sessions/id/hold'],
    ]);
    await context.close();
  });

  test('files are listed, sent, asked about before they are replaced or deleted, and a refusal is shown', async () => {
    const { context, page, fake } = await signIn();
    await openShell(page);
    await page.getByRole('button', { name: 'Files' }).click();
    const files = page.getByRole('list', { name: 'Files' });
    await files.getByText('notes.txt').waitFor();
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('hello') });
    const chooser = page.locator('input[type=file]');
    await chooser.setInputFiles(file('new.txt'));
    await expect.poll(() => fake.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(1);
    await chooser.setInputFiles(file('notes.txt'));
    await page.getByText('There is a file of this name already').waitFor();
    await page.getByRole('button', { name: 'Replace' }).click();
    await expect.poll(() => fake.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(2);
    await chooser.setInputFiles(file('full.bin'));
    await page.getByText('There is no room left on web-1.').waitFor();
    await page.getByRole('button', { name: 'What to do with notes.txt' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page
      .getByRole('dialog', { name: /Delete/ })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect.poll(() => fake.asked.filter((one) => one.startsWith('DELETE'))).toHaveLength(1);
    await files.getByRole('button', { name: 'logs', exact: true }).click();
    await page.getByRole('heading', { name: 'This folder is empty' }).waitFor();
    await page.getByRole('button', { name: 'ada', exact: true }).click();
    await files.getByText('notes.txt').waitFor();
    const id = page.url().split('/').at(-1) ?? '';
    fake.change(id, { rules: { upload: false, download: false, clipboard: false, idleMinutes: null } });
    await page.getByRole('heading', { name: 'Files may not be moved in this session' }).waitFor();
    await context.close();
  });

  test('a search in a recording goes to the moment, and the player works under the content security policy', async () => {
    const { context, page, fake, complaints } = await signIn();
    await visit(page, `/console/sessions/${fake.sessions[0]?.id}/replay`);
    await page.getByRole('searchbox', { name: 'Search in the recording' }).fill('notafter');
    await page.getByRole('button', { name: /0:11/ }).click();
    await page.locator('.ap-player').getByText('notAfter=Dec').waitFor();
    await page.getByText('4×', { exact: true }).click();
    await page.locator('.ap-player').getByText('notAfter=Dec').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('approving and denying take a comment, which the one who asked reads', async () => {
    const { context, page, fake } = await signIn();
    await visit(page, '/console/approvals');
    await page.getByText('Use the copy for that.').waitFor();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByLabel('Comment').fill('Tomorrow');
    await page.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Denied by You: Tomorrow').waitFor();
    expect(fake.asked).toContain('POST /api/console/approvals/a1 {"approve":false,"comment":"Tomorrow"}');
    await context.close();
  });

  test('an administrator watches a live session, ends it after a question, and forgets a host key after another', async () => {
    const { context, page, fake } = await signIn('administrator');
    await openShell(page);
    const id = page.url().split('/').at(-1);
    await visit(page, '/login/sessions');
    await page.getByLabel('Live only').check();
    await page
      .getByRole('row', { name: /web-1.*Live/ })
      .getByRole('link')
      .click();
    await terminal(page).getByText('notAfter').waitFor();
    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByRole('dialog').getByText('is cut off from web-1 at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    await page.getByText('By an administrator').waitFor();
    expect(fake.asked).toContain(`POST /api/sessions/${id}/end {}`);
    await visit(page, '/login/host-keys');
    await page.getByRole('button', { name: /Remove the key of web-1/ }).click();
    await page.getByRole('dialog').getByText('takes whatever key the endpoint shows then').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the key' }).click();
    await expect.poll(() => fake.asked).toContain('DELETE /api/host-keys/k1');
    await visit(page, '/login/session-policies/1');
    await page.getByLabel('End in any case after').fill('90');
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved.').waitFor();
    expect(fake.asked.at(-1)).toContain('"limitMinutes":90');
    await context.close();
  });
});
