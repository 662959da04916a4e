import { once } from 'node:events';
import { createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createHost } from '../src/index.ts';
import { type FakeServer, reply, startServer } from '../src/testing/index.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const serve = async (): Promise<FakeServer> => {
  const server = await startServer({ '/hook': reply.json({ ok: true }), '/moved': reply.redirect('/hook') });
  closers.push(() => server.close());
  return server;
};
const clientAt = (origin: string, addresses: readonly string[]) =>
  createHost({ signal: AbortSignal.timeout(5_000), attempts: 1 }).http({ origin, system: 'the receiver', addresses });
const portOf = (origin: string) => new URL(origin).port;

test('a request goes to the addresses that were checked, with the name as its Host', async () => {
  const server = await serve();
  const origin = `http://receiver.invalid:${portOf(server.origin)}`;
  const answer = await clientAt(origin, ['127.0.0.1']).request('/hook', z.object({ ok: z.boolean() }), {
    ...{ method: 'POST', body: { text: 'ä' }, headers: { 'x-mine': '1' } },
  });
  expect(answer).toMatchObject({ status: 200, body: { ok: true } });
  const [request] = server.requests;
  expect(request?.headers).toMatchObject({ host: new URL(origin).host, 'x-mine': '1', 'content-length': '13' });
});

test('where the name itself leads does not matter', async () => {
  const server = await serve();
  const client = clientAt(`http://localhost:${portOf(server.origin)}`, ['2001:db8::1']);
  await expect(client.get('/hook', z.unknown())).rejects.toBeDefined();
  expect(server.requests).toEqual([]);
});

test('the certificate is asked of the name, not of the address', async () => {
  const seen: string[] = [];
  const server = createServer((socket) => {
    const secure = new TLSSocket(socket, {
      isServer: true,
      SNICallback: (name, done) => {
        seen.push(name);
        done(new Error('no certificate'));
      },
    });
    secure.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await expect(
    clientAt(`https://receiver.invalid:${port}`, ['127.0.0.1']).get('/hook', z.unknown()),
  ).rejects.toMatchObject({ name: 'Fault', kind: 'unreachable' });
  expect(seen).toEqual(['receiver.invalid']);
});

test('a redirect is refused as everywhere, and nothing at all to connect to is a Fault', async () => {
  const server = await serve();
  const origin = `http://receiver.invalid:${portOf(server.origin)}`;
  await expect(clientAt(origin, ['127.0.0.1']).get('/moved', z.unknown())).rejects.toMatchObject({
    kind: 'misconfigured',
  });
  await expect(clientAt(origin, []).get('/hook', z.unknown())).rejects.toMatchObject({ kind: 'unreachable' });
});
