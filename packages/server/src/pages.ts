import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { problems } from './problem.ts';

/** What the pages of one program need beyond those of others. */
export interface PageRights {
  /** Compiles WebAssembly: of the page's own files, since nothing else can be loaded. */
  readonly webAssembly?: boolean;
  /** Shows videos that come in parts, which the page itself puts together. */
  readonly video?: boolean;
}

/**
 * Serves the pages that Vite built into `folder`: files as they are, and `index.html` for every other address that
 * is not below /api, so that a page's address can be opened directly. Everything below assets/ carries a hash in its
 * name and never changes.
 */
export const servePages = async (app: FastifyInstance, folder: string, may: PageRights = {}): Promise<void> => {
  const [index, files] = await Promise.all([readFile(join(folder, 'index.html'), 'utf8'), listFiles(folder)]);
  await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
  app.route({
    method: 'GET',
    url: '/*',
    config: { access: 'public' },
    schema: { hide: true },
    handler: (request, reply) => {
      const path = URL.parse(request.url, 'http://page')?.pathname ?? '/';
      const file = decode(path).slice(1);
      if (files.has(file) && file !== 'index.html') {
        reply.header('cache-control', file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
        return reply.sendFile(file);
      }
      if (/^\/(api|assets)(\/|$)/.test(path)) throw problems.notFound();
      return sendPage(reply, index, may);
    },
  });
};

/**
 * Mantine and the router add style elements while the page runs, so styles and scripts are allowed by a nonce made for
 * this one answer. The page finds it where Vite's own convention puts it: `<meta property="csp-nonce">`.
 */
const sendPage = (reply: FastifyReply, index: string, may: PageRights) => {
  const nonce = randomBytes(16).toString('base64');
  const html = index
    .replaceAll(/<meta[^>]*csp-nonce[^>]*>\s*/g, '')
    .replaceAll(/\snonce="[^"]*"/g, '')
    .replaceAll(/<(script|style|link)(?=[\s>])/g, `<$1 nonce="${nonce}"`)
    .replace(/<head>/, `<head>\n    <meta property="csp-nonce" nonce="${nonce}">`);
  return reply
    .header('content-security-policy', policy(nonce, may))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html);
};

const policy = (nonce: string, { webAssembly = false, video = false }: PageRights): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${webAssembly ? " 'wasm-unsafe-eval'" : ''}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    ...(video ? ['media-src blob:'] : []),
    "font-src 'self'",
    // Libraries carry their WebAssembly as data, and fetch it from there.
    `connect-src 'self'${webAssembly ? ' data:' : ''}`,
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

const listFiles = async (folder: string): Promise<ReadonlySet<string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return new Set(files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')));
};

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
