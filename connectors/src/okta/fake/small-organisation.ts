import type { OktaOrganisation } from './organisation.ts';

/** A new organisation of a handful of people with at least one of everything, for tests. Times are around the present. */
export const smallOrganisation = (): OktaOrganisation => ({
  name: 'small',
  users: [
    {
      ...person('ada', 'Ada', 'Lovelace'),
      profile: { department: 'IT', title: 'Head of IT', employeeNumber: '10001' },
      factors: [{ id: 'fwa1', factorType: 'webauthn', provider: 'FIDO', created: daysAgo(300) }],
    },
    {
      ...person('bob', 'Bob', 'Marsh'),
      profile: { department: 'Support', managerId: 'ada@small.example' },
      factors: [
        { id: 'sms1', factorType: 'sms', created: daysAgo(200) },
        { id: 'opf1', factorType: 'push', created: daysAgo(100) },
      ],
    },
    {
      ...person('carol', 'Carol', 'Reyes'),
      factors: [{ id: 'ost1', factorType: 'token:software:totp', created: daysAgo(9) }],
    },
    { ...person('dan', 'Dan', 'Osei'), status: 'SUSPENDED', lastLogin: daysAgo(120) },
    { ...person('eve', 'Eve', 'Stone'), status: 'DEPROVISIONED', lastLogin: daysAgo(200) },
    { ...person('fay', 'Fay', 'Wong'), status: 'STAGED', lastLogin: null, passwordChanged: null },
  ],
  groups: [
    {
      id: '00geveryone000000001',
      type: 'BUILT_IN',
      name: 'Everyone',
      created: daysAgo(900),
      memberIds: ['ada', 'bob', 'carol', 'dan', 'fay'].map(userId),
    },
    { id: '00gadmins00000000001', name: 'Administrators', created: daysAgo(800), memberIds: [userId('ada')] },
    { id: '00gsupport0000000001', name: 'Support', created: daysAgo(700), memberIds: [userId('bob'), userId('carol')] },
    {
      id: '00gdirectory00000001',
      type: 'APP_GROUP',
      name: 'Domain Users',
      created: daysAgo(600),
      memberIds: [userId('dan')],
      sourceAppId: '0oadirectory00000001',
    },
    { id: '00gempty000000000001', name: 'Nobody yet', created: daysAgo(10), memberIds: [] },
  ],
  groupRules: [
    {
      id: '0prsupport0000000001',
      name: 'Support people',
      created: daysAgo(650),
      expression: 'user.department=="Support"',
      groupIds: ['00gsupport0000000001'],
    },
  ],
  apps: [
    {
      id: '0oaconsole0000000001',
      name: 'saasure',
      label: 'Okta Admin Console',
      signOnMode: 'OPENID_CONNECT',
      created: daysAgo(900),
      accessPolicyId: 'rstconsole0000000001',
    },
    {
      ...{
        id: '0oagithub00000000001',
        name: 'github_cloud',
        label: 'GitHub',
        signOnMode: 'SAML_2_0',
        created: daysAgo(500),
      },
      features: ['PUSH_NEW_USERS', 'PUSH_PASSWORD_UPDATES'],
      settings: { githubOrg: 'small' },
      certificates: [{ kid: 'kidgithub', created: daysAgo(500), expiresAt: daysAgo(-3_000) }],
      users: [{ userId: userId('ada'), created: daysAgo(490), externalId: 'ada-gh', userName: 'ada@small.example' }],
      groups: [{ groupId: '00gsupport0000000001', lastUpdated: daysAgo(480) }],
    },
    {
      ...{
        id: '0oasync0000000000001',
        name: 'oidc_client',
        label: 'HR sync',
        signOnMode: 'OPENID_CONNECT',
        created: daysAgo(400),
      },
      oauth: {
        ...{ applicationType: 'service', grantTypes: ['client_credentials'], authMethod: 'client_secret_basic' },
        secrets: [{ id: 'ocssync0000000000001', created: daysAgo(400), value: 'very-secret-value-of-hr-sync' }],
        grants: [{ id: 'oagsync0000000000001', scopeId: 'okta.users.manage', created: daysAgo(400) }],
      },
    },
    {
      ...{
        id: '0oagatehouse0000001',
        name: 'oidc_client',
        label: 'Gatehouse',
        signOnMode: 'OPENID_CONNECT',
        created: daysAgo(3),
      },
      oauth: {
        ...{ applicationType: 'service', grantTypes: ['client_credentials'], authMethod: 'private_key_jwt' },
        keys: [{ id: 'pksgatehouse00000001', kid: 'kidgatehouse', created: daysAgo(3) }],
        grants: [{ id: 'oaggatehouse00000001', scopeId: 'okta.users.read', created: daysAgo(3) }],
      },
    },
  ],
  customRoles: [
    {
      id: 'cr0reset000000000001',
      label: 'Password desk',
      description: 'Resets passwords',
      created: daysAgo(90),
      permissions: ['okta.users.read', 'okta.users.credentials.manage'],
    },
  ],
  resourceSets: [
    {
      ...{
        id: 'iamsupport0000000001',
        label: 'Support people',
        description: 'Whom the desk serves',
        created: daysAgo(90),
      },
      resources: [{ id: 'ire1', orn: 'orn:okta:directory:00oFAKE:groups:00gsupport0000000001:contained_users' }],
      bindings: [
        {
          roleId: 'cr0reset000000000001',
          members: [{ id: 'irb1', kind: 'user', memberId: userId('carol'), created: daysAgo(80) }],
        },
      ],
    },
  ],
  roleAssignments: [
    {
      id: 'ra1super000000000001',
      holder: { kind: 'group', id: '00gadmins00000000001' },
      type: 'SUPER_ADMIN',
      created: daysAgo(800),
    },
    {
      id: 'ra1help0000000000001',
      holder: { kind: 'user', id: userId('bob') },
      type: 'HELP_DESK_ADMIN',
      created: daysAgo(300),
      targetGroupIds: ['00gsupport0000000001'],
    },
    {
      id: 'ra1app00000000000001',
      holder: { kind: 'user', id: userId('carol') },
      type: 'APP_ADMIN',
      created: daysAgo(200),
      targetApps: [{ name: 'github_cloud' }],
    },
    {
      id: 'ra1sync0000000000001',
      holder: { kind: 'client', id: '0oasync0000000000001' },
      type: 'SUPER_ADMIN',
      created: daysAgo(399),
    },
  ],
  authenticators: [
    {
      id: 'autverify00000000001',
      key: 'okta_verify',
      type: 'app',
      name: 'Okta Verify',
      created: daysAgo(900),
      methods: ['push', 'totp', 'signed_nonce'],
      settings: { channelBinding: { style: 'NUMBER_CHALLENGE', required: 'NEVER' } },
    },
    {
      id: 'autpasskey0000000001',
      key: 'webauthn',
      type: 'security_key',
      name: 'Passkeys',
      created: daysAgo(900),
      methods: ['webauthn'],
    },
  ],
  apiTokens: [
    {
      id: '00Tforgotten00000001',
      name: 'Old script',
      userId: userId('dan'),
      created: daysAgo(500),
      lastUsed: daysAgo(20),
    },
    {
      id: '00Tzoned000000000001',
      name: 'Backup',
      userId: userId('ada'),
      created: daysAgo(30),
      zoneIds: ['nzooffice00000000001'],
    },
  ],
  idps: [
    {
      id: '0oapartner0000000001',
      type: 'SAML2',
      name: 'Partner',
      created: daysAgo(250),
      issuer: 'https://idp.partner.example',
      clientSecret: 'very-secret-value-of-partner',
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO' },
    },
  ],
  policies: [
    {
      ...{
        id: '00psession0000000001',
        type: 'OKTA_SIGN_ON',
        name: 'Default Policy',
        priority: 1,
        system: true,
        created: daysAgo(900),
      },
      rules: [
        {
          ...{ id: '0prsession0000000001', name: 'Default Rule', priority: 1, created: daysAgo(900) },
          conditions: { network: { connection: 'ANYWHERE' } },
          actions: {
            signon: {
              access: 'ALLOW',
              requireFactor: false,
              session: { maxSessionIdleMinutes: 720, maxSessionLifetimeMinutes: 0, usePersistentCookie: false },
            },
          },
        },
      ],
    },
    {
      id: '00ppassword000000001',
      type: 'PASSWORD',
      name: 'Default Policy',
      priority: 1,
      created: daysAgo(900),
      settings: {
        password: {
          complexity: { minLength: 8 },
          age: { maxAgeDays: 0, historyCount: 4 },
          lockout: { maxAttempts: 10 },
        },
      },
      rules: [],
    },
    {
      id: '00penroll00000000001',
      type: 'MFA_ENROLL',
      name: 'Default Policy',
      priority: 1,
      created: daysAgo(900),
      settings: { type: 'AUTHENTICATORS', authenticators: [{ key: 'webauthn', enroll: { self: 'OPTIONAL' } }] },
      rules: [],
    },
    {
      ...{
        id: 'rstconsole0000000001',
        type: 'ACCESS_POLICY',
        name: 'Okta Admin Console',
        priority: 1,
        created: daysAgo(900),
        appIds: ['0oaconsole0000000001'],
      },
      rules: [
        {
          ...{ id: 'rulconsole0000000001', name: 'Admin App Policy', priority: 0, created: daysAgo(900) },
          actions: {
            appSignOn: {
              access: 'ALLOW',
              verificationMethod: { type: 'ASSURANCE', factorMode: '1FA', reauthenticateIn: 'PT2H', constraints: [] },
            },
          },
        },
      ],
    },
  ],
  zones: [
    {
      id: 'nzooffice00000000001',
      name: 'Office',
      type: 'IP',
      usage: 'POLICY',
      created: daysAgo(850),
      gateways: ['192.0.2.0/24', '198.51.100.7-198.51.100.9'],
    },
  ],
  events: [
    {
      uuid: 'event-1',
      published: daysAgo(2),
      eventType: 'user.session.start',
      actor: actor('ada', 'Ada Lovelace'),
      ip: '192.0.2.7',
      country: 'United Kingdom',
      sessionId: '102session',
    },
    {
      uuid: 'event-2',
      published: daysAgo(1.5),
      eventType: 'user.authentication.auth_via_mfa',
      actor: actor('bob', 'Bob Marsh'),
      outcome: 'FAILURE',
      reason: 'INVALID_CREDENTIALS',
      ip: '203.0.113.9',
      isProxy: true,
    },
    {
      uuid: 'event-3',
      published: daysAgo(1),
      eventType: 'user.account.privilege.grant',
      actor: actor('ada', 'Ada Lovelace'),
      targets: [{ id: userId('bob'), type: 'User', name: 'bob@small.example' }],
    },
  ],
});

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000).toISOString();
const userId = (handle: string) => `00u${handle.padStart(17, '0')}`;
const actor = (handle: string, name: string) => ({ id: userId(handle), login: `${handle}@small.example`, name });

function person(handle: string, firstName: string, lastName: string) {
  return {
    ...{ id: userId(handle), status: 'ACTIVE' as const, firstName, lastName },
    ...{ login: `${handle}@small.example`, email: `${handle}@small.example` },
    ...{ created: daysAgo(800), lastUpdated: daysAgo(100), lastLogin: daysAgo(1), passwordChanged: daysAgo(100) },
  };
}
