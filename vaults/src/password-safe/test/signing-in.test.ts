import { withTrial } from '@gatehouse/vault-kit/testing';
import { describe, expect, test } from 'vitest';
import { smallState } from '../fake.ts';
import { config } from '../settings.ts';
import { subjectWith } from './subject.ts';

const pathsOf = (fake: { requests: readonly { method: string; url: string }[] }) =>
  fake.requests.map(({ method, url }) => `${method} ${url.replace('/BeyondTrust/api/public/v3', '')}`);

test('a check signs in anew and out again, and the key goes nowhere else', async () => {
  await withTrial(subjectWith(), async ({ process, fake }) => {
    await process().check();
    expect(pathsOf(fake)).toEqual(['POST /Auth/SignAppin', 'POST /Auth/Signout']);
    expect(fake.requests[1]?.headers.authorization).toBeUndefined();
  });
});

test('a session is opened once and used by all that follows', async () => {
  await withTrial(subjectWith(), async ({ process, fake, lease }) => {
    const one = process();
    const [listing] = await one.list();
    if (listing === undefined) throw new Error('nothing is listed');
    const of = lease(listing);
    await one.retrieve(of);
    await one.release(of);
    expect(pathsOf(fake).filter((path) => path.includes('/Auth/'))).toEqual(['POST /Auth/SignAppin']);
  });
});

test('client credentials get a token first, and a session with it', async () => {
  const state = smallState();
  const signIn = { method: 'client-credentials', clientId: state.clientId, clientSecret: state.clientSecret };
  await withTrial(subjectWith({ signIn }, state), async ({ process, fake, traces }) => {
    expect(await process().list()).not.toEqual([]);
    expect(pathsOf(fake).slice(0, 2)).toEqual(['POST /Auth/Connect/Token', 'POST /Auth/SignAppin']);
    expect(traces[0]).toContain('asking as "client-id-of-the-fake"');
  });
  await withTrial(subjectWith({ signIn: { ...signIn, clientSecret: 'another-secret' } }), async ({ process }) => {
    await expect(process().check()).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});

test.each([
  ['CORP\\ann', 'CORP\\ann'],
  ['ann@corp.example', 'CORP\\ann'],
  ['ann', 'CORP\\ann'],
])('a key that runs as whoever asks takes %s for %s', async (person, user) => {
  const state = smallState();
  const signIn = { method: 'api-key', apiKey: state.apiKey, runAs: 'CORP\\{username}', password: state.password };
  await withTrial(subjectWith({ signIn }, state), async ({ process, traces }) => {
    expect(await process().list({ person })).not.toEqual([]);
    expect([...state.sessions.values()].map((session) => session.user)).toEqual([user]);
    expect(traces[0]).toBe(`asking as "${user.replace('\\\\', '\\')}" for "${person}" on "web1"`);
  });
});

test('a name that would end its place in the header is not sent', async () => {
  const state = smallState();
  const signIn = { method: 'api-key', apiKey: state.apiKey, runAs: 'CORP\\{username}', password: state.password };
  await withTrial(subjectWith({ signIn }, state), async ({ process, fake }) => {
    await expect(process().list({ person: 'ann; runas=gatehouse' })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(fake.requests).toEqual([]);
  });
});

describe('a sign-in', () => {
  test('carries no password where the registration asks for none', async () => {
    const state = Object.assign(smallState(), { password: null });
    await withTrial(subjectWith({}, state), async ({ process, fake }) => {
      await process().check();
      expect(fake.requests[0]?.headers.authorization).toBe(`PS-Auth key=${state.apiKey}; runas=CORP\\gatehouse;`);
    });
  });

  test('that is asked for a second factor says where that is switched off, after one attempt', async () => {
    const state = Object.assign(smallState(), { secondFactor: 'Enter the code' });
    await withTrial(subjectWith({}, state), async ({ process, fake }) => {
      await expect(process().list()).rejects.toMatchObject({
        ...{ kind: 'unauthorized', advice: expect.stringContaining('second factor') },
      });
      expect(fake.requests).toHaveLength(1);
    });
  });

  test('at an address without the API says so', async () => {
    const elsewhere = subjectWith();
    const settings = (url: string) => ({ ...elsewhere.settings(url), url: `${url}/other/api/public/v3` });
    await withTrial({ ...elsewhere, settings }, async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({ kind: 'misconfigured' });
    });
  });
});

test.each([
  ['the URL', { url: 'ftp://pam.corp.example' }, 'url'],
  ['the run-as user', { signIn: { method: 'api-key', apiKey: 'k', runAs: 'a; b' } }, 'signIn'],
  ['the way to sign in', { signIn: { method: 'magic' } }, 'signIn'],
])('settings with a mistake in %s name the field', (_, some, field) => {
  const good = { url: 'pam.corp.example', signIn: { method: 'api-key', apiKey: 'k', runAs: 'a' } };
  expect(config.safeParse(good).success).toBe(true);
  expect(config.safeParse({ ...good, ...some }).error?.issues[0]?.path[0]).toBe(field);
});
