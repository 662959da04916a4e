import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { md4Hex } from '@gatehouse/host/testing';
import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { buildPages } from '@gatehouse/ui/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../../test/servers/chromium/browser.ts';
import { type Shadow, startShadow } from '../../../../test/servers/rdp/shadow.ts';
import { noRdp, startXrdp, type Xrdp } from '../../../../test/servers/rdp/xrdp.ts';
import { hasPicture, isIn, pictureOf } from '../../web/testing/rdp-pictures.ts';
import { createDesktopReader } from '../api/desktop-format.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { leasesOf, until } from '../testing/errands.ts';
import { pinned } from '../testing/jump-client-program.ts';
import { headersOf, openPage } from '../testing/page-socket.ts';

const reason = noBrowser() ?? noRdp();
const password = 'planted-Pässwort 8';

/** A real site with its real pages before a real xrdp: what a person has, from the click to the replay. */
describe.skipIf(reason !== null)(
  `RDP through a session of the site${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    let xrdp: Xrdp;
    let shadow: Shadow;
    let stage: ConsoleSite;
    let browser: Browser;
    let context: BrowserContext;
    let dist: string;
    beforeAll(async () => {
      dist = await mkdtemp(join(tmpdir(), 'gatehouse-rdp-pages-'));
      await buildPages(join(import.meta.dirname, '../../web'), dist);
      xrdp = await startXrdp([{ name: 'dora', password }]);
      shadow = await startShadow([{ name: 'dora', ntlmHash: md4Hex(Buffer.from(password, 'utf16le')) }]);
      stage = await consoleSite({
        ...{ type: 'remote-rdp', item: { hostname: `127.0.0.1:${xrdp.port}` }, pages: dist },
        credential: { kind: 'password', username: 'dora', domain: null, password: new Secret(password) },
        // A page that is loaded again takes a while to be there.
        pace: { graceMs: 20_000 },
      });
      browser = await openBrowser();
      context = await browser.newContext({ viewport: { width: 900, height: 640 }, reducedMotion: 'reduce' });
      const cookies = [...stage.user.cookies].map(([name, value]) => ({ name, value, url: stage.site.url }));
      await context.addCookies(cookies);
    }, 240_000);
    afterAll(async () => {
      await browser?.close();
      await stage?.close();
      await Promise.all([xrdp?.stop(), shadow?.stop()]);
      if (dist !== undefined) await rm(dist, { recursive: true, force: true });
    });

    /** A session of the person in their browser, with every frame that went either way, by connection. */
    const open = async (more: object = {}) => {
      const { id } = (await ok(stage.ask(stage.user, more))).body;
      const page = await context.newPage();
      const desktops: Buffer[][] = [];
      const frames: Buffer[] = [];
      page.on('websocket', (socket) => {
        const received: Buffer[] = [];
        if (socket.url().endsWith('/desktop')) desktops.push(received);
        socket.on('framereceived', ({ payload }) => {
          frames.push(Buffer.from(payload));
          received.push(Buffer.from(payload));
        });
        socket.on('framesent', ({ payload }) => frames.push(Buffer.from(payload)));
      });
      await page.goto(`${stage.site.url}/console/sessions/${id}`);
      const session = async () => (await ok(stage.user.get(`/api/console/sessions/${id}`))).body;
      return { id, page, frames, desktops, session };
    };
    const end = async (id: string, page: Page) => {
      await ok(stage.user.post(`/api/console/sessions/${id}/end`, {}));
      await page.close();
    };
    const segmentsOf = async (id: string): Promise<readonly Buffer[]> => {
      const answer = await fetch(new URL(`/api/sessions/${id}/recording`, stage.site.url), {
        headers: headersOf(stage.user),
      });
      const reader = createDesktopReader();
      const segments: Buffer[][] = [];
      for (const { kind, bytes } of reader.push(new Uint8Array(await answer.arrayBuffer())))
        if (kind === 'segment') segments.push([]);
        else segments.at(-1)?.push(Buffer.from(bytes));
      expect(reader.about()).toMatchObject({ protocol: 'rdp' });
      return segments.map((parts) => Buffer.concat(parts));
    };
    const idleAfter = (minuteMs: number) => Object.assign(stage.site.site.sessions.parts.pace, { minuteMs });

    test('a desktop is seen and used without its password, again after the page came back, and replayed as it was seen', async () => {
      const { id, page, frames, desktops, session } = await open();
      await hasPicture(page);
      expect(await session()).toMatchObject({
        state: 'open',
        account: 'dora',
        recording: 'running',
        hostKeyIsNew: true,
      });
      await page.locator('canvas').click();
      await page.keyboard.press('KeyQ');
      await expect.poll(() => xrdp.asRoot('cat /home/dora/keys')).toContain('keysym 0x71, q');
      await page.reload();
      await hasPicture(page);
      const picture = await pictureOf(page);
      expect((await session()).state).toBe('open');
      await end(id, page);
      await until(async () => (await leasesOf(stage.site)).every(({ state }) => state === 'ended'));

      expect(isIn([Buffer.from(`x${password}`)], password)).toBe(true);
      expect(frames.length).toBeGreaterThan(20);
      expect(isIn(frames, password)).toBe(false);
      const segments = await segmentsOf(id);
      expect([segments.length, desktops.length]).toEqual([2, 2]);
      // What was on its way when the page left is recorded and was not seen.
      for (const [i, segment] of segments.entries()) {
        const seen = Buffer.concat(desktops[i] ?? []);
        expect(seen.length).toBeGreaterThan(1_000);
        expect(segment.subarray(0, seen.length).equals(seen)).toBe(true);
      }
      const replay = await context.newPage();
      await replay.goto(`${stage.site.url}/console/sessions/${id}/replay`);
      await replay.getByRole('slider').press('End');
      await expect.poll(() => pictureOf(replay), { timeout: 60_000 }).toBe(picture);
      await replay.close();
      const { correlationId } = await session();
      const { body } = await ok(stage.site.operator.get(`/api/audit?search=${correlationId}`));
      const actions = body.items.map(({ action }: { action: string }) => action);
      expect(actions).toEqual(
        expect.arrayContaining(['session.request', 'host-key.keep', 'session.open', 'session.end']),
      );
    });

    test('a desktop in which nothing is done ends, and a pointer that moves keeps it', async () => {
      await stage.rules({ idleMinutes: 1, limitMinutes: 600 });
      const usual = stage.site.site.sessions.parts.pace.minuteMs;
      try {
        const { id, page, session } = await open();
        await hasPicture(page);
        idleAfter(4_000);
        const began = stage.site.site.sessions.find(id)?.ageMs() ?? 0;
        // As often as a hand does, for twice as long as it may be idle.
        for (let x = 0; (stage.site.site.sessions.find(id)?.ageMs() ?? 0) < began + 8_000; x = (x + 7) % 300) {
          await page.mouse.move(100 + x, 200);
          expect((await session()).state).toBe('open');
        }
        await until(async () => (await session()).state === 'ended');
        expect(await session()).toMatchObject({ ending: 'idle', recording: 'kept' });
        await page.getByRole('heading', { name: 'The session ended because nothing was done in it' }).waitFor();
        await page.close();
      } finally {
        idleAfter(usual);
        await stage.rules({});
      }
    });

    test('a refused password ends the session with words for its person', async () => {
      const path = `/api/jump-items/remote-rdp/${stage.ids.item}`;
      await ok(stage.site.operator.ask('PATCH', path, { body: { hostname: `127.0.0.1:${shadow.port}` } }));
      const typed = { credential: { from: 'person', username: 'dora', password: 'planted-wrong' } };
      const wrong = await open(typed);
      await until(async () => (await wrong.session()).state === 'ended');
      expect(await wrong.session()).toMatchObject({
        ...{ ending: 'failed', openedAt: null, problem: expect.stringMatching(/password/i) },
      });
      await wrong.page.getByText((await wrong.session()).problem).waitFor();
      expect(isIn(wrong.frames, 'planted-wrong')).toBe(false);
      await wrong.page.close();
      // The same endpoint with the right one.
      const right = await open();
      await hasPicture(right.page);
      await end(right.id, right.page);
      await ok(stage.site.operator.ask('PATCH', path, { body: { hostname: `127.0.0.1:${xrdp.port}` } }));
    });

    test('nobody else gets to a desktop, and who loses the protocol loses the session', async () => {
      const { id, page, session } = await open();
      await hasPicture(page);
      const stranger = await stage.site.person();
      await expect(openPage(stranger, id, 'desktop')).rejects.toThrow('404');
      await expect(openPage(stage.admin, id, 'desktop')).rejects.toThrow('404');
      expect((await stage.ask(stranger)).status).toBe(404);
      const allow = (perm_remote_rdp: boolean) =>
        ok(
          stage.site.operator.ask('PATCH', `/api/group-policies/${stage.ids.groupPolicy}`, {
            body: { perm_remote_rdp },
          }),
        );
      await allow(false);
      await until(async () => (await session()).state === 'ended');
      expect(await session()).toMatchObject({ ending: 'access', problem: expect.stringContaining('protocol') });
      const refused = await stage.ask(stage.user);
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('protocol')]);
      await allow(true);
      await page.close();
    });

    test('a desktop is seen through the Jump Client of another network as from the site itself', async () => {
      const { site, ids } = stage;
      const { body: jumpoint } = await ok(site.operator.post('/api/jumpoints', { name: 'Plant network' }));
      const { body: group } = await ok(site.operator.post('/api/jump-groups', { name: 'Machines' }));
      const client = await pinned(site, { jump_group_id: group.id }, '--hosts', `127.0.0.1:${xrdp.port}`);
      const at = (jumpoint_id: number) =>
        ok(site.operator.ask('PATCH', `/api/jump-items/remote-rdp/${ids.item}`, { body: { jumpoint_id } }));
      const serves = { body: { jumpoint_id: jumpoint.id } };
      await ok(site.operator.ask('PATCH', `/api/jump-clients/${client.id}`, serves));
      await at(jumpoint.id);
      const { page, frames, session } = await open();
      await hasPicture(page);
      await page.locator('canvas').click();
      await page.keyboard.press('KeyW');
      await expect.poll(() => xrdp.asRoot('cat /home/dora/keys')).toContain('keysym 0x77, w');
      expect(isIn(frames, password)).toBe(false);
      expect(await client.log()).toContain(`a connection to 127.0.0.1:${xrdp.port}`);
      // Its line is cut: the session ends, and says why.
      await client.kill();
      await until(async () => (await session()).state === 'ended');
      expect((await session()).problem).toMatch(/\S/);
      await page.close();
      await client.close();
      await at(1);
    });
  },
);
