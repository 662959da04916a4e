import { createServer } from 'node:http';
import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeOidc, fakeOidc, type TestClient, type TestServer, testServer } from '../src/testing/index.ts';

let provider: FakeOidc;
let host: TestServer;
beforeAll(async () => {
  provider = await fakeOidc();
  const { issuer, clientId, clientSecret } = provider;
  const config = { id: 'acme', name: 'Acme', issuer, clientId, clientSecret: new Secret(clientSecret) };
  host = await testServer({ signIn: { providers: [config] } });
});
afterAll(async () => {
  await host.close();
  await provider.close();
});

/** Goes to the provider and comes back, as a browser would; resolves with the answer to the callback. */
const goThrough = async (browser: TestClient) => {
  const begun = await browser.post('/api/auth/sign-in/social', { provider: 'acme', callbackURL: '/tenants' });
  expect(begun.status, begun.text).toBe(200);
  const authorization = new URL(begun.body.url);
  expect(authorization.searchParams.get('code_challenge_method')).toBe('S256');
  const there = await fetch(authorization, { redirect: 'manual' });
  const back = new URL(there.headers.get('location') ?? '');
  return browser.get(`${back.pathname}${back.search}`, { headers: { origin: undefined } });
};
const whoAmI = async (browser: TestClient) => (await browser.get('/api/session')).body.person;

test('the provider is offered on the sign-in page', async () => {
  expect((await host.client().get('/api/auth/providers')).body).toEqual([{ id: 'acme', name: 'Acme' }]);
});

test('an invited person signs in with the provider, and its tokens are not kept', async () => {
  const invited = await host.signIn();
  provider.person = { sub: 'ada-1', email: invited.email, email_verified: true, name: 'Ada' };
  const browser = host.client();
  const answer = await goThrough(browser);
  expect(answer.status, answer.text).toBe(302);
  expect(answer.headers.get('location')).toBe('/tenants');
  expect(await whoAmI(browser)).toMatchObject({ personId: invited.personId });
  const { rows } = await sql<{ access_token: string | null; id_token: string | null; refresh_token: string | null }>`
    select access_token, id_token, refresh_token from sign_in_methods where provider_id = 'acme'`.execute(
    host.database.owner,
  );
  expect(rows).toEqual([{ access_token: null, id_token: null, refresh_token: null }]);
});

test('a stranger with an account there is not let in and leaves no trace', async () => {
  provider.person = { sub: 'eve-1', email: 'eve@elsewhere.example', email_verified: true, name: 'Eve' };
  const browser = host.client();
  const answer = await goThrough(browser);
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toMatch(/\/sign-in\?error=/);
  expect(await whoAmI(browser)).toBeNull();
  const { rows } = await sql`select from people where email = 'eve@elsewhere.example'`.execute(host.database.owner);
  expect(rows).toHaveLength(0);
});

test('an address that the provider did not verify opens nothing', async () => {
  const invited = await host.signIn();
  provider.person = { sub: 'eve-2', email: invited.email, email_verified: false, name: 'Eve' };
  const browser = host.client();
  await goThrough(browser);
  expect(await whoAmI(browser)).toBeNull();
});

test('an id token signed with another key opens nothing', async () => {
  const invited = await host.signIn();
  provider.person = { sub: 'eve-3', email: invited.email, email_verified: true, name: 'Eve' };
  provider.forge = true;
  const browser = host.client();
  await goThrough(browser);
  provider.forge = false;
  expect(await whoAmI(browser)).toBeNull();
});

test('a callback that this browser did not begin opens nothing', async () => {
  const invited = await host.signIn();
  provider.person = { sub: 'ada-4', email: invited.email, email_verified: true, name: 'Ada' };
  const begun = await host.client().post('/api/auth/sign-in/social', { provider: 'acme', callbackURL: '/' });
  const there = await fetch(begun.body.url, { redirect: 'manual' });
  const back = new URL(there.headers.get('location') ?? '');
  const victim = host.client();
  await victim.get(`${back.pathname}${back.search}`);
  expect(await whoAmI(victim)).toBeNull();
});

test('signing in never leads to another site', async () => {
  for (const callbackURL of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const answer = await host.client().post('/api/auth/sign-in/social', { provider: 'acme', callbackURL });
    expect(answer.status, callbackURL).toBe(400);
    expect(answer.body.errors[0].field).toBe('callbackURL');
  }
});

test('a provider that hangs keeps nobody else out', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const config = { id: 'gone', name: 'Gone', issuer, clientId: 'x', clientSecret: new Secret('x') };
  await using other = await testServer({ signIn: { providers: [config] } });
  const waiting = other.client().post('/api/auth/sign-in/social', { provider: 'gone', callbackURL: '/' });
  const person = await other.signIn();
  expect(
    (await other.client().post('/api/auth/sign-in/email', { email: person.email, password: person.password })).status,
  ).toBe(200);
  const late = await waiting;
  expect(late.status).toBe(503);
  expect(late.headers.get('retry-after')).not.toBeNull();
  silent.closeAllConnections();
  silent.close();
}, 60_000);
