import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from '@gatehouse/host/testing';
import { Secret, toFault } from '@gatehouse/kernel';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { desktopType, encodeDesktopFrame, encodeDesktopHead } from '../../../src/api/desktop-format.ts';
import { serveVnc } from '../../../src/sessions/vnc/serve-vnc.ts';

/** A site that has nothing but one endpoint, whose last session is recorded. */
export interface VncPage extends AsyncDisposable {
  readonly url: string;
  /** What time it is in the recording. */
  clock: { ms: number };
  /** Ends the session, with what its person is told. */
  end(reason: string): void;
  readonly clipboard: { isAllowed: boolean };
}

export const serveVncPage = async (endpoint: { port: number }, password: string): Promise<VncPage> => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-vnc-page-'));
  await build({
    ...{ configFile: false, root: import.meta.dirname, plugins: [react()], logLevel: 'warn' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
      modulePreload: { polyfill: false },
    },
  });
  const clock = { ms: 0 };
  const clipboard = { isAllowed: true };
  let recorded: Uint8Array[] = [];
  const followers = new Set<ServerResponse>();
  let session: { socket: WebSocket; leave: AbortController } | null = null;
  const keep = (bytes: Uint8Array) => {
    recorded.push(bytes);
    for (const follower of followers) follower.write(bytes);
  };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/recording') {
      response.writeHead(200, { 'content-type': desktopType });
      for (const bytes of recorded) response.write(bytes);
      if (request.url?.includes('follow') && session !== null) return void followers.add(response);
      return void response.end();
    }
    const file = path === '/' ? 'index.html' : path.slice(1);
    const content = await readFile(join(folder, file)).catch(() => null);
    if (content === null) return void response.writeHead(404).end();
    const nonce = randomBytes(16).toString('base64');
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', ...policy(nonce) });
    response.end(file === 'index.html' ? withNonce(content.toString(), nonce) : content);
  });
  const sockets = new WebSocketServer({ server, path: '/desktop' });
  sockets.on('connection', async (socket) => {
    const leave = new AbortController();
    session = { socket, leave };
    recorded = [];
    keep(encodeDesktopHead({ protocol: 'vnc', startedAt: new Date().toISOString() }));
    keep(encodeDesktopFrame(clock.ms, 'segment', new Uint8Array(0)));
    const error = await serveVnc({
      endpoint: { name: 'Desk', hostname: '127.0.0.1', port: endpoint.port },
      credential: { username: 'ada', domain: null, password: new Secret(password) },
      ...{ browser: streamOf(socket), rules: { clipboard: clipboard.isAllowed }, trust: { kind: 'any' } },
      record: async (bytes) => keep(encodeDesktopFrame(clock.ms, 'bytes', bytes)),
      ...{ onInput: () => undefined, onOpen: () => undefined, signal: leave.signal },
    }).then(
      () => null,
      (error: unknown) => toFault(error).advice,
    );
    session = null;
    for (const follower of followers) follower.end();
    followers.clear();
    socket.close(1000, error ?? String(leave.signal.reason ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    ...{ clock, clipboard },
    end: (reason) => session?.leave.abort(reason),
    async [Symbol.asyncDispose]() {
      session?.leave.abort('');
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Both sides wait for a slow one. */
const streamOf = (socket: WebSocket): Duplex => {
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (bytes, _, done) => socket.send(bytes, done),
  });
  socket.on('message', (bytes: Buffer) => {
    if (!stream.push(bytes)) socket.pause();
  });
  socket.on('close', () => stream.destroy());
  socket.on('error', () => undefined);
  return stream;
};

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** As strict as that of the real pages. */
const policy = (nonce: string) => ({
  'content-security-policy': [
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:`,
    "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'",
  ].join('; '),
});

const withNonce = (html: string, nonce: string): string =>
  html
    .replaceAll(/<(script|style|link)(?=[\s>])/g, `<$1 nonce="${nonce}"`)
    .replace(/<head>/, `<head><meta property="csp-nonce" nonce="${nonce}">`);
