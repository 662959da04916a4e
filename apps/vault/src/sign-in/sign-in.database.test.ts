import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../audit/index.ts';
import { setGlobalPermission, setImpersonation } from '../delegation/index.ts';
import { deleteIdentity, setRoleMember, updateIdentity } from '../identities/index.ts';
import { identityPassword, type TestVault, testVault } from '../testing/test-vault.ts';
import { endToken, holderOf, impersonate, signIn } from './index.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault();
});
afterAll(() => vault.close());

const login = (username: string, password = identityPassword, domain: string | null = null) =>
  signIn(vault.parts, {
    ...{ username, password: new Secret(password), domain, code: null },
    ...{ registrationId: null, address: '127.0.0.1', correlationId: 'c-1' },
  });
const holder = (token: Secret, now = vault.parts.clock.now()) =>
  vault.database.system((tx) => holderOf(tx, token.reveal(), now));
const later = (minutes: number) => new Date(vault.parts.clock.now().getTime() + minutes * 60_000);
const actAs = (name: string, caller: Awaited<ReturnType<typeof login>>) =>
  impersonate(vault.parts, caller.actor, {
    ...{ name, comment: '', registrationId: null, address: null, correlationId: 'c-2' },
  });

test('an explicit identity signs in whatever the case of its name, and holds its roles and roles of roles', async () => {
  const ada = await vault.identity('ada');
  const [operators, everybody] = [await vault.identity('Operators', 'role'), await vault.identity('Everybody', 'role')];
  await vault.database.system(async (tx) => {
    await setRoleMember(tx, operators, ada, true);
    await setRoleMember(tx, everybody, operators, true);
  });
  const { token, actor } = await login('ADA');
  expect(token.reveal()).toMatch(/^[\w-]{43}$/);
  expect(new Set(actor.holds)).toEqual(new Set([ada, operators, everybody]));
  expect((await holder(token))?.actor).toMatchObject({ identity: { name: 'ada' }, impersonator: null });
});

test('a wrong password, an unknown name, a role, a disabled identity and one that may not log in are refused alike', async () => {
  const [off, outside] = [await vault.identity('off'), await vault.identity('outside')];
  await vault.identity('Some role', 'role');
  await vault.database.system(async (tx) => {
    await updateIdentity(tx, off, { enabled: false });
    await setGlobalPermission(tx, outside, null);
  });
  const answers = await Promise.all(
    [login('ada', 'wrong'), login('nobody'), login('Some role'), login('off'), login('outside')].map((one) =>
      one.catch(({ code, message }) => `${code}: ${message}`),
    ),
  );
  expect(new Set(answers)).toEqual(
    new Set(['not_signed_in: The name, the password or its code is wrong, or may not log in.']),
  );
});

test('a token ends at its log-out, when it was idle too long, when it is too old, and with its identity', async () => {
  const bob = await vault.identity('bob');
  const [left, idle, old, lost] = [await login('bob'), await login('bob'), await login('bob'), await login('bob')];
  await vault.database.system((tx) => endToken(tx, left.token.reveal()));
  expect(await holder(left.token)).toBeNull();
  expect(await holder(idle.token, later(19))).not.toBeNull();
  expect(await holder(idle.token, later(38))).not.toBeNull();
  expect(await holder(idle.token, later(60))).toBeNull();
  for (let minutes = 15; minutes < 12 * 60; minutes += 15)
    expect(await holder(old.token, later(minutes)), `${minutes} minutes`).not.toBeNull();
  expect(await holder(old.token, later(12 * 60 + 1))).toBeNull();
  await vault.database.system((tx) => deleteIdentity(tx, bob));
  expect(await holder(lost.token)).toBeNull();
  expect(await holder(new Secret("' or true --"))).toBeNull();
});

test('a new password ends the tokens of the old one', async () => {
  const cleo = await vault.identity('cleo');
  const { token } = await login('cleo');
  await vault.database.system((tx) => updateIdentity(tx, cleo, { passwordHash: 'another' }));
  expect(await holder(token)).toBeNull();
});

test('failures slow a name down, known or not, and no other name', async () => {
  await vault.identity('dora');
  for (const name of ['dora', 'made-up']) {
    for (let at = 0; at < 5; at++) await login(name, 'wrong').catch(() => undefined);
    await expect(login(name), name).rejects.toMatchObject({ code: 'slow_down' });
  }
  await expect(login('ada')).resolves.toBeDefined();
});

test('who is mapped acts as that identity or as whoever has that role, with their rights alone', async () => {
  const ecm = await vault.identity('svc-ecm');
  const [eve, fay] = [await vault.identity('NS\\eve', 'domain_user'), await vault.identity('NS\\fay', 'domain_user')];
  const support = await vault.identity('Support', 'role');
  await vault.database.system(async (tx) => {
    await setImpersonation(tx, ecm, eve, true);
    await setImpersonation(tx, ecm, support, true);
    await setRoleMember(tx, support, fay, true);
  });
  const caller = await login('svc-ecm');
  for (const [name, id] of [
    ['ns\\eve', eve],
    ['NS\\FAY', fay],
  ] as const) {
    const { token } = await actAs(name, caller);
    const held = await holder(token);
    expect(held?.actor).toMatchObject({ identity: { identityId: id }, impersonator: { name: 'svc-ecm' } });
    expect(held?.actor.holds).not.toContain(ecm);
  }
  const [entry] = await vault.database.system((tx) =>
    listEntries(tx, sql`event = 'EVENT_ID_WEBAPP_LOGIN' and impersonator is not null`, 'newest', 1),
  );
  expect(entry).toMatchObject({ message: 'Impersonating user (NS\\fay)', actor: 'NS\\fay', impersonator: 'svc-ecm' });
});

test('nobody acts as somebody whom no mapping names, and unknown names are refused alike', async () => {
  await vault.identity('NS\\gus', 'domain_user');
  const caller = await login('svc-ecm');
  const refused = await actAs('NS\\gus', caller).catch((error) => error);
  expect(refused).toMatchObject({ code: 'not_permitted' });
  const unknown = await actAs('NS\\nobody', caller).catch((error) => error);
  expect(unknown.message.replace('nobody', 'gus')).toBe(refused.message);
  await expect(actAs('Support', caller)).rejects.toMatchObject({ code: 'not_permitted' });
});

test('a token that acts as another leads no further', async () => {
  const [hal, ida] = [await vault.identity('hal'), await vault.identity('ida')];
  const ecm = await vault.database.system(async (tx) => {
    const { rows } = await sql<{ id: string }>`select identity_id as id from identities where name = 'svc-ecm'`.execute(
      tx,
    );
    return rows[0]?.id ?? '';
  });
  await vault.database.system(async (tx) => {
    await setImpersonation(tx, ecm, hal, true);
    await setImpersonation(tx, hal, ida, true);
  });
  const asHal = await actAs('hal', await login('svc-ecm'));
  await expect(actAs('ida', asHal)).rejects.toMatchObject({ code: 'not_permitted' });
});

test('a caller that is disabled takes the tokens that act for it along', async () => {
  const jay = await vault.identity('jay');
  const kim = await vault.identity('kim');
  await vault.database.system((tx) => setImpersonation(tx, jay, kim, true));
  const asKim = await actAs('kim', await login('jay'));
  expect(await holder(asKim.token)).not.toBeNull();
  await vault.database.system((tx) => updateIdentity(tx, jay, { enabled: false }));
  expect(await holder(asKim.token)).toBeNull();
});
