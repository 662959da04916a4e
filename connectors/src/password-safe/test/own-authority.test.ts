import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConnection } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passwordSafe } from '../password-safe.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-password-safe-'));
const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
const heard: string[] = [];
let origin = '';
let authority = '';

beforeAll(async () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const about = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...words, '-keyout', key, '-out', certificate, ...about], { stdio: 'ignore' });
  authority = readFileSync(certificate, 'utf8');
  const server = createServer({ key: readFileSync(key), cert: authority }, (request, response) => {
    request.resume();
    heard.push(`${request.method} ${request.url?.replace(/^.*\/v3/, '')}`);
    response.setHeader('content-type', 'application/json');
    if (request.url?.endsWith('/Auth/SignAppin'))
      response.setHeader('set-cookie', 'ASP.NET_SessionId=s; secure; HttpOnly');
    response.end(request.url?.includes('/Auth/') ? '{"UserId":1}' : '[]');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  origin = `https://localhost:${(server.address() as AddressInfo).port}`; // it listens at a port, not at a pipe
});
afterAll(() => {
  for (const close of closers.reverse()) close();
});

const check = (more: { certificateAuthorities?: string }) =>
  checkConnection({
    ...{
      connector: passwordSafe,
      settings: { url: origin, apiKey: 'key-of-the-registration', runAs: 'gatehouse', ...more },
    },
    host: createHost({ signal: AbortSignal.timeout(20_000), attempts: 1 }),
  });

test('a Password Safe with a certificate of its own authority is read, signing in and out included, where the authority is given', async () => {
  expect(await check({ certificateAuthorities: authority })).toMatchObject({ health: 'connected', fault: null });
  expect(heard[0]).toBe('POST /Auth/SignAppin');
  expect(heard.at(-1)).toBe('POST /Auth/Signout');
});

test('the key is not sent to a server whose certificate nobody vouches for', async () => {
  heard.splice(0);
  for (const more of [{}, { certificateAuthorities: '' }]) {
    expect((await check(more)).fault).toMatchObject({ kind: 'unreachable' });
  }
  expect(heard).toEqual([]);
});
