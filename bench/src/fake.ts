// A process of its own: the vendor. Serves lists over HTTP, a thousand records a page, with `Link: rel=next`.
import { createServer } from 'node:http';
import { makers } from './made-up.ts';
import type { Size } from './sizes.ts';

const size: Size = JSON.parse(process.argv[2] ?? '{}');
const pageSize = 1_000;
// What was served once is kept, so that measured reads do not wait for this process to make things up.
const served = new Map<string, Buffer>();

const server = createServer((request, answer) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const kind = url.pathname.slice(1);
  const after = Number(url.searchParams.get('after') ?? 0);
  const total = size[kind as keyof Size] ?? 0;
  const make = makers[kind];
  if (!make) {
    answer.writeHead(404).end('{}');
    return;
  }
  const key = `${kind} ${after}`;
  const body = served.get(key) ?? Buffer.from(JSON.stringify(pageFrom(make, after, total)));
  served.set(key, body);
  const next = after + pageSize;
  const link = next < total ? { link: `<http://${request.headers.host}/${kind}?after=${next}>; rel="next"` } : {};
  answer.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, ...link }).end(body);
});

const pageFrom = (make: (n: number) => unknown, after: number, total: number) =>
  Array.from({ length: Math.max(0, Math.min(pageSize, total - after)) }, (_, n) => make(after + n));

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
});
process.on('disconnect', () => process.exit());
