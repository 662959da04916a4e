import { once } from 'node:events';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createHost } from '../src/index.ts';
import { makeCertificate } from '../src/testing/index.ts';

const closers: (() => unknown)[] = [];
let origin = '';
let authority = '';

beforeAll(async () => {
  const { key, certificate } = makeCertificate();
  authority = certificate;
  const server = createServer({ key, cert: authority }, (request, response) => {
    request.on('data', () => undefined).on('end', () => response.end('{"ok":true}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const close of closers.reverse()) close();
});

const client = (more: { certificateAuthorities?: string; proxy?: string }) =>
  createHost({ signal: AbortSignal.timeout(10_000), attempts: 1 }).http({ origin, system: 'the server', ...more });
const Ok = z.object({ ok: z.boolean() });

test('a server with a certificate of its own authority is trusted only where that authority is given', async () => {
  await expect(client({ certificateAuthorities: authority }).get('/', Ok)).resolves.toEqual({ ok: true });
  await expect(client({}).get('/', Ok)).rejects.toMatchObject({ kind: 'unreachable' });
});

test('an authority that is no certificate is a Fault before anything is sent', () => {
  expect(() => client({ certificateAuthorities: 'secret' })).toThrow(/PEM/);
});

test('everything goes through the proxy, encrypted to its end', async () => {
  const tunnels: string[] = [];
  const proxy = createProxy().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const { port } = new URL(origin);
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    closers.push(() => onward.destroy());
  });
  await once(proxy, 'listening');
  closers.push(() => proxy.close());
  const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await expect(client({ certificateAuthorities: authority, proxy: through }).get('/', Ok)).resolves.toEqual({
    ok: true,
  });
  expect(tunnels).toEqual([new URL(origin).host]);
  await expect(client({ proxy: through }).get('/', Ok)).rejects.toMatchObject({ kind: 'unreachable' });
});

test('brief answers come over a connection that stays, asked for uncompressed; one that was closed meanwhile is no failure', async () => {
  const asked: (string | undefined)[] = [];
  let connections = 0;
  const server = createProxy((request, response) => {
    asked.push(request.headers['accept-encoding']);
    request.on('data', () => undefined).on('end', () => response.end('{"ok":true}'));
  }).listen(0, '127.0.0.1');
  server.on('connection', () => {
    connections++;
  });
  await once(server, 'listening');
  closers.push(() => server.close());
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const brief = createHost({ signal: AbortSignal.timeout(10_000), attempts: 2 }).http({
    ...{ origin: here, system: 'the server', isBrief: true },
  });
  const post = () => brief.request('/', Ok, { method: 'POST', body: { a: 1 }, retry: true });
  for (const _ of [1, 2, 3]) expect((await post()).body).toEqual({ ok: true });
  expect(connections).toBe(1);
  expect(new Set(asked)).toEqual(new Set([undefined]));
  server.closeAllConnections();
  expect((await post()).body).toEqual({ ok: true });
});
