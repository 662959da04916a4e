import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost } from '@gatehouse/host';
import { type FakeServer, type Reply, reply, startServer } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Absent, createGithub, type Github } from './client.ts';
import { DeployKey, fingerprintOf, toDeployKey } from './deploy-keys.ts';
import { newAppKey } from './fake/keys.ts';
import { Installed, toInstallation } from './installations.ts';
import { toAccount } from './members.ts';
import { needs } from './need.ts';
import { Organization, toOrganization } from './organization.ts';
import { Protection, ProtectionRule, toBranchProtection, toProtection } from './protection.ts';
import { Repository, toRepository } from './repositories.ts';
import { Collaborator, toCollaboratorGrant } from './roles.ts';
import { settings } from './settings.ts';
import { read, User } from './shapes.ts';
import { Team, toTeam, toTeamMembership } from './teams.ts';
import { toWebhook, Webhook } from './webhooks.ts';

const corpora = join(import.meta.dirname, '../../../../shared/corpora/github');
const isMissing = !existsSync(corpora);
if (isMissing && process.env.CI === 'true') throw new Error(`the recordings are missing: ${corpora}`);
/** Skipped where the recordings are missing; the titles say so. */
const whereRecorded = describe.skipIf(isMissing);
const reason = isMissing ? ' (skipped: no ../shared/corpora/github)' : '';

type Item = Record<string, unknown>;

interface Interaction {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly response: unknown;
  readonly headers?: Record<string, string>;
  readonly rawHeaders?: readonly string[];
}

const servers: FakeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

const { privateKey } = newAppKey();

/** The recorded answers over HTTP, below /api/v3; a request that was made twice gets the answers in their order. */
const replay = async (interactions: readonly Interaction[]): Promise<Github> => {
  const answers = new Map<string, Interaction[]>();
  for (const interaction of interactions) {
    if (interaction.method.toLowerCase() !== 'get') continue;
    const path = withoutSlash(interaction.path);
    answers.set(path, [...(answers.get(path) ?? []), interaction]);
  }
  const serve: Reply = (request, response) => {
    const path = withoutSlash(request.url.replace(/^\/api\/v3/, ''));
    if (path.endsWith('/access_tokens')) {
      const body = { token: 'ghs_replayed', expires_at: '2999-01-01T00:00:00Z', permissions: granted };
      return reply.status(201, body)(request, response);
    }
    const queue = answers.get(path) ?? [];
    const found = queue.length > 1 ? queue.shift() : queue[0];
    if (found === undefined) return reply.status(404, { message: 'Not Found' })(request, response);
    const origin = `http://${request.headers.host}/api/v3`;
    const link = headerOf(found, 'link')?.replaceAll('https://api.github.com', origin);
    const limits = Object.fromEntries(
      ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'location'].flatMap((name) => {
        const value = headerOf(found, name);
        return value === undefined ? [] : [[name, String(value).replace('https://api.github.com', origin)]];
      }),
    );
    return reply.status(found.status, found.response, { ...limits, ...(link === undefined ? {} : { link }) })(
      request,
      response,
    );
  };
  const server = await startServer({ '*': serve });
  servers.push(server);
  return clientOf(server.origin);
};

/** Octokit leaves a slash at the end out. */
const withoutSlash = (path: string) => path.replace(/\/$/, '');

const granted = Object.fromEntries(Object.values(needs).map(({ key }) => [key, 'read']));

const clientOf = (origin: string): Github =>
  createGithub(
    settings.parse({
      appId: '1',
      privateKey,
      installationUrl: `${origin}/organizations/octokit-fixture-org/settings/installations/1`,
    }),
    createHost({ signal: new AbortController().signal, attempts: 2, retryMs: 10 }),
  );

const headerOf = ({ headers, rawHeaders = [] }: Interaction, name: string): string | undefined => {
  if (headers !== undefined) return headers[name];
  const at = rawHeaders.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
};

const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const timeOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value * 1_000;
  return typeof value === 'string' ? Date.parse(value) : null;
};

/** Everything that is not hypermedia stands in `raw`. */
const expectNothingLost = (raw: unknown, item: Item): void => {
  expect(isObject(raw)).toBe(true);
  for (const [name, value] of Object.entries(item)) {
    if (name === 'url' || name === '_links' || (name.endsWith('_url') && name !== 'html_url')) continue;
    if (typeof value === 'object' && value !== null) continue;
    expect((raw as Item)[name], name).toEqual(name === 'temp_clone_token' && value ? '[secret]' : value);
  }
};

const checkUser = (item: Item): void => {
  const factors = { none: new Set<number>(), weak: null };
  const account = toAccount(read(User, item, 'user'), item, { type: 'user', factors });
  expect(account).toMatchObject({ id: String(item.id), login: item.login, mfa: null, status: 'enabled' });
  expect(account.type).toBe(item.type === 'Bot' ? 'bot' : 'user');
  expect(account.email).toBe(typeof item.email === 'string' && item.email !== '' ? item.email.toLowerCase() : null);
  expectNothingLost(account.raw, item);
};

const checkOrganization = (item: Item): void => {
  const found = toOrganization(read(Organization, item, 'organization'), item);
  expect(found).toMatchObject({ type: 'organization', description: item.description ?? null });
  expect(found.name).toBe(item.name ?? item.login);
  expect((found.attributes as Item).login).toBe(item.login);
  expect(found.createdAt?.getTime() ?? null).toBe(item.created_at === undefined ? null : timeOf(item.created_at));
};

const checkRepository = (item: Item): void => {
  const found = toRepository(read(Repository, item, 'repository'), item);
  expect(found.id).toBe(String(item.id));
  expect(found.name?.endsWith(String(item.name))).toBe(true);
  if (item.full_name !== undefined) expect(found.name).toBe(item.full_name);
  const visibility = item.visibility ?? (item.private === undefined ? null : item.private ? 'private' : 'public');
  expect(found.exposure).toBe(visibility === 'public' ? 'internet' : visibility);
  expect(found.status).toBe(item.archived || item.disabled ? 'disabled' : 'enabled');
  expect(found.createdAt?.getTime() ?? null).toBe(timeOf(item.created_at));
  expect(found.lastActivityAt?.getTime() ?? null).toBe(timeOf(item.pushed_at));
  expect(found.attributes).toMatchObject({ defaultBranch: item.default_branch ?? null, fork: item.fork ?? null });
  expectNothingLost(found.raw, item);
};

const checkTeam = (item: Item): void => {
  const found = toTeam(read(Team, item, 'team'), item);
  const parent = isObject(item.parent) ? String(item.parent.id) : null;
  expect(found).toMatchObject({
    id: String(item.id),
    name: item.name,
    description: item.description ?? null,
    parentId: parent,
  });
  expect((found.attributes as Item).slug).toBe(item.slug ?? null);
  expectNothingLost(found.raw, item);
};

const checkInstallation = (item: Item): void => {
  const found = toInstallation(read(Installed, item, 'installation'), item);
  const permissions = isObject(item.permissions) ? item.permissions : {};
  expect(found.id).toBe(`installation:${item.id}`);
  expect(found.scopes).toEqual(Object.entries(permissions).map(([name, access]) => `${name}:${access}`));
  expect(found.status).toBe(item.suspended_at ? 'inactive' : 'active');
  expect(found.createdAt?.getTime() ?? null).toBe(timeOf(item.created_at));
  expect(found.attributes).toMatchObject({
    appId: item.app_id ?? null,
    repositorySelection: item.repository_selection ?? null,
  });
};

const checkDeployKey = async (item: Item): Promise<void> => {
  const key = read(DeployKey, item, 'deploy key');
  const found = toDeployKey(key, item, { id: 7 }, await fingerprintOf(key.key));
  expect(found).toMatchObject({
    id: `deploy-key:${item.id}`,
    name: item.title,
    scopes: [item.read_only ? 'read' : 'write'],
  });
  expect(found.createdAt?.getTime()).toBe(timeOf(item.created_at));
  expect(found.fingerprint).toMatch(/^SHA256:/);
};

const checkProtectionRule = (item: Item): void => {
  const rule = read(ProtectionRule, item, 'rule');
  const facts = { repository: { id: 7, full_name: 'a/b', default_branch: rule.name }, rules: [], unavailable: false };
  const found = toBranchProtection({ ...facts, protection: toProtection(rule) }, item);
  const on = item.pull_request_reviews_enforcement_level !== 'off';
  expect(found.settings).toMatchObject({
    branch: item.name,
    protected: true,
    enforceAdmins: item.admin_enforced,
    pullRequestRequired: on,
    requiredApprovals: on ? item.required_approving_review_count : null,
    forcePushAllowed: item.allow_force_pushes_enforcement_level !== 'off',
    deletionAllowed: item.allow_deletions_enforcement_level !== 'off',
    statusChecks: item.required_status_checks_enforcement_level === 'off' ? [] : item.required_status_checks,
  });
};

const checkProtection = (item: Item): void => {
  const protection = read(Protection, item, 'protection');
  const facts = { repository: { id: 7, full_name: 'a/b', default_branch: 'main' }, rules: [], unavailable: false };
  const { settings: found } = toBranchProtection({ ...facts, protection }, item);
  const restrictions = isObject(item.restrictions) ? item.restrictions : null;
  const users = restrictions === null ? null : (restrictions.users as Item[]).map(({ login }) => `user:${login}`);
  const names = (found as Item).pushRestrictedTo as string[] | null;
  expect(names?.filter((name) => name.startsWith('user:')) ?? null).toEqual(users);
  expect(found).toMatchObject({
    protected: true,
    classic: true,
    enforceAdmins: (item.enforce_admins as Item).enabled,
    pullRequestRequired: item.required_pull_request_reviews !== undefined,
    requiredApprovals:
      (item.required_pull_request_reviews as Item | undefined)?.required_approving_review_count ?? null,
    forcePushAllowed: (item.allow_force_pushes as Item).enabled,
    deletionAllowed: (item.allow_deletions as Item).enabled,
    statusChecks: (item.required_status_checks as Item | undefined)?.contexts ?? [],
  });
};

const checkHook = (item: Item): void => {
  const found = toWebhook(read(Webhook, item, 'webhook'), item, 'organization');
  const config = item.config as Item;
  expect(found.id).toBe(`webhook:${item.id}`);
  expect(found.url).toBe(typeof config.url === 'string' ? new URL(config.url).origin : null);
  expect(found.attributes).toMatchObject({ events: item.events, hasSecret: Boolean(config.secret) });
};

const counts = new Map<string, number>();
const counted = (kind: string) => void counts.set(kind, (counts.get(kind) ?? 0) + 1);

/** Checks every object of a kind that streams read, wherever it stands. */
const checkAll = (value: unknown, name: string): void => {
  if (Array.isArray(value)) {
    for (const item of value) checkAll(item, name);
    return;
  }
  if (!isObject(value)) return;
  const isRepository =
    ('full_name' in value || name === 'repo' || name === 'repositories') && 'id' in value && 'name' in value;
  if ('login' in value && 'id' in value) {
    if (name === 'organization' || 'hooks_url' in value) {
      counted('organization');
      checkOrganization(value);
    } else {
      counted('user');
      checkUser(value);
    }
  } else if (isRepository) {
    counted('repository');
    checkRepository(value);
  } else if (
    (name === 'team' || name === 'parent' || name === 'teams' || name === 'requested_teams') &&
    'slug' in value
  ) {
    counted('team');
    checkTeam(value);
  } else if (name === 'installation' && typeof value.id === 'number') {
    counted('installation');
    checkInstallation(value);
  } else if (name === 'hook' && 'config' in value) {
    counted('hook');
    checkHook(value);
  } else if ('enforce_admins' in value) {
    counted('protection');
    checkProtection(value);
  }
  for (const [key, member] of Object.entries(value)) checkAll(member, key);
};

const filesIn = (folder: string): string[] =>
  isMissing
    ? []
    : readdirSync(join(corpora, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.json'),
      );

const parse = (path: string): unknown => JSON.parse(readFileSync(join(corpora, path), 'utf8'));

whereRecorded(`recorded answers of the API${reason}`, () => {
  test.each(filesIn('rest-recordings'))('%s is read through the client without a loss', async (file) => {
    const interactions = parse(join('rest-recordings', file)) as Interaction[];
    const client = await replay(interactions);
    for (const { method, path, status, response, ...rest } of interactions) {
      if (status < 400) checkAll(response, '');
      if (method.toLowerCase() !== 'get' || typeof response !== 'object') continue;
      if (status === 404) {
        await expect(client.get(path, needs.repositoryAdministration)).rejects.toBeInstanceOf(Absent);
      } else if (status === 301) {
        await expect(client.get(path, needs.metadata)).rejects.toMatchObject({ kind: 'misconfigured' });
      } else if (Array.isArray(response)) {
        const page = await client.page(path, needs.metadata);
        expect(page.items).toEqual(response);
        const link = headerOf({ method, path, status, response, ...rest }, 'link');
        const next = /<https:\/\/api\.github\.com([^>]+)>; rel="next"/.exec(link ?? '')?.[1] ?? null;
        expect(page.next).toBe(next);
        if (path.includes('/collaborators')) {
          for (const item of page.items) {
            const grant = toCollaboratorGrant({ id: 7, full_name: 'a/b' }, read(Collaborator, item, path));
            const raw = item as { id: number; role_name?: string; permissions: { admin: boolean; push: boolean } };
            expect(grant).toMatchObject({ principalId: String(raw.id), resourceId: '7' });
            expect(grant.roleId).toBe(
              `repository-role:${raw.role_name ?? (raw.permissions.admin ? 'admin' : raw.permissions.push ? 'write' : 'read')}`,
            );
            if (raw.permissions.admin) expect(grant.privilege).toBe('high');
          }
        }
      } else {
        expect(await client.get(path, needs.metadata)).toEqual(response);
      }
    }
  });

  test('a list is followed from link to link to its end', async () => {
    const file = filesIn('rest-recordings').find((name) => name.includes('paginate-issues/normalized'));
    const interactions = parse(join('rest-recordings', file ?? '')) as Interaction[];
    const client = await replay(interactions);
    const lists = interactions.filter(({ method, response }) => method === 'get' && Array.isArray(response));
    const seen: unknown[] = [];
    for await (const { items } of client.pages(lists[0]?.path ?? '', needs.metadata)) seen.push(...items);
    expect(seen).toEqual(lists.flatMap(({ response }) => response as unknown[]));
    expect(seen.length).toBeGreaterThan(10);
  });
});

whereRecorded(`webhook payloads${reason}`, () => {
  test('hold organizations, users, teams, repositories, installations and hooks that are all read without a loss', () => {
    const files = filesIn('webhook-payloads');
    expect(files.length).toBeGreaterThan(200);
    counts.clear();
    for (const file of files) {
      try {
        checkAll(parse(join('webhook-payloads', file)), '');
      } catch (error) {
        throw new Error(`in ${file}`, { cause: error });
      }
    }
    for (const [kind, least] of [
      ['user', 800],
      ['organization', 100],
      ['repository', 250],
      ['team', 10],
      ['installation', 50],
      ['hook', 2],
    ] as const) {
      expect(counts.get(kind) ?? 0, kind).toBeGreaterThanOrEqual(least);
    }
  });

  test.each(filesIn('webhook-payloads/deploy_key'))('the deploy key of %s', async (file) => {
    await checkDeployKey((parse(join('webhook-payloads/deploy_key', file)) as { key: Item }).key);
  });

  test.each(filesIn('webhook-payloads/branch_protection_rule'))('the branch protection of %s', (file) => {
    checkProtectionRule((parse(join('webhook-payloads/branch_protection_rule', file)) as { rule: Item }).rule);
  });

  test.each(filesIn('webhook-payloads/membership'))('the membership of %s', (file) => {
    const { member, team } = parse(join('webhook-payloads/membership', file)) as { member: Item; team: Item };
    const membership = toTeamMembership(read(Team, team, 'team').id, read(User, member, 'member'), 'member', 'direct');
    expect(membership).toMatchObject({
      id: `${team.id}/${member.id}`,
      groupId: String(team.id),
      memberId: String(member.id),
    });
    checkTeam(team);
  });
});
