import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { softwareAuthenticator, type TestClient, type TestServer, testServer, totpCode } from '../src/testing/index.ts';

let host: TestServer;
beforeAll(async () => {
  host = await testServer();
});
afterAll(() => host.close());

const signIn = (browser: TestClient, email: string, password: string) =>
  browser.post('/api/auth/sign-in/email', { email, password });
const whoAmI = async (browser: TestClient) => (await browser.get('/api/session')).body.person;

describe('password', () => {
  test('a person signs in with e-mail and password, is known by the session, and signs out', async () => {
    const { email, password, personId } = await host.signIn();
    const browser = host.client();
    expect(await whoAmI(browser)).toBeNull();
    const answer = await signIn(browser, email.toUpperCase(), password);
    expect(answer.status, answer.text).toBe(200);
    expect(await whoAmI(browser)).toMatchObject({ personId, email });
    expect((await browser.post('/api/auth/sign-out')).status).toBe(200);
    expect(await whoAmI(browser)).toBeNull();
  });

  test('a password is stored as argon2id with 64 MiB and three passes', async () => {
    const { personId } = await host.signIn();
    const { rows } = await sql<{ password: string }>`
      select password from sign_in_methods where person_id = ${personId}`.execute(host.database.owner);
    expect(rows[0]?.password).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  });

  test('the cookie is HttpOnly and SameSite=Lax, and its token is in no answer', async () => {
    const { email, password } = await host.signIn();
    const browser = host.client();
    const answer = await signIn(browser, email, password);
    const cookie = answer.headers.getSetCookie().find((line) => line.includes('session_token')) ?? '';
    expect(cookie).toMatch(/^gatehouse-test\.session_token=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/i);
    const token = decodeURIComponent(browser.cookies.get('gatehouse-test.session_token') ?? '').split('.')[0] ?? '';
    expect(token.length).toBeGreaterThan(20);
    expect(answer.text).not.toContain(token);
    expect((await browser.get('/api/me/sessions')).text).not.toContain(token);
  });

  test('signing in again changes the cookie and ends the one before', async () => {
    const { email, password } = await host.signIn();
    const browser = host.client();
    await signIn(browser, email, password);
    const before = host.client();
    for (const [name, value] of browser.cookies) before.cookies.set(name, value);
    await signIn(browser, email, password);
    expect(browser.cookies.get('gatehouse-test.session_token')).not.toBe(
      before.cookies.get('gatehouse-test.session_token'),
    );
    expect(await whoAmI(browser)).not.toBeNull();
    expect(await whoAmI(before)).toBeNull();
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    const { email } = await host.signIn();
    const wrong = await signIn(host.client(), email, 'not the password at all');
    const unknown = await signIn(host.client(), 'nobody@example.com', 'not the password at all');
    expect(wrong.status).toBe(401);
    const { requestId: _one, ...first } = wrong.body;
    const { requestId: _two, ...second } = unknown.body;
    expect(first).toEqual(second);
  });

  test('nobody can sign up, and nothing else of the library is reachable', async () => {
    for (const path of [
      'sign-up/email',
      'get-session',
      'list-sessions',
      'update-user',
      'reset-password',
      'request-password-reset',
      'get-access-token',
      'error',
      'ok',
    ]) {
      const body = { email: 'eve@example.com', password: 'a quiet lamp over the river', name: 'Eve' };
      expect((await host.client().post(`/api/auth/${path}`, body)).status, path).toBe(404);
      expect((await host.client().get(`/api/auth/${path}`)).status, path).toBe(404);
    }
  });

  test('a changed password ends the other sign-ins, and a weak one is refused by name', async () => {
    const person = await host.signIn();
    const other = host.client();
    await signIn(other, person.email, person.password);
    const change = (newPassword: string) =>
      person.post('/api/auth/change-password', { currentPassword: person.password, newPassword });
    for (const weak of ['short', 'Password1234', person.email, 'aaaaaaaaaaaaaaaa', 'qwertyqwerty12']) {
      const refused = await change(weak);
      expect(refused.status, weak).toBe(400);
      expect(refused.body.errors[0].field).toBe('newPassword');
    }
    expect((await change('the second quiet lamp')).status).toBe(200);
    expect(await whoAmI(other)).toBeNull();
    expect(await whoAmI(person)).not.toBeNull();
    expect((await signIn(host.client(), person.email, 'the second quiet lamp')).status).toBe(200);
    expect((await signIn(host.client(), person.email, person.password)).status).toBe(401);
  });

  test('five wrong passwords lock the account for that address, with Retry-After, and also for the right password', async () => {
    const { email, password } = await host.signIn();
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect((await signIn(host.client(), email, `wrong password ${attempt}`)).status).toBe(401);
    }
    const locked = await signIn(host.client(), email, password);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800);
    const { email: another, password: theirs } = await host.signIn();
    expect((await signIn(host.client(), another, theirs)).status).toBe(200);
    await sql`update sign_in_attempts set window_ends_at = now()`.execute(host.database.owner);
    expect((await signIn(host.client(), email, password)).status).toBe(200);
  });

  test('many attempts at once cannot slip past the lock', async () => {
    const { email } = await host.signIn();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, attempt) => signIn(host.client(), email, `wrong password ${attempt}`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });
});

describe('sign-ins', () => {
  test('a person sees where they are signed in, ends one, and ends all', async () => {
    const person = await host.signIn();
    const other = host.client();
    await signIn(other, person.email, person.password);
    const list = (await person.get('/api/me/sessions')).body;
    expect(list).toHaveLength(2);
    const elsewhere = list.find((one: { current: boolean }) => !one.current);
    const stranger = await host.signIn();
    expect((await stranger.ask('DELETE', `/api/me/sessions/${elsewhere.sessionId}`)).status).toBe(404);
    expect((await person.ask('DELETE', `/api/me/sessions/${elsewhere.sessionId}`)).status).toBe(204);
    expect(await whoAmI(other)).toBeNull();
    expect((await person.ask('DELETE', '/api/me/sessions')).status).toBe(204);
    expect(await whoAmI(person)).toBeNull();
  });

  test('a sign-in that lasted too long ends even when it was used', async () => {
    const person = await host.signIn();
    await sql`update sign_ins set created_at = now() - interval '8 days' where person_id = ${person.personId}`.execute(
      host.database.owner,
    );
    expect(await whoAmI(person)).toBeNull();
  });

  test('a person changes their name, and reads when they came last', async () => {
    const person = await host.signIn();
    expect((await person.ask('PATCH', '/api/me', { body: { name: '  Grace Hopper ' } })).body.name).toBe(
      'Grace Hopper',
    );
    const { lastSignInAt, twoFactor } = (await person.get('/api/me')).body;
    expect(Date.now() - Date.parse(lastSignInAt)).toBeLessThan(60_000);
    expect(twoFactor).toBe(false);
  });
});

describe('authenticator app', () => {
  const enable = async () => {
    const person = await host.signIn();
    const enabled = await person.post('/api/auth/two-factor/enable', { password: person.password });
    expect(enabled.status, enabled.text).toBe(200);
    expect(enabled.body.totpURI).toMatch(/^otpauth:\/\/totp\/Gatehouse/);
    const confirmed = await person.post('/api/auth/two-factor/verify-totp', { code: totpCode(enabled.body.totpURI) });
    expect(confirmed.status, confirmed.text).toBe(200);
    return { person, uri: enabled.body.totpURI as string, codes: enabled.body.backupCodes as string[] };
  };

  test('with an app the password alone does not sign in, the code does', async () => {
    const { person, uri } = await enable();
    const browser = host.client();
    const first = await signIn(browser, person.email, person.password);
    expect(first.body).toMatchObject({ twoFactorRedirect: true });
    expect(await whoAmI(browser)).toBeNull();
    expect((await browser.post('/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
    expect(await whoAmI(browser)).toBeNull();
    const second = await browser.post('/api/auth/two-factor/verify-totp', { code: totpCode(uri) });
    expect(second.status, second.text).toBe(200);
    expect(await whoAmI(browser)).toMatchObject({ email: person.email });
    expect((await browser.get('/api/me')).body.twoFactor).toBe(true);
  });

  test('a code that signed somebody in does not sign in again', async () => {
    const { person, uri } = await enable();
    const statuses: number[] = [];
    const code = totpCode(uri);
    for (const browser of [host.client(), host.client()]) {
      await signIn(browser, person.email, person.password);
      statuses.push((await browser.post('/api/auth/two-factor/verify-totp', { code })).status);
      statuses.push((await browser.get('/api/me')).status);
    }
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  test('a backup code signs in once', async () => {
    const { person, codes } = await enable();
    const [code = ''] = codes;
    const browser = host.client();
    await signIn(browser, person.email, person.password);
    expect((await browser.post('/api/auth/two-factor/verify-backup-code', { code })).status).toBe(200);
    expect(await whoAmI(browser)).not.toBeNull();
    const again = host.client();
    await signIn(again, person.email, person.password);
    expect((await again.post('/api/auth/two-factor/verify-backup-code', { code })).status).toBe(401);
    expect(await whoAmI(again)).toBeNull();
  });

  test('codes cannot be guessed: the challenge ends and the account locks', async () => {
    const { person, uri } = await enable();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      const browser = host.client();
      await sql`delete from sign_in_attempts`.execute(host.database.owner);
      await signIn(browser, person.email, person.password);
      for (let attempt = 0; attempt < 5; attempt++) {
        statuses.push((await browser.post('/api/auth/two-factor/verify-totp', { code: '000000' })).status);
      }
    }
    expect(statuses.every((status) => status >= 400)).toBe(true);
    const browser = host.client();
    await sql`delete from sign_in_attempts`.execute(host.database.owner);
    await signIn(browser, person.email, person.password);
    const right = await browser.post('/api/auth/two-factor/verify-totp', { code: totpCode(uri) });
    expect(right.status).toBe(429);
    expect(right.headers.get('retry-after')).not.toBeNull();
  });

  test('what changes how a person signs in is in the audit', async () => {
    const { person } = await enable();
    expect(
      (await person.post('/api/auth/two-factor/generate-backup-codes', { password: person.password })).status,
    ).toBe(200);
    expect((await person.post('/api/auth/two-factor/disable', { password: person.password })).status).toBe(200);
    const { rows } = await sql<{ action: string }>`
      select action from system_audit where actor_id = ${person.personId} order by audit_id`.execute(
      host.database.owner,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'person.welcome',
      'person.second-factor.add',
      'person.backup-codes.replace',
      'person.second-factor.delete',
    ]);
  });

  test('the secret of an app is sealed in the database', async () => {
    const { person, uri } = await enable();
    const { rows } = await sql<{ secret: string; codes: string }>`
      select secret, backup_codes as codes from second_factors where person_id = ${person.personId}`.execute(
      host.database.owner,
    );
    expect(rows[0]?.secret).not.toContain(new URL(uri).searchParams.get('secret'));
    expect(rows[0]?.secret.length).toBeGreaterThan(60);
  });
});

describe('passkey', () => {
  const add = async (person: TestClient, key: ReturnType<typeof softwareAuthenticator>) => {
    const options = await person.get('/api/auth/passkey/generate-register-options');
    expect(options.status, options.text).toBe(200);
    expect(options.body.authenticatorSelection.userVerification).toBe('required');
    return person.post('/api/auth/passkey/verify-registration', {
      response: { ...key.create(options.body) },
      name: 'My key',
    });
  };
  const use = async (browser: TestClient, key: ReturnType<typeof softwareAuthenticator>) => {
    const options = await browser.get('/api/auth/passkey/generate-authenticate-options');
    return browser.post('/api/auth/passkey/verify-authentication', { response: { ...key.get(options.body) } });
  };

  test('a passkey is added, listed, signs in without a password, and is deleted', async () => {
    const person = await host.signIn();
    const key = softwareAuthenticator(host.url);
    const added = await add(person, key);
    expect(added.status, added.text).toBe(200);
    const listed = (await person.get('/api/auth/passkey/list-user-passkeys')).body;
    expect(listed).toMatchObject([{ name: 'My key' }]);

    const browser = host.client();
    const entered = await use(browser, key);
    expect(entered.status, entered.text).toBe(200);
    expect(entered.text).not.toContain('"token"');
    expect(await whoAmI(browser)).toMatchObject({ email: person.email });

    const stranger = await host.signIn();
    expect(
      (await stranger.post('/api/auth/passkey/delete-passkey', { id: listed[0].id })).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await person.post('/api/auth/passkey/delete-passkey', { id: listed[0].id })).status).toBe(200);
    expect((await use(host.client(), key)).status).toBeGreaterThanOrEqual(400);
  });

  test('a passkey that did not check its person is neither added nor let in', async () => {
    const person = await host.signIn();
    expect((await add(person, softwareAuthenticator(host.url, { checksPerson: false }))).status).toBe(400);
    expect((await person.get('/api/auth/passkey/list-user-passkeys')).body).toEqual([]);
  });

  test('a passkey made on another site does not work here', async () => {
    const person = await host.signIn();
    const answer = await add(person, softwareAuthenticator('http://evil.example'));
    expect(answer.status).toBe(400);
    expect(answer.body.type).toBe('urn:gatehouse:problem:passkey-refused');
  });

  test('an answer to a challenge cannot be used twice', async () => {
    const person = await host.signIn();
    const key = softwareAuthenticator(host.url);
    await add(person, key);
    const browser = host.client();
    const options = await browser.get('/api/auth/passkey/generate-authenticate-options');
    const jar = new Map(browser.cookies);
    const response = { ...key.get(options.body) };
    expect((await browser.post('/api/auth/passkey/verify-authentication', { response })).status).toBe(200);
    const thief = host.client();
    for (const [name, value] of jar) thief.cookies.set(name, value);
    expect((await thief.post('/api/auth/passkey/verify-authentication', { response })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(await whoAmI(thief)).toBeNull();
  });
});
