import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { operator } from '../src/operator.ts';
import { testPassword, testServer, tokenOf } from '../src/testing/index.ts';

const administrator = { name: 'Ada Keller', email: 'Ada@Example.com', password: testPassword };

test('the first link makes one administrator, signs in, works once, and there is no second', async () => {
  await using host = await testServer();
  expect((await host.client().get('/api/session')).body).toEqual({ person: null, setup: true });
  const token = tokenOf(await host.server.firstAdministratorLink());
  const another = tokenOf(await host.server.firstAdministratorLink());
  expect((await host.client().post('/api/welcome/check', { token })).body).toEqual({ email: null, name: null });

  const browser = host.client();
  const answer = await browser.post('/api/welcome', { token, ...administrator });
  expect(answer.status, answer.text).toBe(204);
  const session = (await browser.get('/api/session')).body;
  expect(session).toMatchObject({ person: { email: 'ada@example.com', systemAdministrator: true }, setup: false });
  expect((await host.client().get('/api/session')).body.setup).toBe(false);

  for (const used of [token, another]) {
    expect((await host.client().post('/api/welcome/check', { token: used })).status).toBe(404);
    expect(
      (await host.client().post('/api/welcome', { token: used, ...administrator, email: 'eve@example.com' })).status,
    ).toBe(404);
  }
  expect(await host.server.firstAdministratorLink()).toBeNull();
});

test('two people with two first links at the same moment make one administrator', async () => {
  await using host = await testServer();
  const links = [await host.server.firstAdministratorLink(), await host.server.firstAdministratorLink()];
  const answers = await Promise.all(
    links.map((link, at) =>
      host.client().post('/api/welcome', { token: tokenOf(link), ...administrator, email: `a${at}@example.com` }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
  const { rows } = await sql`select from people`.execute(host.database.owner);
  expect(rows).toHaveLength(1);
});

test('a link ends after its time, and only its hash is stored', async () => {
  await using host = await testServer();
  const token = tokenOf(await host.server.firstAdministratorLink());
  const { rows } = await sql<{ row: string; hours: number }>`
    select welcome_links::text as row, extract(epoch from expires_at - now())::float8 / 3600 as hours from welcome_links`.execute(
    host.database.owner,
  );
  expect(rows[0]?.row).not.toContain(token);
  expect(rows[0]?.hours).toBeCloseTo(24, 1);
  await sql`update welcome_links set expires_at = now()`.execute(host.database.owner);
  expect((await host.client().post('/api/welcome', { token, ...administrator })).status).toBe(404);
});

test('a refused password leaves the link unused and names the field', async () => {
  await using host = await testServer();
  const token = tokenOf(await host.server.firstAdministratorLink());
  for (const password of ['short', 'ada@example.com', 'Password123!', 'Welcome2024!!!', '111111111111']) {
    const answer = await host.client().post('/api/welcome', { token, ...administrator, password });
    expect(answer.status, password).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field: 'password' }]);
  }
  const missing = await host.client().post('/api/welcome', { token, name: 'Ada', password: testPassword });
  expect(missing.body.errors).toMatchObject([{ field: 'email' }]);
  expect((await host.client().post('/api/welcome', { token, ...administrator })).status).toBe(204);
});

test('an invitation shows for whom it is; a newer one ends it; somebody who came needs none', async () => {
  await using host = await testServer();
  const act = { principal: operator, correlationId: newId<string>() };
  const invite = () =>
    host.database.system((tx) => host.server.invitePerson(tx, act, { email: 'Grace@Example.com', name: 'Grace' }));
  const first = await invite();
  const second = await invite();
  expect(second.personId).toBe(first.personId);
  expect((await host.client().post('/api/welcome/check', { token: tokenOf(first.link) })).status).toBe(404);
  const token = tokenOf(second.link);
  expect((await host.client().post('/api/welcome/check', { token })).body).toEqual({
    email: 'grace@example.com',
    name: 'Grace',
  });
  const browser = host.client();
  expect((await browser.post('/api/welcome', { token, name: 'Grace Hopper', password: testPassword })).status).toBe(
    204,
  );
  expect((await browser.get('/api/me')).body).toMatchObject({ name: 'Grace Hopper', systemAdministrator: false });
  expect(await invite()).toEqual({ personId: first.personId, link: null });
});

test('an invitation that is rolled back with its change leaves nobody behind', async () => {
  await using host = await testServer();
  const act = { principal: operator, correlationId: newId<string>() };
  const failing = host.database.system(async (tx) => {
    await host.server.invitePerson(tx, act, { email: 'grace@example.com' });
    throw new Error('the tenant is gone');
  });
  await expect(failing).rejects.toThrow('the tenant is gone');
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from people) + (select count(*) from system_audit) + (select count(*) from welcome_links) as left`.execute(
    host.database.owner,
  );
  expect(Number(rows[0]?.left)).toBe(0);
});

test('a renewed link sets a new password and ends every sign-in of the person', async () => {
  await using host = await testServer();
  const person = await host.signIn();
  const act = { principal: operator, correlationId: newId<string>() };
  const link = await host.database.system((tx) => host.server.renewLink(tx, act, person.personId));
  const browser = host.client();
  const answer = await browser.post('/api/welcome', {
    token: tokenOf(link),
    name: 'Ada',
    password: 'another quiet lamp here',
  });
  expect(answer.status).toBe(204);
  expect((await person.get('/api/session')).body.person).toBeNull();
  expect((await browser.get('/api/session')).body.person).not.toBeNull();
  const old = await host.client().post('/api/auth/sign-in/email', { email: person.email, password: person.password });
  expect(old.status).toBe(401);
});
