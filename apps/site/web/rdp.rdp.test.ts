import { md4Hex } from '@gatehouse/host/testing';
import { type Fault, Secret } from '@gatehouse/kernel';
import { seriousFaults } from '@gatehouse/ui/testing';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/servers/chromium/browser.ts';
import { type Shadow, startShadow } from '../../../test/servers/rdp/shadow.ts';
import { noRdp, startXrdp, type Xrdp } from '../../../test/servers/rdp/xrdp.ts';
import { encodeDesktopFrame, encodeDesktopHead } from '../src/api/desktop-format.ts';
import type { DesktopErrand } from '../src/sessions/desktop.ts';
import { serveRdp } from '../src/sessions/rdp/serve-rdp.ts';
import { type RdpHost, startRdpHost } from './testing/rdp-host.ts';
import { hasPicture, isIn, pictureOf } from './testing/rdp-pictures.ts';

const reason = noBrowser() ?? noRdp();
const password = 'planted-Pässwort 7';

describe.skipIf(reason !== null)(
  `remote desktops in a browser${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let xrdp: Xrdp;
    let shadow: Shadow;
    let host: RdpHost;
    let browser: Browser;
    beforeAll(async () => {
      host = await startRdpHost();
      browser = await openBrowser();
      xrdp = await startXrdp(['dora', 'emil', 'fritz'].map((name) => ({ name, password })));
      shadow = await startShadow([{ name: 'dora', ntlmHash: md4Hex(Buffer.from(password, 'utf16le')) }]);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await host?.[Symbol.asyncDispose]();
      await Promise.all([xrdp?.stop(), shadow?.stop()]);
    });

    /** A session of one browser, and everything that went between it and the site. */
    const begin = async (
      context: BrowserContext,
      port: number,
      more: Partial<DesktopErrand> & { username?: string } = {},
    ) => {
      const seen = { opened: 0, inputs: 0, sent: [] as Buffer[], received: [] as Buffer[], recorded: [] as Buffer[] };
      const complaints: string[] = [];
      const over = Promise.withResolvers<Fault | null>();
      const { username = 'dora', ...rest } = more;
      host.serve = (duplex) =>
        serveRdp({
          ...{ endpoint: { name: 'Desk', hostname: '127.0.0.1', port }, browser: duplex },
          credential: { username, domain: null, password: new Secret(password) },
          ...{ rules: { clipboard: true }, trust: { kind: 'any' }, signal: AbortSignal.timeout(100_000) },
          record: async (bytes) => void seen.recorded.push(Buffer.from(bytes)),
          onInput: () => void seen.inputs++,
          onOpen: () => void seen.opened++,
          ...rest,
        }).then(
          () => over.resolve(null),
          (fault: Fault) => over.resolve(fault),
        );
      const page = await context.newPage();
      await page.setViewportSize({ width: 900, height: 640 });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('websocket', (socket) => {
        const keep =
          (into: Buffer[]) =>
          ({ payload }: { payload: string | Buffer }) =>
            void into.push(Buffer.from(payload));
        socket.on('framereceived', keep(seen.received));
        socket.on('framesent', keep(seen.sent));
      });
      await page.goto(`${host.url}/?clipboard`);
      return { page, seen, complaints, over: over.promise };
    };
    const holdsPassword = (parts: readonly Buffer[]) => isIn(parts, password);

    test('xrdp is shown, keys reach a program on it, the browser holds no password, and the recording shows the same picture', async () => {
      const context = await browser.newContext();
      const { page, seen, complaints, over } = await begin(context, xrdp.port);
      await hasPicture(page);
      expect(seen.opened).toBe(1);
      await page.locator('canvas').click();
      await page.keyboard.press('KeyQ');
      await page.keyboard.press('ArrowLeft');
      const keys = () => xrdp.asRoot('cat /home/dora/keys');
      await expect.poll(keys, { timeout: 20_000 }).toContain('keysym 0x71, q');
      await expect.poll(keys, { timeout: 20_000 }).toContain('keysym 0xff51, Left');
      expect(seen.inputs).toBeGreaterThan(3);

      expect(holdsPassword([Buffer.from(`x${Buffer.from(`ab${password}`).toString('base64')}`)])).toBe(true);
      expect(seen.received.length).toBeGreaterThan(10);
      expect(holdsPassword(seen.received)).toBe(false);
      expect(holdsPassword(seen.sent)).toBe(false);
      expect(Buffer.concat(seen.recorded).equals(Buffer.concat(seen.received))).toBe(true);
      expect(await page.content()).not.toContain('planted');

      const picture = await pictureOf(page);
      await page.close();
      expect(await over).toBeNull();
      host.recording = Buffer.concat([
        encodeDesktopHead({ protocol: 'rdp', startedAt: new Date(0).toISOString() }),
        encodeDesktopFrame(0, 'segment', new Uint8Array(0)),
        ...seen.recorded.map((bytes, i) => encodeDesktopFrame(i * 10, 'bytes', bytes)),
      ]);
      const replay = await context.newPage();
      await replay.goto(`${host.url}/?recording`);
      await expect.poll(() => pictureOf(replay), { timeout: 40_000 }).toBe(picture);
      // Back to the beginning, and forward again.
      await replay.getByRole('slider').press('Home');
      await replay.getByRole('slider').press('End');
      await expect.poll(() => pictureOf(replay), { timeout: 40_000 }).toBe(picture);
      expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
      await context.close();
    });

    test('a desktop behind network level authentication is shown, and the browser holds no password', async () => {
      const context = await browser.newContext();
      const { page, seen } = await begin(context, shadow.port);
      await hasPicture(page);
      expect(seen.opened).toBe(1);
      expect(holdsPassword(seen.received)).toBe(false);
      expect(holdsPassword(seen.sent)).toBe(false);
      await context.close();
    });

    test.each([true, false])('texts are copied from and to a desktop where that is allowed: %s', async (clipboard) => {
      const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
      const username = clipboard ? 'emil' : 'fritz';
      const { page, seen } = await begin(context, xrdp.port, { username, rules: { clipboard } });
      await hasPicture(page);
      const display = await xrdp.asRoot(`ps -o args= -u ${username} | sed -n 's/.*Xorg \\(:[0-9]*\\) .*/\\1/p'`);
      const xclip = `setpriv --reuid ${username} --clear-groups env HOME=/home/${username} XAUTHORITY=/home/${username}/.Xauthority DISPLAY=${display.trim()} timeout 20 xclip -selection clipboard`;
      const copy = () => xrdp.asRoot(`printf 'from the desktop' | ${xclip} -i >/dev/null 2>&1`);
      await copy();
      // Copied before that part of the desktop is there that tells of it, it is told by nobody.
      const here = async () => {
        const text = await page.evaluate(() => navigator.clipboard.readText());
        if (text === '') await copy();
        return text;
      };
      if (clipboard) await expect.poll(here, { timeout: 20_000 }).toBe('from the desktop');
      // What is sent after a text has gone by, has gone by without it.
      await page.evaluate(() => navigator.clipboard.writeText('from the browser'));
      await page.locator('canvas').click();
      await page.keyboard.press('Control+KeyV');
      await expect
        .poll(() => xrdp.asRoot(`cat /home/${username}/keys`), { timeout: 20_000 })
        .toContain('keysym 0x76, v');
      const there = () => xrdp.asRoot(`${xclip} -o`);
      if (clipboard) await expect.poll(there, { timeout: 20_000 }).toBe('from the browser');
      else {
        expect(await there()).toBe('from the desktop');
        expect(Buffer.concat(seen.received).includes(Buffer.from('from the desktop', 'utf16le'))).toBe(false);
      }
      await context.close();
    });

    test.each(['light', 'dark'] as const)(
      'axe finds no serious fault on the screen and its replay, %s, at any width',
      async (scheme) => {
        const context = await browser.newContext({ colorScheme: scheme, reducedMotion: 'reduce', bypassCSP: true });
        const { page, seen } = await begin(context, shadow.port);
        await hasPicture(page);
        host.recording = Buffer.concat([
          encodeDesktopHead({ protocol: 'rdp', startedAt: new Date(0).toISOString() }),
          encodeDesktopFrame(0, 'segment', new Uint8Array(0)),
          ...seen.recorded.map((bytes) => encodeDesktopFrame(0, 'bytes', bytes)),
        ]);
        const found: string[] = [];
        for (const address of ['', '?recording']) {
          if (address !== '') await page.goto(`${host.url}/${address}`);
          await hasPicture(page);
          found.push(...(await seriousFaults(page, scheme)));
          await page.setViewportSize({ width: 390, height: 700 });
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          if (width > 390) found.push(`${address}: ${width} wide`);
          await page.setViewportSize({ width: 900, height: 640 });
        }
        expect(found).toEqual([]);
        await context.close();
      },
    );

    test('a refused account and another key than the trusted one are told on the page, and nothing is shown', async () => {
      const context = await browser.newContext();
      const wrong = await begin(context, shadow.port, {
        credential: { username: 'dora', domain: null, password: new Secret('planted-wrong') },
      });
      await wrong.page.getByText('The endpoint refused the account or its password.').waitFor();
      expect(await wrong.over).toMatchObject({ kind: 'unauthorized' });
      const other = await begin(context, xrdp.port, {
        trust: { kind: 'pinned', fingerprint: `SHA256:${'A'.repeat(43)}` },
      });
      await other.page.getByText('another certificate than the trusted one').waitFor();
      expect(await other.over).toMatchObject({ kind: 'misconfigured' });
      expect([wrong.seen.opened, other.seen.opened]).toEqual([0, 0]);
      await context.close();
    });
  },
);
