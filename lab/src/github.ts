import type { GithubOrganisation } from '@gatehouse/connectors/github/fake';
import { githubLogin, githubPeople, githubTeams } from './github-people.ts';
import { githubRepositories } from './github-repositories.ts';
import type { LabOrganisation } from './organisation.ts';

/** Read permissions that the connector asks for. */
const readEverything = Object.fromEntries(
  'actions administration contents environments metadata repository_hooks secret_scanning_alerts secrets actions_variables members organization_administration organization_custom_org_roles organization_custom_roles organization_hooks organization_personal_access_tokens organization_personal_access_token_requests organization_secrets organization_self_hosted_runners organization_actions_variables'
    .split(' ')
    .map((name) => [name, 'read']),
);

/** The organisation as GitHub knows it: no second factor asked for, everyone may write, an app that may do everything. */
export const makeGithub = (lab: LabOrganisation): GithubOrganisation => {
  const repositories = githubRepositories(lab);
  const people = githubPeople(lab);
  const login = (index: number) => people[index]?.login ?? '';
  const owner = lab.cast.githubOwners[0];
  return {
    id: 3_100_001,
    login: 'meridian-freight',
    name: 'Meridian Freight',
    createdAt: lab.ago(3_000),
    plan: 'enterprise',
    settings: {
      two_factor_requirement_enabled: false,
      default_repository_permission: 'write',
      members_can_create_public_repositories: true,
      members_can_fork_private_repositories: true,
    },
    saml: {
      issuer: 'http://www.okta.com/exkmeridian',
      ssoUrl: 'https://meridianfreight.okta.com/app/githubcloud/sso/saml',
    },
    tellsSecondFactors: true,
    app: {
      id: 820_001,
      slug: 'gatehouse-insights',
      installationId: 41_000_001,
      repositorySelection: 'all',
      permissions: readEverything,
    },
    people,
    teams: githubTeams(lab, repositories),
    repositories,
    organizationRoles: [
      {
        id: 8_132,
        name: 'all_repo_admin',
        description: 'Admin access to every repository.',
        source: 'Predefined',
        baseRole: 'admin',
        permissions: [],
        users: [login(12)],
        teams: ['site-reliability'],
      },
      {
        id: 8_140,
        name: 'Auditor',
        description: 'Reads the audit log.',
        source: 'Organization',
        baseRole: null,
        permissions: ['read_audit_logs'],
        users: [],
        teams: ['security'],
      },
    ],
    customRepositoryRoles: [
      {
        id: 5_501,
        name: 'release-engineer',
        description: 'Writes and runs releases.',
        baseRole: 'write',
        permissions: ['create_tag', 'manage_deploy_keys'],
      },
    ],
    installations: [
      {
        id: 41_000_001,
        appId: 820_001,
        slug: 'gatehouse-insights',
        repositorySelection: 'all',
        permissions: readEverything,
        createdAt: lab.ago(5),
      },
      {
        id: 41_000_002,
        appId: 15_368,
        slug: 'legacy-ci',
        repositorySelection: 'all',
        permissions: { administration: 'write', contents: 'write', workflows: 'write', metadata: 'read' },
        createdAt: lab.ago(1_500),
      },
      {
        id: 41_000_003,
        appId: 2_740,
        slug: 'renovate',
        repositorySelection: 'all',
        permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
        createdAt: lab.ago(700),
      },
      {
        id: 41_000_004,
        appId: 67_313,
        slug: 'chat-notifier',
        repositorySelection: 'selected',
        permissions: { issues: 'read', metadata: 'read' },
        createdAt: lab.ago(340),
      },
    ],
    tokens: [
      {
        id: 1,
        owner: owner === undefined ? login(0) : githubLogin(owner),
        name: 'mirror-script',
        repositorySelection: 'all',
        permissions: { repository: { administration: 'write', contents: 'write' }, organization: {} },
        grantedAt: lab.ago(410),
        expiresAt: null,
        lastUsedAt: lab.ago(2),
      },
      {
        id: 2,
        owner: login(30),
        name: 'release notes',
        repositorySelection: 'subset',
        permissions: { repository: { contents: 'read' } },
        grantedAt: lab.ago(60),
        expiresAt: lab.ago(-30),
        lastUsedAt: lab.ago(1),
      },
      {
        id: 3,
        owner: login(44),
        name: 'laptop',
        repositorySelection: 'all',
        permissions: { repository: { contents: 'write' } },
        grantedAt: lab.ago(300),
        expiresAt: lab.ago(-60),
        lastUsedAt: lab.ago(170),
      },
    ],
    tokenRequests: [
      {
        id: 9,
        owner: login(51),
        name: 'export',
        repositorySelection: 'all',
        permissions: { repository: { contents: 'read' } },
        grantedAt: lab.ago(1),
        expiresAt: lab.ago(-89),
        lastUsedAt: null,
        reason: 'Quarterly export',
      },
    ],
    authorizations: people.slice(0, 60).map(({ login: person }, index) => ({
      id: 2_000 + index,
      login: person,
      kind: index % 3 === 0 ? ('personal access token' as const) : ('SSH key' as const),
      title: index % 3 === 0 ? 'classic token' : 'laptop',
      ...(index % 3 === 0
        ? { scopes: ['repo', 'workflow'] }
        : { fingerprint: `SHA256:lab${String(index).padStart(40, '0')}` }),
      authorizedAt: lab.ago(200 + index * 11),
      accessedAt: index % 7 === 0 ? null : lab.ago(index * 4),
    })),
    webhooks: [
      {
        id: 71_000,
        url: 'https://siem.meridianfreight.example/github',
        hasSecret: true,
        events: ['*'],
        createdAt: lab.ago(900),
      },
    ],
    rulesets: [
      {
        id: 300,
        name: 'release branches',
        enforcement: 'active',
        rules: [{ type: 'deletion' }, { type: 'non_fast_forward' }],
      },
    ],
    actions: { enabledRepositories: 'all', allowedActions: 'all', workflowToken: 'write', mayApprove: true },
    runners: Array.from({ length: 6 }, (_, index) => ({
      id: 900 + index,
      name: `runner-${index + 1}`,
      os: 'linux',
      online: index !== 4,
      groupId: index < 4 ? 1 : 2,
      labels: ['self-hosted', 'linux'],
    })),
    runnerGroups: [
      { id: 1, name: 'Default', visibility: 'all', isDefault: true, allowsPublicRepositories: true },
      { id: 2, name: 'deployment', visibility: 'selected', allowsPublicRepositories: false },
    ],
    secrets: [
      { name: 'DOCKER_REGISTRY_PASSWORD', createdAt: lab.ago(1_200), updatedAt: lab.ago(1_200), visibility: 'all' },
      { name: 'SENTRY_AUTH', createdAt: lab.ago(300), updatedAt: lab.ago(90), visibility: 'private' },
    ],
    auditLog: auditLog(
      lab,
      people.map((person) => person.login),
    ),
  };
};

const auditLog = (lab: LabOrganisation, logins: readonly string[]): Record<string, unknown>[] => {
  const dice = lab.dice('github audit');
  const actions: readonly [string, ...string[]] = [
    'repo.create',
    'team.add_member',
    'team.add_repository',
    'protected_branch.create',
    'org.invite_member',
    'repo.add_member',
    'public_key.create',
    'protected_branch.policy_override',
    'hook.create',
  ];
  return Array.from({ length: 600 }, (_, index) => ({
    at: lab.now.getTime() - dice.between(60_000, 30 * 86_400_000),
    index,
  }))
    .sort((a, b) => a.at - b.at)
    .map(({ at, index }) => {
      const actor = logins[dice.between(0, logins.length - 1)] ?? '';
      return {
        '@timestamp': at,
        _document_id: `lab-audit-${index}`,
        action: dice.pick(actions),
        actor,
        actor_id: 4_000_000 + index,
        org: 'meridian-freight',
        created_at: at,
        actor_location: { country_code: dice.pick(['PT', 'DE', 'CA', 'US']) },
        operation_type: 'modify',
      };
    });
};
