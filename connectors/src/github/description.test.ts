import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Runner, RunnerGroup, toRunner, toRunnerGroup } from './actions.ts';
import { AuditEvent, toEvent } from './audit-log.ts';
import { DeployKey } from './deploy-keys.ts';
import { Authorization, Installed, toAuthorization, toInstallation } from './installations.ts';
import { toAccount } from './members.ts';
import { Organization, toOrganization } from './organization.ts';
import { Protection, toBranchProtection } from './protection.ts';
import { Repository, toRepository } from './repositories.ts';
import { Collaborator, CustomRepositoryRole, toCollaboratorGrant, toCustomRepositoryRole } from './roles.ts';
import { Environment, StoredSecret, toEnvironment } from './secrets.ts';
import { User } from './shapes.ts';
import { Team, toTeam, toTeamGrant } from './teams.ts';
import { toWebhook, Webhook } from './webhooks.ts';

const path = join(import.meta.dirname, '../../../../shared/corpora/openapi/github-api.github.com-2022.json');
const isMissing = !existsSync(path);
if (isMissing && process.env.CI === 'true') throw new Error(`GitHub's description is missing: ${path}`);
const reason = isMissing ? ' (skipped: no ../shared/corpora/openapi)' : '';

/** What is used of JSON Schema as GitHub's description has it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const description: unknown = isMissing ? {} : JSON.parse(readFileSync(path, 'utf8'));

const at = (...names: readonly string[]): unknown =>
  names.reduce<unknown>((here, name) => (here === undefined ? here : Reflect.get(Object(here), name)), description);

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolved(at(...schema.$ref.split('/').slice(1)) as Schema); // where it points

/** `least`: only what must be there. `nulls`: null wherever it may stand. `whole`: everything. */
type Way = 'least' | 'nulls' | 'whole';

const example = (given: Schema, way: Way, depth = 0): unknown => {
  const schema = resolved(given);
  if (way === 'nulls' && schema.nullable === true && depth > 0) return null;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => example(part, way, depth)));
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return example(first, way, depth);
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'array') return depth > 6 || !schema.items ? [] : [example(schema.items, way, depth + 1)];
  if (schema.type === 'integer' || schema.type === 'number') return 7;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string') return schema.format === 'date-time' ? '2024-01-01T00:00:00Z' : 'text';
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([name]) => depth <= 6 && (way !== 'least' || schema.required?.includes(name)),
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, example(property, way, depth + 1)]));
};

interface Case {
  readonly route: string;
  read(item: unknown): unknown;
  /** Where the list stands in its answer; empty: the answer is the list, or the thing itself. */
  readonly inside?: string;
}

const of = <S extends z.ZodType>(
  route: string,
  shape: S,
  map: (found: z.output<S>, item: unknown) => unknown,
  inside = '',
): Case => ({ route, inside, read: (item) => map(shape.parse(item), item) });

const repository = { id: 7, full_name: 'a/b', default_branch: 'main' };
const factors = { none: null, weak: null };
const now = new Date();

const cases: readonly Case[] = [
  of('/orgs/{org}', Organization, toOrganization),
  of('/orgs/{org}/members', User, (found, item) => toAccount(found, item, { type: 'user', factors })),
  of('/orgs/{org}/teams', Team, toTeam),
  of('/orgs/{org}/teams/{team_slug}/repos', Repository, (found) => toTeamGrant(Team.parse({ id: 1 }), found)),
  of('/orgs/{org}/repos', Repository, toRepository),
  of('/orgs/{org}/installations', Installed, toInstallation, 'installations'),
  of('/orgs/{org}/credential-authorizations', Authorization, (found, item) =>
    toAuthorization(found, item, new Map(), now),
  ),
  of('/orgs/{org}/hooks', Webhook, (found, item) => toWebhook(found, item, 'organization')),
  of('/repos/{owner}/{repo}/hooks', Webhook, (found, item) => toWebhook(found, item, '7')),
  of('/repos/{owner}/{repo}/keys', DeployKey, (found) => found),
  of('/repos/{owner}/{repo}/collaborators', Collaborator, (found) => toCollaboratorGrant(repository, found)),
  of('/repos/{owner}/{repo}/branches/{branch}/protection', Protection, (protection, item) =>
    toBranchProtection({ repository, protection, rules: [], unavailable: false }, item),
  ),
  of(
    '/repos/{owner}/{repo}/environments',
    Environment,
    (found, item) => toEnvironment(found, item, repository),
    'environments',
  ),
  of('/repos/{owner}/{repo}/actions/secrets', StoredSecret, (found) => found, 'secrets'),
  of('/orgs/{org}/actions/secrets', StoredSecret, (found) => found, 'secrets'),
  of('/orgs/{org}/actions/runners', Runner, toRunner, 'runners'),
  of('/orgs/{org}/actions/runner-groups', RunnerGroup, toRunnerGroup, 'runner_groups'),
  of('/organizations/{organization_id}/custom_roles', CustomRepositoryRole, toCustomRepositoryRole, 'custom_roles'),
  of('/orgs/{org}/audit-log', AuditEvent, toEvent),
];

describe.skipIf(isMissing)(`everything that GitHub's own description allows is read${reason}`, () => {
  test.each(cases.map((one) => [one.route, one] as const))('of %s', (route, { read, inside = '' }) => {
    const schema = at('paths', route, 'get', 'responses', '200', 'content', 'application/json', 'schema');
    expect(schema, 'the route is described').toBeDefined();
    for (const way of ['least', 'nulls', 'whole'] as const) {
      const body = example(schema as Schema, way); // the description is OpenAPI
      const list = inside === '' ? body : Reflect.get(Object(body), inside);
      for (const item of Array.isArray(list) ? list : [list ?? {}]) {
        // Nothing is left out of a list here, so a description that has no such list fails as well; `{}` has no more to say.
        if (way === 'least' && Object.keys(Object(item)).length === 0) continue;
        expect(() => read(item), `${way}: ${JSON.stringify(item).slice(0, 500)}`).not.toThrow();
      }
    }
  });
});
