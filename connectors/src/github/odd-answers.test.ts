import type { Cursor, Page } from '@gatehouse/host';
import { type Reply, reply } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { auditLog } from './audit-log.ts';
import { check } from './check.ts';
import type { Github } from './client.ts';
import { deployKeys } from './deploy-keys.ts';
import { clientOf, closeClients } from './fake/client.ts';
import { installations } from './installations.ts';
import { members, organizationMemberships } from './members.ts';
import { needs } from './need.ts';
import { BranchRule, branchProtection, Protection, toBranchProtection } from './protection.ts';
import { repositories } from './repositories.ts';
import { rulesets } from './rulesets.ts';
import { read, User } from './shapes.ts';
import { teamMemberships, teamRepositories } from './teams.ts';

afterEach(closeClients);

const everything = Object.fromEntries(Object.values(needs).map(({ key }) => [key, 'read']));

/** Answers by path, without what stands before it on an Enterprise Server; anything else is GitHub's 404. */
const answers =
  (byPath: Readonly<Record<string, Reply>>): Reply =>
  (request, response) => {
    const path = (request.url.split('?')[0] ?? '').replace(/^\/api\/v3/, '');
    return (byPath[path] ?? reply.status(404, { message: 'Not Found' }))(request, response);
  };

interface Readable {
  read(client: Github, from: Cursor | null): AsyncIterable<Page<{ readonly id: string }>>;
}

const readAll = async (stream: Readable, byPath: Readonly<Record<string, Reply>>) => {
  const { client, server, clock } = await clientOf(answers(byPath), everything);
  const pages: Page<{ readonly id: string }>[] = [];
  for await (const page of stream.read(client, null)) pages.push(page);
  return {
    ...{ client, server, clock, pages },
    records: pages.flatMap(({ records }) => records),
    leftOut: pages.flatMap(({ leftOut = [] }) => leftOut),
  };
};

const person = (id: unknown, login: unknown = `p${String(id)}`) => ({ id, login, node_id: 'n', type: 'User' });

describe('an odd item', () => {
  test('of a list is left out and counted, and the others are read', async () => {
    const list = [{ id: 1, app_slug: 'ci' }, null, { id: null, app_slug: 'odd' }, { id: '4', app_slug: 'text' }];
    const { records, leftOut } = await readAll(installations, {
      '/orgs/acme/installations': reply.json({ total_count: 4, installations: list }),
    });
    expect(records.map(({ id }) => id)).toEqual(['installation:1', 'installation:4']);
    expect(leftOut).toHaveLength(2);
    expect(leftOut[1]).toContain('id');
  });

  test('below a repository costs neither its siblings nor the other repositories', async () => {
    const { records, leftOut } = await readAll(deployKeys, {
      '/orgs/acme/repos': reply.json([
        { id: 7, name: 'a', full_name: 'acme/a' },
        null,
        { id: '8', full_name: 'acme/b' },
      ]),
      '/repos/acme/a/keys': reply.json([{ id: 1, title: 'x' }, { title: 'without a number' }]),
      '/repos/acme/b/keys': reply.json([{ id: 2, title: 7 }]),
    });
    expect(records).toMatchObject([{ id: 'deploy-key:1' }, { id: 'deploy-key:2', name: '7', resourceId: '8' }]);
    expect(leftOut).toHaveLength(1);
  });

  test('that is the whole answer about one repository is said, and costs no other repository', async () => {
    const repository = (id: number) => ({ id, name: `r${id}`, full_name: `acme/r${id}`, default_branch: 'main' });
    const path = (id: number) => `/repos/acme/r${id}/branches/main/protection`;
    const { records, leftOut } = await readAll(branchProtection, {
      '/orgs/acme/repos': reply.json([1, 2, 3].map(repository)),
      [path(1)]: reply.json({ strange: true }),
      [path(2)]: reply.json({ url: 'https://api.github.com/protection' }),
      [path(3)]: reply.json({ enforce_admins: { url: 'x', enabled: true } }),
    });
    expect(records).toMatchObject([{ targets: ['2'] }, { targets: ['3'], settings: { enforceAdmins: true } }]);
    expect(leftOut).toHaveLength(1);
  });

  test('with a name that is missing keeps its record, by its number', async () => {
    const list = [person(1), person('2', null), person(3, '')];
    const path = '/orgs/acme/members';
    const role: Reply = (request, response) =>
      reply.json(request.url.includes('role=member') ? list : [])(request, response);
    const memberships = await readAll(organizationMemberships, { [path]: role });
    expect(memberships.records.map(({ id }) => id)).toEqual(['organization/1', 'organization/2', 'organization/3']);
    const found = await readAll(repositories, { '/orgs/acme/repos': reply.json([{ id: 9, private: true }]) });
    expect(found.records).toMatchObject([{ id: '9', name: '9', exposure: 'private' }]);
    expect(read(User, person(5, 12), 'a member')).toMatchObject({ id: 5, login: '12' });
  });

  test('inside of a restriction does not make it look like none', () => {
    const protection = read(
      Protection,
      {
        restrictions: { users: [person('1', 'ada'), null], teams: null, apps: [{ id: {}, slug: 'bot' }] },
        required_status_checks: { strict: 'true', checks: [{ context: 'build', app_id: null }] },
      },
      'protection',
    );
    const repository = { id: 7, full_name: 'acme/a', default_branch: 'main' };
    const facts = { repository, protection, rules: [], unavailable: false };
    expect(toBranchProtection(facts, {}).settings).toMatchObject({
      pushRestrictedTo: ['user:ada', 'app:bot'],
      statusChecks: ['build'],
    });
  });
});

describe('the protection of a branch', () => {
  const repository = { id: 7, full_name: 'acme/a', default_branch: 'main' };
  const classic = read(Protection, { enforce_admins: { enabled: true }, allow_force_pushes: { enabled: true } }, 'x');
  const settingsOf = (facts: Pick<Parameters<typeof toBranchProtection>[0], 'protection' | 'rules'>) =>
    toBranchProtection({ repository, unavailable: false, ...facts }, {}).settings;

  test('by rules that could not be read is unknown, not missing', () => {
    expect(settingsOf({ protection: classic, rules: null })).toMatchObject({
      ...{ protected: true, pullRequestRequired: null, signaturesRequired: null, linearHistoryRequired: null },
      ...{ forcePushAllowed: null, rules: null },
    });
    expect(settingsOf({ protection: classic, rules: [] })).toMatchObject({
      ...{ pullRequestRequired: false, signaturesRequired: false, forcePushAllowed: true, rules: [] },
    });
  });

  test('by several rules of a kind is that of the strictest', () => {
    const rule = (count: number, isStrict: boolean) =>
      read(
        BranchRule,
        {
          type: 'pull_request',
          parameters: { required_approving_review_count: count, require_last_push_approval: isStrict },
        },
        'x',
      );
    expect(settingsOf({ protection: null, rules: [rule(2, true), rule(0, false)] })).toMatchObject({
      ...{ requiredApprovals: 2, lastPushApprovalRequired: true },
    });
  });

  test('is none on a server that has no rules yet', async () => {
    const { records } = await readAll(branchProtection, {
      '/orgs/acme/repos': reply.json([{ id: 7, name: 'a', full_name: 'acme/a', default_branch: 'main' }]),
    });
    expect(records).toMatchObject([{ status: 'disabled', settings: { protected: false, rules: [] } }]);
  });
});

test.each([
  ['team-memberships', teamMemberships, '/members'],
  ['team-repositories', teamRepositories, '/repos'],
] as const)(
  'a team that is renamed between its list and its turn is read under its new name: %s',
  async (_, stream, below) => {
    let isRenamed = false;
    const team = () => ({ id: 5, slug: isRenamed ? 'new' : 'old', name: 'Team' });
    const listed: Reply = (request, response) => reply.json([team(), { id: 6, slug: 'gone' }])(request, response);
    const old: Reply = (request, response) => {
      isRenamed = true;
      return reply.status(404, { message: 'Not Found' })(request, response);
    };
    const { records } = await readAll(stream, {
      '/orgs/acme/teams': listed,
      [`/orgs/acme/teams/old${below}`]: old,
      [`/orgs/acme/teams/new${below}`]: (request, response) =>
        reply.json(request.url.includes('role=maintainer') ? [] : [{ ...person(9), full_name: 'acme/x' }])(
          request,
          response,
        ),
    });
    expect(records.map(({ id }) => id)).toEqual(['5/9']);
  },
);

test('a bot has no second factor to be told of', async () => {
  const bot = { ...person(1, 'ci[bot]'), type: 'Bot' };
  const list: Reply = (request, response) =>
    reply.json(request.url.includes('role=member') ? [bot, person(2)] : [])(request, response);
  const { records } = await readAll(members, { '/orgs/acme/members': list });
  expect(records).toMatchObject([
    { type: 'bot', mfa: null },
    { type: 'user', mfa: 'strong' },
  ]);
});

test('what the plan does not have for one repository is none there, and the other repositories are read', async () => {
  const upgrade = 'Upgrade to GitHub Pro or make this repository public to enable this feature.';
  const rule = { id: 3, name: 'main', enforcement: 'active', source_type: 'Repository' };
  const { records } = await readAll(rulesets, {
    '/orgs/acme/repos': reply.json([
      { id: 1, name: 'private', full_name: 'acme/private', private: true },
      { id: 2, name: 'public', full_name: 'acme/public', private: false },
    ]),
    '/repos/acme/private/rulesets': reply.status(403, { message: upgrade }),
    '/repos/acme/public/rulesets': reply.json([rule]),
    '/repos/acme/public/rulesets/3': reply.json(rule),
  });
  expect(records.map(({ id }) => id)).toEqual(['ruleset:3']);
});

test('a server that does not know the filter for weak second factors does not make everybody’s weak', async () => {
  const everyone = [person(1), person(2)];
  const list =
    (weak: readonly unknown[]): Reply =>
    (request, response) => {
      const filter = new URL(request.url, 'http://x').searchParams.get('filter');
      const role = new URL(request.url, 'http://x').searchParams.get('role');
      const items = filter === '2fa_disabled' || role === 'admin' ? [] : filter === '2fa_insecure' ? weak : everyone;
      return reply.json(items)(request, response);
    };
  const unknown = await readAll(members, { '/orgs/acme/members': list(everyone) });
  expect(unknown.records).toMatchObject([{ mfa: null }, { mfa: null }]);
  const known = await readAll(members, { '/orgs/acme/members': list([person(2)]) });
  expect(known.records).toMatchObject([{ mfa: 'strong' }, { mfa: 'weak' }]);
});

test('an event of the future does not hide what happens until then', async () => {
  const events = [
    { _document_id: 'a', action: 'org.add_member', '@timestamp': Date.parse('2099-01-01T00:00:00Z') },
    { _document_id: 'b', action: 'org.add_member', actor_id: '12', '@timestamp': String(Date.now() - 60_000) },
  ];
  const { pages, clock, records } = await readAll(auditLog, { '/orgs/acme/audit-log': reply.json(events) });
  const [untilMs] = JSON.parse(pages.at(-1)?.cursor ?? '[]') as [number];
  expect(untilMs).toBeLessThanOrEqual(clock.now().getTime());
  expect(records).toMatchObject([{ id: 'a' }, { id: 'b', actorId: '12' }]);
});

describe('the check of a connection', () => {
  const organization = { id: 1, login: 'acme' };
  const installed = { id: '1', account: { login: 'acme', type: 'Organization' }, permissions: everything };
  const good = {
    '/app': reply.json({ id: '5', slug: 'gatehouse' }),
    '/app/installations/1': reply.json(installed),
    '/orgs/acme': reply.json(organization),
    '/orgs/acme/members': reply.json([]),
    '/orgs/acme/audit-log': reply.json([]),
  };
  const far = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 3_000) };

  test.each([
    ['has used up its limit', reply.status(403, { message: 'API rate limit exceeded' }, far)],
    ['is broken', reply.status(500, { message: 'Server Error' })],
    ['answers with a web page', reply.html()],
  ])('passes where only the audit log %s: that is its stream’s trouble', async (_, answer) => {
    const { client } = await clientOf(answers({ ...good, '/orgs/acme/audit-log': answer }), everything);
    expect((await check(client)).map(({ code }) => code)).toEqual([]);
  });

  test('passes where only GraphQL has used up its limit', async () => {
    const graphql: Reply = reply.status(403, { message: 'API rate limit exceeded' }, far);
    const { client } = await clientOf(
      (request, response) => (request.url === '/api/graphql' ? graphql : answers(good))(request, response),
      everything,
    );
    expect((await check(client)).map(({ code }) => code)).toEqual([]);
  });

  test('fails where the limit of everything is used up', async () => {
    const limit = reply.status(403, { message: 'API rate limit exceeded' }, far);
    const { client } = await clientOf(answers({ ...good, '/orgs/acme': limit }), everything);
    await expect(check(client)).rejects.toMatchObject({ kind: 'throttled' });
  });
});

test('permissions of a token of which one is odd are known all the same', async () => {
  const { client } = await clientOf(reply.json([]), { members: 'read', odd: null as unknown as string }); // as no type has it
  expect((await client.granted()).permissions).toEqual({ members: 'read' });
});
