import type { Json } from '@gatehouse/kernel';
import { testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setImpersonation } from '../delegation/index.ts';
import { type Sample, sampleVault } from '../testing/sample.ts';
import { identityPassword } from '../testing/test-vault.ts';

/** Requests as the public clients of the service send them: their addresses, member names, casing, and strings for numbers. */

let vault: Sample;
const ids: Record<string, string> = {};
beforeAll(async () => {
  vault = await sampleVault();
  ids.script = await vault.identity('svc-script');
  ids.ecm = await vault.identity('svc-ecm');
  ids.approver = await vault.identity('approver');
  ids.sarcher = await vault.identity('NS\\sarcher', 'domain_user');
  await vault.permit(ids.script, { allAccess: true });
  await vault.permit(ids.approver, { globalApprover: true });
  ids.svc = await vault.account({
    ...{ system: 'host01', kind: 'windows', namespace: 'EXAMPLE', account: 'svc-app', type: 'windows' },
    password: 'of svc-app',
  });
  ids.root = await vault.account({
    system: 'web1',
    account: 'root',
    address: '192.0.2.10',
    domainDns: 'corp.example',
    autoSpin: true,
  });
  ids.key = await vault.account({ system: 'web1', account: 'root', type: 'ssh_key', password: 'the private key' });
  ids.glass = await vault.account({ system: 'web1', account: 'breakglass' });
  ids.app = await vault.account({
    system: 'web1',
    kind: 'postgresql',
    namespace: '[PostgreSQL]',
    account: 'app',
    instance: 'main',
    type: 'postgresql',
  });
  ids.admin = await vault.account({
    system: 'NS',
    kind: 'domain',
    namespace: 'NS',
    account: 'sarcher.admin',
    type: 'windows',
    domainNetbios: 'NS',
  });
  await vault.entry({ list: 'DBAs', system: 'SA - Effective 1/1/2020', account: 'sa', password: 'of sa' });
  await vault.entry({ list: 'Everywhere', system: '', account: 'NS\\jamos' });
  for (const credential of ['root', 'key', 'app', 'admin'])
    await vault.delegate(ids.sarcher, ids[credential] ?? '', { remoteSessions: true });
  await vault.delegate(ids.sarcher, ids.glass, { requestPasswords: true });
  await vault.mayUseList('Everywhere', ids.sarcher);
  await vault.delegate(ids.script, ids.root, { spin: true });
  await vault.delegate(ids.ecm, ids.root, { spin: true });
  await vault.database.system(async (tx) => {
    for (const target of ['sarcher', 'approver']) await setImpersonation(tx, ids.ecm ?? '', ids[target] ?? '', true);
  });
});
afterAll(() => vault.close());

const v1 = '/ERPMWebService/AuthService_JSON.svc';
const v2 = '/ERPMWebService/json/V2/AuthService.svc';
const rest = '/ERPMWebService/AuthService.svc/REST';
const post = (path: string, body: Json, headers: Record<string, string | undefined> = {}) =>
  testClient(vault.url).post(path, body, { headers: { origin: undefined, ...headers } });
const credentials = (user: string): Record<string, Json> => ({
  Username: user,
  Password: identityPassword,
  LoginType: 1,
});
/** Logging in takes a quarter of a second by design, so each does it once. */
const tokens = new Map<string, Promise<string>>();
const logIn = (user: string): Promise<string> => {
  const token = tokens.get(user) ?? post(`${v2}/DoLogin2`, credentials(user)).then(({ body }) => body.OperationMessage);
  tokens.set(user, token);
  return token;
};
const actAs = async (name: string): Promise<string> => {
  const AuthenticationToken = await logIn('svc-ecm');
  const { body } = await post(`${v2}/DoImpersonate`, { AuthenticationToken, IdentityName: name, Comment: 'session' });
  return body.OperationMessage;
};

describe.each([
  ['JSON v1', v1],
  ['JSON v2', v2],
  ['JSON v2 in other letters', '/erpmwebservice/JSON/v2/AUTHSERVICE.svc'],
])('%s', (_, face) => {
  const call = (operation: string, body: Json, headers = {}) => post(`${face}/${operation}`, body, headers);

  test('logs in with a bare string or an object, whatever the type of LoginType, and out', async () => {
    for (const LoginType of [1, '1']) {
      const bare = await call('DoLogin', {
        ...credentials('svc-script'),
        LoginType,
        Authenticator: '',
        MFATokenCode: '',
      });
      expect(bare.text).toMatch(/^"[\w-]{43}"$/);
      const { body } = await call('DoLogin2', { ...credentials('svc-script'), LoginType, Unknown: { deep: [1] } });
      expect(body).toMatchObject({ OperationSucceeded: true, OperationMessage: expect.stringMatching(/^[\w-]{43}$/) });
      expect(new Date(body.ExpiresUTC).getTime()).toBeGreaterThan(Date.now());
      expect((await call('DoLogout', { AuthenticationToken: bare.body })).status).toBe(200);
      const after = await call('ManagementSetOps_GetManagementSetList', { AuthenticationToken: bare.body });
      expect([after.status, after.body.ErrorCode]).toEqual([401, 'not_signed_in']);
      expect((await call('DoLogout', { AuthenticationToken: bare.body })).status).toBe(200);
    }
  });

  test('takes bodies as any type of content, and as none', async () => {
    const AuthenticationToken = await logIn('svc-script');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json; charset=utf-8', undefined]) {
      const headers = { 'content-type': type };
      const { status } = await call('ManagementSetOps_GetManagementSetList', { AuthenticationToken }, headers);
      expect(status, type).toBe(200);
    }
  });

  test('checks a stored credential out and in', async () => {
    const AuthenticationToken = await logIn('svc-script');
    const whole = {
      ...{ AuthenticationToken, Comment: 'reason text' },
      AccountIdentificationInfo: {
        ...{ AccountName: 'EXAMPLE\\svc-app', PasswordList: '' },
        AccountStore: { CustomTypeName: '', TargetName: 'host01', Type: 1 },
      },
    };
    const out = await call('AccountStoreOps_StoredCredential_CheckOut', whole);
    expect(out.status).toBe(200);
    expect(out.body).toMatchObject({
      ...{ Password: 'of svc-app', AccountName: 'svc-app', Namespace: 'EXAMPLE', SystemName: 'host01' },
      ...{ CredentialType: 'Password', InstanceName: '', IsRandom: true, AutoSpin: false },
    });
    const back = await call('AccountStoreOps_StoredCredential_CheckIn', whole);
    expect(back.body).toMatchObject({ OperationSucceeded: true });
    expect(back.text).not.toContain('of svc-app');
    expect((await call('AccountStoreOps_StoredCredential_CheckIn', whole)).status).toBe(200);
  });

  test('checks an entry of a shared list out and in', async () => {
    const whole = {
      ...{ AuthenticationToken: await logIn('svc-script'), Comment: 'reason' },
      SharedCredentialIdentifier: {
        SharedCredentialListName: 'DBAs',
        SystemName: 'SA - Effective 1/1/2020',
        AccountName: 'sa',
      },
    };
    expect((await call('AccountStoreOps_SharedCredential_CheckOut', whole)).body).toMatchObject({ Password: 'of sa' });
    expect((await call('AccountStoreOps_SharedCredential_CheckIn', whole)).body).toMatchObject({
      OperationSucceeded: true,
    });
  });

  test('makes a job that changes passwords', async () => {
    const { status, body } = await call('JobOps_CreatePasswordChangeJob', {
      AuthenticationToken: await logIn('svc-script'),
      JobInfoBase: { NextRunTimeUTC: `/Date(${Date.now()})/`, RunJobOnNewSystems: false },
      PasswordChangeSettings: {
        AccountType: '4',
        FullAccountName: 'root',
        PasswordLength: 20,
        PasswordConstraints: {},
      },
      ScheduleInfo: { ScheduleType: 8, DayOfMonth: 3, Hours: 2, Minutes: 30, MonthOfYear: 9, RetryEnabled: true },
      SystemList: 'web1',
    });
    expect([status, body]).toEqual([200, { OperationSucceeded: true, JobID: expect.any(Number) }]);
    const job = await call('JobOps_GetJob', {
      AuthenticationToken: await logIn('svc-script'),
      JobID: String(body.JobID),
    });
    expect(job.body).toMatchObject({ JobID: body.JobID, Systems: [{ SystemName: 'web1', AccountName: 'root' }] });
  });
});

test('REST stores a credential, keeps sets, and takes the token of a GET from a header', async () => {
  const login = await post(`${rest}/Login`, credentials('svc-script'));
  const AuthenticationToken: string = login.body;
  expect(
    (await post(`${rest}/ManagementSets`, { AuthenticationToken, ManagementSetName: 'Linux hosts' })).body,
  ).toEqual({ OperationSucceeded: true });
  const put = { AuthenticationToken, ManagementSetName: 'Linux hosts', SystemName: 'db7' };
  expect((await post(`${rest}/ManagementSet/System/Linux`, put)).status).toBe(200);
  expect((await post(`${rest}/ManagementSet/System/Windows`, { ...put, SystemName: 'win7' })).status).toBe(200);
  const stored = await post(`${rest}/StoredCredential`, {
    ...{ AuthenticationToken, SystemName: 'db7', Namespace: '[Linux]', AccountName: 'root', Password: 'pässwörd "\\' },
    ...{ AssociatedGroup: 'Linux hosts', AssetTag: '', Comment: '', OverwriteSettings: 0 },
  });
  expect(stored.body).toEqual({ OperationSucceeded: true });
  const get = (path: string) => testClient(vault.url).get(`${rest}${path}`, { headers: { AuthenticationToken } });
  expect((await get('/ManagementSets')).body).toMatchObject({ ListValues: [{ Value: 'Linux hosts' }] });
  expect((await get('/ManagementSet?Name=linux%20HOSTS')).body).toEqual({
    ManagementSetName: 'Linux hosts',
    Comment: '',
    SystemCount: 2,
  });
  expect((await get('/managementset/SYSTEM/linux?Name=Linux%20hosts')).body).toEqual([{ SystemName: 'db7' }]);
  const AccountIdentificationInfo = { AccountName: 'root', AccountStore: { TargetName: 'db7' } };
  const out = await post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, {
    AuthenticationToken,
    AccountIdentificationInfo,
  });
  expect(out.body).toMatchObject({ Password: 'pässwörd "\\', IsRandom: false });
  expect((await post(`${rest}/Logout`, { AuthenticationToken })).status).toBe(200);
  expect((await get('/ManagementSets')).status).toBe(401);
});

test('a password that a program stores is none that the vault made, and one that no system takes is refused', async () => {
  await vault.account({ system: 'db8', account: 'root', isRandom: true, autoSpin: true });
  const AuthenticationToken = await logIn('svc-script');
  const store = (Password: string) =>
    post(`${rest}/StoredCredential`, {
      ...{ AuthenticationToken, SystemName: 'DB8', Namespace: '[linux]', AccountName: 'ROOT', Password },
    });
  expect((await store('a\nb')).body).toMatchObject({
    ErrorCode: 'invalid',
    OperationMessage: expect.stringMatching(/^Password: /),
  });
  expect((await store('given')).status).toBe(200);
  const AccountIdentificationInfo = { AccountName: 'root', AccountStore: { TargetName: 'db8' } };
  const out = await post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, {
    AuthenticationToken,
    AccountIdentificationInfo,
  });
  expect(out.body).toMatchObject({ Password: 'given', IsRandom: false, AutoSpin: true });
  expect(
    (
      await post(`${v2}/ManagementSetOps_CreateManagementSet`, {
        AuthenticationToken,
        ManagementSetName: 'linux HOSTS',
      })
    ).body,
  ).toMatchObject({ ErrorCode: 'conflict' });
});

test('a program lists, asks, has it granted, checks out and in, and the rotation is made once', async () => {
  const AuthenticationToken = await actAs('ns\\SARCHER');
  const list = async (more: Record<string, Json>) => {
    const { body } = await post(`${v2}/AccountStoreOps_ListStoredCredentials`, { AuthenticationToken, ...more });
    return body.ListValues.map((one: Record<string, string>) => `${one.Kind} ${one.AccountName} ${one.CredentialType}`);
  };
  const ofHost = ['Stored breakglass Password', 'Stored root Password', 'Stored root SSHKey', 'Stored app Password'];
  for (const asked of [
    { SystemName: 'WEB1' },
    { SystemName: 'web1.corp.example' },
    { IPAddress: '192.0.2.10' },
    { SystemName: '192.0.2.10' },
  ])
    expect((await list(asked)).toSorted(), JSON.stringify(asked)).toEqual(
      expect.arrayContaining(['Stored root Password']),
    );
  expect((await list({ SystemName: 'web1' })).toSorted()).toEqual(ofHost.toSorted());
  expect(await list({ SystemName: 'web1.other.example' })).not.toContain('Stored root Password');
  expect(await list({ SystemName: 'web9', Domain: 'NS', IncludeSharedCredentialLists: 'true' })).toEqual([
    'Stored sarcher.admin Password',
    'Shared NS\\jamos Password',
  ]);
  const glass = {
    AuthenticationToken,
    SystemName: 'web1',
    Namespace: '[Linux]',
    AccountName: 'breakglass',
    InstanceName: '',
    LeaseID: 'lease-glass',
  };
  const glassInfo = {
    AccountName: '[Linux]\\breakglass',
    AccountStore: { TargetName: 'web1', Type: 4, InstanceName: '' },
  };
  const checkOutGlass = () =>
    post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, {
      ...{ AuthenticationToken, AccountIdentificationInfo: glassInfo, LeaseID: 'lease-glass', Minutes: 10 },
    });
  expect(await checkOutGlass()).toMatchObject({ status: 409, body: { ErrorCode: 'approval_needed' } });
  const { PasswordRequestID, State } = (await post(`${v2}/PasswordRequestOps_Create`, { ...glass, Comment: 'please' }))
    .body;
  expect(State).toBe('Pending');
  expect((await checkOutGlass()).body).toMatchObject({ ErrorCode: 'approval_needed', PasswordRequestID });
  const own = await post(`${v2}/PasswordRequestOps_Grant`, { AuthenticationToken, PasswordRequestID });
  expect([own.status, own.body.ErrorCode]).toEqual([403, 'not_permitted']);
  const granted = await post(`${v2}/PasswordRequestOps_Grant`, {
    AuthenticationToken: await actAs('approver'),
    PasswordRequestID,
  });
  expect(granted.body).toMatchObject({ OperationSucceeded: true, State: 'Granted' });
  expect((await checkOutGlass()).status).toBe(200);
  expect((await post(`${v2}/PasswordRequestOps_Get`, { AuthenticationToken, PasswordRequestID })).body.State).toBe(
    'Used',
  );

  const AccountIdentificationInfo = {
    AccountName: '[Linux]\\root',
    AccountStore: { TargetName: 'web1', Type: 4, InstanceName: '' },
    PasswordList: '',
  };
  const whole = { AuthenticationToken, AccountIdentificationInfo, Comment: 'x', LeaseID: 'lease-root' };
  const [one, two] = [
    await post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, whole),
    await post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, whole),
  ];
  expect(one.body).toMatchObject({ Password: 'Tr0ub4dor', AutoSpin: true });
  expect(two.body.CheckOutID).toBe(one.body.CheckOutID);
  const before = vault.spun.length;
  const back = await post(`${v2}/AccountStoreOps_StoredCredential_CheckIn`, whole);
  expect(back.body).toMatchObject({
    OperationSucceeded: true,
    AutoSpin: true,
    IsRandom: true,
    JobID: expect.any(Number),
  });
  // The answer was lost: asking again tells the same, and makes nothing.
  expect((await post(`${v2}/AccountStoreOps_StoredCredential_CheckIn`, whole)).body).toMatchObject({
    OperationSucceeded: true,
    AutoSpin: true,
  });
  const spin = {
    AuthenticationToken: await logIn('svc-ecm'),
    SystemName: 'web1',
    Namespace: '[Linux]',
    AccountName: 'root',
    InstanceName: '',
    LeaseID: 'lease-root',
  };
  const spun = await post(`${v2}/AccountStoreOps_StoredCredential_Spin`, { ...spin, Comment: 'by <username>' });
  expect(spun.body).toEqual({ OperationSucceeded: true, JobID: back.body.JobID });
  expect(vault.spun.length - before).toBe(1);
  const fromTemplate = { ...spin, TemplateJobID: '74' };
  const [job, again] = [
    await post(`${v2}/JobOps_CreateJobFromTemplate`, fromTemplate),
    await post(`${v2}/JobOps_CreateJobFromTemplate`, fromTemplate),
  ];
  expect(again.body).toEqual(job.body);
  expect(vault.spun.length - before).toBe(2);
  expect(
    (await post(`${v2}/AccountStoreOps_StoredCredential_CheckIn`, { ...whole, LeaseID: 'never-used' })).body,
  ).toEqual({ OperationSucceeded: true });
});

test('a key is handed out as a key', async () => {
  const AccountIdentificationInfo = {
    AccountName: 'root',
    AccountStore: { TargetName: 'web1', Type: 4 },
    CredentialType: 'SSHKey',
  };
  const out = await post(`${v2}/AccountStoreOps_StoredCredential_CheckOut`, {
    AuthenticationToken: await actAs('NS\\sarcher'),
    AccountIdentificationInfo,
  });
  expect(out.body).toMatchObject({
    Password: '',
    PrivateKey: 'the private key',
    Passphrase: '',
    CredentialType: 'SSHKey',
  });
});

test('the description of the server names every operation', async () => {
  const { body } = await testClient(vault.url).get('/openapi.json');
  const paths = Object.keys(body.paths);
  expect(paths).toContain('/erpmwebservice/json/v2/authservice.svc/accountstoreops_storedcredential_checkout');
  expect(paths).toContain('/erpmwebservice/authservice.svc/rest/managementset/system/linux');
});
