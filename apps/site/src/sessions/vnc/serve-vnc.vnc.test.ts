import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noVnc, startVnc, type VncServer } from '../../../../../test/servers/vnc/server.ts';
import { encoding } from './encodings.ts';
import { findsSecret, looks, type RfbClient, rfbClient } from './testing/rfb-client.ts';
import { browserSays } from './testing/rfb-words.ts';

const reason = noVnc();
const password = randomBytes(4).toString('hex');

describe.skipIf(reason !== null)(`VNC sessions with TigerVNC${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-serve-vnc-'));
  let server: VncServer;
  beforeAll(async () => {
    server = await startVnc({ security: 'VncAuth', password });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const ends = async (client: RfbClient) => {
    client.leave.abort();
    expect(await client.over).toBeNull();
  };
  /** Waits until the browser has been sent so much more. */
  const grows = (client: RfbClient, than: number) =>
    expect.poll(() => client.seen().length, { timeout: 10_000 }).toBeGreaterThan(than);

  test('what is typed reaches the programs there, and the password never the browser', async () => {
    const written = join(folder, 'typed');
    server.start('xterm', '-geometry', '100x30+0+0', '-e', `sh -c 'read -r line; printf %s "$line" > ${written}'`);
    await expect
      .poll(() => server.show('xdotool', 'search', '--onlyvisible', '--class', 'xterm').catch(() => ''))
      .not.toBe('');
    const client = rfbClient(server, { password });
    looks(client, encoding.zrle);
    await grows(client, 200);
    const keys = [...'typed-by-hand'].map((letter) => letter.charCodeAt(0));
    client.says(browserSays.pointer(100, 100));
    for (const key of [...keys, 0xff0d]) client.says(browserSays.key(key, true), browserSays.key(key, false));
    await expect
      .poll(() => existsSync(written) && readFileSync(written, 'utf8'), { timeout: 10_000 })
      .toBe('typed-by-hand');
    expect(client.inputs()).toBe(1 + 2 * 14);
    await ends(client);
    expect(client.recorded().equals(client.seen())).toBe(true);
    expect(findsSecret(client.seen(), password)).toEqual([]);
    // That they would be found.
    for (const form of ['utf8', 'hex', 'base64'] as const)
      for (const before of ['', '1', '12']) {
        const planted = Buffer.from(Buffer.from(before + password).toString(form));
        expect(findsSecret(planted, password)).not.toEqual([]);
      }
  });

  test('a wrong password is told to whoever called, and to the browser nothing', async () => {
    const client = rfbClient(server, { password: 'planted-wrong' });
    client.says(browserSays.hello);
    expect(await client.over).toMatchObject({ kind: 'unauthorized' });
    expect([client.seen().length, client.opened()]).toEqual([0, 0]);
  });

  const screens: readonly (readonly [string, readonly number[]])[] = [
    ['raw', [encoding.raw]],
    ['copied', [encoding.copyRect, encoding.raw]],
    ['RRE', [encoding.rre]],
    ['hextile', [encoding.hextile]],
    ['ZRLE', [encoding.zrle]],
    ['Tight', [encoding.tight, -247]],
    ['Tight with JPEG', [encoding.tight, -23, -256]],
  ];
  test.each(screens)(
    'the clipboard is found between pictures in %s, and left out without the rule for it',
    async (_, list) => {
      const extras = [encoding.cursor, encoding.desktopName, encoding.extendedDesktopSize, encoding.lastRect];
      // No fences: an endpoint waits for the answers to them.
      const extensions = [encoding.extendedKey, encoding.lights];
      for (const clipboard of [true, false]) {
        const client = rfbClient(server, { password, clipboard });
        looks(client, ...list, ...extras, ...extensions);
        const text = `planted-${randomBytes(6).toString('hex')}`;
        for (let picture = 0; picture < 4; picture++) {
          const before = client.seen().length;
          await server.show('xsetroot', '-mod', String(3 + picture), '5', '-fg', `#${randomBytes(3).toString('hex')}`);
          client.says(browserSays.ask(false));
          await grows(client, before);
          await server.show('sh', '-c', `printf %s ${text}-${picture} | xclip -selection clipboard >/dev/null 2>&1`);
          client.says(browserSays.pointer(picture, picture), browserSays.ask(true));
        }
        // An answer to this comes after everything before it.
        await server.show('sh', '-c', 'printf end-of-it | xclip -selection clipboard >/dev/null 2>&1');
        if (clipboard) await expect.poll(() => client.seen().includes('end-of-it'), { timeout: 10_000 }).toBe(true);
        const before = client.seen().length;
        await server.show('xsetroot', '-solid', `#${randomBytes(3).toString('hex')}`);
        client.says(browserSays.ask(false));
        await grows(client, before);
        await ends(client);
        expect(client.seen().includes(text)).toBe(clipboard);
        expect(client.seen().includes('end-of-it')).toBe(clipboard);
      }
    },
  );

  test('text of the browser reaches the clipboard there only with the rule for it', async () => {
    for (const clipboard of [true, false]) {
      const client = rfbClient(server, { password, clipboard });
      looks(client, encoding.zrle, encoding.extendedClipboard);
      const pasted = () => server.show('xclip', '-selection', 'clipboard', '-o').catch(() => '');
      await server.show('sh', '-c', 'printf before | xclip -selection clipboard >/dev/null 2>&1');
      await expect.poll(pasted, { timeout: 10_000 }).toBe('before');
      await grows(client, 100);
      const text = `from-the-browser-${clipboard}`;
      const length = client.seen().length;
      client.says(browserSays.cutText(text), browserSays.ask(false));
      await grows(client, length);
      if (clipboard) await expect.poll(pasted, { timeout: 10_000 }).toBe(text);
      else expect(await pasted()).toBe('before');
      await ends(client);
    }
  });
});
