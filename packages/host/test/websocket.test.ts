import { once } from 'node:events';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openWebSocket, type WebSocketOptions } from '../src/index.ts';
import { makeCertificate } from '../src/testing/index.ts';

const { key, certificate } = makeCertificate();
let server: Server;
let port = 0;
const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered].at(-1) ?? false });
/** What the server answers instead of an upgrade; null: it upgrades. */
let refusal: { readonly status: number; readonly head?: string; readonly body?: string } | null = null;
let upgrades: readonly { readonly url: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
let welcome: (socket: WebSocket) => void = () => undefined;

beforeAll(async () => {
  server = createServer({ key, cert: certificate });
  server.on('upgrade', (request, socket, head) => {
    upgrades = [...upgrades, { url: request.url ?? '', headers: request.headers }];
    if (refusal !== null) {
      const { status, head: more = '', body = '' } = refusal;
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n${more}\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => welcome(opened));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
});

const open = (more: Partial<WebSocketOptions> = {}) =>
  openWebSocket({
    ...{ url: `wss://localhost:${port}/api`, system: 'the site', protocols: ['words.v1'], maxBytes: 10_000 },
    ...{ certificateAuthorities: certificate, signal: AbortSignal.timeout(20_000), onText: () => undefined },
    ...more,
  });

test('text goes both ways, with the credentials in the opening and no compression offered', async () => {
  const heard: string[] = [];
  welcome = (socket) => {
    // Right behind the opening, before anybody can have asked.
    socket.send('first');
    socket.on('message', (text) => socket.send(`you said ${text}`));
  };
  const connection = await open({ headers: { authorization: 'Bearer t' }, onText: (text) => void heard.push(text) });
  await connection.send('hällo');
  await vi.waitFor(() => expect(heard).toEqual(['first', 'you said hällo']));
  expect(connection.protocol).toBe('words.v1');
  const headers: NodeJS.Dict<string | string[]> = upgrades.at(-1)?.headers ?? {};
  expect(headers).toMatchObject({ authorization: 'Bearer t', 'sec-websocket-protocol': 'words.v1' });
  expect(headers['sec-websocket-extensions']).toBeUndefined();
  connection.close(1000, 'done');
  expect(await connection.closed).toMatchObject({ code: 1000 });
  await expect(connection.send('late')).rejects.toMatchObject({ kind: 'unreachable' });
});

test('a server is trusted by the authority that was given alone', async () => {
  await expect(openWebSocket({ ...(await given()), signal: AbortSignal.timeout(9_000) })).rejects.toMatchObject({
    ...{ kind: 'unreachable', advice: expect.stringContaining('is not trusted here') },
  });
  await expect(open({ certificateAuthorities: makeCertificate().certificate })).rejects.toMatchObject({
    kind: 'unreachable',
  });
});
const given = async () => ({
  ...{
    url: `wss://localhost:${port}/api`,
    system: 'the site',
    protocols: ['words.v1'],
    maxBytes: 10,
    onText: () => {},
  },
});

test('nothing is sent in the clear, and no redirect is followed', async () => {
  await expect(open({ url: 'ws://site.example/api' })).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(open({ url: 'nonsense' })).rejects.toMatchObject({ kind: 'misconfigured' });
  const before = upgrades.length;
  refusal = { status: 302, head: `location: wss://localhost:${port}/other\r\n` };
  await expect(open()).rejects.toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('redirects') });
  expect(upgrades).toHaveLength(before + 1);
});

test('each refusal has the kind that its status says, with the words of the other side for people', async () => {
  for (const [status, kind, body, advice] of [
    [401, 'unauthorized', '{"error":"access_denied","message":"The token is over."}', 'The token is over.'],
    [403, 'forbidden', '{"detail":"ECM connections are off."}', 'ECM connections are off.'],
    [404, 'misconfigured', 'x', 'There is nothing to connect to'],
    [409, 'unexpected', '{"detail":"Five are connected."}', 'Five are connected.'],
    [500, 'unreachable', '<html>', 'did not answer'],
  ] as const) {
    refusal = { status, body };
    await expect(open()).rejects.toMatchObject({ kind, advice: expect.stringContaining(advice) });
  }
  refusal = { status: 503, head: 'retry-after: 30\r\n' };
  await expect(open()).rejects.toMatchObject({ kind: 'throttled', until: expect.any(Date) });
  refusal = null;
});

test('what is too large, not text, or not agreed on ends the connection and not the process', async () => {
  welcome = (socket) => socket.send('x'.repeat(10_001));
  expect(await (await open()).closed).toMatchObject({ code: 1006 });
  welcome = (socket) => socket.send(Buffer.from([1, 2, 3]));
  expect(await (await open()).closed).toMatchObject({ code: 1003 });
  welcome = () => undefined;
  await expect(open({ protocols: [] })).resolves.toMatchObject({ protocol: '' });
});

test('an answer that never comes, and an abort, end it in time', async () => {
  const silent = createServer({ key, cert: certificate });
  silent.on('upgrade', () => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `wss://localhost:${(silent.address() as AddressInfo).port}/`;
  await expect(open({ url, openMs: 100 })).rejects.toMatchObject({ kind: 'unreachable' });
  silent.closeAllConnections();
  silent.close();
  const stop = new AbortController();
  const connection = await open({ signal: stop.signal });
  stop.abort();
  expect(await connection.closed).toMatchObject({ code: 1006 });
});

test('with a proxy everything goes through its tunnel, encrypted to its end, and a proxy that refuses is told', async () => {
  const overheard: string[] = [];
  const tunnels: string[] = [];
  const ends: Duplex[] = [];
  const proxy = createProxy().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const onward = connectTcp(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    for (const one of [socket, onward])
      one.on('data', (bytes) => overheard.push(String(bytes))).on('error', () => undefined);
    onward.pipe(socket).pipe(onward);
    ends.push(socket, onward);
  });
  await once(proxy, 'listening');
  const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  welcome = (socket) => socket.on('message', (text) => socket.send(`you said ${text}`));
  const heard: string[] = [];
  const connection = await open({
    proxy: through,
    headers: { authorization: 'Bearer hidden' },
    onText: (text) => void heard.push(text),
  });
  await connection.send('through');
  await vi.waitFor(() => expect(heard).toEqual(['you said through']));
  expect(tunnels).toEqual([`localhost:${port}`]);
  expect(overheard.join()).not.toMatch(/hidden|through/);
  // The authority that is trusted is still the one that was given.
  const other = makeCertificate().certificate;
  await expect(open({ proxy: through, certificateAuthorities: other })).rejects.toMatchObject({ kind: 'unreachable' });
  connection.close(1000, 'done');
  for (const one of ends) one.destroy();
  proxy.close();
  proxy.closeAllConnections();

  await expect(open({ proxy: through })).rejects.toMatchObject({ kind: 'unreachable' });
  const closed = createProxy((_, response) => response.end()).listen(0, '127.0.0.1');
  closed.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  await once(closed, 'listening');
  const refusing = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await expect(open({ proxy: refusing })).rejects.toMatchObject({ kind: 'unreachable' });
  closed.close();
  await expect(open({ proxy: 'proxy:3128' })).rejects.toMatchObject({ kind: 'misconfigured' });
});
