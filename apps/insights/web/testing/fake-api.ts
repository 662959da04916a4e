import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { answers } from './answers.ts';
import { pendingCollector, run } from './connections.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const nonce = 'bm9uY2Utb2YtdGhlLXRlc3Q=';
/** As strict as the real server, so that a page that would break there breaks here. */
const policy = `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'`;

/** The pages that were built into `dist` with an organisation of made-up answers behind them, on loopback. */
export const startFakeApi = async (dist: string) => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname.startsWith('/api/')) return answer(request.method ?? 'GET', url, response);
    void sendFile(dist, url.pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const answer = (method: string, url: URL, response: ServerResponse) => {
  if (url.pathname.endsWith('/progress')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (!url.pathname.includes(pendingCollector.connectionId)) response.write(`data: ${JSON.stringify(run)}\n\n`);
    return;
  }
  const found = answers.find(([wanted, path]) => wanted === method && path.test(url.pathname));
  if (found === undefined) {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ title: 'Not found', status: 404, detail: 'There is nothing here.' }));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found[2](url.pathname, url.searchParams)));
};

const sendFile = async (dist: string, path: string, response: ServerResponse) => {
  const file = extname(path) === '' ? 'index.html' : normalize(path).replace(/^(\.\.[/\\])+/, '');
  try {
    const body = await readFile(join(dist, file));
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    if (file !== 'index.html') {
      // Their names carry a hash of what they hold, so a browser may keep them, and what it made of them.
      response.setHeader('cache-control', 'public, max-age=31536000, immutable');
      return response.end(body);
    }
    response.setHeader('content-security-policy', policy);
    response.end(
      body
        .toString('utf8')
        .replaceAll(/<(script|style|link)(?=[\s>])/g, `<$1 nonce="${nonce}"`)
        .replace('<head>', `<head><meta property="csp-nonce" nonce="${nonce}">`),
    );
  } catch {
    response.writeHead(404).end();
  }
};
