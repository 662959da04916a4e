import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSend } from './send.ts';

const secret = 'planted/secret+of=an&account';
let tokenAnswer: () => { readonly status: number; readonly text: string };
let asked = 0;
const bearers: string[] = [];
const server = createServer((request, response) => {
  if (request.url !== '/oauth2/token') {
    bearers.push(request.headers.authorization ?? '');
    response.end('<success>done</success>');
    return;
  }
  asked += 1;
  const { status, text } = tokenAnswer();
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const clock = createTestClock();
const lines: string[] = [];
const open = () => {
  asked = 0;
  bearers.length = 0;
  const host = createHost({
    ...{ signal: new AbortController().signal, attempts: 1, clock },
    log: (line) => void lines.push(JSON.stringify(line)),
  });
  return openSend(host, { origin, clientId: 'c'.repeat(40), clientSecret: new Secret(secret) });
};
const get = { method: 'GET', path: '/api/command?action=x' } as const;
const usual = () => ({ status: 200, text: JSON.stringify({ access_token: `token-${asked}`, expires_in: 3_600 }) });

test.each([
  [401, '{"error":"invalid_client","message":"Client authentication failed."}', 'unauthorized', 'invalid_client'],
  [401, '{"error":"access_denied","message":"The resource owner"}', 'unauthorized', 'access_denied The resource owner'],
  [400, '{"error":"unsupported_grant_type","message":""}', 'unauthorized', 'unsupported_grant_type'],
  [403, '{"error":"unauthorized_client","message":"switched off"}', 'forbidden', 'unauthorized_client'],
  [404, '<html>nginx</html>', 'misconfigured', '404'],
  [503, '{}', 'unreachable', '503'],
])('a refused account is told with what the site said: %d %s', async (status, text, kind, words) => {
  tokenAnswer = () => ({ status, text });
  const fault = await open()(get).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ kind, detail: expect.stringContaining(words) });
});

test('what a site repeats of a secret, or of a token, is in no fault and no line of the log', async () => {
  const basic = Buffer.from(`${'c'.repeat(40)}:${secret}`).toString('base64');
  for (const text of [
    JSON.stringify({ error: 'invalid_client', message: `${secret} ${basic} is wrong` }),
    JSON.stringify({ access_token: '', token: 'tok-leaked-1', expires_in: 1 }),
  ]) {
    tokenAnswer = () => ({ status: text.includes('invalid_client') ? 401 : 200, text });
    const fault = await open()(get).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    for (const leak of [secret, basic, 'tok-leaked-1']) expect(`${inspect(fault)}${lines.join()}`).not.toContain(leak);
  }
});

test('calls at once share one token, and one that is over is asked for anew before it is used', async () => {
  tokenAnswer = usual;
  const send = open();
  await Promise.all(Array.from({ length: 8 }, () => send(get)));
  expect([asked, new Set(bearers)]).toEqual([1, new Set(['Bearer token-1'])]);
  clock.advance(3_541_000);
  await send(get);
  expect(bearers.at(-1)).toBe('Bearer token-2');
});

test('a request for a token that fails is made again by the next call', async () => {
  const send = open();
  tokenAnswer = () => ({ status: 503, text: '' });
  await expect(send(get)).rejects.toMatchObject({ kind: 'unreachable' });
  tokenAnswer = usual;
  expect(await send(get)).toEqual({ status: 200, text: '<success>done</success>' });
});
