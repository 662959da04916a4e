import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeOkta } from '../fake.ts';
import { scopes } from '../scopes.ts';
import { openBench } from './bench.ts';

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (type: 'pkcs8' | 'pkcs1') => otherKey.export({ type, format: 'pem' }).toString();

describe('the private key', () => {
  const broken = pem('pkcs8').split('\n');
  broken.splice(5, 3);
  test.each([
    ['words', 'hello', 'BEGIN PRIVATE KEY'],
    ['a key with lines missing', broken.join('\n'), 'damaged'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----', 'public half'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'certificate'],
    [
      'a key with a passphrase',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----',
      'passphrase',
    ],
    ['half a JSON Web Key', '{"kty":"RSA","n":"x","e":"AQAB"}', 'JSON Web Key'],
  ])('that is %s makes the connection misconfigured, and the advice names the setting', async (_, text, said) => {
    await using bench = await openBench();
    const { fault, health } = await bench.check({ privateKey: text });
    expect(health).toBe('failed');
    expect(fault?.kind).toBe('misconfigured');
    expect(fault?.advice).toContain('Private key');
    expect(fault?.advice).toContain(said);
    expect(`${fault?.message} ${fault?.detail}`).not.toContain(text.split('\n')[1] ?? text);
    expect(bench.fake.requests).toHaveLength(0);
  });

  test('of another app is unauthorized, with the three things to check', async () => {
    await using bench = await openBench();
    const { fault } = await bench.check({ privateKey: pem('pkcs8') });
    expect(fault?.kind).toBe('unauthorized');
    expect(fault?.advice).toMatch(/“Private key”.*“Public key \/ Private key”.*“Key ID”.*signature is invalid/s);
  });

  test('with an unknown key id is unauthorized; with the right one it works', async () => {
    await using bench = await openBench();
    expect((await bench.check({ keyId: 'nobody' })).fault?.kind).toBe('unauthorized');
    expect((await bench.check({ keyId: bench.fake.authorization.keyId })).health).toBe('connected');
    expect((await bench.check({ keyId: '' })).health).toBe('connected');
  });

  test('is asked for once and pasted as PKCS#1 signs in', async () => {
    await using bench = await openBench();
    const key = createPrivateKey(bench.fake.authorization.privateKey).export({ type: 'pkcs1', format: 'pem' });
    expect((await bench.check({ privateKey: key.toString() })).health).toBe('connected');
  });
});

test('a wrong client id is unauthorized, and the advice names it', async () => {
  await using bench = await openBench();
  const { fault } = await bench.check({ clientId: '0oaNobody' });
  expect(fault?.kind).toBe('unauthorized');
  expect(fault?.advice).toContain('0oaNobody');
});

describe('a wrong domain', () => {
  const server = createServer((request, response) => {
    const isPage = request.url?.startsWith('/oauth2') ?? false;
    response.writeHead(isPage ? 404 : 200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Bakery</title>');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('that is a web site is misconfigured, and the advice names it', async () => {
    await using bench = await openBench();
    const domain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { fault } = await bench.check({ domain });
    expect(fault?.kind).toBe('misconfigured');
    expect(fault?.advice).toContain('Okta domain');
  });

  test('that is no domain is refused before anything is sent', async () => {
    await using bench = await openBench();
    const { fault } = await bench.check({ domain: 'just words' });
    expect(fault?.kind).toBe('misconfigured');
    expect(fault?.advice).toContain('acme.okta.com');
  });
});

test('what was mended in the domain is said when the connection is tested', async () => {
  await using bench = await openBench();
  const { notes, health } = await bench.check({ domain: `${bench.origin}/admin/dashboard` });
  expect(health).toBe('connected');
  expect(notes).toEqual([expect.stringContaining('without the path')]);
});

describe('scopes', () => {
  for (const how of ['refuse', 'reduce'] as const) {
    test(`that are missing are named and the rest is read, when Okta would ${how}`, async () => {
      await using bench = await openBench();
      bench.fake.authorization.standing.whenScopesMissing = how;
      bench.fake.authorization.standing.scopes = scopes.filter((scope) => scope !== 'okta.apps.read');
      const outcome = await bench.run();
      expect(outcome.health).toBe('warning');
      expect(outcome.caveats).toEqual([
        { code: 'scopes-missing', advice: expect.stringContaining('Grant okta.apps.read to the app') },
      ]);
      const failed = outcome.streams.filter(({ fault }) => fault !== null);
      expect(failed.map(({ stream }) => stream)).toEqual([
        'apps',
        'role-assignments',
        'app-grants',
        'app-credentials',
        'app-assignments',
      ]);
      for (const { fault } of failed)
        expect(fault).toMatchObject({ kind: 'forbidden', advice: expect.stringContaining('okta.apps.read') });
      const asked = bench.fake.requests.filter(({ path }) => path === '/oauth2/v1/token').length;
      expect(asked).toBeLessThanOrEqual(how === 'refuse' ? scopes.length + 2 : 1);
    });
  }

  test('that are all missing make the connection fail, with all their names', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.scopes = [];
    const { fault } = await bench.check();
    expect(fault?.kind).toBe('forbidden');
    for (const scope of scopes) expect(fault?.advice).toContain(scope);
  });
});

describe('admin roles', () => {
  test('without the one that shows administrators, the connection says which is missing and reads the rest', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.adminRoles = 'read-only';
    const outcome = await bench.run();
    expect(outcome.health).toBe('warning');
    expect(outcome.caveats).toEqual([
      { code: 'admin-role-missing', advice: expect.stringContaining('View roles, resources, and admin assignments') },
    ]);
    const failed = outcome.streams.filter(({ fault }) => fault !== null).map(({ stream }) => stream);
    expect(failed).toEqual(['roles', 'resource-sets', 'role-assignments']);
    expect(bench.store.records('factors').size).toBeGreaterThan(0);
  });

  test('without any, the connection fails and names the role', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.adminRoles = 'none';
    const { fault } = await bench.check();
    expect(fault?.kind).toBe('forbidden');
    expect(fault?.advice).toContain('Read-only Administrator');
  });
});

describe('tokens', () => {
  test('are asked for once in a run', async () => {
    await using bench = await openBench();
    await bench.run();
    expect(bench.fake.requests.filter(({ path }) => path === '/oauth2/v1/token')).toHaveLength(1);
  });

  test('that are revoked in mid-run are replaced once, and nothing is lost', async () => {
    await using bench = await openBench();
    bench.fake.capPages(1);
    let left = 6;
    bench.fake.onRequest(({ path }) => {
      if (path === '/api/v1/users' && --left === 0) bench.fake.authorization.revokeTokens();
    });
    const outcome = await bench.run({ streams: ['users'] });
    expect(outcome.streams[0]?.fault).toBeNull();
    expect(bench.store.records('users').size).toBe(bench.fake.organisation.users.length);
    expect(bench.fake.requests.filter(({ path }) => path === '/oauth2/v1/token')).toHaveLength(2);
  });

  test('are renewed before they expire', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.tokenSeconds = 600;
    bench.fake.capPages(1);
    bench.fake.onRequest(({ path }) => {
      if (path === '/api/v1/users') bench.clock.advance(200_000);
    });
    const outcome = await bench.run({ streams: ['users'] });
    expect(outcome.streams[0]?.fault).toBeNull();
    expect(bench.fake.requests.filter(({ path }) => path === '/oauth2/v1/token').length).toBeGreaterThan(2);
    expect(bench.fake.requests.every(({ refused }) => refused !== 'unauthorized')).toBe(true);
  });
});

describe('proof of possession', () => {
  test('is made when Okta requires it, with nonce and token hash, for every stream', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.requiresDpop = true;
    const outcome = await bench.run();
    expect(outcome.health).toBe('connected');
    const reads = bench.fake.requests.filter(({ path }) => path.startsWith('/api/'));
    expect(reads.length).toBeGreaterThan(20);
    expect(new Set(reads.map(({ headers }) => headers.dpop)).size).toBe(reads.length);
    expect(reads.every(({ headers }) => headers.authorization?.startsWith('DPoP '))).toBe(true);
  });

  test('follows a new nonce in mid-run, at the token endpoint and at the API', async () => {
    const fake = fakeOkta();
    await using bench = await openBench(fake);
    fake.authorization.standing.requiresDpop = true;
    fake.authorization.standing.requiresApiNonce = true;
    fake.capPages(1);
    let left = 3;
    fake.onRequest(({ path }) => {
      if (path === '/api/v1/users' && --left === 0) {
        fake.authorization.changeNonce();
        fake.authorization.revokeTokens();
      }
    });
    const outcome = await bench.run({ streams: ['users'] });
    expect(outcome.streams[0]?.fault).toBeNull();
    expect(bench.store.records('users').size).toBe(fake.organisation.users.length);
  });
});

describe('a clock that is wrong', () => {
  for (const minutes of [-10, 10, 90, -90]) {
    test(`by ${minutes} minutes is corrected for, and said`, async () => {
      await using bench = await openBench();
      bench.fake.authorization.standing.skewMs = minutes * 60_000;
      for (const requiresDpop of [false, true]) {
        bench.fake.authorization.standing.requiresDpop = requiresDpop;
        const { fault, caveats, streams } = await bench.check();
        expect(fault).toBeNull();
        expect(streams.filter(({ ok }) => !ok)).toEqual([]);
        expect(caveats).toEqual([
          { code: 'clock-skew', advice: expect.stringContaining(`${Math.abs(minutes)} minutes`) },
        ]);
      }
    });
  }

  test('by a minute is not worth a word', async () => {
    await using bench = await openBench();
    bench.fake.authorization.standing.skewMs = 60_000;
    expect((await bench.check()).caveats).toEqual([]);
  });
});
