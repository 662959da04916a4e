import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, readable, statusOf } from '@gatehouse/host';
import { z } from 'zod';
import { type Children, chained } from './chain.ts';
import type { Github } from './client.ts';
import { type Need, needs, wordsOf } from './need.ts';
import { organizationId } from './organization.ts';
import { listed } from './reading.ts';
import { amount, feature, flag, id, may, moment, rawOf, read, text, texts, toDate } from './shapes.ts';

const Answered = z.object({
  id,
  name: text,
  full_name: text,
  owner: z.object({ login: text }).nullish().catch(null),
  private: flag,
  visibility: text,
  description: text,
  html_url: text,
  fork: flag,
  archived: flag,
  disabled: flag,
  is_template: flag,
  default_branch: text,
  size: amount,
  allow_forking: flag,
  web_commit_signoff_required: flag,
  has_pages: flag,
  topics: texts,
  created_at: moment,
  pushed_at: moment,
  role_name: text,
  permissions: may,
  security_and_analysis: z
    .object({
      advanced_security: feature,
      secret_scanning: feature,
      secret_scanning_push_protection: feature,
      secret_scanning_non_provider_patterns: feature,
      dependabot_security_updates: feature,
    })
    .nullish()
    .catch(null),
});

/** `full_name` is `acme/payments`; short answers leave it out, and sometimes the owner too. The number is there always. */
export const Repository = Answered.transform((found) => {
  const { id, full_name, owner } = found;
  const name = found.name || String(id);
  // Written into the object just made by the parser: copying thirty properties takes as long as parsing them.
  return Object.assign(found, { full_name: full_name || (owner?.login ? `${owner.login}/${name}` : name) });
});
export type Repository = z.output<typeof Repository>;

/**
 * | attribute | means |
 * |---|---|
 * | visibility | public, internal, private |
 * | archived, disabled, fork, isTemplate, hasPages, allowForking, webCommitSignoffRequired | |
 * | isEmpty | it has no commits, so no default branch yet |
 * | defaultBranch, topics | |
 * | advancedSecurity, secretScanning, secretScanningPushProtection, secretScanningOtherPatterns, dependabotSecurityUpdates | on, off, or null where GitHub does not tell (G10) |
 */
export const toRepository = (found: Repository, item: unknown): Resource => {
  const visibility = found.visibility ?? (found.private == null ? null : found.private ? 'private' : 'public');
  const security = found.security_and_analysis;
  return {
    ...noResource,
    id: String(found.id),
    type: 'repository',
    name: found.full_name,
    description: found.description ?? null,
    parentId: organizationId,
    status: found.archived || found.disabled ? 'disabled' : 'enabled',
    exposure:
      visibility === 'public'
        ? 'internet'
        : visibility === 'internal'
          ? 'internal'
          : visibility === 'private'
            ? 'private'
            : null,
    createdAt: toDate(found.created_at),
    lastActivityAt: toDate(found.pushed_at),
    url: found.html_url ?? null,
    attributes: {
      visibility,
      archived: found.archived ?? null,
      disabled: found.disabled ?? null,
      fork: found.fork ?? null,
      isTemplate: found.is_template ?? null,
      isEmpty: found.size == null ? null : found.size === 0 && found.pushed_at == null,
      hasPages: found.has_pages ?? null,
      allowForking: found.allow_forking ?? null,
      webCommitSignoffRequired: found.web_commit_signoff_required ?? null,
      defaultBranch: found.default_branch ?? null,
      topics: found.topics,
      advancedSecurity: security?.advanced_security ?? null,
      secretScanning: security?.secret_scanning ?? null,
      secretScanningPushProtection: security?.secret_scanning_push_protection ?? null,
      secretScanningOtherPatterns: security?.secret_scanning_non_provider_patterns ?? null,
      dependabotSecurityUpdates: security?.dependabot_security_updates ?? null,
    },
    raw: rawOf(item, secretOfRepository),
  };
};

const noResource = empty('resources');
const secretOfRepository = new Set(['temp_clone_token']);

export const repositories = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Repositories',
  needs: wordsOf(needs.metadata),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) =>
    listed(
      client,
      {
        path: repositoriesOf(client),
        need: needs.metadata,
        toRecords: (items) => readable(items, (item) => toRepository(read(Repository, item, 'a repository'), item)),
      },
      from,
    ),
  probe: async (client) => void (await client.page(`${client.org}/repos?per_page=1`, needs.metadata)),
});

/**
 * An app on selected repositories is shown the public ones too, but may not look into them. Oldest first, so that
 * repositories made during a read come at the end and none is passed over.
 */
const repositoriesOf = async (client: Github): Promise<string> => {
  const { repositorySelection } = await client.granted();
  return repositorySelection === 'selected'
    ? '/installation/repositories?per_page=100'
    : `${client.org}/repos?type=all&sort=created&direction=asc&per_page=100`;
};

/** What is read once for each repository. Disabled ones refuse everything and are left out. */
export const perRepository = <T>(
  client: Github,
  of: {
    need: Need;
    /** Leaves out repositories for which there is nothing to read. */
    concerns?(repository: Repository): boolean;
    children(repository: Repository, link: Cursor | null): Promise<Children<T>>;
  },
  from: Cursor | null,
): AsyncIterable<Page<T>> =>
  chained(
    client,
    {
      path: repositoriesOf(client),
      need: of.need,
      parent(item) {
        const repository = read(Repository, item, 'a repository');
        return repository.disabled || of.concerns?.(repository) === false ? null : repository;
      },
      idOf: (repository) => String(repository.id),
      children: async (repository, link) => {
        try {
          return await of.children(repository, link);
        } catch (error) {
          if (!isMoved(error)) throw error;
          const renamed = await findAgain(client, repository, of.need);
          return renamed === null ? { records: [], next: null } : await of.children(renamed, null);
        }
      },
    },
    from,
  );

/** GitHub redirects from the former name of a repository; the host follows no redirect. */
const isMoved = (error: unknown): boolean => [301, 302, 307, 308].includes(statusOf(error) ?? 0);

/** A repository that was renamed while its list was read, by its number; null when it belongs to somebody else now. */
const findAgain = async (client: Github, { id }: Repository, need: Need): Promise<Repository | null> => {
  const found = read(Repository, await client.get(`/repositories/${id}`, need), 'a repository');
  const [owner = ''] = found.full_name.split('/');
  return owner.toLowerCase() === client.installation.organization.toLowerCase() ? found : null;
};

/** `/repos/acme/payments`: by its name, because a path by number is not documented everywhere. */
export const repositoryPath = ({ full_name }: Repository): string =>
  `/repos/${full_name.split('/').map(encodeURIComponent).join('/')}`;
