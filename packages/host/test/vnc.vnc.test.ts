import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Fault, Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { noVnc, startVnc, type VncServer } from '../../../test/servers/vnc/server.ts';
import type { LogLine } from '../src/exchange.ts';
import { openVnc, type VncOptions, type VncSecurity, type VncTrust } from '../src/index.ts';

const reason = noVnc();
const password = randomBytes(4).toString('hex');
const ada = { name: 'ada', password: `planted-${randomBytes(8).toString('hex')}` };

describe.skipIf(reason !== null)(`VNC to TigerVNC${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const signal = new AbortController().signal;
  const lines: LogLine[] = [];
  const optionsFor = (server: VncServer, more: Partial<VncOptions> = {}): VncOptions => ({
    ...{ host: server.address, port: server.port, system: 'Lab', account: '', password: new Secret(password) },
    ...{ trust: { kind: 'any' }, ...more },
  });
  const open = async (server: VncServer, more: Partial<VncOptions> = {}) => {
    const vnc = await openVnc(optionsFor(server, more), { signal, log: (line) => lines.push(line) });
    vnc.close();
    return vnc;
  };
  const failureOf = async (server: VncServer, more: Partial<VncOptions> = {}): Promise<Fault> => {
    const error: unknown = await open(server, more).then(
      () => null,
      (error: unknown) => error,
    );
    if (error instanceof Fault) return error;
    throw new Error('There was no Fault.', { cause: error });
  };

  test.each<VncSecurity>(['None', 'VncAuth', 'TLSNone', 'TLSVnc', 'TLSPlain', 'X509None', 'X509Vnc', 'X509Plain'])(
    'the right credential is let in by %s, a wrong one is not and stays unsaid, and the screen is told',
    async (security) => {
      await using server = await startVnc({ security, password, account: ada });
      const isPlain = security.endsWith('Plain');
      const right = isPlain ? { account: ada.name, password: new Secret(ada.password) } : {};
      const vnc = await open(server, right);
      expect(vnc.security).toBe(security);
      expect(vnc.fingerprint).toBe(security.startsWith('X509') ? server.fingerprint : null);
      expect(vnc.screen).toMatchObject({ width: 640, height: 480, name: 'gatehouse-desk' });
      expect(vnc.screen.pixels).toEqual({ bitsPerPixel: 32, depth: 24, isTrueColour: true, most: [255, 255, 255] });
      expect(vnc.screen.bytes.subarray(24).toString()).toBe('gatehouse-desk');
      if (security.endsWith('None')) return;
      const wrong = `planted-wrong-${randomBytes(6).toString('hex')}`;
      const fault = await failureOf(server, { ...right, password: new Secret(wrong) });
      expect(fault).toMatchObject({ kind: 'unauthorized', advice: expect.stringContaining('refused the password') });
      expect(fault.detail).toContain(security);
      const printed = inspect([fault, lines], { depth: 10 }) + JSON.stringify([fault, lines]);
      for (const secret of [password, ada.password, wrong]) expect(printed).not.toContain(secret);
    },
  );

  test('the strongest way is taken that the credential fits, and one that asks for an account only with one', async () => {
    const security = 'None,VncAuth,TLSNone,TLSVnc,TLSPlain,X509None,X509Vnc,X509Plain';
    await using server = await startVnc({ security, password, account: ada });
    expect((await open(server)).security).toBe('X509Vnc');
    expect((await open(server, { account: ada.name, password: new Secret(ada.password) })).security).toBe('X509Plain');
    await using plain = await startVnc({ security: 'X509Plain', password, account: ada });
    expect(await failureOf(plain)).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('account') });
  });

  test('an endpoint known by its certificate must show it, and nothing is sent to any other', async () => {
    const pinned = (fingerprint: string): VncTrust => ({ kind: 'pinned', fingerprint });
    await using server = await startVnc({ security: 'X509Vnc', password });
    expect((await open(server, { trust: pinned(server.fingerprint) })).fingerprint).toBe(server.fingerprint);
    const wrong = new Secret('planted-wrong');
    const other = await failureOf(server, { password: wrong, trust: pinned(`SHA256:${'A'.repeat(43)}`) });
    expect(other).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('another certificate') });
    await using bare = await startVnc({ security: 'VncAuth,TLSVnc', password });
    const none = await failureOf(bare, { password: wrong, trust: pinned(server.fingerprint) });
    expect(none).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('showed none') });
    // Neither ever saw that the password was wrong.
    for (const { log } of [server, bare]) expect(log()).not.toMatch(/Authentication failure(?!: TLS)/i);
  });

  test('a certificate of the first use is told before the password is sent, and a no ends it', async () => {
    await using server = await startVnc({ security: 'X509Vnc', password });
    const seen: string[] = [];
    const no = new Error('not this one');
    const refusing = {
      kind: 'first-use' as const,
      onKey: async (fingerprint: string) => {
        seen.push(fingerprint);
        throw no;
      },
    };
    await expect(open(server, { trust: refusing })).rejects.toBe(no);
    expect(seen).toEqual([server.fingerprint]);
    expect((await open(server, { trust: { kind: 'first-use', onKey: async () => undefined } })).security).toBe(
      'X509Vnc',
    );
  });

  test('a server that has seen too many wrong passwords is throttled, not a wrong password once more', async () => {
    await using server = await startVnc({ security: 'VncAuth', password });
    const kinds: string[] = [];
    for (let attempt = 0; attempt < 7; attempt++)
      kinds.push((await failureOf(server, { password: new Secret('planted-wrong') })).kind);
    expect(kinds.slice(0, 5)).toEqual(Array(5).fill('unauthorized'));
    expect(kinds.at(-1)).toBe('throttled');
    expect((await failureOf(server)).kind).toBe('throttled');
  });
});
