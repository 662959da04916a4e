import { type TestClient, testClient, testPassword } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, type TestSite, testSite } from '../testing/test-site.ts';

let host: TestSite;
let program: Program;
beforeAll(async () => {
  host = await testSite();
  program = await host.program();
});
afterAll(() => host.close());

const api = '/api/config/v1/user';
const make = (fields: object) =>
  program.post(api, JSON.parse(JSON.stringify({ public_display_name: 'Bea', ...fields })));
const change = (id: number, fields: object) =>
  program.ask('PATCH', `${api}/${id}`, { body: JSON.parse(JSON.stringify(fields)) });
const signIn = async (email: string, password = testPassword) => {
  const client = testClient(host.url);
  return { client, answer: await client.post('/api/auth/sign-in/email', { email, password }) };
};

describe('users of the Configuration API are people who sign in', () => {
  test('with the password and address that they were given', async () => {
    const made = await make({ username: 'bea', email_address: 'bea@example.com', password: testPassword });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ id: expect.any(Number), security_provider_id: 1, username: 'bea', email_address: 'bea@example.com' },
      ...{ enabled: true, failed_logins: 0, perm_admin: false, perm_access_allowed: 'not_allowed' },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
    });
    expect(made.text).not.toMatch(/"password"|last_authentication/);
    const { answer } = await signIn('bea@example.com');
    expect(answer.status).toBe(200);
    const after = (await program.get(`${api}/${made.body.id}`)).body;
    expect(after.last_authentication).toMatch(/\+00:00$/);
  });

  test('without an address by one that no mail reaches, and without a password by a one-time link', async () => {
    const made = await make({ username: 'Cleo' });
    expect(made.body).not.toHaveProperty('email_address');
    expect((await signIn('cleo@users.invalid')).answer.status).toBe(401);
    const people = await host.operator.get('/api/people?limit=500');
    const person = people.body.items.find(({ email }: { email: string }) => email === 'cleo@users.invalid');
    const { body } = await host.operator.post(`/api/people/${person.personId}/link`, {});
    expect(body.link).toContain('/welcome#');
    await change(made.body.id, { password: testPassword });
    expect((await signIn('cleo@users.invalid')).answer.status).toBe(200);
  });

  test('everybody who was invited, and the first administrator, is a user too', async () => {
    const person = await host.person({ systemAdministrator: true });
    const { body } = await program.get(`${api}?email_address=${person.email.toUpperCase()}`);
    expect(body).toMatchObject([{ id: person.userId, username: person.email, perm_admin: true }]);
  });

  test.each([
    ['a common password', { password: 'password1234' }, 'password'],
    ['a short one', { password: 'short' }, 'password'],
    ['no name at all', { username: undefined }, 'username'],
    ['an address that is none', { email_address: 'nobody' }, 'email_address'],
    ['a time without a zone', { password_expiration: '2026-10-16T14:46:23' }, 'password_expiration'],
    ['a time of another zone', { password_expiration: '2026-10-16T14:46:23+04:00' }, 'password_expiration'],
    ['a user name that is taken', { username: 'BEA' }, 'username'],
    ['an address that is taken', { email_address: 'BEA@example.com' }, 'email_address'],
  ])('%s is refused with its field', async (_what, fields, field) => {
    const before = (await program.get(api)).headers.get('x-bt-pagination-total');
    const answer = await make({ username: 'fresh', ...fields });
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([422, [field]]);
    expect((await program.get(api)).headers.get('x-bt-pagination-total')).toBe(before);
  });
});

describe('switching off', () => {
  test('ends sign-ins and API keys at once, and keeps the password from opening anything', async () => {
    const person = await host.person();
    const key = await person.post('/api/me/api-keys', { name: 'key' });
    const withKey = testClient(host.url, { authorization: `Bearer ${key.body.key}` });
    expect([(await person.get('/api/me')).status, (await withKey.get('/api/me')).status]).toEqual([200, 200]);
    await change(person.userId, { enabled: false });
    expect([(await person.get('/api/me')).status, (await withKey.get('/api/me')).status]).toEqual([401, 401]);
    const refused = await signIn(person.email);
    expect([refused.answer.status, (await refused.client.get('/api/me')).status]).toEqual([403, 401]);
    await change(person.userId, { enabled: true });
    expect((await signIn(person.email)).answer.status).toBe(200);
  });

  test('is refused for the last administrator, and administrators are not deleted', async () => {
    const all = (await program.get(api)).body.filter((user: { perm_admin: boolean }) => user.perm_admin);
    const answers = [];
    for (const { id } of all) answers.push((await change(id, { enabled: false })).status);
    expect(answers.at(-1)).toBe(422);
    const [last] = all.slice(-1);
    expect((await program.ask('DELETE', `${api}/${last.id}`)).status).toBe(422);
    for (const { id } of all) await change(id, { enabled: true });
  });
});

describe('what an account asks of its person', () => {
  const administrator = () => host.person({ systemAdministrator: true });
  /** What keeps a person out of the pages of the site and of the server alike; null: nothing. */
  const kept = async (client: TestClient): Promise<string | null> => {
    const [site, people] = await Promise.all([client.get('/api/options'), client.get('/api/people')]);
    expect(site.status).toBe(people.status);
    expect(site.body.type).toBe(people.body.type);
    return site.status === 200 ? null : site.body.type.replace('urn:gatehouse:problem:', '');
  };

  test('a new password comes first, and choosing one is enough', async () => {
    const person = await administrator();
    expect(await kept(person)).toBe(null);
    await change(person.userId, { password_reset_next_login: true });
    expect(await kept(person)).toBe('new-password-first');
    const changed = await person.post('/api/auth/change-password', {
      ...{ currentPassword: testPassword, newPassword: 'another quiet lamp by the river' },
    });
    expect(changed.status).toBe(200);
    expect(await kept(person)).toBe(null);
    expect((await program.get(`${api}/${person.userId}`)).body.password_reset_next_login).toBe(false);
  });

  test('a password ends at its time', async () => {
    const person = await administrator();
    const at = (ms: number) => new Date(host.clock.now().getTime() + ms).toISOString();
    await change(person.userId, { password_expiration: at(3_600_000) });
    expect(await kept(person)).toBe(null);
    await change(person.userId, { password_expiration: at(-1_000) });
    expect(await kept(person)).toBe('new-password-first');
  });

  test('a second step that is required comes before everything else', async () => {
    const person = await administrator();
    await change(person.userId, { two_factor_required: true });
    expect(await kept(person)).toBe('second-step-first');
    expect((await person.get('/api/me')).status).toBe(200);
  });
});

test('failed sign-ins are counted, lock out, and can be forgiven', async () => {
  const person = await host.person();
  for (let attempt = 0; attempt < 5; attempt += 1) await signIn(person.email, 'a wrong password here');
  expect((await signIn(person.email)).answer.status).toBe(429);
  expect((await program.get(`${api}/${person.userId}`)).body.failed_logins).toBeGreaterThanOrEqual(5);
  expect((await change(person.userId, { failed_logins: 3 })).status).toBe(422);
  expect((await change(person.userId, { failed_logins: 0 })).body.failed_logins).toBe(0);
  expect((await signIn(person.email)).answer.status).toBe(200);
});

test('a user who is deleted cannot come back', async () => {
  const person = await host.person();
  expect((await program.ask('DELETE', `${api}/${person.userId}`)).status).toBe(204);
  expect((await person.get('/api/me')).status).toBe(401);
  expect((await signIn(person.email)).answer.status).toBe(401);
});
