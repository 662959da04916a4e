import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testPassword, testServer, tokenOf } from '../src/testing/index.ts';

let host: TestServer;
beforeAll(async () => {
  host = await testServer();
});
afterAll(() => host.close());

test('a person signs in with e-mail and password, is known by the session, and signs out', async () => {
  const { email, password, personId } = await host.signIn();
  const browser = host.client();
  expect((await browser.get('/api/session')).body).toMatchObject({ person: null });
  const answer = await browser.post('/api/auth/sign-in/email', { email, password });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain('token');
  const session = await browser.get('/api/session');
  expect(session.body.person).toMatchObject({ personId, email });
  expect((await browser.post('/api/auth/sign-out')).status).toBe(200);
  expect((await browser.get('/api/session')).body.person).toBeNull();
});
