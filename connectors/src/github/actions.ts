import { empty, type Policy, type Resource, stream } from '@gatehouse/connector-kit';
import { readable } from '@gatehouse/host';
import { z } from 'zod';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId } from './organization.ts';
import { listed, once, unlessAbsent } from './reading.ts';
import { perRepository, repositoryPath } from './repositories.ts';
import { amount, eachOf, flag, id, rawOf, read, someOf, text, texts } from './shapes.ts';

const hourMs = 3_600_000;
const noPolicy = empty('policies');
const noResource = empty('resources');

const Permissions = someOf({
  enabled: flag,
  enabled_repositories: text,
  allowed_actions: text,
  sha_pinning_required: flag,
});
const WorkflowToken = someOf({ default_workflow_permissions: text, can_approve_pull_request_reviews: flag });
const Selected = someOf({ github_owned_allowed: flag, verified_allowed: flag, patterns_allowed: texts });
const Subject = someOf({ use_default: flag, include_claim_keys: texts });

/** The answers that make up the settings of Actions; null for each that GitHub does not give. */
export interface ActionsAnswers {
  readonly permissions: unknown;
  readonly token: unknown;
  readonly selected: unknown;
  readonly subject: unknown;
}

/**
 * Settings of Actions, for the organization or one repository.
 *
 * | setting | means |
 * |---|---|
 * | enabled | on a repository: it may run workflows |
 * | enabledRepositories | all, selected, none |
 * | allowedActions | all, local_only, selected |
 * | allowedPatterns, githubActionsAllowed, verifiedActionsAllowed | where `selected` |
 * | pinningRequired | actions must be named by their full commit |
 * | defaultWorkflowPermissions | read or write: what a workflow's own token may do unless it says otherwise |
 * | workflowMayApprove | a workflow may approve pull requests |
 * | oidcSubjectClaims | what is in the subject of the tokens that clouds trust; null: GitHub's default |
 */
export const toActionsSettings = (
  answers: ActionsAnswers,
  of: { id: string; name: string; target: string },
): Policy => {
  const permissions = answers.permissions == null ? null : read(Permissions, answers.permissions, of.name);
  const token = answers.token == null ? null : read(WorkflowToken, answers.token, of.name);
  const selected = answers.selected == null ? null : read(Selected, answers.selected, of.name);
  const subject = answers.subject == null ? null : read(Subject, answers.subject, of.name);
  const isOff = permissions?.enabled === false || permissions?.enabled_repositories === 'none';
  return {
    ...noPolicy,
    id: of.id,
    type: 'actions',
    name: of.name,
    status: isOff ? 'disabled' : 'enabled',
    targets: [of.target],
    settings: {
      enabled: permissions?.enabled ?? null,
      enabledRepositories: permissions?.enabled_repositories ?? null,
      allowedActions: permissions?.allowed_actions ?? null,
      allowedPatterns: selected?.patterns_allowed ?? null,
      githubActionsAllowed: selected?.github_owned_allowed ?? null,
      verifiedActionsAllowed: selected?.verified_allowed ?? null,
      pinningRequired: permissions?.sha_pinning_required ?? null,
      defaultWorkflowPermissions: token?.default_workflow_permissions ?? null,
      workflowMayApprove: token?.can_approve_pull_request_reviews ?? null,
      oidcSubjectClaims: subject === null || subject.use_default ? null : subject.include_claim_keys,
    },
    raw: {
      permissions: rawOf(answers.permissions),
      workflow: rawOf(answers.token),
      selected: rawOf(answers.selected),
      subject: rawOf(answers.subject),
    },
  };
};

export const actionsSettings = stream<Github, 'policies'>({
  record: 'policies',
  title: 'Actions settings',
  needs: wordsOf(needs.administration),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client) =>
    once(async () => {
      const path = `${client.org}/actions`;
      const ask = (rest: string) => unlessAbsent(client.get(`${path}/${rest}`, needs.administration));
      const permissions = await client.get(`${path}/permissions`, needs.administration);
      const isSelected = read(Permissions, permissions, path).allowed_actions === 'selected';
      const answers = {
        permissions,
        token: await ask('permissions/workflow'),
        selected: isSelected ? await ask('permissions/selected-actions') : null,
        subject: await ask('oidc/customization/sub'),
      };
      const of = {
        id: 'actions:organization',
        name: `Actions in ${client.installation.organization}`,
        target: organizationId,
      };
      return [toActionsSettings(answers, of)];
    }, needs.administration),
});

/** What single repositories have set otherwise than the organization, or the same. */
export const repositoryActionsSettings = stream<Github, 'policies'>({
  record: 'policies',
  title: 'Actions settings of repositories',
  needs: wordsOf(needs.repositoryAdministration),
  reading: { mode: 'full' },
  everyMs: 24 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.repositoryAdministration,
        concerns: (repository) => !repository.archived,
        async children(repository) {
          const path = `${repositoryPath(repository)}/actions/permissions`;
          const [permissions, token] = await Promise.all([
            client.get(path, needs.repositoryAdministration),
            unlessAbsent(client.get(`${path}/workflow`, needs.repositoryAdministration)),
          ]);
          const target = String(repository.id);
          const of = { id: `actions:${target}`, name: `Actions in ${repository.full_name}`, target };
          return {
            records: [toActionsSettings({ permissions, token, selected: null, subject: null }, of)],
            next: null,
          };
        },
      },
      from,
    ),
});

export const Runner = z.object({
  id,
  name: text,
  os: text,
  status: text,
  busy: flag,
  runner_group_id: amount,
  ephemeral: flag,
  labels: eachOf(z.object({ name: z.string() })),
});

/**
 * A self-hosted runner; `parentId` is its group.
 *
 * | attribute | means |
 * |---|---|
 * | os, labels, busy, online | |
 * | ephemeral | it serves one job and is made anew |
 */
export const toRunner = (found: z.output<typeof Runner>, item: unknown): Resource => ({
  ...noResource,
  id: `runner:${found.id}`,
  type: 'runner',
  name: found.name || `Runner ${found.id}`,
  parentId: found.runner_group_id == null ? null : `runner-group:${found.runner_group_id}`,
  status: 'enabled',
  exposure: 'internal',
  attributes: {
    os: found.os ?? null,
    labels: found.labels?.map(({ name }) => name) ?? [],
    busy: found.busy ?? null,
    online: found.status == null ? null : found.status === 'online',
    ephemeral: found.ephemeral ?? null,
  },
  raw: rawOf(item),
});

export const runners = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Self-hosted runners',
  needs: wordsOf(needs.runners),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    listed(
      client,
      {
        path: `${client.org}/actions/runners?per_page=100`,
        need: needs.runners,
        toRecords: (items) => readable(items, (item) => toRunner(read(Runner, item, 'a runner'), item)),
      },
      from,
    ),
});

export const RunnerGroup = z.object({
  id,
  name: text,
  visibility: text,
  default: flag,
  inherited: flag,
  allows_public_repositories: flag,
  inherited_allows_public_repositories: flag,
  restricted_to_workflows: flag,
  selected_workflows: texts,
});

/**
 * | attribute | means |
 * |---|---|
 * | allowsPublicRepositories | workflows of public repositories may run on its machines (G09) |
 * | visibility | which repositories may use it: all, private or selected |
 * | restrictedToWorkflows, workflows | only those may use it |
 * | isDefault, inherited | inherited: it belongs to the enterprise |
 */
export const toRunnerGroup = (found: z.output<typeof RunnerGroup>, item: unknown): Resource => ({
  ...noResource,
  id: `runner-group:${found.id}`,
  type: 'runner_group',
  name: found.name || `Runner group ${found.id}`,
  status: 'enabled',
  exposure: 'internal',
  attributes: {
    allowsPublicRepositories: found.allows_public_repositories ?? found.inherited_allows_public_repositories ?? null,
    visibility: found.visibility ?? null,
    restrictedToWorkflows: found.restricted_to_workflows ?? null,
    workflows: found.selected_workflows,
    isDefault: found.default ?? null,
    inherited: found.inherited ?? null,
  },
  raw: rawOf(item),
});

export const runnerGroups = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Runner groups',
  needs: wordsOf(needs.runners),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    listed(
      client,
      {
        path: `${client.org}/actions/runner-groups?per_page=100`,
        need: needs.runners,
        toRecords: (items) => readable(items, (item) => toRunnerGroup(read(RunnerGroup, item, 'a runner group'), item)),
      },
      from,
    ),
});
