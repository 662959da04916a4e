/**
 * What a fake GitHub knows about one organization: facts only, in the order in which GitHub would list them. People,
 * teams and repositories refer to each other by login, slug and name. Moments are ISO text.
 */
export interface GithubOrganisation {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly createdAt: string;
  /** `enterprise` has custom roles, runner groups, the audit log and, with `saml`, credential authorizations. */
  readonly plan: 'free' | 'team' | 'enterprise';
  /** Merged into the answer about the organization, in GitHub's names; absent ones are absent there. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Null: no single sign-on. `hidden`: there may be one, but the app may not see it. */
  readonly saml: { readonly issuer: string; readonly ssoUrl: string } | 'hidden' | null;
  /** False: GitHub refuses to tell who has a second factor. */
  readonly tellsSecondFactors: boolean;
  readonly app: FakeApp;
  readonly people: readonly FakePerson[];
  readonly teams: readonly FakeTeam[];
  readonly repositories: readonly FakeRepository[];
  readonly organizationRoles: readonly FakeOrganizationRole[];
  readonly customRepositoryRoles: readonly FakeRole[];
  readonly installations: readonly FakeInstallation[];
  readonly tokens: readonly FakeToken[];
  readonly tokenRequests: readonly FakeToken[];
  readonly authorizations: readonly FakeAuthorization[];
  readonly webhooks: readonly FakeWebhook[];
  readonly rulesets: readonly FakeRuleset[];
  readonly actions: FakeActions;
  readonly runners: readonly FakeRunner[];
  readonly runnerGroups: readonly FakeRunnerGroup[];
  readonly secrets: readonly FakeSecret[];
  /** As GitHub sends them: `@timestamp` in milliseconds, `_document_id`, `action`, `actor` … */
  readonly auditLog: readonly Readonly<Record<string, unknown>>[];
}

/** The app through which the fake is read. */
export interface FakeApp {
  readonly id: number;
  readonly slug: string;
  readonly installationId: number;
  readonly repositorySelection: 'all' | 'selected';
  /** GitHub's names → read or write. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly suspendedAt?: string;
}

export interface FakePerson {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  /** Shown on the person's page. */
  readonly email: string | null;
  /** At domains that the organization owns. */
  readonly verifiedEmails?: readonly string[];
  readonly type?: 'User' | 'Bot';
  readonly role: 'admin' | 'member' | 'outside';
  readonly secondFactor: 'none' | 'weak' | 'strong';
  readonly createdAt: string;
  readonly identity?: { readonly guid: string; readonly nameId: string; readonly scimUserName?: string };
}

export interface FakeTeam {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly description?: string;
  readonly privacy?: 'closed' | 'secret';
  /** Slug of the team above. */
  readonly parent?: string;
  readonly maintainers: readonly string[];
  readonly members: readonly string[];
  readonly repositories: readonly { readonly name: string; readonly role: string }[];
}

export interface FakeRepository {
  readonly id: number;
  readonly name: string;
  /** It was renamed: what is asked under this name is redirected to its number. */
  readonly formerName?: string;
  readonly description?: string;
  readonly visibility: 'public' | 'internal' | 'private';
  readonly archived?: boolean;
  readonly fork?: boolean;
  readonly isEmpty?: boolean;
  readonly defaultBranch?: string;
  readonly createdAt: string;
  readonly pushedAt: string;
  /** `secret_scanning`: enabled or disabled, in GitHub's names; absent: not told. */
  readonly security?: Readonly<Record<string, 'enabled' | 'disabled'>>;
  readonly collaborators?: readonly { readonly login: string; readonly role: string }[];
  readonly deployKeys?: readonly FakeDeployKey[];
  readonly webhooks?: readonly FakeWebhook[];
  /** GitHub's answer about the default branch; absent: not protected. */
  readonly protection?: Readonly<Record<string, unknown>>;
  readonly rulesets?: readonly FakeRuleset[];
  readonly environments?: readonly FakeEnvironment[];
  readonly secrets?: readonly FakeSecret[];
  readonly workflowToken?: 'read' | 'write';
}

export interface FakeDeployKey {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  readonly readOnly: boolean;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  readonly addedBy?: string;
}

export interface FakeWebhook {
  readonly id: number;
  readonly url: string;
  readonly active?: boolean;
  readonly events?: readonly string[];
  readonly hasSecret: boolean;
  readonly insecureSsl?: boolean;
  readonly createdAt: string;
}

export interface FakeRuleset {
  readonly id: number;
  readonly name: string;
  readonly enforcement: 'active' | 'evaluate' | 'disabled';
  /** Types of its rules, and what they ask. */
  readonly rules: readonly { readonly type: string; readonly parameters?: Readonly<Record<string, unknown>> }[];
  /** Absent: the app may not see them. */
  readonly bypassActors?: readonly {
    readonly actor_id: number;
    readonly actor_type: string;
    readonly bypass_mode: string;
  }[];
}

export interface FakeEnvironment {
  readonly id: number;
  readonly name: string;
  readonly reviewers?: number;
  readonly secrets?: readonly FakeSecret[];
  readonly createdAt: string;
}

export interface FakeSecret {
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly visibility?: 'all' | 'private' | 'selected';
}

export interface FakeRole {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly baseRole: string | null;
  readonly permissions: readonly string[];
}

export interface FakeOrganizationRole extends FakeRole {
  readonly source: 'Predefined' | 'Organization';
  /** Logins and slugs. */
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

export interface FakeInstallation {
  readonly id: number;
  readonly appId: number;
  readonly slug: string;
  readonly repositorySelection: 'all' | 'selected';
  readonly permissions: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
  readonly createdAt: string;
  readonly suspendedAt?: string;
}

export interface FakeToken {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly repositorySelection: 'all' | 'subset' | 'none';
  readonly permissions: {
    readonly organization?: Readonly<Record<string, string>>;
    readonly repository?: Readonly<Record<string, string>>;
  };
  readonly grantedAt: string;
  readonly expiresAt: string | null;
  readonly expired?: boolean;
  readonly lastUsedAt: string | null;
  readonly reason?: string;
}

export interface FakeAuthorization {
  readonly id: number;
  readonly login: string;
  readonly kind: 'personal access token' | 'SSH key';
  readonly title: string;
  readonly scopes?: readonly string[];
  readonly fingerprint?: string;
  readonly authorizedAt: string;
  readonly accessedAt: string | null;
  readonly expiresAt?: string;
}

export interface FakeActions {
  readonly enabledRepositories: 'all' | 'selected' | 'none';
  readonly allowedActions: 'all' | 'local_only' | 'selected';
  readonly patterns?: readonly string[];
  readonly workflowToken: 'read' | 'write';
  readonly mayApprove: boolean;
  readonly subjectClaims?: readonly string[];
}

export interface FakeRunner {
  readonly id: number;
  readonly name: string;
  readonly os: string;
  readonly online: boolean;
  readonly groupId: number;
  readonly labels: readonly string[];
}

export interface FakeRunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly visibility: 'all' | 'selected' | 'private';
  readonly isDefault?: boolean;
  readonly allowsPublicRepositories: boolean;
}
