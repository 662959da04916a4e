import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { type FaultKind, Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { openRdp } from '../src/rdp/open-rdp.ts';
import type { RdpOptions } from '../src/rdp/rdp.ts';
import { makeCertificate } from '../src/testing/certificate.ts';
import { type Manners, startDesktop } from './rdp-desktop.ts';

const identity = makeCertificate();
const account = { username: 'Dora', domain: 'CORP', password: 'planted-päss wörd 🔑' };
const bounds = { connectMs: 400, tlsMs: 400, signInMs: 400 };

const open = (port: number, more: Partial<RdpOptions> = {}) =>
  openRdp(
    {
      ...{ host: '127.0.0.1', port, system: 'Desk', trust: { kind: 'any' } },
      account: { ...account, password: new Secret(account.password) },
      ...more,
    },
    { signal: AbortSignal.timeout(20_000) },
  );

/** What went wrong, in words that nobody's password is in. */
const failure = async (manners: Manners, more: Partial<RdpOptions> = {}) => {
  await using desktop = await startDesktop(identity, account, manners);
  const error: unknown = await open(desktop.port, { bounds, ...more }).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: 8 })).not.toContain('planted');
  expect(desktop.credentials()).toBeNull();
  return error;
};

describe('network level authentication', () => {
  test.each(['spnego', 'none'] as const)(
    'signs in by NTLM, wrapping: %s, at every version of the protocol',
    async (wrapping) => {
      for (const version of [2, 3, 4, 5, 6]) {
        await using desktop = await startDesktop(identity, account, { version, wrapping });
        const rdp = await open(desktop.port);
        expect(rdp.protocol).toBe('nla');
        await expect.poll(desktop.credentials).toEqual(account);
        rdp.close();
      }
    },
  );

  test('tells the same account and password to hosts that say whether it may, and takes a no', async () => {
    await using desktop = await startDesktop(identity, account, { protocol: 8 });
    (await open(desktop.port)).close();
    await expect.poll(desktop.credentials).toEqual(account);
    await using strict = await startDesktop(identity, account, { protocol: 8, result: 5 });
    await expect(open(strict.port)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('sends no password to a host that does not see the same key of TLS', async () => {
    for (const version of [2, 6])
      expect(await failure({ version, binding: 'another' })).toMatchObject({
        kind: 'misconfigured',
        advice: expect.stringContaining('Somebody may be in between'),
      });
  });

  test.each<[string, number, FaultKind, string]>([
    ['a wrong password', 0xc000006d, 'unauthorized', 'refused'],
    ['a wrong password, told to a domain', 0xc000006a, 'unauthorized', 'refused'],
    ['a locked account', 0xc0000234, 'forbidden', 'locked'],
    ['a disabled account', 0xc0000072, 'forbidden', 'disabled'],
    ['an expired account', 0xc0000193, 'forbidden', 'has expired'],
    ['an expired password', 0xc0000071, 'forbidden', 'password'],
    ['a password that must be changed', 0xc0000224, 'forbidden', 'must be changed'],
    ['an account without the right', 0xc000015b, 'forbidden', 'Add it to those who may'],
    ['another time of day', 0xc000006f, 'forbidden', 'time of day'],
    ['no controller', 0xc000005e, 'unreachable', 'controller'],
  ])('tells %s apart', async (_, status, kind, words) => {
    expect(await failure({ status })).toMatchObject({ kind, advice: expect.stringContaining(words) });
  });

  test('a host that closes at the proof has most likely refused it, and the account is not tried a second time', async () => {
    await using desktop = await startDesktop(identity, account, { judgement: 'cut' });
    await expect(open(desktop.port)).rejects.toMatchObject({
      ...{ kind: 'unauthorized', advice: expect.stringContaining('most likely refused') },
    });
    expect(desktop.connections()).toBe(1);
  });
});

describe('what answers', () => {
  test.each<[string, Manners, FaultKind]>([
    ['the old security alone', { confirm: Buffer.from('0300000b06d00000123400', 'hex') }, 'unsupported'],
    ['old security by name', { confirm: Buffer.from('030000130ed000001234000200080000000000', 'hex') }, 'unsupported'],
    [
      'that TLS is not allowed',
      { confirm: Buffer.from('030000130ed000001234000300080002000000', 'hex') },
      'unsupported',
    ],
    [
      'that it takes none of them',
      { confirm: Buffer.from('030000130ed000001234000300080004000000', 'hex') },
      'misconfigured',
    ],
    [
      'a protocol nobody asked for',
      { confirm: Buffer.from('030000130ed000001234000200080004000000', 'hex') },
      'unexpected',
    ],
    ['as SSH does', { confirm: Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n') }, 'misconfigured'],
    ['as the web does', { confirm: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }, 'misconfigured'],
    ['with a packet of 60,000 bytes', { confirm: Buffer.from([3, 0, 0xea, 0x60, 0, 0]) }, 'misconfigured'],
    [
      'more than was asked',
      { confirm: Buffer.concat([Buffer.from('030000130ed000001234000201080001000000', 'hex'), Buffer.alloc(9)]) },
      'misconfigured',
    ],
    ['no TLS where it said TLS', { tls: Buffer.from('no TLS here, whatever it said\r\n') }, 'misconfigured'],
    ['with a message of 2 GiB', { challenge: Buffer.from('30847fffffff', 'hex') }, 'unexpected'],
    ['a challenge that is none', { challenge: Buffer.from('3003020106', 'hex') }, 'unexpected'],
  ])('%s: is told as what it is', async (_, manners, kind) => {
    expect(await failure(manners)).toMatchObject({ name: 'Fault', kind });
  });

  test.each<[string, Manners]>([
    ['the connection request', { confirm: 'silent' }],
    ['TLS', { tls: 'silent' }],
    ['the offer', { challenge: 'silent' }],
    ['the proof', { judgement: 'silent' }],
  ])('nothing, to %s: is waited for only so long', async (_, manners) => {
    const began = performance.now();
    expect(await failure(manners)).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('silent') });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('hundreds of garbled answers, at every step, are Faults and never anything else', async () => {
    for (let i = 0; i < 60; i++) {
      const noise = createHash('sha512')
        .update(`${i}`)
        .digest()
        .subarray(0, (i % 60) + 1);
      const framed = Buffer.concat([Buffer.from([0x30, noise.length]), noise]);
      for (const manners of [{ confirm: noise }, { challenge: framed }, { judgement: framed }])
        expect(await failure(manners, { bounds: { connectMs: 60, tlsMs: 400, signInMs: 120 } })).toMatchObject({
          name: 'Fault',
        });
    }
  }, 60_000);

  test('nobody: cannot be reached, and is not asked what is no address', async () => {
    const desktop = await startDesktop(identity, account);
    await desktop[Symbol.asyncDispose]();
    await expect(open(desktop.port)).rejects.toMatchObject({ kind: 'unreachable' });
    for (const host of ['', 'a b', '-x', 'x;y'])
      await expect(open(3389, { host })).rejects.toMatchObject({ kind: 'misconfigured' });
  });
});

describe('the right host', () => {
  test('is known by its key, whatever its certificate says, and another is told nothing', async () => {
    await using desktop = await startDesktop(identity, account, { protocol: 1 });
    const { fingerprint, certificates, close } = await open(desktop.port);
    close();
    expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(certificates).toHaveLength(1);
    (await open(desktop.port, { trust: { kind: 'pinned', fingerprint } })).close();
    await using other = await startDesktop(makeCertificate(), account);
    await expect(open(other.port, { trust: { kind: 'pinned', fingerprint } })).rejects.toMatchObject({
      ...{ kind: 'misconfigured', advice: expect.stringContaining('another key') },
    });
    expect(other.credentials()).toBeNull();
  });

  test('may have a new key where a known authority vouches for its name, and only for that name', async () => {
    const trust = { kind: 'pinned', fingerprint: `SHA256:${'A'.repeat(43)}` } as const;
    await using desktop = await startDesktop(identity, account);
    const known = { trust, authorities: [identity.certificate] };
    (await open(desktop.port, { ...known, host: 'localhost', addresses: ['127.0.0.1'] })).close();
    await expect(open(desktop.port, known)).rejects.toMatchObject({ kind: 'misconfigured' });
    await expect(
      open(desktop.port, { ...known, host: 'elsewhere.example', addresses: ['127.0.0.1'] }),
    ).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  test('is shown at the first use, before anything about the account is said, and may be refused', async () => {
    await using desktop = await startDesktop(identity, account);
    const seen: string[] = [];
    const trust = {
      kind: 'first-use',
      onKey: async (fingerprint: string) => {
        seen.push(fingerprint);
        throw new Error('not this one');
      },
    } as const;
    await expect(open(desktop.port, { trust })).rejects.toThrow();
    expect(seen).toHaveLength(1);
    expect(desktop.credentials()).toBeNull();
  });
});

test('an abort ends it at every step with its own reason', async () => {
  for (const manners of [
    { confirm: 'silent' },
    { tls: 'silent' },
    { challenge: 'silent' },
    { judgement: 'silent' },
  ] as const) {
    await using desktop = await startDesktop(identity, account, manners);
    const ended = new AbortController();
    const opening = openRdp(
      {
        ...{ host: '127.0.0.1', port: desktop.port, system: 'Desk', trust: { kind: 'any' } },
        account: { ...account, password: new Secret(account.password) },
      },
      { signal: ended.signal },
    );
    const outcome = expect(opening).rejects.toThrow('enough');
    await expect.poll(desktop.connections).toBe(1);
    ended.abort(new Error('enough'));
    await outcome;
  }
});
