import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { operator } from '../src/operator.ts';
import { addPerson } from '../src/sign-in/people.ts';
import { purgeEnded } from '../src/sign-in/purge.ts';
import { findWelcome } from '../src/sign-in/welcome.ts';
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

test('while one first link is being used, another one waits and then finds an administrator', async () => {
  await using host = await testServer();
  const [first, second] = [
    tokenOf(await host.server.firstAdministratorLink()),
    tokenOf(await host.server.firstAdministratorLink()),
  ];
  const order: string[] = [];
  let waiting: Promise<void> = Promise.resolve();
  await host.database.system(async (tx) => {
    expect(await findWelcome(tx, first)).not.toBeNull();
    waiting = host.database.system(async (other) => {
      expect(await findWelcome(other, second)).toBeNull();
      order.push('second');
    });
    await vi.waitFor(async () => {
      const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(
        host.database.owner,
      );
      expect(rows.length).toBeGreaterThan(0);
    });
    const personId = await addPerson(tx, { name: 'Ada', email: 'ada@example.com', systemAdministrator: true });
    await sql`insert into sign_in_methods (id, person_id, account_id, provider_id, created_at, updated_at) values ('1', ${personId}, '1', 'credential', now(), now())`.execute(
      tx,
    );
    order.push('first');
  });
  await waiting;
  expect(order).toEqual(['first', 'second']);
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
  expect(
    (await host.client().post('/api/welcome', { token, name: 'Eve', password: 'a password of somebody else' })).status,
  ).toBe(404);
  expect((await browser.get('/api/me')).body.name).toBe('Grace Hopper');
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

test('administrators find, invite, help and remove people; the last administrator stays', async () => {
  await using host = await testServer();
  const administrator = await host.signIn({ systemAdministrator: true });
  const person = await host.signIn({ email: 'zoe@example.com' });
  expect((await person.get('/api/people')).status).toBe(403);
  const first = (await administrator.get('/api/people?limit=1')).body;
  const second = (await administrator.get(`/api/people?limit=1&cursor=${encodeURIComponent(first.next)}`)).body;
  expect(second).toMatchObject({ items: [{ email: 'zoe@example.com', welcomed: true }], next: null });

  const invited = (await administrator.post('/api/people', { email: 'new@example.com' })).body;
  expect(tokenOf(invited.link)).toMatch(/^ghw_/);
  const { link } = (await administrator.post(`/api/people/${person.personId}/link`)).body;
  expect(tokenOf(link)).toMatch(/^ghw_/);
  expect((await administrator.ask('DELETE', `/api/people/${person.personId}/second-factor`)).status).toBe(204);
  expect((await person.get('/api/me')).status).toBe(401);

  for (const attempt of [
    () => administrator.ask('DELETE', `/api/people/${administrator.personId}`),
    () => administrator.ask('PATCH', `/api/people/${administrator.personId}`, { body: { systemAdministrator: false } }),
  ]) {
    expect((await attempt()).status).toBe(409);
  }
  const { key } = (await administrator.post('/api/me/api-keys', { name: 'mine' })).body;
  expect(
    (await administrator.ask('PATCH', `/api/people/${person.personId}`, { body: { systemAdministrator: true } }))
      .status,
  ).toBe(204);
  expect((await administrator.ask('DELETE', `/api/people/${administrator.personId}`)).status).toBe(204);
  expect((await administrator.get('/api/me')).status).toBe(401);
  expect((await host.client().get('/api/me', { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
  const { rows } = await sql<{ action: string }>`select action from system_audit order by audit_id`.execute(
    host.database.owner,
  );
  expect(rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['person.link', 'person.second-factor.delete', 'person.change', 'person.delete']),
  );
});

test('what has ended is deleted, and nothing else', async () => {
  await using host = await testServer();
  const [ended, current] = [await host.signIn(), await host.signIn()];
  await sql`update sign_ins set expires_at = now() - interval '1 minute' where person_id = ${ended.personId}`.execute(
    host.database.owner,
  );
  await purgeEnded(host.database);
  const { rows } = await sql`select person_id from sign_ins`.execute(host.database.owner);
  expect(rows).toEqual([{ person_id: current.personId }]);
});
