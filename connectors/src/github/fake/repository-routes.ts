import type { FakeRepository, GithubOrganisation } from './organization.ts';
import { apiOf, type FakeState, notFound, type Routes, type Tools, words } from './tools.ts';

/** What GitHub answers about one repository. */
export const repositoryRoutes = (state: FakeState, { repo, list, person }: Tools): Routes => ({
  'GET /repositories/:id': (request) => {
    const found = state.organization.repositories.find(({ id }) => id === Number(request.params.id));
    return found === undefined ? notFound : { body: state.answers.repository(found, apiOf(request)) };
  },
  'GET /repos/:owner/:repo/collaborators': (request) =>
    repo(request, (found) =>
      list(request, found.collaborators ?? [], ({ login, role }) =>
        state.answers.collaborator(person(login), role, apiOf(request)),
      ),
    ),
  'GET /repos/:owner/:repo/keys': (request) =>
    repo(request, (found) =>
      list(request, found.deployKeys ?? [], (one) => state.answers.deployKey(one, apiOf(request))),
    ),
  'GET /repos/:owner/:repo/hooks': (request) =>
    repo(request, (found) => list(request, found.webhooks ?? [], (one) => state.answers.webhook(one, apiOf(request)))),
  'GET /repos/:owner/:repo/branches/:branch/protection': (request) =>
    repo(request, (found) => {
      if (state.organization.plan === 'free' && found.visibility === 'private') {
        return words(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.');
      }
      return found.protection === undefined ? words(404, 'Branch not protected') : { body: found.protection };
    }),
  'GET /repos/:owner/:repo/rules/branches/:branch': (request) =>
    repo(request, (found) => list(request, rulesInForce(state.organization, found), (rule) => rule)),
  'GET /repos/:owner/:repo/rulesets': (request) =>
    repo(request, (found) =>
      list(request, rulesetsOf(state.organization, found), ({ ruleset, source, isWider }) =>
        state.answers.ruleset(ruleset, source, isWider, false),
      ),
    ),
  'GET /repos/:owner/:repo/rulesets/:id': (request) =>
    repo(request, (found) => {
      const one = rulesetsOf(state.organization, found).find(({ ruleset }) => ruleset.id === Number(request.params.id));
      return one === undefined ? notFound : { body: state.answers.ruleset(one.ruleset, one.source, one.isWider, true) };
    }),
  'GET /repos/:owner/:repo/actions/permissions': (request) =>
    repo(request, () => ({ body: { enabled: true, allowed_actions: state.organization.actions.allowedActions } })),
  'GET /repos/:owner/:repo/actions/permissions/workflow': (request) =>
    repo(request, (found) => ({
      body: {
        default_workflow_permissions: found.workflowToken ?? state.organization.actions.workflowToken,
        can_approve_pull_request_reviews: false,
      },
    })),
  'GET /repos/:owner/:repo/actions/secrets': (request) =>
    repo(request, (found) => list(request, found.secrets ?? [], state.answers.secret, 'secrets')),
  'GET /repos/:owner/:repo/environments': (request) =>
    repo(request, (found) => list(request, found.environments ?? [], state.answers.environment, 'environments')),
  'GET /repos/:owner/:repo/environments/:name/secrets': (request) =>
    repo(request, (found) => {
      const environment = found.environments?.find(({ name }) => name === request.params.name);
      return environment === undefined
        ? notFound
        : list(request, environment.secrets ?? [], state.answers.secret, 'secrets');
    }),
});

/** The repository's own rulesets, and those of the organization. */
const rulesetsOf = (organization: GithubOrganisation, repository: FakeRepository) => [
  ...(repository.rulesets ?? []).map((ruleset) => ({
    ruleset,
    source: `${organization.login}/${repository.name}`,
    isWider: false,
  })),
  ...organization.rulesets.map((ruleset) => ({ ruleset, source: organization.login, isWider: true })),
];

const rulesInForce = (organization: GithubOrganisation, repository: FakeRepository) =>
  rulesetsOf(organization, repository)
    .filter(({ ruleset }) => ruleset.enforcement === 'active')
    .flatMap(({ ruleset, source, isWider }) =>
      ruleset.rules.map((rule) => ({
        ...rule,
        ruleset_source_type: isWider ? 'Organization' : 'Repository',
        ruleset_source: source,
        ruleset_id: ruleset.id,
      })),
    );
