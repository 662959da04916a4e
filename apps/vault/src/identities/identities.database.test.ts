import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../audit/index.ts';
import { findRegistrationByKey } from '../delegation/index.ts';
import { signIn } from '../sign-in/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault();
});
afterAll(() => vault.close());

const make = async (body: object) => {
  const answer = await vault.operator.post('/api/identities', JSON.parse(JSON.stringify(body)));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const login = (username: string, password: string) =>
  signIn(vault.parts, {
    ...{ username, password: new Secret(password), domain: null, code: null, registrationId: null, address: null },
    correlationId: 'c-1',
  });
const fieldOf = ({ body }: { body: { errors?: { field: string }[] } }) => body.errors?.map(({ field }) => field);

test('a password that the vault makes is shown once, opens the web services, and is gone when it is taken away', async () => {
  const ecm = await make({ kind: 'explicit', name: 'svc-ecm', password: { from: 'random' } });
  expect(ecm.password).toHaveLength(24);
  await vault.operator.ask('PUT', `/api/permissions/${ecm.identityId}`, {
    body: { logIn: true, allAccess: false, ignorePasswordCheckout: false },
  });
  await expect(login('svc-ecm', ecm.password)).resolves.toBeDefined();
  expect((await vault.operator.get(`/api/identities/${ecm.identityId}`)).text).not.toContain(ecm.password);
  const changed = await vault.operator.ask('PUT', `/api/identities/${ecm.identityId}/password`, {
    body: { from: 'entered', value: 'a quiet lamp over the lake' },
  });
  expect(changed.body).toEqual({ password: null });
  await expect(login('svc-ecm', ecm.password)).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(login('svc-ecm', 'a quiet lamp over the lake')).resolves.toBeDefined();
  await vault.operator.ask('DELETE', `/api/identities/${ecm.identityId}/password`);
  await expect(login('svc-ecm', 'a quiet lamp over the lake')).rejects.toMatchObject({ code: 'not_signed_in' });
});

test.each<[string, object, string]>([
  ['a short password', { kind: 'explicit', name: 'a', password: { from: 'entered', value: 'short' } }, 'password'],
  [
    'its own name as the password',
    { kind: 'explicit', name: 'aHarbourGate99', password: { from: 'entered', value: 'aharbourgate99' } },
    'password',
  ],
  ['a role with a password', { kind: 'role', name: 'R', password: { from: 'random' } }, 'password'],
  ['a group with a person', { kind: 'domain_group', name: 'NS\\G', personId: 'p' }, 'personId'],
  ['a person who is not there', { kind: 'explicit', name: 'b', personId: 'nobody' }, 'personId'],
  ['an account of a domain without it', { kind: 'domain_user', name: 'sarcher' }, 'name'],
  ['an explicit name with a domain', { kind: 'explicit', name: 'NS\\x' }, 'name'],
])('%s is refused by its field', async (_, body, field) => {
  const answer = await vault.operator.post('/api/identities', JSON.parse(JSON.stringify(body)));
  expect([answer.status, fieldOf(answer)]).toEqual([400, [field]]);
  expect(answer.text).not.toMatch(/short"|aharbourgate99/);
});

test('roles have members, and no circle of roles comes about', async () => {
  const [all, some, ada] = [
    await make({ kind: 'role', name: 'All' }),
    await make({ kind: 'role', name: 'Some' }),
    await make({ kind: 'domain_user', name: 'NS\\ada' }),
  ];
  const put = (role: { identityId: string }, member: { identityId: string }) =>
    vault.operator.ask('PUT', `/api/identities/${role.identityId}/members/${member.identityId}`);
  expect((await put(all, some)).status).toBe(204);
  expect((await put(some, ada)).status).toBe(204);
  expect((await put(some, all)).status).toBe(409);
  expect((await put(all, all)).status).toBe(409);
  expect((await put(ada, all)).status).toBe(409);
  const members = await vault.operator.get(`/api/identities/${some.identityId}/members`);
  expect(members.body.items).toMatchObject([{ name: 'NS\\ada' }]);
});

test('an identity with rights goes only by force, and says which they are', async () => {
  const [who, target, system] = [
    await make({ kind: 'explicit', name: 'leaving' }),
    await make({ kind: 'explicit', name: 'staying' }),
    (await vault.operator.post('/api/systems', { name: 'web1', kind: 'linux' })).body,
  ];
  const credential = (await vault.operator.post('/api/credentials', { systemId: system.systemId, accountName: 'root' }))
    .body;
  const given = await vault.operator.ask('PUT', '/api/delegations', {
    body: {
      identityId: who.identityId,
      credentialId: credential.credentialId,
      rights: { viewPasswords: true, spin: true },
    },
  });
  expect(given.body).toMatchObject({
    identity: 'leaving',
    scope: "(web1)'[Linux]\\root'",
    spin: true,
    viewAccounts: false,
  });
  const pair = `/api/impersonations/${who.identityId}/${target.identityId}`;
  expect((await vault.operator.ask('PUT', pair)).status).toBe(204);
  expect((await vault.operator.get('/api/impersonations')).body.items).toMatchObject([
    { identity: 'leaving', target: 'staying' },
  ]);
  const refused = await vault.operator.ask('DELETE', `/api/identities/${who.identityId}`);
  expect(refused.status).toBe(409);
  expect(refused.body.detail).toMatch(/its delegation on root \(web1\).*the impersonation of staying by leaving/);
  expect((await vault.operator.ask('DELETE', `/api/identities/${who.identityId}?force=true`)).status).toBe(204);
  expect((await vault.operator.get('/api/delegations')).body.items).toEqual([]);
  const entries = await vault.database.system((tx) =>
    listEntries(tx, sql`target = 'leaving' and event = 'EVENT_ID_DELEGATION_CHANGED'`, 'oldest', 10),
  );
  expect(entries.map(({ message }) => message)).toEqual([
    "gave leaving on (web1)'[Linux]\\root': View passwords, Spin",
    'let leaving act as staying',
  ]);
});

test.each<[string, string, object, string]>([
  ['rights on nothing', 'delegations', { identityId: crypto.randomUUID(), rights: { spin: true } }, 'credentialId'],
  ['no rights', 'delegations', { identityId: crypto.randomUUID(), setId: crypto.randomUUID(), rights: {} }, 'rights'],
  [
    'an identity that is not there',
    'delegations',
    { identityId: crypto.randomUUID(), setId: crypto.randomUUID(), rights: { spin: true } },
    'identityId',
  ],
  [
    'Ignore Password Checkout alone',
    `permissions/${crypto.randomUUID()}`,
    { logIn: true, allAccess: false, ignorePasswordCheckout: true },
    'ignorePasswordCheckout',
  ],
])('%s is refused by its field', async (_, path, body, field) => {
  const answer = await vault.operator.ask('PUT', `/api/${path}`, { body: JSON.parse(JSON.stringify(body)) });
  expect([answer.status, fieldOf(answer)]).toEqual([400, [field]]);
});

test('a registration shows its key once, keeps its networks as CIDR, and ends', async () => {
  const made = await vault.operator.post('/api/registrations', {
    ...{ name: 'ECM', networks: ['10.1.2.3/255.255.0.0', '2001:DB8::1', '10.1.0.0/16'] },
  });
  expect(made.body).toMatchObject({ networks: ['10.1.0.0/16', '2001:db8::1/128'], enabled: true });
  const { key, registrationId } = made.body;
  const findIt = () => vault.database.system((tx) => findRegistrationByKey(tx, key, new Date()));
  expect(await findIt()).toMatchObject({ name: 'ECM' });
  expect((await vault.operator.get('/api/registrations')).text).not.toContain(key);
  const wrong = await vault.operator.ask('PATCH', `/api/registrations/${registrationId}`, {
    body: { networks: ['10.0.0.0/8', 'x'] },
  });
  expect([wrong.status, fieldOf(wrong)]).toEqual([400, ['networks.1']]);
  await vault.operator.ask('PATCH', `/api/registrations/${registrationId}`, { body: { enabled: false } });
  expect(await findIt()).toBeNull();
  expect((await vault.operator.ask('DELETE', `/api/registrations/${registrationId}`)).status).toBe(204);
});

test('a domain keeps its password from whoever sends it elsewhere, and a test says what failed', async () => {
  const made = await vault.operator.post('/api/directories', {
    ...{ netbiosName: 'NS', dnsName: 'ns.example', controllers: ['ldaps://127.0.0.1:1'] },
    ...{ bindName: 'NS\\reader', bindPassword: 'planted-bind' },
  });
  expect(made.body).toMatchObject({ netbiosName: 'NS', bindPassword: { isSet: true } });
  const path = `/api/directories/${made.body.directoryId}`;
  const moved = await vault.operator.ask('PATCH', path, { body: { controllers: ['ldaps://evil.example'] } });
  expect([moved.status, fieldOf(moved)]).toEqual([400, ['bindPassword']]);
  expect((await vault.operator.ask('PATCH', path, { body: { dnsName: 'corp.ns.example' } })).status).toBe(200);
  const tested = await vault.operator.post(`${path}/test`);
  expect(tested.body).toMatchObject({ works: false, message: expect.stringMatching(/127\.0\.0\.1/) });
  const wrong = await vault.operator.ask('PATCH', path, { body: { certificateAuthorities: 'none' } });
  expect([wrong.status, fieldOf(wrong)]).toEqual([400, ['certificateAuthorities']]);
  // Another test made an account of this domain.
  await make({ kind: 'domain_user', name: 'ns\\zoe' });
  const used = await vault.operator.ask('DELETE', path);
  expect([used.status, used.body.detail]).toEqual([409, expect.stringContaining('ns\\zoe')]);
});

test('nobody but an administrator keeps identities, rights and domains', async () => {
  const person = await vault.signIn();
  for (const noun of ['identities', 'directories', 'permissions', 'delegations', 'impersonations', 'registrations']) {
    expect((await person.get(`/api/${noun}`)).status, noun).toBe(403);
    expect((await vault.stranger.get(`/api/${noun}`)).status, noun).toBe(401);
  }
});
