import type {
  OktaApiToken,
  OktaApp,
  OktaEvent,
  OktaGroup,
  OktaGroupRule,
  OktaIdp,
  OktaPolicy,
  OktaPolicyRule,
  OktaRoleAssignment,
  OktaUser,
  OktaZone,
} from './organisation.ts';

/** The organisation's things as Okta writes them. `origin` is where the fake is reached. */

export const userOnWire = (origin: string, user: OktaUser) => ({
  id: user.id,
  status: user.status,
  created: user.created,
  activated: user.status === 'STAGED' ? null : user.created,
  statusChanged: user.lastUpdated,
  lastLogin: user.lastLogin ?? null,
  lastUpdated: user.lastUpdated,
  passwordChanged: user.passwordChanged ?? null,
  type: { id: 'otyFAKE0000000000001' },
  profile: {
    firstName: user.firstName,
    lastName: user.lastName,
    mobilePhone: null,
    secondEmail: null,
    login: user.login,
    email: user.email,
    ...user.profile,
  },
  credentials: {
    password: {},
    emails: [{ value: user.email, status: 'VERIFIED', type: 'PRIMARY' }],
    provider: user.provider ?? { type: 'OKTA', name: 'OKTA' },
  },
  _links: { self: { href: `${origin}/api/v1/users/${user.id}` } },
});

export const groupOnWire = (origin: string, group: OktaGroup, stats?: { hasAdminPrivilege: boolean }) => ({
  id: group.id,
  created: group.created,
  lastUpdated: group.created,
  lastMembershipUpdated: group.created,
  objectClass: [group.type === 'APP_GROUP' ? 'okta:windows_security_principal' : 'okta:user_group'],
  type: group.type ?? 'OKTA_GROUP',
  profile: { name: group.name, description: group.description ?? null },
  _links: {
    users: { href: `${origin}/api/v1/groups/${group.id}/users` },
    ...(group.sourceAppId === undefined ? {} : { source: { href: `${origin}/api/v1/apps/${group.sourceAppId}` } }),
  },
  ...(stats === undefined
    ? {}
    : {
        _embedded: { stats: { usersCount: group.memberIds.length, appsCount: 0, groupPushMappingsCount: 0, ...stats } },
      }),
});

export const ruleOnWire = (rule: OktaGroupRule) => ({
  type: 'group_rule',
  id: rule.id,
  status: rule.status ?? 'ACTIVE',
  name: rule.name,
  created: rule.created,
  lastUpdated: rule.created,
  conditions: {
    people: { users: { exclude: [] }, groups: { exclude: [] } },
    expression: { value: rule.expression, type: 'urn:okta:expression:1.0' },
  },
  actions: { assignUserToGroups: { groupIds: rule.groupIds } },
  allGroupsValid: true,
});

export const appOnWire = (origin: string, app: OktaApp) => ({
  id: app.id,
  orn: `orn:okta:idp:00oFAKE:apps:${app.name}:${app.id}`,
  name: app.name,
  label: app.label,
  status: app.status ?? 'ACTIVE',
  lastUpdated: app.created,
  created: app.created,
  accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
  visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: false, web: false }, appLinks: {} },
  features: app.features ?? [],
  signOnMode: app.signOnMode,
  credentials: {
    userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' },
    signing: app.certificates?.[0] === undefined ? {} : { kid: app.certificates[0].kid },
    ...(app.credentialsScheme === undefined ? {} : { scheme: app.credentialsScheme, revealPassword: false }),
    ...(app.oauth === undefined
      ? {}
      : {
          oauthClient: {
            autoKeyRotation: true,
            client_id: app.oauth.clientId ?? app.id,
            token_endpoint_auth_method: app.oauth.authMethod,
            pkce_required: app.oauth.applicationType !== 'service',
          },
        }),
  },
  settings: {
    app: app.settings ?? {},
    implicitAssignment: false,
    notes: { admin: null, enduser: null },
    ...(app.oauth === undefined
      ? {}
      : {
          oauthClient: {
            client_uri: null,
            logo_uri: null,
            redirect_uris: app.oauth.redirectUris ?? [],
            response_types: app.oauth.applicationType === 'service' ? ['token'] : ['code'],
            grant_types: app.oauth.grantTypes,
            application_type: app.oauth.applicationType,
            consent_method: 'TRUSTED',
            issuer_mode: 'DYNAMIC',
            dpop_bound_access_tokens: false,
          },
        }),
  },
  _links: {
    users: { href: `${origin}/api/v1/apps/${app.id}/users` },
    ...(app.accessPolicyId === undefined
      ? {}
      : { accessPolicy: { href: `${origin}/api/v1/policies/${app.accessPolicyId}` } }),
  },
});

export const tokenOnWire = (token: OktaApiToken) => {
  const used = token.lastUsed ?? token.created;
  return {
    id: token.id,
    name: token.name,
    userId: token.userId,
    clientName: 'Okta API',
    tokenWindow: 'P30D',
    network: token.zoneIds === undefined ? { connection: 'ANYWHERE' } : { connection: 'ZONE', include: token.zoneIds },
    expiresAt: new Date(Date.parse(used) + 30 * 24 * 3_600_000).toISOString(),
    created: token.created,
    lastUpdated: used,
  };
};

export const idpOnWire = (idp: OktaIdp) => ({
  id: idp.id,
  type: idp.type,
  issuerMode: 'ORG_URL',
  name: idp.name,
  status: idp.status ?? 'ACTIVE',
  created: idp.created,
  lastUpdated: idp.created,
  protocol: {
    type: idp.type === 'SAML2' ? 'SAML2' : 'OIDC',
    endpoints: { authorization: { url: `${idp.issuer}/authorize`, binding: 'HTTP-REDIRECT' } },
    issuer: { url: idp.issuer },
    credentials: { client: { client_id: 'gatehouse-fake', client_secret: idp.clientSecret ?? null } },
  },
  policy: {
    provisioning: {
      action: idp.provisioning.action,
      profileMaster: false,
      groups:
        idp.provisioning.groupIds === undefined
          ? { action: 'NONE' }
          : { action: 'ASSIGN', assignments: idp.provisioning.groupIds },
      conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
    },
    accountLink: {
      action: idp.accountLink.action,
      filter: idp.accountLink.groupIds === undefined ? null : { groups: { include: idp.accountLink.groupIds } },
    },
    subject: { userNameTemplate: { template: 'idpuser.email' }, filter: null, matchType: 'USERNAME' },
    maxClockSkew: 0,
  },
});

export const policyOnWire = (policy: OktaPolicy) => ({
  id: policy.id,
  type: policy.type,
  name: policy.name,
  status: policy.status ?? 'ACTIVE',
  priority: policy.priority,
  system: policy.system ?? false,
  created: policy.created,
  lastUpdated: policy.created,
  conditions: policy.conditions ?? null,
  ...(policy.settings === undefined ? {} : { settings: policy.settings }),
});

export const policyRuleOnWire = (policyType: string, rule: OktaPolicyRule) => ({
  id: rule.id,
  type: policyType === 'OKTA_SIGN_ON' ? 'SIGN_ON' : policyType,
  status: rule.status ?? 'ACTIVE',
  name: rule.name,
  priority: rule.priority,
  created: rule.created,
  lastUpdated: rule.created,
  system: false,
  conditions: rule.conditions ?? null,
  actions: rule.actions,
});

export const zoneOnWire = (zone: OktaZone) => ({
  type: zone.type,
  id: zone.id,
  name: zone.name,
  status: 'ACTIVE',
  usage: zone.usage,
  created: zone.created,
  lastUpdated: zone.created,
  system: zone.system ?? false,
  gateways: (zone.gateways ?? null)?.map((value) => ({ type: value.includes('/') ? 'CIDR' : 'RANGE', value })) ?? null,
  proxies: null,
});

export const roleOnWire = (
  origin: string,
  role: OktaRoleAssignment,
  label: string,
  through: 'USER' | 'GROUP' | 'CLIENT',
) => ({
  id: role.id,
  label,
  type: role.type,
  status: 'ACTIVE',
  created: role.created,
  lastUpdated: role.created,
  assignmentType: through,
  _links: { assignee: { href: `${origin}${holderPath(role.holder)}` } },
});

export const holderPath = ({ kind, id }: { readonly kind: 'user' | 'group' | 'client'; readonly id: string }) =>
  ({ user: `/api/v1/users/${id}`, group: `/api/v1/groups/${id}`, client: `/oauth2/v1/clients/${id}` })[kind];

export const eventOnWire = (event: OktaEvent) => ({
  actor: {
    id: event.actor.id,
    type: 'User',
    alternateId: event.actor.login,
    displayName: event.actor.name,
    detailEntry: null,
  },
  client: {
    userAgent:
      event.userAgent === undefined ? null : { rawUserAgent: event.userAgent, os: 'Unknown', browser: 'UNKNOWN' },
    zone: 'null',
    device: 'Computer',
    id: null,
    ipAddress: event.ip ?? null,
    geographicalContext: event.country === undefined ? null : { country: event.country, city: null },
  },
  device: null,
  authenticationContext: { authenticationStep: 0, externalSessionId: event.sessionId ?? 'unknown' },
  displayMessage: event.displayMessage ?? event.eventType,
  eventType: event.eventType,
  outcome: { result: event.outcome ?? 'SUCCESS', reason: event.reason ?? null },
  published: event.published,
  securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: event.isProxy ?? null },
  severity: event.outcome === 'FAILURE' || event.outcome === 'DENY' ? 'WARN' : 'INFO',
  debugContext: { debugData: {} },
  legacyEventType: null,
  transaction: { type: 'WEB', id: event.uuid, detail: {} },
  uuid: event.uuid,
  version: '0',
  target: event.targets?.map(({ id, type, name }) => ({ id, type, alternateId: name, displayName: name })) ?? null,
});
