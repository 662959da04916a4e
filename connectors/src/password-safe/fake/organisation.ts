/** What a fake Password Safe has in it. Lists may be changed and added to at any time. */
export interface PasswordSafeOrganisation {
  readonly users: FakeUser[];
  readonly groups: FakeGroup[];
  readonly smartRules: FakeSmartRule[];
  readonly roles: { id: number; name: string }[];
  readonly accessPolicies: FakeAccessPolicy[];
  readonly platforms: { id: number; name: string }[];
  readonly systems: FakeSystem[];
  readonly functionalAccounts: { id: number; domain: string | null; name: string }[];
  readonly workgroups: FakeWorkgroup[];
  readonly registrations: FakeRegistration[];
  readonly sessions: FakeSession[];
  readonly audits: FakeAudit[];
}

export interface FakeUser {
  readonly id: number;
  readonly name: string;
  readonly domain: string | null;
  readonly sid?: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly lastLogin: string | null;
  readonly isActive: boolean;
  readonly isQuarantined: boolean;
  readonly type?: 'Application';
}

export interface FakeGroup {
  readonly id: number;
  readonly name: string;
  readonly type: 'BeyondInsight' | 'ActiveDirectory';
  readonly dn: string | null;
  readonly description: string;
  readonly registrationIds: string;
  readonly userIds: number[];
  /** Access level and roles on Smart Rules. */
  readonly rules: {
    readonly id: number;
    readonly level: 1 | 3;
    readonly roleIds: number[];
    readonly policyId?: number;
  }[];
}

export interface FakeSmartRule {
  readonly id: number;
  readonly title: string;
  readonly type: 'Asset' | 'ManagedSystem' | 'ManagedAccount';
  readonly accountIds: number[];
}

export interface FakeAccessPolicy {
  readonly id: number;
  readonly name: string;
  readonly approvers: number;
}

export interface FakeSystem {
  readonly id: number;
  readonly name: string;
  readonly entity: number;
  readonly platformId: number;
  readonly assetId: number | null;
  readonly functionalAccountId: number | null;
  readonly accounts: FakeAccount[];
}

export interface FakeAccount {
  readonly id: number;
  readonly name: string;
  readonly domain: string | null;
  readonly sid?: string;
  readonly objectId?: string;
  readonly upn?: string;
  readonly changed: string;
  readonly isAutomatic: boolean;
}

export interface FakeWorkgroup {
  readonly id: number;
  readonly name: string;
  readonly assets: { readonly id: number; readonly name: string; readonly dns: string; readonly ip: string }[];
}

export interface FakeRegistration {
  readonly id: number;
  readonly name: string;
  readonly addresses: string[];
  readonly requiresPassword: boolean;
}

export interface FakeSession {
  readonly id: number;
  readonly userId: number;
  readonly accountId: number;
  readonly systemId: number;
  readonly protocol: 0 | 1;
  readonly status: number;
  readonly start: string;
  readonly end: string | null;
  /** Opens the recording: never to be seen again. */
  readonly token: string;
  readonly recordKey: string;
}

export interface FakeAudit {
  readonly id: number;
  readonly action: string;
  readonly section: string;
  readonly userId: number;
  readonly userName: string;
  readonly ip: string;
  readonly at: string;
}
