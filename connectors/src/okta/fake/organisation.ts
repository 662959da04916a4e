import type { Json } from '@gatehouse/kernel';

/**
 * An Okta organisation as data: what the fake serves. Times are ISO 8601; ids are any unique text (Okta's have 20
 * characters and begin with 00u, 00g, 0oa …). What is left out is served as Okta serves a thing without it.
 */
export interface OktaOrganisation {
  /** `acme` of acme.okta.com. */
  readonly name: string;
  readonly users: OktaUser[];
  readonly groups: OktaGroup[];
  readonly groupRules: OktaGroupRule[];
  readonly apps: OktaApp[];
  readonly customRoles: OktaCustomRole[];
  readonly resourceSets: OktaResourceSet[];
  /** Standard roles. Custom roles are bindings of resource sets. */
  readonly roleAssignments: OktaRoleAssignment[];
  readonly authenticators: OktaAuthenticator[];
  readonly apiTokens: OktaApiToken[];
  readonly idps: OktaIdp[];
  readonly policies: OktaPolicy[];
  readonly zones: OktaZone[];
  /** In the order of their time. The fake serves what is pushed here later, too. */
  readonly events: OktaEvent[];
}

export type OktaUserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface OktaUser {
  readonly id: string;
  status: OktaUserStatus;
  readonly created: string;
  lastUpdated: string;
  readonly lastLogin?: string | null;
  readonly passwordChanged?: string | null;
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** More of the profile, such as department, title, managerId, employeeNumber. */
  readonly profile?: Readonly<Record<string, string | number | boolean | null>>;
  /** Whose password it is. Default OKTA. */
  readonly provider?: { readonly type: string; readonly name: string };
  readonly factors?: readonly OktaFactor[];
}

export interface OktaFactor {
  readonly id: string;
  /** sms, call, email, question, push, token:software:totp, token:hardware, webauthn, u2f, signed_nonce. */
  readonly factorType: string;
  /** Default OKTA. */
  readonly provider?: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'PENDING_ACTIVATION' | 'INACTIVE';
  readonly created: string;
}

export interface OktaGroup {
  readonly id: string;
  /** Default OKTA_GROUP. */
  readonly type?: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly name: string;
  readonly description?: string | null;
  readonly created: string;
  readonly memberIds: string[];
  readonly sourceAppId?: string;
}

export interface OktaGroupRule {
  readonly id: string;
  readonly name: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly created: string;
  /** Okta Expression Language: `user.department=="Finance"`. */
  readonly expression: string;
  readonly groupIds: readonly string[];
}

export interface OktaApp {
  readonly id: string;
  /** Name in the catalogue: saasure is the Admin Console. */
  readonly name: string;
  readonly label: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  /** SAML_2_0, OPENID_CONNECT, BROWSER_PLUGIN, BOOKMARK … */
  readonly signOnMode: string;
  readonly created: string;
  readonly features?: readonly string[];
  readonly accessPolicyId?: string;
  /** SWA: SHARED_USERNAME_AND_PASSWORD … */
  readonly credentialsScheme?: string;
  /** The application's own settings, for example `{ githubOrg: 'acme' }`. */
  readonly settings?: Readonly<Record<string, string | boolean | null>>;
  readonly oauth?: OktaOAuthClient;
  readonly certificates?: readonly { readonly kid: string; readonly created: string; readonly expiresAt: string }[];
  readonly users?: readonly OktaAppUser[];
  readonly groups?: readonly { readonly groupId: string; readonly lastUpdated: string }[];
}

export interface OktaOAuthClient {
  /** Default: the id of the application. */
  readonly clientId?: string;
  readonly applicationType: 'service' | 'web' | 'browser' | 'native';
  readonly grantTypes: readonly string[];
  readonly authMethod: 'private_key_jwt' | 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly redirectUris?: readonly string[];
  readonly secrets?: readonly { readonly id: string; readonly created: string; readonly value: string }[];
  readonly keys?: readonly { readonly id: string; readonly kid: string; readonly created: string }[];
  /** Scopes of Okta's API granted to it. */
  readonly grants?: readonly { readonly id: string; readonly scopeId: string; readonly created: string }[];
}

export interface OktaAppUser {
  readonly userId: string;
  readonly created: string;
  /** GROUP: through a group. Default USER. */
  readonly scope?: 'USER' | 'GROUP';
  /** The user's id in the application. */
  readonly externalId?: string | null;
  readonly userName?: string;
}

export interface OktaCustomRole {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly created: string;
  /** `okta.users.credentials.manage` … */
  readonly permissions: readonly string[];
}

export interface OktaResourceSet {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly created: string;
  /** `orn:okta:directory:<org>:groups:<id>` … */
  readonly resources: readonly { readonly id: string; readonly orn: string }[];
  readonly bindings: readonly {
    readonly roleId: string;
    readonly members: readonly {
      readonly id: string;
      readonly kind: 'user' | 'group' | 'client';
      readonly memberId: string;
      readonly created: string;
    }[];
  }[];
}

export interface OktaRoleAssignment {
  readonly id: string;
  readonly holder: { readonly kind: 'user' | 'group' | 'client'; readonly id: string };
  /** SUPER_ADMIN, HELP_DESK_ADMIN … */
  readonly type: string;
  readonly created: string;
  readonly targetGroupIds?: readonly string[];
  /** `id` is left out for every instance of an application. */
  readonly targetApps?: readonly { readonly name: string; readonly id?: string }[];
}

export interface OktaAuthenticator {
  readonly id: string;
  /** okta_verify, webauthn, phone_number, okta_password … */
  readonly key: string;
  /** app, security_key, phone, password, email, security_question. */
  readonly type: string;
  readonly name: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly settings?: Json;
  /** push, totp, signed_nonce, webauthn, sms, voice … */
  readonly methods: readonly string[];
}

export interface OktaApiToken {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly created: string;
  readonly lastUsed?: string;
  /** Names of zones; left out: from anywhere. */
  readonly zoneIds?: readonly string[];
}

export interface OktaIdp {
  readonly id: string;
  /** SAML2, OIDC, GOOGLE … */
  readonly type: string;
  readonly name: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly issuer: string;
  readonly clientSecret?: string;
  readonly accountLink: { readonly action: 'AUTO' | 'DISABLED'; readonly groupIds?: readonly string[] };
  readonly provisioning: { readonly action: 'AUTO' | 'DISABLED'; readonly groupIds?: readonly string[] };
}

export interface OktaPolicy {
  readonly id: string;
  /** OKTA_SIGN_ON, PASSWORD, MFA_ENROLL, ACCESS_POLICY, IDP_DISCOVERY, PROFILE_ENROLLMENT. */
  readonly type: string;
  readonly name: string;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly priority: number;
  readonly created: string;
  readonly system?: boolean;
  /** In Okta's own form. */
  readonly conditions?: Json;
  readonly settings?: Json;
  readonly rules: readonly OktaPolicyRule[];
  /** Applications it guards (ACCESS_POLICY). */
  readonly appIds?: readonly string[];
}

export interface OktaPolicyRule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  /** Default ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly conditions?: Json;
  /** In Okta's own form: `{ appSignOn: { access: 'ALLOW', verificationMethod: { … } } }`. */
  readonly actions: Json;
}

export interface OktaZone {
  readonly id: string;
  readonly name: string;
  readonly type: 'IP' | 'DYNAMIC' | 'DYNAMIC_V2';
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly created: string;
  /** Addresses, ranges and CIDRs. */
  readonly gateways?: readonly string[];
  readonly system?: boolean;
}

export interface OktaEvent {
  readonly uuid: string;
  readonly published: string;
  /** user.session.start … */
  readonly eventType: string;
  readonly displayMessage?: string;
  readonly actor: { readonly id: string; readonly login: string; readonly name: string };
  /** Default SUCCESS. */
  readonly outcome?: 'SUCCESS' | 'FAILURE' | 'ALLOW' | 'DENY' | 'CHALLENGE' | 'SKIPPED' | 'UNKNOWN';
  readonly reason?: string;
  readonly ip?: string;
  readonly country?: string;
  readonly userAgent?: string;
  readonly sessionId?: string;
  readonly isProxy?: boolean;
  /** `type` as Okta writes it: User, AppInstance, UserGroup, ROLE. */
  readonly targets?: readonly { readonly id: string; readonly type: string; readonly name: string }[];
}
