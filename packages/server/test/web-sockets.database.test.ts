import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SignedIn, type TestServer, testServer } from '../src/testing/index.ts';
import { type ServerSocket, serveWebSocket } from '../src/web-sockets.ts';

let host: TestServer;
beforeAll(async () => {
  host = await testServer({
    webSockets: { maxBytes: 1_000 },
    routes: ({ app }) => {
      const echo = (socket: ServerSocket) => ({
        text: (text: string) => void socket.send(text),
        bytes: (bytes: Buffer) => void socket.send(bytes),
        closed: () => undefined,
      });
      const none = { subprotocols: [], admit: async () => echo } as const;
      serveWebSocket(app, { path: '/api/person-socket', access: 'signed-in', ...none });
      serveWebSocket(app, { path: '/api/system-socket', access: 'system-administrator', ...none });
    },
  });
});
afterAll(() => host.close());

/** Node's own client sends the headers it is given, `Origin` among them. */
const open = (path: string, headers: Record<string, string>) => {
  const socket = new WebSocket(new URL(path, host.url.replace('http', 'ws')), { headers } as never);
  socket.binaryType = 'arraybuffer';
  return socket;
};
const tried = async (path: string, headers: Record<string, string>) => {
  const socket = open(path, headers);
  const outcome = await Promise.race([once(socket, 'open').then(() => 'open'), once(socket, 'error').then(() => 'no')]);
  socket.close();
  return outcome;
};
const cookieOf = ({ cookies }: SignedIn) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const ours = (person: SignedIn) => ({ cookie: cookieOf(person), origin: new URL(host.url).origin });

test('a page carries text and bytes both ways', async () => {
  const socket = open('/api/person-socket', ours(await host.signIn()));
  await once(socket, 'open');
  socket.send('text');
  expect((await once(socket, 'message'))[0].data).toBe('text');
  socket.send(new Uint8Array([1, 2, 3]));
  expect(new Uint8Array((await once(socket, 'message'))[0].data)).toEqual(new Uint8Array([1, 2, 3]));
  socket.close();
});

test('only a person who is signed in, may, and is on a page of ours connects', async () => {
  const [person, admin] = [await host.signIn(), await host.signIn({ systemAdministrator: true })];
  expect(await tried('/api/person-socket', { origin: new URL(host.url).origin })).toBe('no');
  expect(await tried('/api/person-socket', { cookie: cookieOf(person) })).toBe('no');
  expect(await tried('/api/person-socket', { ...ours(person), origin: 'https://evil.example' })).toBe('no');
  expect(await tried('/api/person-socket', { ...ours(person), 'sec-fetch-site': 'cross-site' })).toBe('no');
  expect(await tried('/api/system-socket', ours(person))).toBe('no');
  expect(await tried('/api/system-socket', ours(admin))).toBe('open');
  expect(await tried('/api/person-socket', ours(person))).toBe('open');
});

test('a connection ends with the sign-in that opened it', async () => {
  const person = await host.signIn();
  const socket = open('/api/person-socket', ours(person));
  await once(socket, 'open');
  await person.post('/api/auth/sign-out', {});
  expect((await once(socket, 'close'))[0]).toMatchObject({ code: 4401 });
});

test('a page that is there in name only is cut off, and one that says nothing by itself is not', async () => {
  const closed: string[] = [];
  await using other = await testServer({
    // Long enough for a page to answer on a machine that does other things too.
    webSockets: { maxBytes: 1_000, beatMs: 1_000 },
    routes: ({ app }) =>
      serveWebSocket(app, {
        ...{ path: '/api/person-socket', access: 'signed-in', subprotocols: [] },
        admit: async ({ headers }) => {
          const name = String(headers['x-name']);
          return () => ({ text: () => undefined, closed: () => void closed.push(name) });
        },
      }),
  });
  const headers = { cookie: cookieOf(await other.signIn()), origin: new URL(other.url).origin };
  const there = new WebSocket(new URL('/api/person-socket', other.url.replace('http', 'ws')), {
    headers: { ...headers, 'x-name': 'there' },
  } as never);
  await once(there, 'open');
  // Takes what it is sent, as a network does that swallows it, and answers nothing.
  const silent = connect(Number(new URL(other.url).port), 'localhost');
  const lines = Object.entries({
    ...{ host: 'localhost', ...headers, 'x-name': 'silent', connection: 'upgrade', upgrade: 'websocket' },
    ...{ 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') },
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  silent.write(`GET /api/person-socket HTTP/1.1\r\n${lines.join('')}\r\n`);
  expect(String((await once(silent, 'data'))[0])).toContain('101 Switching Protocols');
  silent.resume();
  await once(silent, 'close');
  await expect.poll(() => closed).toEqual(['silent']);
  expect(there.readyState).toBe(WebSocket.OPEN);
  there.close();
});
