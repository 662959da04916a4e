import { newId } from '@gatehouse/kernel';
import { type TestClient, testClient, testPassword, tokenOf, totpCode } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { updateIdentity } from '../identities/index.ts';
import { type Sample, sampleVault } from '../testing/sample.ts';

let vault: Sample;
let ada: TestClient;
let bo: TestClient;
let credentialId: string;
const ids: Record<string, string> = {};
const nobody = '00000000-0000-4000-8000-000000000000';

/** Somebody who is signed in, linked with an identity of that name. */
const person = async (name: string): Promise<TestClient> => {
  const { server } = vault.vault;
  if (!server) throw new Error('This copy answers.');
  const act = {
    principal: { kind: 'operator', name: 'test', systemAdministrator: true },
    correlationId: newId<string>(),
  } as const;
  const { personId, link } = await vault.database.system((tx) =>
    server.invitePerson(tx, act, { email: `${name}@example.com`, name }),
  );
  // Passkeys and cookies belong to the name that pages are opened by.
  const client = testClient(vault.url);
  await client.post('/api/welcome', { token: tokenOf(link), name, password: testPassword });
  const identityId = await vault.identity(`NS\\${name}`, 'domain_user');
  ids[name] = identityId;
  await vault.database.system((tx) => updateIdentity(tx, identityId, { personId }));
  return client;
};

beforeAll(async () => {
  vault = await sampleVault({ reveal: true });
  [ada, bo] = [await person('ada'), await person('bo')];
  credentialId = await vault.account({ system: 'web1', account: 'root', password: 'seen-by-two', autoSpin: true });
  await vault.delegate(ids.ada ?? '', credentialId, { viewPasswords: true });
  await vault.delegate(ids.bo ?? '', credentialId, { requestPasswords: true, grantRequests: true });
});
afterAll(() => vault.close());

test('a person checks out as their identity, sees it in their list, never with the password, and checks in', async () => {
  const made = await ada.post('/api/my/checkouts', { credentialId, comment: 'patch', minutes: 30 });
  expect(made).toMatchObject({
    status: 201,
    body: { about: "(web1)'[Linux]\\root'", holder: 'NS\\ada', endedBy: null },
  });
  expect(made.text).not.toContain('seen-by-two');
  const { checkoutId } = made.body;
  expect((await ada.get('/api/my/checkouts')).body.items).toMatchObject([{ checkoutId }]);
  expect((await bo.get('/api/my/checkouts')).body.items).toEqual([]);
  expect((await bo.post(`/api/my/checkouts/${checkoutId}/check-in`)).status).toBe(404);
  expect((await bo.get('/api/checkouts')).status).toBe(403);
  expect((await bo.post(`/api/checkouts/${checkoutId}/check-in`)).status).toBe(403);
  expect((await vault.operator.get('/api/checkouts')).body.items).toMatchObject([{ checkoutId, holder: 'NS\\ada' }]);
  const ended = await ada.post(`/api/my/checkouts/${checkoutId}/check-in`);
  expect(ended.body).toMatchObject({ endedBy: 'check-in' });
  const written = (await vault.audit()).slice(-2);
  expect(written.map(({ eventId, actor }) => [eventId, actor])).toEqual([
    [2003, 'ada <ada@example.com>'],
    [3018, 'ada <ada@example.com>'],
  ]);
});

test('an administrator ends what another has', async () => {
  const { checkoutId } = (await ada.post('/api/my/checkouts', { credentialId, comment: '' })).body;
  const ended = await vault.operator.post(`/api/checkouts/${checkoutId}/check-in`);
  expect(ended.body).toMatchObject({ endedBy: 'administrator' });
  expect((await vault.operator.post(`/api/checkouts/${nobody}/check-in`)).status).toBe(404);
});

test('who has no identity here gets nothing', async () => {
  expect((await vault.operator.get('/api/my/checkouts')).status).toBe(403);
  expect((await testClient(vault.url).get('/api/my/approvals')).status).toBe(401);
});

test('what one may not have is refused as on the wire, and a hidden account looks like none', async () => {
  const needed = await bo.post('/api/my/checkouts', { credentialId, comment: '' });
  expect(needed).toMatchObject({ status: 409, body: { type: 'urn:gatehouse:problem:approval-needed' } });
  const hidden = await vault.account({ system: 'hidden1', account: 'root' });
  const answers = [
    await ada.post('/api/my/checkouts', { credentialId: hidden, comment: '' }),
    await ada.post('/api/my/checkouts', { credentialId: nobody, comment: '' }),
  ];
  for (const { status, body } of answers) expect([status, body.title]).toEqual([404, 'Not found']);
});

test('a request is decided by another, and never by whoever asked', async () => {
  const { requestId } = (await bo.post('/api/my/requests', { credentialId, comment: 'please' })).body;
  expect((await bo.get('/api/my/approvals')).body.items).toEqual([]);
  expect((await bo.post(`/api/requests/${requestId}/decision`, { decision: 'granted', comment: '' })).status).toBe(403);
  const admin = await vault.identity('granter');
  await vault.permit(admin, { allAccess: true });
  await vault.delegate(ids.ada ?? '', credentialId, { viewPasswords: true, grantRequests: true });
  expect((await ada.get('/api/my/approvals')).body.items).toMatchObject([{ requestId, asker: 'NS\\bo' }]);
  const granted = await ada.post(`/api/requests/${requestId}/decision`, { decision: 'granted', comment: 'ok' });
  expect(granted.body).toMatchObject({ state: 'granted', decidedBy: 'NS\\ada' });
  expect((await bo.get('/api/my/requests')).body.items).toMatchObject([{ requestId, state: 'granted' }]);
  const { status, body } = await bo.post('/api/my/checkouts', { credentialId, comment: '' });
  expect(status).toBe(201);
  await bo.post(`/api/my/checkouts/${body.checkoutId}/check-in`);
});

test('a password is seen once, by its holder, after another person granted it and with a code of the app', async () => {
  const { checkoutId } = (await ada.post('/api/my/checkouts', { credentialId, comment: '' })).body;
  const look = (client: TestClient, code: string) => client.post(`/api/my/checkouts/${checkoutId}/reveal`, { code });
  expect(await look(ada, '000000')).toMatchObject({
    status: 409,
    body: { type: 'urn:gatehouse:problem:approval-needed' },
  });
  const { requestId } = (await ada.post('/api/my/requests', { credentialId, purpose: 'reveal', comment: 'sudo' })).body;
  expect((await ada.post(`/api/requests/${requestId}/decision`, { decision: 'granted', comment: '' })).status).toBe(
    403,
  );
  expect((await bo.post(`/api/requests/${requestId}/decision`, { decision: 'granted', comment: '' })).status).toBe(200);
  // Without an app there is no second factor.
  expect((await look(ada, '000000')).status).toBe(403);
  const { body } = await ada.post('/api/auth/two-factor/enable', { password: testPassword });
  expect((await ada.post('/api/auth/two-factor/verify-totp', { code: totpCode(body.totpURI) })).status).toBe(200);
  const fresh = totpCode(body.totpURI, Date.now() + 30_000);
  expect((await look(ada, '000000')).status).toBe(422);
  expect((await look(bo, fresh)).status).toBe(404);
  const seen = await look(ada, fresh);
  expect([seen.status, seen.body, seen.headers.get('cache-control')]).toEqual([
    200,
    { password: 'seen-by-two' },
    'no-store',
  ]);
  expect(await look(ada, fresh)).toMatchObject({ status: 409 });
  expect((await vault.audit()).at(-1)).toMatchObject({
    eventId: 9011,
    message: "revealed password for (web1)'[Linux]\\root'",
  });
  expect(vault.log.join('\n')).not.toContain('seen-by-two');
});

test('where it is not switched on no password is shown, whatever was granted', async () => {
  const another = await vault.another({ role: 'web', clock: vault.parts.clock });
  const closed = testClient(another.url ?? '');
  for (const [name, value] of ada.cookies) closed.cookies.set(name, value);
  const { body } = await ada.get('/api/my/checkouts');
  const answer = await closed.post(`/api/my/checkouts/${body.items[0].checkoutId}/reveal`, { code: '123456' });
  expect([answer.status, answer.body.title]).toEqual([403, 'Not allowed']);
  const asked = await closed.post('/api/my/requests', { credentialId, purpose: 'reveal', comment: '' });
  expect(asked.status).toBe(403);
});

test('an account of a shared list is checked out by whoever may use the list, and by nobody else', async () => {
  const entryId = await vault.entry({ list: 'Routers', system: 'r1', account: 'netadmin', password: 'seen-by-none' });
  expect((await ada.get('/api/my/entries')).body.items).toEqual([]);
  expect((await ada.post('/api/my/checkouts', { entryId, comment: 'x' })).status).toBe(404);
  await vault.mayUseList('Routers', ids.ada ?? '');
  const mine = await ada.get('/api/my/entries?search=r1');
  expect(mine.body.items).toMatchObject([{ entryId, listName: 'Routers', systemName: 'r1', accountName: 'netadmin' }]);
  expect((await ada.get(`/api/my/entries?listId=${nobody}`)).body.items).toEqual([]);
  const made = await ada.post('/api/my/checkouts', { entryId, comment: 'x' });
  expect(made).toMatchObject({ status: 201, body: { about: "(r1)'netadmin'", entryId, credentialId: null } });
  expect(made.text + mine.text).not.toContain('seen-by-none');
  expect((await ada.post(`/api/my/checkouts/${made.body.checkoutId}/check-in`)).status).toBe(200);
  for (const body of [{ comment: '' }, { comment: '', entryId, credentialId }])
    expect((await ada.post('/api/my/checkouts', body)).body.errors[0].field).toBe('credentialId');
  expect((await vault.operator.get('/api/my/entries')).body.items).toEqual([]);
});

test('nobody but the command line of this machine acts in the name of others, or seals a password', async () => {
  const identityId = ids.ada ?? '';
  const asBo = await bo.post('/api/my/checkouts', { credentialId, comment: '', identityId });
  expect(asBo).toMatchObject({ status: 403, body: { detail: expect.stringContaining('in the name of others') } });
  expect((await ada.post('/api/my/requests', { credentialId, comment: '', identityId })).status).toBe(403);
  const administrator = await vault.signIn({ systemAdministrator: true });
  expect((await administrator.post('/api/my/checkouts', { credentialId, comment: '', identityId })).status).toBe(403);
  const { checkoutId } = (await vault.operator.post('/api/my/checkouts', { credentialId, comment: '', identityId }))
    .body;
  const passphrase = 'sixteen and more characters';
  for (const client of [ada, administrator])
    expect((await client.post(`/api/checkouts/${checkoutId}/sealed`, { passphrase })).status).toBe(403);
  const sealed = await vault.operator.post(`/api/checkouts/${checkoutId}/sealed`, { passphrase });
  expect([sealed.status, sealed.text.includes('seen-by-two')]).toEqual([200, false]);
  expect((await vault.operator.post(`/api/checkouts/${checkoutId}/sealed`, { passphrase: 'short' })).status).toBe(400);
  const unknown = await vault.operator.post('/api/my/checkouts', { credentialId, comment: '', identityId: nobody });
  expect(unknown.status).toBe(403);
  const [told] = (await vault.audit()).slice(-1);
  expect(told?.message).toBe("sealed password for (web1)'[Linux]\\root'");
});
