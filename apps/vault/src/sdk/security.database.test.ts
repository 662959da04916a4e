import { type Json, newId } from '@gatehouse/kernel';
import { testClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRegistration, setImpersonation } from '../delegation/index.ts';
import { type Sample, sampleVault } from '../testing/sample.ts';
import { identityPassword } from '../testing/test-vault.ts';

const planted = { root: 'planted-root-7f3a', other: 'planted-other-91bc', entry: 'planted-entry-44de' };
const base = '/ERPMWebService/json/V2/AuthService.svc';
const restBase = '/ERPMWebService/AuthService.svc/REST';

let vault: Sample;
let admin: string;
let plain: string;
let other: string;
const ids: Record<string, string> = {};
const operations: { readonly method: string; readonly path: string }[] = [];

beforeAll(async () => {
  vault = await sampleVault();
  for (const name of ['admin', 'plain', 'other', 'ecm']) ids[name] = await vault.identity(name);
  await vault.permit(ids.admin ?? '', { allAccess: true });
  ids.root = await vault.account({ system: 'web1', account: 'root', password: planted.root, autoSpin: true });
  ids.hidden = await vault.account({ system: 'hidden1', account: 'root', password: planted.other });
  await vault.entry({ list: 'Hidden', system: 'x', account: 'y', password: planted.entry });
  await vault.delegate(ids.plain ?? '', ids.root, { viewPasswords: true, spin: true });
  await vault.delegate(ids.other ?? '', ids.root, { viewPasswords: true, requestPasswords: true });
  [admin, plain, other] = await Promise.all([logIn('admin'), logIn('plain'), logIn('other')]);
  const { body } = await testClient(vault.url).get('/openapi.json');
  for (const [path, methods] of Object.entries<Record<string, { tags?: string[] }>>(body.paths))
    for (const [method, { tags }] of Object.entries(methods))
      if (tags?.includes('SDK web services') && !/\/(dologin2?|login|dologout|logout)$/.test(path))
        operations.push({ method: method.toUpperCase(), path });
});
afterAll(() => vault.close());

const headers = { origin: undefined };
const post = (path: string, body: Json, more: Record<string, string | undefined> = {}) =>
  testClient(vault.url).post(path, body, { headers: { ...headers, ...more } });
const call = (operation: string, AuthenticationToken: string, body: Record<string, Json> = {}) =>
  post(`${base}/${operation}`, { AuthenticationToken, ...body });
const credentials = (Username: string) => ({ Username, Password: identityPassword, LoginType: 1 });
async function logIn(user: string, more: Record<string, string> = {}): Promise<string> {
  return (await post(`${base}/DoLogin2`, credentials(user), more)).body.OperationMessage;
}
const askEach = (token: string, body: Record<string, Json> = {}, more: Record<string, string> = {}, paths = /./) =>
  Promise.all(
    operations
      .filter(({ path }) => paths.test(path))
      .map(async ({ method, path }) => {
        const answer =
          method === 'GET'
            ? await testClient(vault.url).get(`${path}?Name=x`, {
                headers: { ...headers, ...more, AuthenticationToken: token },
              })
            : await post(path, { AuthenticationToken: token, ...body }, more);
        return { path, status: answer.status, body: answer.body };
      }),
  );
const info = (AccountName: string, TargetName: string) => ({
  AccountIdentificationInfo: { AccountName, AccountStore: { TargetName } },
});
const shared = (list: string, SystemName: string, AccountName: string) => ({
  SharedCredentialIdentifier: { SharedCredentialListName: list, SystemName, AccountName },
});

test('every operation refuses who has no token, a made-up one, or one in other letters, and looks at nothing else', async () => {
  expect(operations.length).toBeGreaterThan(40);
  const refused = { OperationSucceeded: false, OperationMessage: expect.any(String), ErrorCode: 'not_signed_in' };
  for (const token of ['', 'x'.repeat(43), "' or 1=1 --"])
    for (const answer of await askEach(token, { AccountIdentificationInfo: 7, authenticationtoken: plain }))
      expect(answer).toEqual({ path: answer.path, status: 401, body: refused });
  const { status } = await post(`${base}/AccountStoreOps_ListStoredCredentials`, {
    AuthenticationToken: { toString: plain },
  });
  expect(status).toBe(401);
});

test('a name that is hidden and a name that nobody has are refused in the same words, by every operation that takes one', async () => {
  const pairs: readonly (readonly [string, Record<string, Json>, Record<string, Json>])[] = [
    ['AccountStoreOps_StoredCredential_CheckOut', info('root', 'hidden1'), info('root', 'hidden2')],
    ['AccountStoreOps_StoredCredential_CheckIn', info('root', 'hidden1'), info('root', 'hidden2')],
    ['AccountStoreOps_SharedCredential_CheckOut', shared('Hidden', 'x', 'y'), shared('Nowhere', 'x', 'y')],
    ['AccountStoreOps_SharedCredential_CheckIn', shared('Hidden', 'x', 'y'), shared('Nowhere', 'x', 'y')],
    ...['AccountStoreOps_StoredCredential_Spin', 'JobOps_CreateJobFromTemplate', 'PasswordRequestOps_Create'].map(
      (name) => [name, named('hidden1'), named('hidden2')] as const,
    ),
    ['ManagementSetOps_GetManagementSetInfo', { ManagementSetName: 'Hidden set' }, { ManagementSetName: 'No set' }],
    ['DoImpersonate', { IdentityName: 'admin' }, { IdentityName: 'admix' }],
    ['JobOps_GetJob', { JobID: 1 }, { JobID: 999 }],
  ];
  await call('ManagementSetOps_CreateManagementSet', admin, { ManagementSetName: 'Hidden set' });
  await call('AccountStoreOps_StoredCredential_CheckOut', admin, info('root', 'hidden1'));
  for (const [operation, hidden, missing] of pairs) {
    const [one, two] = [await call(operation, plain, hidden), await call(operation, plain, missing)];
    expect([403, 404]).toContain(one.status);
    expect([one.status, one.text], operation).toEqual([two.status, two.text.replace('admix', 'admin')]);
  }
});
const named = (SystemName: string) => ({ SystemName, AccountName: 'root', TemplateJobID: 74 });

test('what belongs to another is neither seen nor ended: a lease, a check-out, a request, a job', async () => {
  const out = await call('AccountStoreOps_StoredCredential_CheckOut', plain, {
    ...info('root', 'web1'),
    LeaseID: 'theirs',
  });
  expect(out.status).toBe(200);
  const blocked = await call('AccountStoreOps_StoredCredential_CheckOut', other, info('root', 'web1'));
  expect([blocked.status, blocked.body.ErrorCode]).toEqual([409, 'checked_out']);
  expect(blocked.text).not.toContain('plain');
  expect((await call('AccountStoreOps_StoredCredential_CheckIn', other, info('root', 'web1'))).status).toBe(404);
  const guess = await call('AccountStoreOps_StoredCredential_CheckIn', other, {
    ...info('root', 'web1'),
    LeaseID: 'theirs',
  });
  expect(guess.body).toEqual({ OperationSucceeded: true });
  expect((await call('AccountStoreOps_StoredCredential_CheckOut', other, info('root', 'web1'))).status).toBe(409);
  const request = await call('PasswordRequestOps_Create', other, named('web1'));
  for (const operation of ['PasswordRequestOps_Get', 'PasswordRequestOps_Grant', 'PasswordRequestOps_Deny'])
    expect((await call(operation, plain, { PasswordRequestID: request.body.PasswordRequestID })).status).toBe(404);
  const spin = await call('AccountStoreOps_StoredCredential_Spin', plain, named('web1'));
  expect((await call('JobOps_GetJob', other, { JobID: spin.body.JobID })).status).toBe(404);
  await call('AccountStoreOps_StoredCredential_CheckIn', plain, { ...info('root', 'web1'), LeaseID: 'theirs' });
});

test('rights that are missing are refused, and what was refused stands in the audit', async () => {
  const spin = await call('AccountStoreOps_StoredCredential_Spin', other, named('web1'));
  expect([spin.status, spin.body.ErrorCode]).toEqual([403, 'not_permitted']);
  const store = { SystemName: 'web1', AccountName: 'root', Namespace: '[Linux]', Password: 'overwritten' };
  for (const [path, body] of [
    [`${restBase}/StoredCredential`, store],
    [`${restBase}/ManagementSets`, { ManagementSetName: 'Mine' }],
    [`${restBase}/ManagementSet/System/Linux`, { ManagementSetName: 'Hidden set', SystemName: 'web1' }],
  ] as const)
    expect((await post(path, { AuthenticationToken: plain, ...body })).status, path).toBe(403);
  const refused = (await vault.audit()).filter(({ eventId }) => eventId === 9040);
  expect(refused.map(({ actor }) => actor)).toEqual(expect.arrayContaining(['other', 'plain']));
});

test.each([
  ['a statement', "'; drop table credentials; --"],
  ['a wildcard', '%'],
  ['a wildcard of one letter', '_oot'],
  ['two lines', 'root\nERROR forged line'],
  ['the character 0', 'root\u0000'],
  ['half a character', '\ud800'],
  ['5,000 letters', 'r'.repeat(5_000)],
  ['a command', '$(id)'],
  ['a path', '../../etc/passwd'],
])('a name that is %s finds nothing, breaks nothing and changes nothing', async (_, hostile) => {
  const count = async () => {
    const { rows } = await vault.database.system((tx) =>
      sql`select (select count(*) from credentials) as a, (select count(*) from systems) as b, (select count(*) from checkouts) as c,
        (select count(*) from management_sets) as d, (select count(*) from password_requests) as e`.execute(tx),
    );
    return rows[0];
  };
  const before = await count();
  const body = { ...info(hostile, hostile), ...shared(hostile, hostile, hostile), ...flat(hostile), LeaseID: 'l' };
  for (const { path, status, body: answered } of await askEach(plain, body, {}, /json.v2|rest/)) {
    expect(status, path).toBeLessThan(500);
    if (status !== 200)
      expect(answered, path).toMatchObject({ OperationSucceeded: false, ErrorCode: expect.any(String) });
    expect(JSON.stringify(answered), path).not.toContain('planted');
  }
  const login = await post(`${base}/DoLogin2`, { ...credentials(hostile), LoginType: 1 });
  expect([400, 401]).toContain(login.status);
  expect(await count()).toEqual(before);
});
const flat = (hostile: string) => ({
  ...{
    SystemName: hostile,
    AccountName: hostile,
    Namespace: hostile,
    InstanceName: hostile,
    ManagementSetName: hostile,
  },
  ...{ PasswordRequestID: hostile, IdentityName: hostile, IPAddress: hostile, Domain: hostile, SystemList: hostile },
  ...{ PasswordChangeSettings: { FullAccountName: hostile }, JobID: hostile, TemplateJobID: hostile, Comment: hostile },
});

test('a wrong member is named, and a body that is no JSON object or too large is refused', async () => {
  const wrong = [
    [{}, 'AccountIdentificationInfo.AccountName'],
    [
      { AccountIdentificationInfo: { AccountName: 'root', AccountStore: { TargetName: 5 } } },
      'AccountStore.TargetName',
    ],
    [{ ...info('root', 'web1'), Minutes: -1 }, 'Minutes'],
    [{ ...info('root', 'web1'), LeaseID: 'x'.repeat(101) }, 'LeaseID'],
    [{ AccountIdentificationInfo: { AccountName: 'root', AccountStore: { TargetName: 'web1', Type: 3 } } }, 'Type'],
  ] as const;
  for (const [body, member] of wrong) {
    const answer = await call('AccountStoreOps_StoredCredential_CheckOut', plain, body);
    expect([answer.status, answer.body.ErrorCode]).toEqual([400, 'invalid']);
    expect(answer.body.OperationMessage).toContain(member);
  }
  const raw = async (body: string) => {
    const answer = await fetch(`${vault.url}${base}/AccountStoreOps_ListStoredCredentials`, { method: 'POST', body });
    return [answer.status, await answer.json()];
  };
  const invalid = expect.objectContaining({ OperationSucceeded: false, ErrorCode: 'invalid' });
  for (const body of ['{', '[]', '"text"', '7', `{"a":${'['.repeat(30_000)}`])
    expect(await raw(body)).toEqual([400, invalid]);
  expect(await raw(JSON.stringify({ AuthenticationToken: plain, Comment: 'x'.repeat(1_000_000) }))).toEqual([
    413,
    invalid,
  ]);
  expect((await call('AccountStoreOps_Made_Up', plain)).body).toMatchObject({ ErrorCode: 'not_found' });
});

test('a token or a password in an address is refused, on every face', async () => {
  for (const query of [`AuthenticationToken=${plain}`, `authenticationtoken=${plain}`, `Password=x`]) {
    const answers = [
      await testClient(vault.url).get(`${restBase}/ManagementSets?${query}`, {
        headers: { AuthenticationToken: plain },
      }),
      await post(`${base}/AccountStoreOps_ListStoredCredentials?${query}`, { AuthenticationToken: plain }),
    ];
    for (const { status, body } of answers) expect([status, body.ErrorCode]).toEqual([400, 'invalid']);
  }
});

test('a second factor that nobody would look at is refused', async () => {
  const { status, body } = await post(`${base}/DoLogin2`, { ...credentials('plain'), MFATokenCode: '123456' });
  expect([status, body.OperationMessage]).toEqual([400, expect.stringContaining('MFATokenCode')]);
});

test('failed log-ins slow their name down and no other, and a busy program is not slowed', async () => {
  for (let at = 0; at < 5; at++) await post(`${base}/DoLogin`, { ...credentials('guessed'), Password: `guess-${at}` });
  const slowed = await post(`${restBase}/Login`, credentials('guessed'));
  expect([slowed.status, slowed.body.ErrorCode]).toEqual([429, 'slow_down']);
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
  // More in a minute than a stranger may ask of anything else; refused early, so that it costs little.
  const { url } = vault;
  for (let at = 0; at < 16; at++) {
    const asked = Array.from({ length: 40 }, () => fetch(`${url}${restBase}/ManagementSets?AuthenticationToken=x`));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  }
});

test('with a registration every call needs its key, from its networks, and a token stays with it', async () => {
  const [mine, elsewhere] = ['key-of-mine-0123456789', 'key-of-elsewhere-012345'];
  const [mineId, elsewhereId] = [newId<string>(), newId<string>()];
  await vault.database.system(async (tx) => {
    const at = vault.parts.clock.now();
    await insertRegistration(
      tx,
      { registrationId: mineId, name: 'Mine', networks: ['127.0.0.0/8', '::1'], key: mine },
      at,
    );
    await insertRegistration(
      tx,
      { registrationId: elsewhereId, name: 'Elsewhere', networks: ['192.0.2.0/24'], key: elsewhere },
      at,
    );
  });
  try {
    const token = await logIn('plain', { APIRegistrationKey: mine });
    const statusOf = async (key: string | undefined, using = token) => {
      const answer = await post(
        `${base}/AccountStoreOps_ListStoredCredentials`,
        { AuthenticationToken: using },
        { APIRegistrationKey: key },
      );
      return answer.status;
    };
    expect(await statusOf(mine)).toBe(200);
    // Made before there were registrations.
    expect(await statusOf(mine, plain)).toBe(401);
    const words = new Set<string>();
    for (const key of [undefined, 'wrong', 'x'.repeat(3_000), elsewhere]) {
      const more = key === undefined ? {} : { APIRegistrationKey: key };
      for (const answer of await askEach(token, {}, more)) {
        expect([answer.status, answer.body.ErrorCode], answer.path).toEqual([403, 'not_permitted']);
        words.add(answer.body.OperationMessage);
      }
      expect((await post(`${base}/DoLogin2`, credentials('plain'), more)).status).toBe(403);
    }
    expect(words.size).toBe(1);
    // An address that the caller writes down itself proves nothing.
    const forged = { APIRegistrationKey: elsewhere, 'X-Forwarded-For': '192.0.2.9' };
    expect((await post(`${base}/DoLogin2`, credentials('plain'), forged)).status).toBe(403);
    const stopped = await vault.operator.ask('PATCH', `/api/registrations/${mineId}`, { body: { enabled: false } });
    expect(stopped.status).toBe(200);
    // One that is switched off does not open the vault to calls without a key.
    expect([await statusOf(mine), await statusOf(undefined)]).toEqual([403, 403]);
  } finally {
    for (const id of [mineId, elsewhereId]) await vault.operator.ask('DELETE', `/api/registrations/${id}`);
  }
});

test('an expired token opens nothing, nor one whose impersonator was disabled', async () => {
  await vault.database.system((tx) => setImpersonation(tx, ids.ecm ?? '', ids.plain ?? '', true));
  const acting = await call('DoImpersonate', await logIn('ecm'), { IdentityName: 'plain' });
  const token = acting.body.OperationMessage;
  expect((await call('AccountStoreOps_ListStoredCredentials', token)).status).toBe(200);
  // It leads no further.
  expect((await call('DoImpersonate', token, { IdentityName: 'plain' })).status).toBe(403);
  vault.later(21);
  for (const answer of await askEach(token)) expect(answer.status, answer.path).toBe(401);
});

test('no password, token or key stands in the log of the whole file, at its most talkative', async () => {
  const log = vault.log.join('\n');
  expect(log.length).toBeGreaterThan(10_000);
  for (const secret of [
    ...Object.values(planted),
    admin,
    plain,
    other,
    identityPassword,
    'key-of-mine',
    'guess-1',
    'overwritten',
  ])
    expect(log.includes(secret), secret).toBe(false);
  const { rows } = await vault.database.system((tx) =>
    sql<{ row: string }>`select a::text as row from vault_audit a`.execute(tx),
  );
  const audit = JSON.stringify(rows);
  for (const secret of [...Object.values(planted), plain, identityPassword]) expect(audit.includes(secret)).toBe(false);
});
