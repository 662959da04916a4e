import type { Json } from '@gatehouse/kernel';
import { type Columns, column, type Row } from './column.ts';

const { text, time, flag, list, json, oneOf } = column;
const shown = { shown: true } as const;
const sorted = { shown: true, sort: true } as const;
const found = { shown: true, sort: true, search: true } as const;

/** From nothing to everything. `undetermined` means that something needed to know was not readable. */
export const privileges = ['none', 'low', 'moderate', 'high', 'highest'] as const;
export type Privilege = (typeof privileges)[number];

/**
 * Everything a connector can read: the normalised model (names from SCIM, OCSF and Baton). Adding a kind or a column
 * starts here. Besides its columns every record has `id` (the vendor's own, unique within its connection and stream)
 * and `raw` (the vendor's own words, secrets masked).
 */
export const records = {
  /** An identity inside a remote system: a person's, a service's or a bot's. */
  accounts: {
    type: oneOf('Type', ['user', 'service', 'bot', 'app', 'guest', 'computer', 'gmsa', 'smsa', 'dmsa'], shown),
    login: text('Login', found),
    displayName: text('Name', found),
    email: text('E-mail', found),
    emails: list('E-mail addresses'),
    status: oneOf('Status', ['enabled', 'disabled', 'locked', 'pending', 'deleted'], shown),
    /** The vendor's own word, for example PASSWORD_EXPIRED. */
    statusReason: text('Status in the system'),
    createdAt: time('Created', sorted),
    lastLoginAt: time('Last sign-in', sorted),
    lastActivityAt: time('Last activity'),
    passwordChangedAt: time('Password changed'),
    /** Where the system itself says so (GitHub); where factors are a stream of their own it stays null. */
    mfa: oneOf('Second factor as its system says', ['none', 'weak', 'strong', 'phishing_resistant']),
    ssoOnly: flag('Signs in through another system only'),
    employeeId: text('Employee number'),
    department: text('Department'),
    title: text('Title'),
    managerLogin: text('Manager'),
    /** Who answers for a service account: ids of accounts in the same connection. */
    owners: list('Owners'),
    /** Identifiers in other systems, as `kind:value`, for correlation: `saml-nameid:ada@x`, `scim:…`, `okta:00u…`, `sid:…`. */
    externalIds: list('Identifiers elsewhere'),
  },
  groups: {
    type: oneOf(
      'Type',
      ['group', 'team', 'app_group', 'builtin', 'organization', 'distribution', 'well_known', 'smart_group'],
      shown,
    ),
    name: text('Name', found),
    description: text('Description', shown),
    /** The rule that fills it, in the vendor's words; null when filled by hand. */
    rule: text('Membership rule'),
    parentId: text('Parent group'),
    createdAt: time('Created', sorted),
    attributes: json('More'),
  },
  /** Ids are `group/member`. */
  memberships: {
    groupId: text('Group', shown),
    memberKind: oneOf('Member is', ['account', 'group', 'resource'], shown),
    memberId: text('Member', shown),
    role: text('Role in the group', shown),
    via: oneOf('Through', ['direct', 'rule', 'nested', 'sync'], shown),
  },
  /** A role or an entitlement: what can be granted. */
  roles: {
    type: oneOf('Type', ['builtin_role', 'custom_role', 'permission', 'app_assignment'], shown),
    name: text('Name', found),
    description: text('Description', shown),
    privilege: oneOf('Privilege', privileges, shown),
    permissions: list('Permissions'),
    resourceId: text('On'),
    attributes: json('More'),
  },
  /** Who has what: principal → role, on a resource. */
  grants: {
    principalKind: oneOf('Principal is', ['account', 'group', 'application', 'credential'], shown),
    principalId: text('Principal', shown),
    roleId: text('Role', shown),
    /** Null: the whole organisation. */
    resourceId: text('On', shown),
    privilege: oneOf('Privilege', privileges, shown),
    via: oneOf('Through', ['direct', 'group', 'rule', 'sync', 'sso', 'default', 'inherited'], shown),
    state: oneOf('State', ['active', 'eligible', 'pending', 'expired'], shown),
    createdAt: time('Since', sorted),
    expiresAt: time('Until', sorted),
    /** Role targets: what the role is limited to, as `group:id` or `app:id`. Empty: not limited. */
    targets: list('Limited to'),
  },
  /** Applications and everything else that can be reached: repositories, networks, identity providers, runners. */
  resources: {
    type: oneOf(
      'Type',
      [
        'organization',
        'application',
        'repository',
        'identity_provider',
        'network_zone',
        'resource_set',
        'authenticator',
        'webhook',
        'runner',
        'runner_group',
        'environment',
        'domain',
        'organizational_unit',
        'container',
        'group_policy',
        'trust',
        'certification_authority',
        'enrollment_service',
        'certificate_template',
        'issuance_policy',
        'pki_object',
        'deleted_object',
        'asset',
        'managed_system',
      ],
      shown,
    ),
    name: text('Name', found),
    description: text('Description'),
    parentId: text('Part of'),
    status: oneOf('Status', ['enabled', 'disabled'], shown),
    exposure: oneOf('Exposure', ['internet', 'internal', 'private'], shown),
    createdAt: time('Created', sorted),
    lastActivityAt: time('Last activity', sorted),
    url: text('Address'),
    /** Facts that rules read; names are documented beside the connector that writes them. */
    attributes: json('More'),
  },
  /** Keys, tokens and certificates: metadata only. A secret value is never read. */
  credentials: {
    type: oneOf(
      'Type',
      [
        'api_token',
        'client_secret',
        'public_key',
        'pat',
        'deploy_key',
        'ssh_key',
        'certificate',
        'app_key',
        'stored_secret',
        'app_installation',
        'vault_item',
      ],
      shown,
    ),
    name: text('Name', found),
    status: oneOf('Status', ['active', 'inactive', 'expired', 'revoked'], shown),
    ownerKind: oneOf('Owner is', ['account', 'application', 'repository', 'organization'], shown),
    ownerId: text('Owner', shown),
    createdAt: time('Created', sorted),
    expiresAt: time('Expires', sorted),
    lastUsedAt: time('Last used', sorted),
    scopes: list('May do'),
    resourceId: text('On'),
    fingerprint: text('Fingerprint'),
    privilege: oneOf('Privilege', privileges, shown),
    attributes: json('More'),
  },
  /** One enrolled authenticator of an account. */
  factors: {
    accountId: text('Account', shown),
    type: text('Type', shown),
    provider: text('Provider', shown),
    strength: oneOf('Strength', ['weak', 'strong', 'phishing_resistant'], shown),
    status: oneOf('Status', ['active', 'inactive', 'pending'], shown),
    createdAt: time('Enrolled', sorted),
    lastUsedAt: time('Last used'),
  },
  policies: {
    type: oneOf(
      'Type',
      [
        'sign_on',
        'access',
        'mfa_enroll',
        'password',
        'idp_discovery',
        'profile_enrollment',
        'ruleset',
        'branch_protection',
        'actions',
        'organization_settings',
        'pam_access',
        'group_policy',
        'certification_authority',
        'domain_controller',
        'other',
      ],
      shown,
    ),
    name: text('Name', found),
    status: oneOf('Status', ['enabled', 'disabled', 'evaluate'], shown),
    priority: column.number('Priority'),
    /** What it applies to: ids of resources or groups. */
    targets: list('Applies to'),
    /** Settings and rules as rules of Gatehouse read them. */
    settings: json('Settings'),
  },
  /** OCSF: class and activity by number, everything else by name. */
  events: {
    time: time('Time', sorted),
    /** The vendor's own name, for example user.session.start. */
    action: text('Action', found),
    classUid: column.number('OCSF class'),
    activityId: column.number('OCSF activity'),
    outcome: oneOf('Outcome', ['success', 'failure', 'unknown'], shown),
    reason: text('Reason'),
    actorId: text('Actor id'),
    actorLogin: text('Actor', found),
    targets: list('Targets', shown),
    ip: text('Address', found),
    country: text('Country', shown),
    userAgent: text('User agent'),
    sessionId: text('Session'),
    isMfa: flag('With second factor'),
    isProxy: flag('Through a proxy'),
  },
} as const satisfies Readonly<Record<string, Columns>>;

export type RecordKind = keyof typeof records;

/** One normalised thing read from a stream. */
export type Sourced<C extends Columns> = Row<C> & { readonly id: string; readonly raw: Json };
export type Records = { readonly [K in RecordKind]: Sourced<(typeof records)[K]> };

export type Account = Records['accounts'];
export type Group = Records['groups'];
export type Membership = Records['memberships'];
export type Role = Records['roles'];
export type Grant = Records['grants'];
export type Resource = Records['resources'];
export type Credential = Records['credentials'];
export type Factor = Records['factors'];
export type Policy = Records['policies'];
export type Event = Records['events'];

export const recordKinds = Object.keys(records) as readonly RecordKind[];

/** A record with every column empty (null, or an empty list), for mappers that know only some of them. To be spread. */
export const empty = <K extends RecordKind>(kind: K): Row<(typeof records)[K]> =>
  empties[kind] as Row<(typeof records)[K]>;

// Made once: a mapper spreads one for each of a million records.
const empties = Object.fromEntries(
  Object.entries<Columns>(records).map(([kind, columns]) => [
    kind,
    Object.freeze(
      Object.fromEntries(
        Object.entries(columns).map(([name, { type }]) => [name, type === 'list' ? Object.freeze([]) : null]),
      ),
    ),
  ]),
);
