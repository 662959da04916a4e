import type {
  FakeAuthorization,
  FakeDeployKey,
  FakeEnvironment,
  FakeInstallation,
  FakePerson,
  FakeRepository,
  FakeRole,
  FakeRuleset,
  FakeRunner,
  FakeRunnerGroup,
  FakeSecret,
  FakeTeam,
  FakeToken,
  FakeWebhook,
  GithubOrganisation,
} from './organization.ts';

/** Facts in GitHub's own words, with the hypermedia that real answers are full of. `api` is where the fake is served. */
export const answersOf = (organization: GithubOrganisation) => {
  const { login } = organization;

  const user = (person: Pick<FakePerson, 'id' | 'login' | 'type'>, api: string) => ({
    login: person.login,
    id: person.id,
    node_id: nodeIdOf(person.id),
    avatar_url: `https://avatars.example/u/${person.id}?v=4`,
    gravatar_id: '',
    url: `${api}/users/${person.login}`,
    html_url: `https://github.example/${person.login}`,
    followers_url: `${api}/users/${person.login}/followers`,
    following_url: `${api}/users/${person.login}/following{/other_user}`,
    gists_url: `${api}/users/${person.login}/gists{/gist_id}`,
    starred_url: `${api}/users/${person.login}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/users/${person.login}/subscriptions`,
    organizations_url: `${api}/users/${person.login}/orgs`,
    repos_url: `${api}/users/${person.login}/repos`,
    events_url: `${api}/users/${person.login}/events{/privacy}`,
    received_events_url: `${api}/users/${person.login}/received_events`,
    type: person.type ?? 'User',
    site_admin: false,
  });

  const owner = (api: string) => ({ ...user({ id: organization.id, login }, api), type: 'Organization' });

  const repository = (found: FakeRepository, api: string) => ({
    id: found.id,
    node_id: `R_${found.id}`,
    name: found.name,
    full_name: `${login}/${found.name}`,
    private: found.visibility !== 'public',
    owner: owner(api),
    html_url: `https://github.example/${login}/${found.name}`,
    description: found.description ?? null,
    fork: found.fork ?? false,
    url: `${api}/repos/${login}/${found.name}`,
    forks_url: `${api}/repos/${login}/${found.name}/forks`,
    keys_url: `${api}/repos/${login}/${found.name}/keys{/key_id}`,
    collaborators_url: `${api}/repos/${login}/${found.name}/collaborators{/collaborator}`,
    teams_url: `${api}/repos/${login}/${found.name}/teams`,
    hooks_url: `${api}/repos/${login}/${found.name}/hooks`,
    branches_url: `${api}/repos/${login}/${found.name}/branches{/branch}`,
    created_at: found.createdAt,
    updated_at: found.pushedAt,
    pushed_at: found.isEmpty ? null : found.pushedAt,
    size: found.isEmpty ? 0 : 108,
    language: null,
    has_issues: true,
    has_pages: false,
    archived: found.archived ?? false,
    disabled: false,
    license: null,
    allow_forking: found.visibility === 'public',
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: found.visibility,
    default_branch: found.defaultBranch ?? 'main',
    ...(found.security === undefined
      ? {}
      : {
          security_and_analysis: Object.fromEntries(
            Object.entries(found.security).map(([name, status]) => [name, { status }]),
          ),
        }),
  });

  const team = (found: FakeTeam, api: string): Record<string, unknown> => {
    const parent = organization.teams.find(({ slug }) => slug === found.parent);
    return {
      name: found.name,
      id: found.id,
      node_id: `T_${found.id}`,
      slug: found.slug,
      description: found.description ?? null,
      privacy: found.privacy ?? 'closed',
      notification_setting: 'notifications_enabled',
      url: `${api}/organizations/${organization.id}/team/${found.id}`,
      html_url: `https://github.example/orgs/${login}/teams/${found.slug}`,
      members_url: `${api}/organizations/${organization.id}/team/${found.id}/members{/member}`,
      repositories_url: `${api}/organizations/${organization.id}/team/${found.id}/repos`,
      permission: 'pull',
      parent: parent === undefined ? null : { ...team({ ...parent, ...{ parent: '' } }, api) },
    };
  };

  return {
    user,
    repository,
    team,
    collaborator: (person: FakePerson, role: string, api: string) => ({
      ...user(person, api),
      ...mayOf(role),
      role_name: role,
    }),
    teamRepository: (found: FakeRepository, role: string, api: string) => ({
      ...repository(found, api),
      ...mayOf(role),
      role_name: role,
    }),
    organization: (api: string) => ({
      login,
      id: organization.id,
      node_id: `O_${organization.id}`,
      url: `${api}/orgs/${login}`,
      repos_url: `${api}/orgs/${login}/repos`,
      name: organization.name,
      description: null,
      html_url: `https://github.example/${login}`,
      type: 'Organization',
      created_at: organization.createdAt,
      updated_at: organization.createdAt,
      is_verified: true,
      public_repos: organization.repositories.filter(({ visibility }) => visibility === 'public').length,
      total_private_repos: organization.repositories.filter(({ visibility }) => visibility !== 'public').length,
      billing_email: `billing@${login}.example`,
      plan: {
        name: organization.plan,
        space: 976_562_499,
        private_repos: 999_999,
        seats: 500,
        filled_seats: organization.people.length,
      },
      ...organization.settings,
    }),
    role: (found: FakeRole & { readonly source?: string }) => ({
      id: found.id,
      name: found.name,
      description: found.description ?? null,
      base_role: found.baseRole,
      ...(found.source === undefined ? {} : { source: found.source }),
      permissions: found.permissions,
      created_at: organization.createdAt,
      updated_at: organization.createdAt,
    }),
    installation: (found: FakeInstallation, api: string) => ({
      id: found.id,
      account: owner(api),
      repository_selection: found.repositorySelection,
      access_tokens_url: `${api}/app/installations/${found.id}/access_tokens`,
      repositories_url: `${api}/installation/repositories`,
      html_url: `https://github.example/organizations/${login}/settings/installations/${found.id}`,
      app_id: found.appId,
      app_slug: found.slug,
      target_id: organization.id,
      target_type: 'Organization',
      permissions: found.permissions,
      events: found.events ?? [],
      created_at: found.createdAt,
      updated_at: found.createdAt,
      single_file_name: null,
      suspended_by: null,
      suspended_at: found.suspendedAt ?? null,
    }),
    token: (found: FakeToken, person: FakePerson, api: string) => ({
      id: found.id,
      owner: user(person, api),
      repository_selection: found.repositorySelection,
      repositories_url: `${api}/organizations/${organization.id}/personal-access-tokens/${found.id}/repositories`,
      permissions: found.permissions,
      access_granted_at: found.grantedAt,
      created_at: found.grantedAt,
      token_id: 90_000 + found.id,
      token_name: found.name,
      token_expired: found.expired ?? false,
      token_expires_at: found.expiresAt,
      token_last_used_at: found.lastUsedAt,
      ...(found.reason === undefined ? {} : { reason: found.reason }),
    }),
    authorization: (found: FakeAuthorization) => ({
      login: found.login,
      credential_id: found.id,
      credential_type: found.kind,
      ...(found.kind === 'SSH key' ? { fingerprint: found.fingerprint ?? '' } : { token_last_eight: lastEight }),
      credential_authorized_at: found.authorizedAt,
      credential_accessed_at: found.accessedAt,
      authorized_credential_id: found.id + 1_000,
      ...(found.kind === 'SSH key'
        ? { authorized_credential_title: found.title }
        : { authorized_credential_note: found.title, authorized_credential_expires_at: found.expiresAt ?? null }),
      scopes: found.scopes ?? [],
    }),
    deployKey: (found: FakeDeployKey, api: string) => ({
      id: found.id,
      key: found.key,
      url: `${api}/repos/${login}/keys/${found.id}`,
      title: found.title,
      verified: true,
      created_at: found.createdAt,
      read_only: found.readOnly,
      added_by: found.addedBy ?? null,
      last_used: found.lastUsedAt ?? null,
      enabled: true,
    }),
    webhook: (found: FakeWebhook, api: string) => ({
      type: 'Repository',
      id: found.id,
      name: 'web',
      active: found.active ?? true,
      events: found.events ?? ['push'],
      config: {
        content_type: 'json',
        insecure_ssl: found.insecureSsl ? '1' : '0',
        url: found.url,
        ...(found.hasSecret ? { secret: '********' } : {}),
      },
      updated_at: found.createdAt,
      created_at: found.createdAt,
      url: `${api}/hooks/${found.id}`,
      last_response: { code: 200, status: 'active', message: 'OK' },
    }),
    ruleset: (found: FakeRuleset, source: string, isOrganization: boolean, whole: boolean) => ({
      id: found.id,
      name: found.name,
      target: 'branch',
      source_type: isOrganization ? 'Organization' : 'Repository',
      source,
      enforcement: found.enforcement,
      node_id: `RRS_${found.id}`,
      created_at: organization.createdAt,
      updated_at: organization.createdAt,
      ...(whole
        ? {
            conditions: { ref_name: { exclude: [], include: ['~DEFAULT_BRANCH'] } },
            rules: found.rules,
            ...(found.bypassActors === undefined ? {} : { bypass_actors: found.bypassActors }),
          }
        : {}),
    }),
    runner: ({ id, name, os, online, groupId, labels }: FakeRunner) => ({
      id,
      name,
      os,
      status: online ? 'online' : 'offline',
      busy: false,
      runner_group_id: groupId,
      labels: labels.map((label, i) => ({ id: i + 1, name: label, type: 'custom' })),
    }),
    runnerGroup: (found: FakeRunnerGroup) => ({
      id: found.id,
      name: found.name,
      visibility: found.visibility,
      default: found.isDefault ?? false,
      inherited: false,
      allows_public_repositories: found.allowsPublicRepositories,
      restricted_to_workflows: false,
      selected_workflows: [],
    }),
    environment: (found: FakeEnvironment) => ({
      id: found.id,
      node_id: `EN_${found.id}`,
      name: found.name,
      url: `https://api.example/environments/${found.name}`,
      html_url: `https://github.example/${login}/deployments/${found.name}`,
      created_at: found.createdAt,
      updated_at: found.createdAt,
      can_admins_bypass: true,
      protection_rules: found.reviewers
        ? [
            {
              id: found.id * 10,
              type: 'required_reviewers',
              prevent_self_review: false,
              reviewers: Array.from({ length: found.reviewers }, () => ({ type: 'User' })),
            },
          ]
        : [],
      deployment_branch_policy: null,
    }),
    secret: (found: FakeSecret) => ({
      name: found.name,
      created_at: found.createdAt,
      updated_at: found.updatedAt,
      ...(found.visibility === undefined ? {} : { visibility: found.visibility }),
    }),
  };
};

/** Part of a token's value: GitHub shows it, Gatehouse must not keep it. */
export const lastEight = 'qX7vLm2Z';

export const nodeIdOf = (id: number | '') => `U_${id}`;

/** The flags that come with a role; a custom one reads. */
const mayOf = (role: string) => {
  const level = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  const at = Math.max(level, 0);
  return { permissions: { admin: at >= 4, maintain: at >= 3, push: at >= 2, triage: at >= 1, pull: true } };
};
