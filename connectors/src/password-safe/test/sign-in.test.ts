import { describe, expect, test } from 'vitest';
import { fakePasswordSafe } from '../fake.ts';
import { openBench } from './bench.ts';

const paths = (bench: { fake: { requests: readonly { method: string; path: string }[] } }) =>
  bench.fake.requests.map(({ method, path }) => `${method} ${path.replace('/BeyondTrust/api/public/v3', '')}`);

describe('a run', () => {
  test('signs in once, sends the key with nothing else, and signs out at the end', async () => {
    await using bench = await openBench();
    const outcome = await bench.run();
    expect(outcome).toMatchObject({ health: 'connected', fault: null });
    expect(bench.fake.signIn.entered).toBe(1);
    expect(bench.fake.signIn.open.size).toBe(0);
    const all = paths(bench);
    expect(all[0]).toBe('POST /Auth/SignAppin');
    expect(all.at(-1)).toBe('POST /Auth/Signout');
    const withKey = bench.fake.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(withKey.map(({ path }) => path)).toEqual(['/BeyondTrust/api/public/v3/Auth/SignAppin']);
  });

  test('never asks for a password, a key or a request', async () => {
    await using bench = await openBench();
    await bench.run();
    await bench.check();
    const forbidden = paths(bench).filter(
      (path) =>
        /Credentials|Requests|ISARequests|Key$|Secrets-Safe|SyncedAccounts/i.test(path) ||
        !/^(GET|POST \/Auth\/)/.test(path),
    );
    expect(forbidden).toEqual([]);
  });

  test('that finds its session gone signs in again, once, and loses nothing', async () => {
    await using whole = await openBench();
    await whole.run({ streams: ['memberships'] });
    await using bench = await openBench();
    let forgets = 1;
    bench.fake.onRequest(({ path }) => {
      if (path.endsWith('/UserGroups/2/Users') && forgets-- > 0) bench.fake.signIn.forget();
    });
    const outcome = await bench.run({ streams: ['memberships'] });
    expect(outcome).toMatchObject({ health: 'connected', fault: null });
    expect(bench.fake.signIn.entered).toBe(2);
    expect([...bench.store.records('memberships').keys()]).toEqual([...whole.store.records('memberships').keys()]);
  });
});

test('requests that find the session gone together share one sign-in', async () => {
  await using bench = await openBench();
  let isUnderWay = 0;
  let most = 0;
  let asked = 0;
  bench.fake.onRequest(({ path }) => {
    if (path.endsWith('/Auth/SignAppin')) most = Math.max(most, ++isUnderWay);
    else isUnderWay = 0;
    // In the midst of the probes, of which several are under way.
    if (!path.includes('/Auth/') && ++asked === 4) bench.fake.signIn.forget();
  });
  const check = await bench.check();
  expect(check).toMatchObject({ health: 'connected', fault: null });
  expect(bench.fake.signIn.entered).toBe(2);
  expect(most).toBe(1);
});

describe('a session', () => {
  test('that is refused although it is new means that the user may not read this, not that the key is wrong', async () => {
    await using bench = await openBench();
    bench.fake.onRequest(({ path }) => {
      if (path.endsWith('/AccessPolicies')) bench.fake.signIn.forget();
    });
    const outcome = await bench.run({ streams: ['access-policies', 'users'] });
    expect(outcome.streams.map(({ stream, state, fault }) => [stream, state, fault?.kind])).toEqual([
      ['users', 'done', undefined],
      ['access-policies', 'failed', 'forbidden'],
    ]);
    expect(outcome.streams[1]?.fault?.advice).toContain('Password Safe Role Management (Read Only)');
  });

  test('that is not opened by a sign-in is said at once', async () => {
    await using bench = await openBench();
    bench.fake.signIn.answer = { body: { UserId: 1 } };
    const { fault } = await bench.check();
    expect(fault).toMatchObject({ kind: 'unexpected' });
    expect(fault?.advice).toContain('cookies');
    expect(bench.fake.requests).toHaveLength(1);
  });
});

describe('a sign-in', () => {
  test('carries the password in square brackets where the registration asks for it, whatever its letters', async () => {
    await using bench = await openBench(
      fakePasswordSafe(undefined, { password: 'pä]s; wörd€=[', runAs: 'CORP\\jürgen' }),
    );
    expect(await bench.check()).toMatchObject({ health: 'connected', fault: null });
    expect(await bench.check({ password: undefined })).toMatchObject({ fault: { kind: 'unauthorized' } });
  });

  test('does without a password that was emptied', async () => {
    await using bench = await openBench();
    expect(await bench.check({ password: '' })).toMatchObject({ health: 'connected', fault: null });
  });

  test.each([
    ['a wrong key', { status: 401, body: 'Unauthorized' }, 'unauthorized', 'authentication rules'],
    [
      'a second factor',
      { status: 401, headers: { 'www-authenticate-2fa': 'Enter the code' } },
      'unauthorized',
      'second factor',
    ],
    ['a licence that is over', { status: 403, body: 'License' }, 'forbidden', 'licence'],
    ['a version that is switched off', { status: 410 }, 'misconfigured', 'Version 3'],
    ['another server', { status: 404, body: '<html>' }, 'misconfigured', 'no Password Safe API'],
    ['a web page', { body: '<!doctype html>', headers: { 'content-type': 'text/html' } }, 'unexpected', 'web page'],
  ] as const)('that meets %s says so after one attempt', async (_, answer, kind, words) => {
    await using bench = await openBench();
    bench.fake.signIn.answer = answer;
    const { fault, streams } = await bench.check();
    expect(fault).toMatchObject({ kind });
    expect(fault?.advice).toContain(words);
    expect(streams).toEqual([]);
    expect(bench.fake.requests).toHaveLength(1);
  });

  test('never shows its key or password in what is said about it', async () => {
    const password = 'a-password-of-length';
    await using bench = await openBench(fakePasswordSafe(undefined, { password }));
    const { apiKey } = bench.fake.settings(bench.origin);
    bench.fake.signIn.answer = { status: 400, body: { Message: `bad key ${apiKey}, bad pwd ${password}` } };
    const { fault } = await bench.check();
    expect(fault?.detail).toContain('400');
    expect(fault?.detail).not.toContain(apiKey);
    expect(fault?.detail).not.toContain(password);
  });
});
