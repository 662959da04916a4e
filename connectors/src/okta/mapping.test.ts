import { expect, test } from 'vitest';
import { z } from 'zod';
import { ocsfOf } from './ocsf.ts';
import { toRuleSettings } from './policy-rules.ts';
import { privilegeOfPermissions, privilegeOfRole, privilegeOfScope } from './privilege.ts';
import { Identified } from './shapes.ts';
import { toAccount } from './users.ts';

const user = (i: number) => ({
  id: `00u${i}`,
  status: 'ACTIVE',
  created: '2020-11-06T15:47:18.000Z',
  lastLogin: '2021-04-20T15:54:45.000Z',
  lastUpdated: '2021-04-20T15:54:45.000Z',
  passwordChanged: null,
  type: { id: 'oty1' },
  profile: {
    login: `p${i}@example.com`,
    email: `P${i}@Example.com`,
    firstName: 'P',
    lastName: `${i}`,
    secondEmail: null,
    employeeNumber: i,
  },
  credentials: { provider: { type: 'ACTIVE_DIRECTORY', name: 'ACME.local' } },
  _links: { self: { href: 'https://example.okta.com/api/v1/users/x' } },
});

test('a user with everything odd about it is still an account', () => {
  const odd = Identified.parse({
    id: '00u1',
    status: null,
    profile: null,
    credentials: 'x',
    created: 12,
    lastLogin: 'never',
  });
  expect(toAccount(odd)).toMatchObject({
    id: '00u1',
    login: null,
    status: null,
    createdAt: null,
    lastLoginAt: null,
    emails: [],
  });
});

test('a user is found again in other systems by what its directory says', () => {
  const account = toAccount(
    Identified.parse({ ...user(7), profile: { ...user(7).profile, samAccountName: 'P7', objectSid: 'S-1-5-21-1' } }),
  );
  expect(account.externalIds).toEqual(['okta:00u7', 'sid:S-1-5-21-1', 'ad:acme.local\\p7']);
  expect(account).toMatchObject({ email: 'p7@example.com', employeeId: '7', ssoOnly: false });
});

test('mapping an account costs little more than parsing its JSON, because a million of them go through it', () => {
  const text = JSON.stringify(Array.from({ length: 1_000 }, (_, i) => user(i)));
  const items: unknown = JSON.parse(text);
  const list = z.array(Identified);
  const ways = [() => JSON.parse(text) as unknown, () => list.parse(items).map(toAccount)] as const;
  const times = ways.map((): number[] => []);
  // Interleaved, so that a busy machine slows both alike.
  for (let round = 0; round < 30; round++) {
    for (const [i, way] of ways.entries()) {
      const began = performance.now();
      way();
      if (round >= 10) times[i]?.push(performance.now() - began);
    }
  }
  // The best of each: what it costs when nobody else is in the way.
  const [parsing = 0, mapping = Number.POSITIVE_INFINITY] = times.map((own) => Math.min(...own));
  expect(mapping / parsing).toBeLessThan(6);
});

const access = (verificationMethod: object) =>
  toRuleSettings({ id: 'r', actions: { appSignOn: { access: 'ALLOW', verificationMethod } } });
const possession = (phishingResistant: string) => ({ possession: { required: true, phishingResistant } });

test.each([
  ['no constraint at all', { type: 'ASSURANCE', factorMode: '2FA', constraints: [] }, false, false],
  [
    'one way that is resistant',
    { type: 'ASSURANCE', factorMode: '2FA', constraints: [possession('REQUIRED')] },
    false,
    true,
  ],
  [
    'one of two ways that is not',
    { type: 'ASSURANCE', factorMode: '2FA', constraints: [possession('REQUIRED'), possession('OPTIONAL')] },
    false,
    false,
  ],
  ['a single factor', { type: 'ASSURANCE', factorMode: '1FA', constraints: [possession('REQUIRED')] }, true, true],
  [
    'a chain that ends in a passkey',
    {
      type: 'AUTH_METHOD_CHAIN',
      chains: [
        {
          authenticationMethods: [{ key: 'okta_password', method: 'password' }],
          next: [{ authenticationMethods: [{ key: 'webauthn', method: 'webauthn' }] }],
        },
      ],
    },
    false,
    true,
  ],
  [
    'a chain with a way around',
    {
      type: 'AUTH_METHOD_CHAIN',
      chains: [
        {
          authenticationMethods: [{ key: 'okta_password', method: 'password' }],
          next: [
            { authenticationMethods: [{ key: 'webauthn', method: 'webauthn' }] },
            { authenticationMethods: [{ key: 'phone_number', method: 'sms' }] },
          ],
        },
      ],
    },
    false,
    false,
  ],
  ['identity proofing', { type: 'ID_PROOFING' }, null, null],
])('an access rule with %s is judged so', (_, method, oneFactor, phishingResistant) => {
  expect(access(method)).toMatchObject({ oneFactor, phishingResistant });
});

test('privilege is that of the strongest thing allowed, and unknown roles are undetermined', () => {
  expect(privilegeOfRole('ORG_ADMIN')).toBe('high');
  expect(privilegeOfRole('QUANTUM_ADMIN')).toBeNull();
  expect(privilegeOfPermissions([])).toBe('none');
  expect(privilegeOfPermissions(['okta.users.read'])).toBe('low');
  expect(privilegeOfPermissions(['okta.users.read', 'okta.groups.members.manage'])).toBe('moderate');
  expect(privilegeOfPermissions(['okta.users.credentials.resetFactors'])).toBe('high');
  expect(privilegeOfPermissions(['okta.apps.clientCredentials.read'])).toBe('high');
  expect(privilegeOfScope('okta.roles.manage')).toBe('highest');
  expect(privilegeOfScope('okta.brands.manage')).toBe('moderate');
  expect(privilegeOfScope('openid')).toBe('none');
});

test.each([
  ['user.lifecycle.create', 3001, 1],
  ['user.account.lock', 3001, 9],
  ['user.account.lock.limit', 3001, 9],
  ['user.mfa.factor.activate', 3001, 10],
  ['user.mfa.factor.reset_all', 3001, 11],
  ['user.authentication.sso', 3002, 1],
  ['user.session.impersonation.initiate', 3002, 7],
  ['group.user_membership.add', 3006, 3],
  ['group.privilege.grant', 3005, 1],
  ['system.api_token.create', 3004, 1],
  ['system.idp.lifecycle.deactivate', 3004, 11],
  ['policy.rule.update', 3004, 3],
  ['zone.delete', 3004, 4],
  ['application.lifecycle.update', 3004, 3],
  ['iam.resourceset.bindings.add', 3005, 1],
  ['app.oauth2.token.grant.access_token', 6003, 99],
  ['security.threat.detected', 2004, 1],
  ['something.nobody.knows', 6003, 99],
])('%s is OCSF class %i, activity %i', (eventType, classUid, activityId) => {
  expect(ocsfOf(eventType)).toEqual({ classUid, activityId });
});
