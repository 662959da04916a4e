import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { md4 } from '../src/rdp/md4.ts';
import { createNtlm } from '../src/rdp/ntlm.ts';
import { accountKey, createSeal, hmacMd5, utf16 } from '../src/rdp/ntlm-keys.ts';
import { createRc4 } from '../src/rdp/rc4.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('what OpenSSL leaves out', () => {
  test.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('MD4 of "%s" is as RFC 1320 has it', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });

  test.each([
    ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
    ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
    ['833222772a', '80ad97bdc973df8a2e879e92a497efda'],
  ])('RC4 under %s gives the stream of RFC 6229, however it is cut', (key, stream) => {
    expect(createRc4(hex(key)).apply(Buffer.alloc(16)).toString('hex')).toBe(stream);
    const cut = createRc4(hex(key));
    const parts = [cut.apply(Buffer.alloc(5)), cut.copy().apply(Buffer.alloc(11)), cut.apply(Buffer.alloc(11))];
    expect(parts.map((part) => part.toString('hex'))).toEqual([
      stream.slice(0, 10),
      stream.slice(10),
      stream.slice(10),
    ]);
  });
});

/** The example of MS-NLMP 4.2.4: NTLM version 2 with a key of 128 bits and a session key of its own. */
describe('NTLM version 2', () => {
  const key = accountKey({ username: 'User', domain: 'Domain', password: 'Password' });
  const serverChallenge = hex('0123456789abcdef');
  const clientChallenge = hex('aa'.repeat(8));
  const sessionKey = hex('55'.repeat(16));
  const target = hex('02000c0044006f006d00610069006e0001000c00530065007200760065007200 00000000');

  test('derives the keys of the published example', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
    const temp = Buffer.concat([
      hex('0101000000000000 0000000000000000'),
      clientChallenge,
      Buffer.alloc(4),
      target,
      Buffer.alloc(4),
    ]);
    const proof = hmacMd5(key, serverChallenge, temp);
    expect(proof.toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    const base = hmacMd5(key, proof);
    expect(base.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
    expect(createRc4(base).apply(sessionKey).toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  test('takes the letters of a name one by one, as Windows does', () => {
    const of = (username: string) => accountKey({ username, domain: 'D', password: 'p' }).toString('hex');
    expect(of('jörg')).toBe(of('JÖRG'));
    expect(of('groß')).toBe(of('GROß'));
    expect(of('groß')).not.toBe(of('GROSS'));
  });

  test('signs and seals as the published example does', () => {
    const sealed = createSeal(sessionKey, 'client-to-server').seal(utf16('Plaintext'));
    expect(sealed.subarray(16).toString('hex')).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
    expect(sealed.subarray(0, 16).toString('hex')).toBe('010000007fb38ec5c55d497600000000');
  });

  test('unseals what the other side sealed, in order, and nothing that was touched', () => {
    const [there, here] = [createSeal(sessionKey, 'server-to-client'), createSeal(sessionKey, 'server-to-client')];
    for (const text of ['one', 'two']) expect(here.unseal(there.seal(Buffer.from(text)))?.toString()).toBe(text);
    const touched = there.seal(Buffer.from('three'));
    touched[20] = (touched[20] ?? 0) ^ 1;
    expect(here.unseal(touched)).toBeNull();
  });

  const challengeOf = (flags: number, list: Buffer) => {
    const message = Buffer.concat([Buffer.from('NTLMSSP\0'), hex('02000000'), Buffer.alloc(36), list]);
    message.writeUInt32LE(flags >>> 0, 20);
    serverChallenge.copy(message, 24);
    message.writeUInt16LE(list.length, 40);
    message.writeUInt16LE(list.length, 42);
    message.writeUInt32LE(48, 44);
    return message;
  };
  const account = { username: 'User', domain: 'Domain', password: 'Password', target: 'TERMSRV/server' };
  const chance = { clientChallenge, sessionKey, now: new Date(0) };
  const field = (message: Buffer, at: number) => {
    const from = message.readUInt32LE(at + 4);
    return message.subarray(from, from + message.readUInt16LE(at));
  };

  test('answers a challenge with a proof, the sealed session key, and a code over all three messages', () => {
    const ntlm = createNtlm(account, chance);
    const challenge = challengeOf(0xe28a8235, target);
    const { message } = ntlm.authenticate(challenge);
    const answer = field(message, 20);
    const proof = answer.subarray(0, 16);
    expect(hmacMd5(key, serverChallenge, answer.subarray(16)).equals(proof)).toBe(true);
    const exported = createRc4(hmacMd5(key, proof)).apply(field(message, 52));
    expect(exported.equals(sessionKey)).toBe(true);
    const without = Buffer.from(message);
    without.fill(0, 72, 88);
    expect(hmacMd5(sessionKey, ntlm.negotiate, challenge, without).equals(message.subarray(72, 88))).toBe(true);
    // It says that the code is there, and whom it is for.
    expect(answer.includes(hex('0600040002000000'))).toBe(true);
    expect(answer.includes(utf16('TERMSRV/server'))).toBe(true);
    expect(field(message, 28).toString('utf16le')).toBe('Domain');
    expect(field(message, 36).toString('utf16le')).toBe('User');
  });

  test.each([
    ['no extended security', 0xe2828235 & ~0x80000],
    ['a key of 56 bits', 0xe28a8235 & ~0x20000000],
    ['no session key of its own', 0xe28a8235 & ~0x40000000],
    ['no sealing', 0xe28a8235 & ~0x20],
  ])('is not talked down to %s', (_, flags) => {
    expect(() => createNtlm(account).authenticate(challengeOf(flags, target))).toThrow('weaker');
  });

  test('takes no challenge that was cut or garbled for one, at any byte', () => {
    const whole = challengeOf(0xe28a8235, target);
    for (let length = 0; length < whole.length; length++)
      expect(() => createNtlm(account).authenticate(whole.subarray(0, length))).toThrow();
    for (let i = 0; i < 500; i++) {
      const garbled = Buffer.from(whole);
      const noise = createHash('sha256').update(String(i)).digest();
      garbled[(noise[0] ?? 0) % garbled.length] = noise[1] ?? 0;
      garbled[(noise[2] ?? 0) % garbled.length] = noise[3] ?? 0;
      try {
        createNtlm(account).authenticate(garbled);
      } catch (error) {
        expect(error).toMatchObject({ name: 'Malformed' });
      }
    }
  });
});

test('OpenSSL gives neither MD4 nor RC4, so that both have to be here', () => {
  // Were it there, the hand-written one would have to go.
  expect(() => createCipheriv('rc4', Buffer.alloc(16), null)).toThrow();
  expect(() => createHash('md4')).toThrow();
});
