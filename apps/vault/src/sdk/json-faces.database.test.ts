import type { Json } from '@gatehouse/kernel';
import { testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sample } from '../testing/sample.ts';
import { identityPassword } from '../testing/test-vault.ts';
import { openOrganisation } from './testing/organisation.ts';

let vault: Sample;
beforeAll(async () => {
  vault = await openOrganisation();
});
afterAll(() => vault.close());

const v2 = '/ERPMWebService/json/V2/AuthService.svc';
const rest = '/ERPMWebService/AuthService.svc/REST';
const post = (path: string, body: Json, headers: Record<string, string | undefined> = {}) =>
  testClient(vault.url).post(path, body, { headers: { origin: undefined, ...headers } });
const credentials = { Username: 'svc-script', Password: identityPassword, LoginType: 1 };

test('DoLogin answers a bare string of JSON, and bodies may be of any type of content, or of none', async () => {
  const bare = await post(`${v2}/DoLogin`, credentials);
  expect(bare.text).toMatch(/^"[\w-]{43}"$/);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json; charset=utf-8', undefined]) {
    const body = { AuthenticationToken: bare.body };
    const { status } = await post(`${v2}/ManagementSetOps_GetManagementSetList`, body, { 'content-type': type });
    expect(status, type).toBe(200);
  }
});

test('REST stores a credential, keeps sets, and takes the token of a GET from a header', async () => {
  const login = await post(`${rest}/Login`, credentials);
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

test('the description of the server names every operation', async () => {
  const { body } = await testClient(vault.url).get('/openapi.json');
  const paths = Object.keys(body.paths);
  expect(paths).toContain('/erpmwebservice/json/v2/authservice.svc/accountstoreops_storedcredential_checkout');
  expect(paths).toContain('/erpmwebservice/authservice.svc/rest/managementset/system/linux');
  expect(paths).toContain('/erpmwebservice/authservice.svc');
});
