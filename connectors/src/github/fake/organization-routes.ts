import type { FakeVendor, SeenRequest } from '@gatehouse/connector-kit/testing';
import type { FakePerson, FakeTeam, GithubOrganisation } from './organization.ts';
import { apiOf, type FakeState, notFound, type Routes, repositoryOf, type Tools, words } from './tools.ts';

/** What GitHub answers about the organization. Paths are those of api.github.com. */
export const organizationRoutes = (vendor: FakeVendor, state: FakeState, tools: Tools): Routes => {
  const { org, team, list, people, person, enterprise } = tools;
  const user = (request: SeenRequest) => (found: FakePerson) => state.answers.user(found, apiOf(request));
  const members = (request: SeenRequest, belongs: (person: FakePerson) => boolean) =>
    org(request, () =>
      isTold(request, state.organization)
        ? list(request, filtered(request, state.organization.people.filter(belongs)), user(request))
        : words(422, 'Only owners can use this filter.'),
    );
  const token = (request: SeenRequest, which: 'tokens' | 'tokenRequests') =>
    org(request, () =>
      list(request, state.organization[which], (found) =>
        state.answers.token(found, person(found.owner), apiOf(request)),
      ),
    );

  return {
    'GET /orgs/:org': (request) => org(request, () => ({ body: state.answers.organization(apiOf(request)) })),
    'GET /orgs/:org/members': (request) => members(request, ({ role }) => role !== 'outside'),
    'GET /orgs/:org/outside_collaborators': (request) => members(request, ({ role }) => role === 'outside'),
    'GET /orgs/:org/repos': (request) =>
      org(request, () =>
        list(request, state.organization.repositories, (found) => state.answers.repository(found, apiOf(request))),
      ),
    'GET /orgs/:org/teams': (request) =>
      org(request, () => list(request, state.organization.teams, (found) => state.answers.team(found, apiOf(request)))),
    'GET /orgs/:org/teams/:slug/members': (request) =>
      team(request, (found) =>
        list(request, people(loginsOf(state.organization, found, request.query.get('role'))), user(request)),
      ),
    'GET /orgs/:org/teams/:slug/repos': (request) =>
      team(request, (found) => {
        const known = found.repositories.flatMap(({ name, role }) => {
          const repository = repositoryOf(state.organization.repositories, name);
          return repository === undefined ? [] : [{ repository, role }];
        });
        return list(request, known, ({ repository, role }) =>
          state.answers.teamRepository(repository, role, apiOf(request)),
        );
      }),
    'GET /orgs/:org/organization-roles': (request) =>
      org(request, () =>
        enterprise(() => list(request, state.organization.organizationRoles, state.answers.role, 'roles')),
      ),
    'GET /orgs/:org/organization-roles/:id/teams': (request) =>
      org(request, () => {
        const holders = roleOf(state.organization, request)?.teams ?? [];
        const teams = state.organization.teams.filter(({ slug }) => holders.includes(slug));
        return list(request, teams, (found) => ({
          ...state.answers.team(found, apiOf(request)),
          assignment: 'direct',
        }));
      }),
    'GET /orgs/:org/organization-roles/:id/users': (request) =>
      org(request, () => {
        const direct = roleOf(state.organization, request)?.users ?? [];
        const through = teamsWith(state.organization, request).flatMap(({ maintainers, members }) => [
          ...maintainers,
          ...members,
        ]);
        return list(request, people([...new Set([...direct, ...through])]), (found) => ({
          ...state.answers.user(found, apiOf(request)),
          assignment: !direct.includes(found.login) ? 'indirect' : through.includes(found.login) ? 'mixed' : 'direct',
        }));
      }),
    'GET /orgs/:org/custom-repository-roles': (request) =>
      org(request, () =>
        enterprise(() => list(request, state.organization.customRepositoryRoles, state.answers.role, 'custom_roles')),
      ),
    'GET /orgs/:org/installations': (request) =>
      org(request, () =>
        list(
          request,
          state.organization.installations,
          (found) => state.answers.installation(found, apiOf(request)),
          'installations',
        ),
      ),
    'GET /orgs/:org/personal-access-tokens': (request) => token(request, 'tokens'),
    'GET /orgs/:org/personal-access-token-requests': (request) => token(request, 'tokenRequests'),
    'GET /orgs/:org/credential-authorizations': (request) =>
      org(request, () =>
        state.organization.saml === null
          ? notFound
          : list(request, state.organization.authorizations, state.answers.authorization),
      ),
    'GET /orgs/:org/hooks': (request) =>
      org(request, () =>
        list(request, state.organization.webhooks, (found) => state.answers.webhook(found, apiOf(request))),
      ),
    'GET /orgs/:org/actions/secrets': (request) =>
      org(request, () => list(request, state.organization.secrets, state.answers.secret, 'secrets')),
    'GET /orgs/:org/audit-log': (request) =>
      org(request, () =>
        enterprise(() =>
          vendor.page(request, eventsSince(request, state.organization), { size: { name: 'per_page', default: 30 } }),
        ),
      ),
    ...actionsRoutes(state, tools),
  };
};

const actionsRoutes = (state: FakeState, { org, list }: Tools): Routes => ({
  'GET /orgs/:org/actions/permissions': (request) =>
    org(request, () => {
      const { enabledRepositories, allowedActions } = state.organization.actions;
      return { body: { enabled_repositories: enabledRepositories, allowed_actions: allowedActions } };
    }),
  'GET /orgs/:org/actions/permissions/workflow': (request) =>
    org(request, () => {
      const { workflowToken, mayApprove } = state.organization.actions;
      return { body: { default_workflow_permissions: workflowToken, can_approve_pull_request_reviews: mayApprove } };
    }),
  'GET /orgs/:org/actions/permissions/selected-actions': (request) =>
    org(request, () => ({
      body: {
        github_owned_allowed: true,
        verified_allowed: false,
        patterns_allowed: state.organization.actions.patterns ?? [],
      },
    })),
  'GET /orgs/:org/actions/oidc/customization/sub': (request) =>
    org(request, () => {
      const { subjectClaims } = state.organization.actions;
      return subjectClaims === undefined ? notFound : { body: { include_claim_keys: subjectClaims } };
    }),
  'GET /orgs/:org/actions/runners': (request) =>
    org(request, () => list(request, state.organization.runners, state.answers.runner, 'runners')),
  'GET /orgs/:org/actions/runner-groups': (request) =>
    org(request, () => list(request, state.organization.runnerGroups, state.answers.runnerGroup, 'runner_groups')),
});

const isTold = ({ query }: SeenRequest, { tellsSecondFactors }: GithubOrganisation) =>
  tellsSecondFactors || !query.get('filter')?.startsWith('2fa');

const filtered = ({ query }: SeenRequest, people: readonly FakePerson[]): readonly FakePerson[] => {
  const filter = query.get('filter');
  const role = query.get('role') ?? 'all';
  const factor = filter === '2fa_disabled' ? 'none' : filter === '2fa_insecure' ? 'weak' : null;
  return people.filter(
    (person) => (role === 'all' || person.role === role) && (factor === null || person.secondFactor === factor),
  );
};

/** The people of the teams below count as members of a team. */
const loginsOf = (organization: GithubOrganisation, team: FakeTeam, role: string | null): readonly string[] => {
  if (role === 'maintainer') return team.maintainers;
  const lower = below(organization.teams, team).flatMap(({ maintainers, members }) => [...maintainers, ...members]);
  const members = [...new Set([...team.members, ...lower])].filter((login) => !team.maintainers.includes(login));
  return role === 'member' ? members : [...team.maintainers, ...members];
};

const below = (teams: readonly FakeTeam[], team: FakeTeam): readonly FakeTeam[] =>
  teams.filter(({ parent }) => parent === team.slug).flatMap((lower) => [lower, ...below(teams, lower)]);

const roleOf = ({ organizationRoles }: GithubOrganisation, { params }: SeenRequest) =>
  organizationRoles.find(({ id }) => id === Number(params.id));

const teamsWith = (organization: GithubOrganisation, request: SeenRequest): readonly FakeTeam[] => {
  const slugs = roleOf(organization, request)?.teams ?? [];
  return organization.teams.filter(({ slug }) => slugs.includes(slug));
};

const eventsSince = ({ query }: SeenRequest, { auditLog }: GithubOrganisation) => {
  const since = Date.parse(/created:>=(\S+)/.exec(query.get('phrase') ?? '')?.[1] ?? '1970-01-01T00:00:00Z');
  return auditLog.filter((event) => Number(event['@timestamp']) >= since);
};
