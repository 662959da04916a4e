import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from '@gatehouse/host/testing';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/** Serves the page of one desktop, and the browser's side of its session to whoever takes it. */
export interface RdpHost extends AsyncDisposable {
  readonly url: string;
  /** The next browser. */
  serve: (browser: Duplex) => Promise<void>;
  recording: Buffer;
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

export const startRdpHost = async (): Promise<RdpHost> => {
  const dist = await mkdtemp(join(tmpdir(), 'gatehouse-rdp-page-'));
  await build({
    ...{ root: join(import.meta.dirname, 'rdp-page'), configFile: false, logLevel: 'error', plugins: [react()] },
    build: { outDir: dist, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const host: { serve: RdpHost['serve']; recording: Buffer } = {
    serve: async () => undefined,
    recording: Buffer.alloc(0),
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/recording') return void response.end(host.recording);
    const nonce = 'planted0of0a0test';
    void readFile(join(dist, path === '/' ? 'index.html' : path)).then(
      (bytes) => {
        const type = types[extname(path === '/' ? '.html' : path) || '.html'] ?? 'application/octet-stream';
        // What the site allows its pages, no more.
        response.setHeader(
          'content-security-policy',
          `default-src 'none'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self' data:; worker-src 'self' blob:`,
        );
        response.setHeader('content-type', path === '/' ? 'text/html; charset=utf-8' : type);
        const page = () =>
          bytes
            .toString()
            .replaceAll(/<(script|style|link)(?=[\s>])/g, `<$1 nonce="${nonce}"`)
            .replace(
              '<head>',
              `<head><meta property="csp-nonce" nonce="${nonce}"><link rel="stylesheet" href="/room.css">`,
            );
        response.end(path === '/' ? page() : bytes);
      },
      () => {
        if (path !== '/room.css') response.statusCode = 404;
        response.setHeader('content-type', 'text/css');
        response.end('.room { height: 90vh; }');
      },
    );
  });
  const sockets = new WebSocketServer({ server, path: '/desktop' });
  sockets.on('connection', (socket) => {
    void host.serve(duplexOf(socket)).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return Object.assign(host, {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await rm(dist, { recursive: true, force: true });
    },
  });
};

const duplexOf = (socket: WebSocket): Duplex => {
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => socket.send(chunk, done),
    final: (done) => {
      socket.close();
      done();
    },
    destroy: (error, done) => {
      socket.close();
      done(error);
    },
  });
  socket.on('message', (bytes) => Buffer.isBuffer(bytes) && duplex.push(bytes));
  socket.on('close', () => {
    duplex.push(null);
    duplex.destroy();
  });
  return duplex;
};
