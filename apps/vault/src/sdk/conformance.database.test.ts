import type { Json } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../testing/sample.ts';
import { identityPassword } from '../testing/test-vault.ts';
import { type CallFace, faces } from './testing/faces.ts';
import { openOrganisation } from './testing/organisation.ts';

/** Requests as the public clients of the service send them: their member names, casing, and strings for numbers. */

const store22 = {
  ...{ SystemName: 'sql1', Namespace: '[SQLServer]', AccountName: 'sa', InstanceName: 'SALES', Password: 'of sa' },
};
const credentials = (user: string) => ({ Username: user, Password: identityPassword, LoginType: 1 });

describe.each(faces)('%s', (_, open) => {
  let vault: Sample;
  let call: CallFace;
  beforeAll(async () => {
    vault = await openOrganisation();
    call = await open(vault.url);
  });
  afterAll(() => vault.close());

  /** Logging in takes a quarter of a second by design, so each does it once. */
  const tokens = new Map<string, Promise<string>>();
  const logIn = (user: string): Promise<string> => {
    const token = tokens.get(user) ?? call('DoLogin2', credentials(user)).then(({ body }) => body.OperationMessage);
    tokens.set(user, token);
    return token;
  };
  const actAs = async (name: string): Promise<string> => {
    const AuthenticationToken = await logIn('svc-ecm');
    const { body } = await call('DoImpersonate', { AuthenticationToken, IdentityName: name, Comment: 'session' });
    return body.OperationMessage;
  };

  test('logs in with a bare string or an object, whatever the type of LoginType, and out', async () => {
    for (const LoginType of [1, '1']) {
      const more = { LoginType, Authenticator: '', MFATokenCode: '' };
      const bare = await call('DoLogin', { ...credentials('svc-script'), ...more });
      expect(bare.body).toMatch(/^[\w-]{43}$/);
      const { body } = await call('DoLogin2', { ...credentials('svc-script'), LoginType, Unknown: { deep: [1] } });
      expect(body).toMatchObject({ OperationSucceeded: true, OperationMessage: expect.stringMatching(/^[\w-]{43}$/) });
      expect(new Date(body.ExpiresUTC).getTime()).toBeGreaterThan(Date.now());
      expect((await call('DoLogout', { AuthenticationToken: bare.body })).status).toBe(200);
      const after = await call('ManagementSetOps_GetManagementSetList', { AuthenticationToken: bare.body });
      expect([after.status, after.body.ErrorCode]).toEqual([401, 'not_signed_in']);
      expect((await call('DoLogout', { AuthenticationToken: bare.body })).status).toBe(200);
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
        ...{ SharedCredentialListName: 'DBAs', SystemName: 'SA - Effective 1/1/2020', AccountName: 'sa' },
      },
    };
    expect((await call('AccountStoreOps_SharedCredential_CheckOut', whole)).body).toMatchObject({
      ...{ Password: 'of sa', SharedCredentialListName: 'DBAs' },
    });
    expect((await call('AccountStoreOps_SharedCredential_CheckIn', whole)).body).toMatchObject({
      OperationSucceeded: true,
    });
  });

  test('makes a job that changes passwords', async () => {
    const { status, body } = await call('JobOps_CreatePasswordChangeJob', {
      AuthenticationToken: await logIn('svc-script'),
      JobInfoBase: { NextRunTimeUTC: `/Date(${Date.now()})/`, RunJobOnNewSystems: false },
      PasswordChangeSettings: {
        ...{ AccountType: '4', FullAccountName: 'root', PasswordLength: 20, PasswordConstraints: {} },
      },
      ScheduleInfo: { ScheduleType: 8, DayOfMonth: 3, Hours: 2, Minutes: 30, MonthOfYear: 9, RetryEnabled: true },
      SystemList: 'web1',
    });
    expect([status, body]).toEqual([200, { OperationSucceeded: true, JobID: expect.any(Number) }]);
    const AuthenticationToken = await logIn('svc-script');
    const job = await call('JobOps_GetJob', { AuthenticationToken, JobID: String(body.JobID) });
    expect(job.body).toMatchObject({
      ...{ JobID: body.JobID, Systems: [{ SystemName: 'web1', AccountName: 'root' }] },
    });
    const { NextRunUTC, Systems } = job.body;
    expect(Systems[0].FinishedUTC ?? null).toBeNull();
    expect(new Date(NextRunUTC).toISOString()).toBe(NextRunUTC);
  });

  test('stores a credential and keeps sets', async () => {
    const AuthenticationToken = await logIn('svc-script');
    const set = { AuthenticationToken, ManagementSetName: 'Linux hosts' };
    const succeeded = { OperationSucceeded: true };
    expect((await call('ManagementSetOps_GetManagementSetList', { AuthenticationToken })).body).toEqual({
      ...{ ListValues: [], Truncated: false },
    });
    expect((await call('ManagementSetOps_CreateManagementSet', set)).body).toEqual(succeeded);
    const put = async (kind: string, SystemName: string) =>
      (await call(`ManagementSetOps_Add${kind}SystemToManagementSet`, { ...set, SystemName })).body;
    expect([await put('Linux', 'db7'), await put('Windows', 'win7')]).toEqual([succeeded, succeeded]);
    const Password = 'pässwörd\u2028 "\\<&]]>\'';
    const stored = await call('AccountStoreOps_StoredCredential_Store', {
      ...{ AuthenticationToken, SystemName: 'db7', Namespace: '[Linux]', AccountName: 'root', Password },
      ...{ AssociatedGroup: 'Linux hosts', AssetTag: '', Comment: 'a\r\nb', OverwriteSettings: 0 },
    });
    expect(stored.body).toEqual(succeeded);
    expect((await call('ManagementSetOps_GetManagementSetList', { AuthenticationToken })).body).toEqual({
      ...{ ListValues: [{ Value: 'Linux hosts' }], Truncated: false },
    });
    const { body } = await call('ManagementSetOps_GetManagementSetInfo', { ...set, ManagementSetName: 'linux HOSTS' });
    expect(body).toEqual({ ManagementSetName: 'Linux hosts', Comment: '', SystemCount: 2 });
    expect((await call('ManagementSetOps_GetLinuxSystemListForManagementSet', set)).body).toEqual([
      { SystemName: 'db7' },
    ]);
    const AccountIdentificationInfo = { AccountName: 'root', AccountStore: { TargetName: 'db7' } };
    const out = await call('AccountStoreOps_StoredCredential_CheckOut', {
      ...{ AuthenticationToken, AccountIdentificationInfo },
    });
    expect(out.body).toMatchObject({ Password, IsRandom: false });
  });

  test('a password that a program stores is none that the vault made, and one that no system takes is refused', async () => {
    await vault.account({ system: 'db8', account: 'root', isRandom: true, autoSpin: true });
    const AuthenticationToken = await logIn('svc-script');
    const store = (Password: string) =>
      call('AccountStoreOps_StoredCredential_Store', {
        ...{ AuthenticationToken, SystemName: 'DB8', Namespace: '[linux]', AccountName: 'ROOT', Password },
      });
    expect((await store('a\nb')).body).toMatchObject({
      ...{ ErrorCode: 'invalid', OperationMessage: expect.stringMatching(/^Password: /) },
    });
    expect((await store('given')).status).toBe(200);
    const AccountIdentificationInfo = { AccountName: 'root', AccountStore: { TargetName: 'db8' } };
    const out = await call('AccountStoreOps_StoredCredential_CheckOut', {
      ...{ AuthenticationToken, AccountIdentificationInfo },
    });
    expect(out.body).toMatchObject({ Password: 'given', IsRandom: false, AutoSpin: true });
    const ofSqlServer = { ...store22, AuthenticationToken };
    expect((await call('AccountStoreOps_StoredCredential_Store', ofSqlServer)).status).toBe(200);
    const sa = await call('AccountStoreOps_StoredCredential_CheckOut', {
      AuthenticationToken,
      AccountIdentificationInfo: { AccountName: 'sa', AccountStore: { TargetName: 'sql1', Type: 22 } },
    });
    expect(sa.body).toMatchObject({ Password: 'of sa', Namespace: '[SQLServer]', InstanceName: 'SALES' });
    const ManagementSetName = 'linux HOSTS';
    await call('ManagementSetOps_CreateManagementSet', { AuthenticationToken, ManagementSetName });
    const again = await call('ManagementSetOps_CreateManagementSet', { AuthenticationToken, ManagementSetName });
    expect(again.body).toMatchObject({ ErrorCode: 'conflict' });
  });

  test('a program lists, asks, has it granted, checks out and in, and the rotation is made once', async () => {
    const AuthenticationToken = await actAs('ns\\SARCHER');
    const list = async (more: Record<string, Json>) => {
      const { body } = await call('AccountStoreOps_ListStoredCredentials', { AuthenticationToken, ...more });
      return body.ListValues.map(
        (one: Record<string, string>) => `${one.Kind} ${one.AccountName} ${one.CredentialType}`,
      );
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
      ...{ AuthenticationToken, SystemName: 'web1', Namespace: '[Linux]', AccountName: 'breakglass' },
      ...{ InstanceName: '', LeaseID: 'lease-glass' },
    };
    const glassInfo = {
      ...{ AccountName: '[Linux]\\breakglass', AccountStore: { TargetName: 'web1', Type: 4, InstanceName: '' } },
    };
    const checkOutGlass = () =>
      call('AccountStoreOps_StoredCredential_CheckOut', {
        ...{ AuthenticationToken, AccountIdentificationInfo: glassInfo, LeaseID: 'lease-glass', Minutes: 10 },
      });
    expect(await checkOutGlass()).toMatchObject({ status: 409, body: { ErrorCode: 'approval_needed' } });
    const asked = await call('PasswordRequestOps_Create', { ...glass, Comment: 'please' });
    const { PasswordRequestID, State } = asked.body;
    expect(State).toBe('Pending');
    expect((await checkOutGlass()).body).toMatchObject({ ErrorCode: 'approval_needed', PasswordRequestID });
    const own = await call('PasswordRequestOps_Grant', { AuthenticationToken, PasswordRequestID });
    expect([own.status, own.body.ErrorCode]).toEqual([403, 'not_permitted']);
    const approver = await actAs('approver');
    const granted = await call('PasswordRequestOps_Grant', { AuthenticationToken: approver, PasswordRequestID });
    expect(granted.body).toMatchObject({ OperationSucceeded: true, State: 'Granted' });
    expect((await checkOutGlass()).status).toBe(200);
    const used = await call('PasswordRequestOps_Get', { AuthenticationToken, PasswordRequestID });
    expect(used.body.State).toBe('Used');

    const AccountIdentificationInfo = {
      ...{ AccountName: '[Linux]\\root', AccountStore: { TargetName: 'web1', Type: 4, InstanceName: '' } },
      PasswordList: '',
    };
    const whole = { AuthenticationToken, AccountIdentificationInfo, Comment: 'x', LeaseID: 'lease-root' };
    const [one, two] = [
      await call('AccountStoreOps_StoredCredential_CheckOut', whole),
      await call('AccountStoreOps_StoredCredential_CheckOut', whole),
    ];
    expect(one.body).toMatchObject({ Password: 'Tr0ub4dor', AutoSpin: true });
    expect(two.body.CheckOutID).toBe(one.body.CheckOutID);
    const before = vault.spun.length;
    const back = await call('AccountStoreOps_StoredCredential_CheckIn', whole);
    expect(back.body).toMatchObject({
      ...{ OperationSucceeded: true, AutoSpin: true, IsRandom: true, JobID: expect.any(Number) },
    });
    // The answer was lost: asking again tells the same, and makes nothing.
    expect((await call('AccountStoreOps_StoredCredential_CheckIn', whole)).body).toMatchObject({
      ...{ OperationSucceeded: true, AutoSpin: true },
    });
    const spin = {
      ...{ AuthenticationToken: await logIn('svc-ecm'), SystemName: 'web1', Namespace: '[Linux]' },
      ...{ AccountName: 'root', InstanceName: '', LeaseID: 'lease-root' },
    };
    const spun = await call('AccountStoreOps_StoredCredential_Spin', { ...spin, Comment: 'by <username>' });
    expect(spun.body).toEqual({ OperationSucceeded: true, JobID: back.body.JobID });
    expect(vault.spun.length - before).toBe(1);
    const fromTemplate = { ...spin, TemplateJobID: '74' };
    const [job, again] = [
      await call('JobOps_CreateJobFromTemplate', fromTemplate),
      await call('JobOps_CreateJobFromTemplate', fromTemplate),
    ];
    expect(again.body).toEqual(job.body);
    expect(vault.spun.length - before).toBe(2);
    const never = await call('AccountStoreOps_StoredCredential_CheckIn', { ...whole, LeaseID: 'never-used' });
    expect(never.body).toEqual({ OperationSucceeded: true });
    const templates = await call('JobOps_ListTemplateJobs', { AuthenticationToken: await logIn('svc-ecm') });
    expect(templates.body).toEqual({ ListValues: [{ JobID: 74, CredentialType: 'linux', Comment: 'Linux' }] });
  });

  test('a key is handed out as a key', async () => {
    const AccountIdentificationInfo = {
      ...{ AccountName: 'root', AccountStore: { TargetName: 'web1', Type: 4 }, CredentialType: 'SSHKey' },
    };
    const out = await call('AccountStoreOps_StoredCredential_CheckOut', {
      ...{ AuthenticationToken: await actAs('NS\\sarcher'), AccountIdentificationInfo },
    });
    expect(out.body).toMatchObject({
      ...{ Password: '', PrivateKey: 'the private key', Passphrase: '', CredentialType: 'SSHKey' },
    });
  });
});
