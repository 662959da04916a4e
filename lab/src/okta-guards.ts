import type { OktaAuthenticator, OktaIdp, OktaPolicy, OktaZone } from '@gatehouse/connectors/okta/fake';
import { appIds } from './okta-apps.ts';
import { groupIds } from './okta-groups.ts';
import type { LabOrganisation } from './organisation.ts';

export const oktaAuthenticators = (lab: LabOrganisation): OktaAuthenticator[] => {
  const authenticator = (key: string, type: string, name: string, methods: readonly string[]): OktaAuthenticator => ({
    id: `aut${key.replaceAll('_', '')}`.padEnd(20, '0').slice(0, 20),
    key,
    type,
    name,
    created: lab.ago(2_000),
    methods,
  });
  return [
    authenticator('okta_password', 'password', 'Password', ['password']),
    authenticator('okta_verify', 'app', 'Okta Verify', ['push', 'totp', 'signed_nonce']),
    authenticator('webauthn', 'security_key', 'FIDO2 (WebAuthn)', ['webauthn']),
    authenticator('phone_number', 'phone', 'Phone', ['sms', 'voice']),
    authenticator('okta_email', 'email', 'Email', ['email']),
    authenticator('security_question', 'security_question', 'Security Question', ['security_question']),
  ];
};

export const oktaZones = (lab: LabOrganisation): OktaZone[] => [
  {
    id: 'nzooffice00000000001',
    name: 'Offices',
    type: 'IP',
    usage: 'POLICY',
    created: lab.ago(1_800),
    gateways: ['198.51.100.0/24', '203.0.113.10-203.0.113.20'],
  },
  {
    id: 'nzoblocked0000000001',
    name: 'BlockedIpZone',
    type: 'IP',
    usage: 'BLOCKLIST',
    created: lab.ago(2_600),
    gateways: ['192.0.2.66/32'],
    system: true,
  },
];

/** One identity provider links accounts by itself and makes people as they come, administrators included. */
export const oktaIdps = (lab: LabOrganisation): OktaIdp[] => [
  {
    id: '0oaidpsupplier000001',
    type: 'SAML2',
    name: 'Supplier portal',
    created: lab.ago(260),
    issuer: 'https://idp.supplier.example/saml',
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO' },
  },
  {
    id: '0oaidpacquired000001',
    type: 'OIDC',
    name: 'Acquired company',
    created: lab.ago(120),
    issuer: 'https://login.acquired.example',
    clientSecret: 'lab-only-idp-secret-value',
    accountLink: { action: 'AUTO', groupIds: [groupIds.vendors] },
    provisioning: { action: 'DISABLED' },
  },
];

/** The Admin Console asks for one factor; the session policy lets people stay for a month. */
export const oktaPolicies = (lab: LabOrganisation): OktaPolicy[] => {
  const created = lab.ago(2_000);
  const anyone = { people: { users: { exclude: [] } }, network: { connection: 'ANYWHERE' } };
  const assurance = (factorMode: '1FA' | '2FA', reauthenticateIn: string) => ({
    appSignOn: {
      access: 'ALLOW',
      verificationMethod: {
        type: 'ASSURANCE',
        factorMode,
        reauthenticateIn,
        constraints:
          factorMode === '1FA'
            ? [{ knowledge: { types: ['password'] } }]
            : [{ knowledge: { types: ['password'] }, possession: { deviceBound: 'REQUIRED' } }],
      },
    },
  });
  return [
    {
      id: '00psession0000000001',
      type: 'OKTA_SIGN_ON',
      name: 'Default Policy',
      priority: 1,
      created,
      system: true,
      conditions: { people: { groups: { include: [groupIds.everyone] } } },
      rules: [
        {
          id: '0prsession0000000001',
          name: 'Everyone',
          priority: 1,
          created,
          conditions: anyone,
          actions: {
            signon: {
              access: 'ALLOW',
              requireFactor: false,
              primaryFactor: 'PASSWORD_IDP_ANY_FACTOR',
              session: { usePersistentCookie: true, maxSessionIdleMinutes: 10_080, maxSessionLifetimeMinutes: 43_200 },
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
      created,
      system: true,
      conditions: { people: { groups: { include: [groupIds.everyone] } }, authProvider: { provider: 'OKTA' } },
      settings: {
        password: {
          complexity: { minLength: 8, dictionary: { common: { exclude: false } } },
          age: { maxAgeDays: 0, historyCount: 4 },
          lockout: { maxAttempts: 10 },
        },
      },
      rules: [
        {
          id: '0prpassword000000001',
          name: 'Default Rule',
          priority: 1,
          created,
          conditions: anyone,
          actions: {
            passwordChange: { access: 'ALLOW' },
            selfServicePasswordReset: { access: 'ALLOW' },
            selfServiceUnlock: { access: 'ALLOW' },
          },
        },
      ],
    },
    {
      id: '00penroll00000000001',
      type: 'MFA_ENROLL',
      name: 'Default Policy',
      priority: 1,
      created,
      system: true,
      conditions: { people: { groups: { include: [groupIds.everyone] } } },
      settings: {
        type: 'AUTHENTICATORS',
        authenticators: [
          { key: 'okta_verify', enroll: { self: 'OPTIONAL' } },
          { key: 'phone_number', enroll: { self: 'OPTIONAL' } },
          { key: 'webauthn', enroll: { self: 'OPTIONAL' } },
        ],
      },
      rules: [
        {
          id: '0prenroll00000000001',
          name: 'Default Rule',
          priority: 1,
          created,
          conditions: anyone,
          actions: { enroll: { self: 'CHALLENGE' } },
        },
      ],
    },
    {
      id: 'rstonefactor00000001',
      type: 'ACCESS_POLICY',
      name: 'Any factor',
      priority: 1,
      created,
      appIds: [appIds.adminConsole],
      rules: [
        {
          id: 'rulonefactor00000001',
          name: 'Catch-all Rule',
          priority: 99,
          created,
          conditions: anyone,
          actions: assurance('1FA', 'PT12H'),
        },
      ],
    },
    {
      id: 'rsttwofactor00000001',
      type: 'ACCESS_POLICY',
      name: 'Any two factors',
      priority: 1,
      created,
      appIds: [appIds.github],
      rules: [
        {
          id: 'rultwofactor00000001',
          name: 'Catch-all Rule',
          priority: 99,
          created,
          conditions: anyone,
          actions: assurance('2FA', 'PT2H'),
        },
      ],
    },
  ];
};
