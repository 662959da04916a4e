import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { afterEach, expect, test } from 'vitest';
import { checkConnection } from '../src/index.ts';
import { acme, fakeAcme, settings } from './acme.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const setUp = async () => {
  const fake = fakeAcme();
  const { origin, close } = await fake.start();
  closing.push(close);
  const host = createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 2 });
  return {
    fake,
    origin,
    check: (given: unknown = settings(origin)) => checkConnection({ connector: acme, settings: given, host }),
  };
};

test('a connection that works says so for every stream', async () => {
  const { check, fake } = await setUp();
  expect(await check()).toMatchObject({ health: 'connected', fault: null, notes: [], caveats: [] });
  expect((await check()).streams.map(({ title, ok }) => [title, ok])).toEqual([
    ['Users', true],
    ['Groups', true],
    ['Memberships', true],
    ['Events', true],
  ]);
  expect(fake.requests.some(({ path, query }) => path === '/api/groups' && query.get('limit') === '1')).toBe(true);
});

test('no more than one page of a stream is asked for', async () => {
  const { check, fake } = await setUp();
  fake.capPages(1);
  await check();
  expect(fake.requests.filter(({ path }) => path === '/api/users')).toHaveLength(1);
});

test('a stream that is forbidden says what to grant, and the others work', async () => {
  const { check, fake } = await setUp();
  fake.forbid('accounts');
  const { health, streams } = await check();
  expect(health).toBe('warning');
  expect(streams[0]).toMatchObject({ ok: false, advice: 'Users cannot be read: grant the permission "Read users".' });
  expect(streams.slice(1).every(({ ok }) => ok)).toBe(true);
});

test('a stream that answers strangely says so without naming a permission', async () => {
  const { check, fake } = await setUp();
  fake.answerStrange('accounts', 'html');
  const { streams } = await check();
  expect(streams[0]?.advice).toMatch(/^Users cannot be read: The address answered with a web page/);
});

test.each([
  [{ url: 'acme', apiToken: 'x' }, 'Address: Enter an address that starts with https://.'],
  [{ url: 'https://acme.example' }, 'API token: Enter a value.'],
  [{ url: 'https://acme.example', apiToken: '' }, 'API token: Enter a value.'],
])('settings that do not fit name the field: %j', async (given, advice) => {
  const { check, fake } = await setUp();
  expect(await check(given)).toMatchObject({ health: 'failed', fault: { kind: 'misconfigured', advice }, streams: [] });
  expect(fake.requests).toHaveLength(0);
});

test('a setting nobody knows is named and not repeated', async () => {
  const { check, origin } = await setUp();
  const { fault } = await check({ ...settings(origin), apiTokn: 'mistyped-secret-value' });
  expect(fault?.kind).toBe('misconfigured');
  expect(fault?.advice).toContain('apiTokn');
  expect(JSON.stringify(fault)).not.toContain('mistyped-secret-value');
});

test('a wrong credential is unauthorized and no stream is probed', async () => {
  const { check, fake } = await setUp();
  fake.refuseCredentials();
  expect(await check()).toMatchObject({ health: 'failed', fault: { kind: 'unauthorized' }, streams: [] });
});
