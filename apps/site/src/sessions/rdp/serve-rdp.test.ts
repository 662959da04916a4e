import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { makeCertificate } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import type { DesktopErrand } from '../desktop.ts';
import { serveRdp } from './serve-rdp.ts';

const identity = makeCertificate();
const request = Buffer.from(
  '3032a00402020d3ea20b0c09656c73657768657265a3060c046e6f6e65a6150413030000130ee000000000000100080001000000',
  'hex',
);

/** A host with TLS and nothing behind it but what a test says. */
const startHost = async (talk: (stream: Duplex) => void, isSilent = false) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      if (isSilent) return;
      socket.write(Buffer.from('030000130ed000001234000201080001000000', 'hex'));
      const stream = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ key: identity.key, cert: identity.certificate }),
      });
      stream.on('error', () => undefined);
      stream.once('secure', () => talk(stream));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no port.');
  return {
    ...{ port: address.port, open: () => sockets.size },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const serve = (port: number, more: Partial<DesktopErrand> = {}) => {
  const [browser, far] = duplexPair();
  const said: Buffer[] = [];
  far.on('data', (bytes: Buffer) => said.push(bytes));
  far.on('error', () => undefined);
  const over = serveRdp({
    endpoint: { name: 'Desk', hostname: '127.0.0.1', port },
    credential: { username: 'dora', domain: null, password: new Secret('planted') },
    ...{ browser, rules: { clipboard: false }, trust: { kind: 'any' }, signal: AbortSignal.timeout(20_000) },
    ...{ record: async () => undefined, onInput: () => undefined, onOpen: () => undefined },
    ...more,
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { browser: far, said, over };
};

describe('a session of a remote desktop', () => {
  test('ends with a Fault at what is no request, and nobody is asked for anything', async () => {
    await using host = await startHost(() => undefined);
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      '\x30\x84\x7f\xff\xff\xff',
      '\x30\x03\x02\x01\x01',
      '\x00'.repeat(99),
    ]) {
      const { browser, over } = serve(host.port);
      browser.write(Buffer.from(bytes, 'latin1'));
      expect(await over).toMatchObject({ name: 'Fault', kind: 'unexpected' });
    }
    expect(host.open()).toBe(0);
  });

  test('is over, without a Fault, when its person leaves: before the first word, and while the host is silent', async () => {
    await using host = await startHost(() => undefined, true);
    const early = serve(host.port);
    early.browser.destroy();
    expect(await early.over).toBeNull();
    const late = serve(host.port);
    late.browser.write(request);
    await expect.poll(host.open).toBe(1);
    late.browser.destroy();
    expect(await late.over).toBeNull();
    await expect.poll(host.open).toBe(0);
  });

  test('is over when somebody ends it, and the host is left', async () => {
    await using host = await startHost(() => undefined);
    const ended = new AbortController();
    const { browser, over, said } = serve(host.port, { signal: ended.signal });
    browser.write(request);
    await expect.poll(() => said.length).toBe(1);
    ended.abort(new Error('enough'));
    expect(await over).toBeNull();
    await expect.poll(host.open).toBe(0);
  });

  test('tells the browser in a number why there is none, and the site in words', async () => {
    const host = await startHost(() => undefined);
    await host[Symbol.asyncDispose]();
    const { browser, over, said } = serve(host.port);
    browser.write(request);
    expect(await over).toMatchObject({ kind: 'unreachable' });
    expect(Buffer.concat(said).subarray(-4).toString('hex')).toBe('020201f8');
  });

  test.each([
    ['what is no message', Buffer.from('ffffffffffff', 'hex'), 'unexpected'],
    ['a packet of nothing', Buffer.from('03000004', 'hex'), 'unexpected'],
    ['the end, before there is a desktop', null, 'unreachable'],
  ])('ends with a Fault at %s of the host', async (_, bytes, kind) => {
    await using host = await startHost((stream) => void (bytes === null ? stream.end() : stream.write(bytes)));
    const { browser, over } = serve(host.port);
    browser.write(request);
    expect(await over).toMatchObject({ name: 'Fault', kind });
  });

  test('shows nothing that could not be recorded', async () => {
    await using host = await startHost((stream) => void stream.write(Buffer.from('00068006010203', 'hex')));
    const recorded: Buffer[] = [];
    const { browser, over, said } = serve(host.port, {
      record: async (bytes) => {
        if (recorded.length === 1) throw new Fault('unexpected', 'The disk is full.');
        recorded.push(bytes);
      },
    });
    browser.write(request);
    expect(await over).toMatchObject({ advice: 'The disk is full.' });
    expect(Buffer.concat(said).equals(Buffer.concat(recorded))).toBe(true);
  });
});
