import type { Json } from '@gatehouse/kernel';
import { testClient, totpCode } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sample, sampleVault } from '../testing/sample.ts';
import { identityPassword } from '../testing/test-vault.ts';

let vault: Sample;
let identityId: string;
beforeAll(async () => {
  vault = await sampleVault();
  identityId = await vault.identity('svc-ecm');
});
afterAll(() => vault.close());

const path = () => `/api/identities/${identityId}/second-factor`;
const logIn = (more: Record<string, Json> = {}) =>
  testClient(vault.url).post(
    '/ERPMWebService/json/V2/AuthService.svc/DoLogin2',
    { Username: 'svc-ecm', Password: identityPassword, LoginType: 1, ...more },
    { headers: { origin: undefined } },
  );
const enrol = async (): Promise<(steps?: number) => string> => {
  const { body, status } = await vault.operator.ask('PUT', path());
  expect(status).toBe(200);
  return (steps = 0) => totpCode(body.address, vault.parts.clock.now().getTime() + steps * 30_000);
};
/** After failures a name waits. */
const forget = () => sql`delete from failed_logins`.execute(vault.database.owner);

test('an identity with a second factor logs in with its code alone, once with each', async () => {
  const before = (await logIn()).body.OperationMessage;
  expect((await logIn({ MFATokenCode: '123456' })).body).toMatchObject({ ErrorCode: 'invalid' });
  const code = await enrol();
  expect((await vault.operator.get(`/api/identities/${identityId}`)).body.hasSecondFactor).toBe(true);
  // What it was signed in with before ends.
  const list = await testClient(vault.url).post(
    '/ERPMWebService/json/V2/AuthService.svc/JobOps_ListTemplateJobs',
    { AuthenticationToken: before },
    { headers: { origin: undefined } },
  );
  expect(list.status).toBe(401);
  // Taken at once: a boundary between two steps may pass while the test runs.
  const [present, previous, next] = [code(), code(-1), code(1)];
  const wrongCode = String((Number(present) + 1) % 1_000_000).padStart(6, '0');
  for (const more of [
    {},
    { MFATokenCode: '' },
    { MFATokenCode: wrongCode },
    { MFATokenCode: code(3) },
    { MFATokenCode: code(-3) },
  ])
    expect((await logIn(more)).body, JSON.stringify(more)).toMatchObject({ ErrorCode: 'not_signed_in' });
  await forget();
  expect((await logIn({ MFATokenCode: present, Password: 'wrong' })).body).toMatchObject({
    ErrorCode: 'not_signed_in',
  });
  expect((await logIn({ MFATokenCode: present })).status).toBe(200);
  expect((await logIn({ MFATokenCode: present })).body).toMatchObject({ ErrorCode: 'not_signed_in' });
  expect((await logIn({ MFATokenCode: previous })).body).toMatchObject({ ErrorCode: 'not_signed_in' });
  expect((await logIn({ MFATokenCode: next })).status).toBe(200);
  await forget();
});

test('one code that is sent many times at once lets in once', async () => {
  const code = (await enrol())();
  const answers = await Promise.all(Array.from({ length: 4 }, () => logIn({ MFATokenCode: code })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  await forget();
});

test('another key ends the one before, and none is needed once it is taken away', async () => {
  const [first, second] = [await enrol(), await enrol()];
  if (first() !== second()) expect((await logIn({ MFATokenCode: first() })).status).toBe(401);
  expect((await logIn({ MFATokenCode: second() })).status).toBe(200);
  expect((await vault.operator.ask('DELETE', path())).status).toBe(204);
  expect((await logIn()).status).toBe(200);
  const left = await sql`select 1 from secrets where place like 'identity/%'`.execute(vault.database.owner);
  expect(left.rows).toEqual([]);
});

test('a key is shown once, sealed where it is kept, and for explicit identities alone', async () => {
  const { body } = await vault.operator.ask('PUT', path());
  const key = new URL(body.address).searchParams.get('secret') ?? '';
  expect(key).toMatch(/^[A-Z2-7]{32}$/);
  expect((await vault.operator.get(`/api/identities/${identityId}`)).text).not.toContain(key);
  expect(JSON.stringify(await vault.audit()) + vault.log.join()).not.toContain(key);
  const role = await vault.identity('Operators', 'role');
  expect((await vault.operator.ask('PUT', `/api/identities/${role}/second-factor`)).status).toBe(409);
});
