import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { openVnc, type Vnc, type VncOptions } from '../src/index.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** One step of a server: says something, waits for so many bytes, or closes. At the end it goes silent. */
type Step = string | Buffer | { readonly takes: number } | 'closes';
const takes = (bytes: number) => ({ takes: bytes });

const fake = async (steps: readonly Step[]) => {
  const taken: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const play = async () => {
      for (const step of steps) {
        if (step === 'closes') socket.end();
        else if (typeof step === 'string' || Buffer.isBuffer(step)) socket.write(step);
        else {
          let bytes: Buffer | null = socket.read(step.takes);
          while (bytes === null && !socket.destroyed && !socket.readableEnded) {
            await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
            bytes = socket.read(step.takes);
          }
          if (bytes === null) return;
          taken.push(bytes);
        }
      }
    };
    void play().catch(() => undefined);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, taken };
};

const password = 'planted-password';
const optionsFor = (port: number, more: Partial<VncOptions> = {}): VncOptions => ({
  ...{ host: '127.0.0.1', port, system: 'Fake', account: '', password: new Secret(password), trust: { kind: 'any' } },
  bounds: { connectMs: 300, signInMs: 300 },
  ...more,
});
const signal = new AbortController().signal;
const open = (port: number, more: Partial<VncOptions> = {}): Promise<Vnc> =>
  openVnc(optionsFor(port, more), { signal });
const failure = async (steps: readonly Step[], more: Partial<VncOptions> = {}): Promise<Fault> => {
  const { port } = await fake(steps);
  const error: unknown = await open(port, more).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof Fault)) throw new Error('There was no Fault.', { cause: error });
  expect(inspect(error, { depth: 10 })).not.toContain(password);
  return error;
};

const u32 = (...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, i * 4);
  return bytes;
};
const pixels = Buffer.from('20180001 00ff00ff00ff 100800 000000'.replaceAll(' ', ''), 'hex');
const init = (name: string, length = name.length, format = pixels): Buffer =>
  Buffer.concat([Buffer.of(0x02, 0x80, 0x01, 0xe0), format, u32(length), Buffer.from(name)]);
const challenge = Buffer.alloc(16, 7);
const v3 = 'RFB 003.003\n';
const v7 = 'RFB 003.007\n';
const v8 = 'RFB 003.008\n';

describe('RFB', () => {
  test.each<[string, readonly Step[], string]>([
    ['3.3 without a password', [v3, takes(12), u32(1), takes(1), init('a')], v3],
    ['3.3 with one', [v3, takes(12), u32(2), challenge, takes(16), u32(0), takes(1), init('a')], v3],
    ['3.5, which is 3.3', ['RFB 003.005\n', takes(12), u32(1), takes(1), init('a')], v3],
    ['3.7 without a password', [v7, takes(12), Buffer.of(1, 1), takes(2), init('a')], v7],
    [
      '3.7 with one',
      [v7, takes(12), Buffer.of(2, 16, 2), takes(1), challenge, takes(16), u32(0), takes(1), init('a')],
      v7,
    ],
    ['3.8 without a password', [v8, takes(12), Buffer.of(1, 1), takes(1), u32(0), takes(1), init('a')], v8],
    ['3.889 of Apple', ['RFB 003.889\n', takes(12), Buffer.of(2, 30, 1), takes(1), u32(0), takes(1), init('a')], v8],
    ['5.0 of RealVNC', ['RFB 005.000\n', takes(12), Buffer.of(1, 1), takes(1), u32(0), takes(1), init('a')], v8],
  ])('%s is spoken', async (_, steps, answer) => {
    const { port, taken } = await fake(steps);
    const vnc = await open(port);
    expect(vnc.screen).toMatchObject({ width: 640, height: 480, name: 'a' });
    expect(taken[0]?.toString()).toBe(answer);
    vnc.close();
  });

  test('the answer to a challenge is that of single DES with reversed bits', async () => {
    const { port, taken } = await fake([v3, takes(12), u32(2), challenge, takes(16), u32(0), takes(1), init('a')]);
    (await open(port, { password: new Secret('COW') })).close();
    // As OpenSSL's legacy provider encrypts it: des-ecb with the key c2f2ea0000000000.
    expect(taken[1]?.toString('hex')).toBe('d0e5f6d701532421d0e5f6d701532421');
  });

  test('what comes behind the first word about the screen is not lost, in one piece or byte by byte', async () => {
    const rest = Buffer.from('everything after it');
    const whole = Buffer.concat([init('a name'), rest]);
    for (const pieces of [[whole], [...whole].map((byte) => Buffer.of(byte))]) {
      const { port } = await fake([v8, takes(12), Buffer.of(1, 1), takes(1), u32(0), takes(1), ...pieces, 'closes']);
      const vnc = await open(port);
      const found: Buffer[] = [];
      for await (const piece of vnc.stream) found.push(piece);
      expect(Buffer.concat(found).toString()).toBe(rest.toString());
    }
  });
});

describe('what answers', () => {
  const says = async (steps: readonly Step[], kind: string, words: RegExp, more: Partial<VncOptions> = {}) => {
    const fault = await failure(steps, more);
    expect([fault.kind, fault.advice]).toEqual([kind, expect.stringMatching(words)]);
  };

  test('as something else is no VNC server', async () => {
    await says(['SSH-2.0-OpenSSH_9.2p1 Debian\r\n'], 'misconfigured', /no VNC server/);
    await says(['HTTP/1.1 400 Bad Request\r\n\r\n', 'closes'], 'misconfigured', /no VNC server/);
    await says(['RFB 000.000\n'], 'misconfigured', /no VNC server/);
    await says([Buffer.alloc(200, 0xff)], 'misconfigured', /no VNC server/);
    await says(['closes'], 'unreachable', /did not greet/);
    await says(['RFB 003', 'closes'], 'unreachable', /did not greet/);
    const closed = await fake([]);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(open(closed.port)).rejects.toMatchObject({
      kind: 'unreachable',
      advice: expect.stringContaining('did not answer'),
    });
    await expect(open(1, { host: 'no such host' })).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  test('and stalls is given up in time, wherever it stalls', async () => {
    const vencrypt = [v8, takes(12), Buffer.of(1, 19), takes(1), Buffer.of(0, 2), takes(2), Buffer.of(0)];
    const signingIn = [v8, takes(12), Buffer.of(1, 2), takes(1)];
    const inTime = (steps: readonly Step[], words: RegExp) => says(steps, 'unreachable', words);
    await inTime([], /did not greet/);
    await inTime(['RFB 003.'], /did not greet/);
    for (const steps of [
      [v8],
      [v8, takes(12), Buffer.of(3, 2)],
      [v3, takes(12), Buffer.of(0, 0)],
      signingIn,
      [...signingIn, challenge.subarray(1)],
      [...signingIn, challenge, takes(16)],
      [...signingIn, challenge, takes(16), u32(0), takes(1)],
      [...signingIn, challenge, takes(16), u32(0), takes(1), init('').subarray(1)],
      [...signingIn, challenge, takes(16), u32(0), takes(1), init('a', 40)],
      vencrypt.slice(0, 4),
      vencrypt,
      [...vencrypt, Buffer.of(1), u32(261)],
      [...vencrypt, Buffer.of(1), u32(261), takes(4), Buffer.of(1)],
    ])
      await inTime(steps, /in time/);
    // A refusal stands also where its reason never comes.
    await says([...signingIn, challenge, takes(16), u32(1), u32(40), 'half'], 'unauthorized', /refused/, {
      bounds: { signInMs: 5_000 },
    });
  });

  test('and closes in the middle is told apart from a refusal', async () => {
    await says([v8, takes(12), Buffer.of(1, 2), takes(1), challenge, takes(16), 'closes'], 'unreachable', /middle/);
    await says([v8, takes(12), 'closes'], 'unreachable', /middle/);
  });

  test('and turns away says so, with its reason in the detail and no more of it than is worth a line', async () => {
    const reason = `you may not: ${'x'.repeat(100_000)}`;
    const refusing = [v8, takes(12), Buffer.of(0), u32(reason.length), reason];
    const fault = await failure(refusing);
    expect(fault).toMatchObject({ kind: 'forbidden', detail: expect.stringContaining('you may not') });
    expect(fault.detail?.length).toBeLessThan(700);
    await says([v8, takes(12), Buffer.of(0), u32(0xffff_ffff), 'no'], 'forbidden', /turned/, {
      bounds: { signInMs: 5_000 },
    });
    await says([v3, takes(12), u32(0), u32(26), 'Too many security failures'], 'throttled', /Wait/);
    const none = [v8, takes(12), Buffer.of(1, 1), takes(1)];
    await says([...none, u32(1), u32(2), 'no'], 'forbidden', /turned/);
    const auth = [v8, takes(12), Buffer.of(1, 2), takes(1), challenge, takes(16)];
    await says([...auth, u32(2), u32(0)], 'throttled', /Wait/);
    await says([...auth, u32(1), u32(32), 'Too many authentication failures'], 'throttled', /Wait/);
    await says([v3, takes(12), u32(2), challenge, takes(16), u32(1)], 'unauthorized', /refused/);
  });

  test('with ways that nobody speaks here is unsupported', async () => {
    await says([v8, takes(12), Buffer.of(3, 5, 16, 30)], 'unsupported', /no way/);
    await says([v3, takes(12), u32(0xffff_ffff)], 'unsupported', /no way/);
    const vencrypt = [v8, takes(12), Buffer.of(1, 19), takes(1)];
    await says([...vencrypt, Buffer.of(0, 1)], 'unsupported', /no way/);
    await says([...vencrypt, Buffer.of(0, 2), takes(2), Buffer.of(1)], 'unsupported', /no way/);
    // Plain without TLS would show the password to everybody on the way.
    await says([...vencrypt, Buffer.of(0, 2), takes(2), Buffer.of(0, 1), u32(256)], 'unsupported', /no way/, {
      account: 'ada',
    });
    await says([...vencrypt, Buffer.of(0, 2), takes(2), Buffer.of(0, 0)], 'unsupported', /no way/);
  });

  test('with TLS that is none, or words before it, is sent nothing more', async () => {
    const chosen = [
      v8,
      takes(12),
      Buffer.of(1, 19),
      takes(1),
      Buffer.of(0, 2),
      takes(2),
      Buffer.of(0, 1),
      u32(258),
      takes(4),
    ];
    await says([...chosen, Buffer.of(0)], 'misconfigured', /encrypted/);
    await says([...chosen, Buffer.of(1, 2, 3, 4)], 'unexpected', /protocol/);
    await says([...chosen, Buffer.of(1), takes(50), 'HTTP/1.1 400 Bad Request\r\n\r\n'], 'misconfigured', /encrypted/);
  });

  test('with garbage after the sign-in is unexpected, and its lengths are not believed', async () => {
    const in8 = [v8, takes(12), Buffer.of(1, 1), takes(1)];
    await says([...in8, u32(77)], 'unexpected', /protocol/);
    await says([...in8, u32(0), takes(1), init('a', 4_097)], 'unexpected', /protocol/);
    await says([...in8, u32(0), takes(1), init('a', 0xffff_ffff)], 'unexpected', /protocol/);
    await says([...in8, u32(0), takes(1), init('a', 1, Buffer.alloc(16, 5))], 'unexpected', /protocol/);
  });

  test('is left at once when the caller gives up, with the reason of the caller', async () => {
    const { port } = await fake([v8]);
    const leaving = new AbortController();
    const opening = openVnc(optionsFor(port, { bounds: { signInMs: 20_000 } }), { signal: leaving.signal });
    setTimeout(() => leaving.abort(new Error('enough')), 50);
    await expect(opening).rejects.toThrow('enough');
    await expect(openVnc(optionsFor(port), { signal: leaving.signal })).rejects.toThrow('enough');
  });
});
