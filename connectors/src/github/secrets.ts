import { type Credential, empty, type Resource, stream } from '@gatehouse/connector-kit';
import { type Cursor, readable } from '@gatehouse/host';
import { z } from 'zod';
import { type Children, readChildren } from './chain.ts';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId } from './organization.ts';
import { listed } from './reading.ts';
import { perRepository, type Repository, repositoryPath } from './repositories.ts';
import { flag, id, moment, rawOf, read, text, toDate } from './shapes.ts';

const hourMs = 3_600_000;

export const StoredSecret = z.object({
  name: z.string().min(1),
  created_at: moment,
  updated_at: moment,
  visibility: text,
});

/** Where a secret is kept. */
export interface Keeper {
  /** Becomes part of the secret's id: `organization`, `repository` or `environment`, and the number. */
  readonly place: string;
  readonly ownerKind: 'organization' | 'repository';
  readonly ownerId: string;
  readonly resourceId: string;
}

const none = empty('credentials');

/**
 * A secret for workflows: its name and dates. GitHub never tells values. `createdAt` is its last change, which is when
 * the value was made.
 *
 * | attribute | means |
 * |---|---|
 * | visibility | of an organization's: which repositories get it: all, private or selected |
 * | firstCreatedAt | |
 */
export const toStoredSecret = (found: z.output<typeof StoredSecret>, item: unknown, keeper: Keeper): Credential => ({
  ...none,
  id: `secret:${keeper.place}:${found.name}`,
  type: 'stored_secret',
  name: found.name,
  status: 'active',
  ownerKind: keeper.ownerKind,
  ownerId: keeper.ownerId,
  createdAt: toDate(found.updated_at ?? found.created_at),
  resourceId: keeper.resourceId,
  attributes: { visibility: found.visibility ?? null, firstCreatedAt: toDate(found.created_at)?.toISOString() ?? null },
  raw: rawOf(item),
});

const toSecret = (keeper: Keeper) => (item: unknown) =>
  toStoredSecret(read(StoredSecret, item, 'a secret'), item, keeper);

export const organizationSecrets = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Organization secrets',
  needs: wordsOf(needs.organizationSecrets),
  reading: { mode: 'full' },
  everyMs: 6 * hourMs,
  read: async function* (client, from) {
    const keeper = {
      place: organizationId,
      ownerKind: 'organization',
      ownerId: organizationId,
      resourceId: organizationId,
    } as const;
    const path = `${client.org}/actions/secrets?per_page=100`;
    yield* listed(
      client,
      { path, need: needs.organizationSecrets, toRecords: (items) => readable(items, toSecret(keeper)) },
      from,
    );
  },
});

export const repositorySecrets = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Repository secrets',
  needs: wordsOf(needs.secrets),
  reading: { mode: 'full' },
  everyMs: 24 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.secrets,
        async children(repository, link) {
          const path = `${repositoryPath(repository)}/actions/secrets?per_page=100`;
          const keeper = keeperOf(repository, `repository:${repository.id}`);
          return readChildren(await client.page(link ?? path, needs.secrets), toSecret(keeper));
        },
      },
      from,
    ),
});

const keeperOf = (repository: Repository, place: string, resourceId = String(repository.id)): Keeper => ({
  place,
  ownerKind: 'repository',
  ownerId: String(repository.id),
  resourceId,
});

export const Environment = z.object({
  id,
  name: z.string().min(1),
  html_url: text,
  created_at: moment,
  updated_at: moment,
  can_admins_bypass: flag,
  protection_rules: z
    .array(z.object({ type: text, prevent_self_review: flag, reviewers: z.array(z.unknown()).nullish().catch(null) }))
    .nullish()
    .catch(null),
  deployment_branch_policy: z.object({ protected_branches: flag, custom_branch_policies: flag }).nullish().catch(null),
});

/**
 * Where workflows deploy to.
 *
 * | attribute | means |
 * |---|---|
 * | reviewers | how many people or teams must let a deployment pass |
 * | selfReviewPrevented, adminsCanBypass | |
 * | branches | all, protected or custom: from where deployments may come |
 */
export const toEnvironment = (
  found: z.output<typeof Environment>,
  item: unknown,
  repository: Pick<Repository, 'id' | 'full_name'>,
): Resource => {
  const review = found.protection_rules?.find(({ type }) => type === 'required_reviewers');
  const branches = found.deployment_branch_policy;
  return {
    ...noResource,
    id: `environment:${found.id}`,
    type: 'environment',
    name: `${repository.full_name}: ${found.name}`,
    parentId: String(repository.id),
    status: 'enabled',
    createdAt: toDate(found.created_at),
    url: found.html_url ?? null,
    attributes: {
      reviewers: found.protection_rules == null ? null : (review?.reviewers?.length ?? 0),
      selfReviewPrevented: review?.prevent_self_review ?? null,
      adminsCanBypass: found.can_admins_bypass ?? null,
      branches: branches == null ? 'all' : branches.protected_branches ? 'protected' : 'custom',
    },
    raw: rawOf(item),
  };
};

const noResource = empty('resources');

const environmentsOf = async (client: Github, repository: Repository, link: Cursor | null) => {
  const path = `${repositoryPath(repository)}/environments?per_page=100`;
  const toFound = (item: unknown) => ({ environment: read(Environment, item, 'an environment'), item });
  return readChildren(await client.page(link ?? path, needs.actions), toFound);
};

export const environments = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Environments',
  needs: wordsOf(needs.actions),
  reading: { mode: 'full' },
  everyMs: 24 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.actions,
        async children(repository, link) {
          const found = await environmentsOf(client, repository, link);
          const records = found.records.map(({ environment, item }) => toEnvironment(environment, item, repository));
          return { ...found, records };
        },
      },
      from,
    ),
});

export const environmentSecrets = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Environment secrets',
  needs: `${wordsOf(needs.environments)} and ${wordsOf(needs.actions)}`,
  reading: { mode: 'full' },
  everyMs: 24 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      { need: needs.actions, children: (repository, link) => secretsIn(client, repository, link) },
      from,
    ),
});

const secretsIn = async (
  client: Github,
  repository: Repository,
  link: Cursor | null,
): Promise<Children<Credential>> => {
  // An environment that cannot be read is said by the stream of environments.
  const { records: found, next } = await environmentsOf(client, repository, link);
  const records: Credential[] = [];
  const leftOut: string[] = [];
  for (const { environment } of found) {
    const resourceId = `environment:${environment.id}`;
    const path = `${repositoryPath(repository)}/environments/${encodeURIComponent(environment.name)}/secrets?per_page=100`;
    for await (const { items } of client.pages(path, needs.environments)) {
      const secrets = readable(items, toSecret(keeperOf(repository, resourceId, resourceId)));
      records.push(...secrets.items);
      leftOut.push(...secrets.leftOut);
    }
  }
  return { records, leftOut, next };
};
