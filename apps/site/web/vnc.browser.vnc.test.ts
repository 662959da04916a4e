import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seriousFaults } from '@gatehouse/ui/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { noVnc, startVnc, type VncServer } from '../../../test/servers/vnc/server.ts';
import { findsSecret } from '../src/sessions/vnc/testing/rfb-client.ts';
import { serveVncPage, type VncPage } from './testing/vnc/serve-page.ts';

const reason = noBrowser() ?? noVnc();
const password = randomBytes(4).toString('hex');

describe.skipIf(reason !== null)(`VNC in a browser${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vnc-browser-'));
  let server: VncServer;
  let site: VncPage;
  let browser: Browser;
  const pages: Page[] = [];
  beforeAll(async () => {
    server = await startVnc({ security: 'VncAuth', password });
    site = await serveVncPage(server, password);
    browser = await openBrowser();
  }, 120_000);
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Seen {
    readonly page: Page;
    readonly complaints: readonly string[];
    /** Everything that went over its WebSockets, either way. */
    readonly frames: readonly Buffer[];
  }
  const open = async (what: string, colorScheme: 'light' | 'dark' = 'light', bypassCSP = false): Promise<Seen> => {
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce', bypassCSP });
    const page = await context.newPage();
    pages.push(page);
    const complaints: string[] = [];
    const frames: Buffer[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('websocket', (socket) => {
      const keep = ({ payload }: { payload: string | Buffer }) => void frames.push(Buffer.from(payload));
      socket.on('framereceived', keep).on('framesent', keep);
    });
    await page.goto(`${site.url}/?${what}`);
    return { page, complaints, frames };
  };
  const connect = async (what = 'view', scheme: 'light' | 'dark' = 'light', bypassCSP = false): Promise<Seen> => {
    const seen = await open(what, scheme, bypassCSP);
    await seen.page.getByText(/Keys go to the endpoint/).waitFor();
    return seen;
  };
  /** A digest of every pixel of the screen as it is drawn. */
  const picture = (page: Page): Promise<string> =>
    page.evaluate(async () => {
      const canvas = document.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context || canvas.width === 0) return 'nothing';
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
      return `${canvas.width}x${canvas.height} ${[...digest].map((byte) => byte.toString(16)).join('')}`;
    });
  const colour = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const context = document.querySelector('canvas')?.getContext('2d');
      return [...(context?.getImageData(620, 460, 1, 1).data ?? [])].slice(0, 3).join();
    });
  const poll = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 20_000 });
  /** A window that writes one line of what is typed into it. */
  const typewriter = async (file: string) => {
    const read = `sh -c 'read -r line; printf %s "$line" > ${file}'`;
    const xterm = server.start('xterm', '-geometry', '60x20+0+0', '-e', read);
    await poll(windows).not.toBe('');
    return xterm;
  };
  const windows = () => server.show('xdotool', 'search', '--onlyvisible', '--class', 'xterm').catch(() => '');
  const paint = (name: string) => server.show('xsetroot', '-solid', name);

  test('shows the screen, takes keys and the pointer there, and no frame of it has the password', async () => {
    const written = join(folder, 'typed');
    const xterm = await typewriter(written);
    await paint('#123456');
    const { page, complaints, frames } = await connect();
    await poll(() => colour(page)).toBe('18,52,86');
    const box = await page.locator('canvas').boundingBox();
    await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 40);
    await page.keyboard.type('typed in a browser');
    await page.keyboard.press('Enter');
    await poll(() => existsSync(written) && readFileSync(written, 'utf8')).toBe('typed in a browser');
    xterm.kill();
    expect(findsSecret(Buffer.concat(frames), password)).toEqual([]);
    expect(Buffer.concat(frames).length).toBeGreaterThan(1_000);
    // The look of the page is in the frames, too: nothing else is asked of the site.
    expect(complaints).toEqual([]);
  });

  test('lets go of the keyboard by three keys, says where keys go, and leaves no key held down there', async () => {
    const written = join(folder, 'after');
    const xterm = await typewriter(written);
    const { page } = await connect();
    await page.keyboard.press('Tab');
    await page.getByText(/Keys go to the endpoint/).waitFor();
    const box = await page.locator('canvas').boundingBox();
    await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 40);
    await page.keyboard.press('Control+Alt+Shift');
    await page.getByText(/Click into the screen/).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe('Type');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Ctrl-Alt-Del');
    await page.getByRole('button', { name: 'Type' }).click();
    await page.getByText(/Keys go to the endpoint/).waitFor();
    // With one of the three held down there this would be other letters, or none.
    await page.keyboard.type('small letters');
    await page.keyboard.press('Enter');
    await poll(() => existsSync(written) && readFileSync(written, 'utf8').trim()).toBe('small letters');
    xterm.kill();
  });

  test('shares the clipboard both ways where that is allowed, and not at all where it is not', async () => {
    const { page } = await connect('view&clipboard');
    const copy = (text: string) =>
      server.show('sh', '-c', `printf %s '${text}' | xclip -selection clipboard >/dev/null 2>&1`);
    const pasted = () => server.show('xclip', '-selection', 'clipboard', '-o').catch(() => '');
    await page.getByRole('button', { name: 'Clipboard' }).click();
    await copy('from the endpoint');
    const box = page.getByLabel('Clipboard of the endpoint');
    await poll(() => box.inputValue()).toBe('from the endpoint');
    await box.fill('from the browser');
    await page.getByRole('button', { name: 'Send' }).click();
    await poll(pasted).toBe('from the browser');

    site.clipboard.isAllowed = false;
    try {
      // A page that does not keep to the rule itself.
      const other = await connect('view&clipboard');
      await other.page.getByRole('button', { name: 'Clipboard' }).click();
      await other.page.getByLabel('Clipboard of the endpoint').fill('planted');
      await other.page.getByRole('button', { name: 'Send' }).click();
      await copy('planted-too');
      await paint('#00ff00');
      await poll(() => colour(other.page)).toBe('0,255,0');
      expect(await pasted()).toBe('planted-too');
      expect(await other.page.getByLabel('Clipboard of the endpoint').inputValue()).toBe('planted');
      expect(Buffer.concat(other.frames).includes('planted-too')).toBe(false);
    } finally {
      site.clipboard.isAllowed = true;
    }
    const without = await connect('view');
    expect(await without.page.getByRole('button', { name: 'Clipboard' }).count()).toBe(0);
  });

  test('says why it is over, to the person and to the page around it', async () => {
    const { page } = await connect();
    site.end('An administrator ended the session.');
    await page.getByRole('status').getByText('An administrator ended the session.').waitFor();
    expect(await page.locator('#over').textContent()).toBe('An administrator ended the session.');
    expect(await page.getByRole('button', { name: 'Ctrl-Alt-Del' }).isDisabled()).toBe(true);
  });

  test('a recording plays to the same pictures, goes back and forth in them, and is watched as it grows', async () => {
    site.clock.ms = 0;
    await paint('#aa0000');
    const { page } = await connect();
    await poll(() => colour(page)).toBe('170,0,0');
    const first = await picture(page);
    const watching = await open('follow');
    await poll(() => picture(watching.page)).toBe(first);

    site.clock.ms = 20_000;
    const xterm = server.start('xterm', '-geometry', '60x20+0+0', '-e', 'seq 1 2000; exec sleep 600');
    await poll(windows).not.toBe('');
    await paint('#00aa00');
    await poll(() => colour(page)).toBe('0,170,0');
    await settled(page);
    const second = await picture(page);
    expect(second).not.toBe(first);
    await poll(() => picture(watching.page)).toBe(second);
    await watching.page.getByText('00:20 / 00:20').waitFor();

    site.clock.ms = 40_000;
    xterm.kill();
    await paint('#0000aa');
    await poll(() => colour(page)).toBe('0,0,170');
    await settled(page);
    const third = await picture(page);
    await poll(() => picture(watching.page)).toBe(third);
    // Who watches may go back, stays there, and comes back to what is newest.
    const seek = async (of: Page, share: number) => {
      const track = await of.locator('.mantine-Slider-track').boundingBox();
      if (track === null) throw new Error('There is no track.');
      await of.mouse.click(track.x + track.width * share, track.y + track.height / 2);
    };
    await watching.page.getByRole('button', { name: 'Pause' }).click();
    await seek(watching.page, 0.25);
    await poll(() => picture(watching.page)).toBe(first);
    await watching.page.getByRole('button', { name: 'Go live' }).click();
    await poll(() => picture(watching.page)).toBe(third);
    site.end('over');
    await page.locator('#over').waitFor();

    const { page: replay, complaints } = await open('replay');
    await poll(() => picture(replay)).toBe(first);
    await replay.getByRole('button', { name: 'Pause' }).click();
    for (const [share, expected] of [
      [0.75, second],
      [0.25, first],
      [1, third],
      [0.6, second],
    ] as const) {
      await seek(replay, share);
      await poll(() => picture(replay)).toBe(expected);
    }
    await seek(replay, 0.25);
    await replay.getByLabel('Speed').selectOption('16');
    await replay.getByRole('button', { name: 'Play' }).click();
    await poll(() => picture(replay)).toBe(third);
    await replay.getByRole('button', { name: 'Play' }).waitFor();
    expect(complaints).toEqual([]);
  }, 120_000);

  /** Until two looks in a row show the same. */
  const settled = async (page: Page) => {
    let before = '';
    await expect
      .poll(
        async () => {
          const now = await picture(page);
          const isSame = now === before;
          before = now;
          return isSame;
        },
        { timeout: 20_000, interval: 400 },
      )
      .toBe(true);
  };

  test.each(['light', 'dark'] as const)(
    'is free of serious faults for everybody, %s, and fits a telephone',
    async (scheme) => {
      site.clock.ms = 0;
      const { page } = await connect('view&clipboard', scheme, true);
      await page.getByRole('button', { name: 'Clipboard' }).click();
      const found = [...(await seriousFaults(page, scheme))];
      const widthOf = (of: Page) => of.evaluate(() => document.documentElement.scrollWidth);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await widthOf(page)).toBe(390);
      const replay = await open('follow', scheme, true);
      await replay.page.getByRole('button', { name: 'Pause' }).waitFor();
      found.push(...(await seriousFaults(replay.page, scheme)));
      await replay.page.setViewportSize({ width: 390, height: 800 });
      expect(await widthOf(replay.page)).toBe(390);
      expect(found).toEqual([]);
    },
  );
});
