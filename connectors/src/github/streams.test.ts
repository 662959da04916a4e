import type { Account, Credential, Event, Grant, Membership, Policy, Resource, Role } from '@gatehouse/connector-kit';
import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { newAppKey } from './fake/keys.ts';
import type { GithubOrganisation } from './fake/organization.ts';
import { type FakeGithub, fakeGithub, smallOrganisation } from './fake.ts';
import { github } from './github.ts';

const { privateKey } = newAppKey();
const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.close()));
});

const start = async (more: Partial<GithubOrganisation> = {}): Promise<{ fake: FakeGithub; origin: string }> => {
  const fake = fakeGithub({ ...smallOrganisation(), ...more }, { privateKey });
  const { origin, close } = await fake.start();
  running.push({ close });
  return { fake, origin };
};

/** What a run of one stream leaves behind, by id. */
const read = async <T>(
  stream: string,
  more: Partial<GithubOrganisation> = {},
  prepare?: (fake: FakeGithub) => void,
) => {
  const { fake, origin } = await start(more);
  prepare?.(fake);
  const store = createMemoryStore();
  const clock = createTestClock();
  const host = createHost({ signal: new AbortController().signal, clock });
  const outcome = await runStreams({
    connector: github,
    settings: fake.settings(origin),
    host,
    store,
    streams: [stream],
  });
  const [only] = outcome.streams;
  return { records: store.records(stream) as unknown as ReadonlyMap<string, T>, outcome, only, fake, clock };
};

describe('accounts', () => {
  test('carry the second factor, the e-mail at the organization’s domain and the identities elsewhere', async () => {
    const { records } = await read<Account>('members');
    expect(records.get('1')).toMatchObject({
      type: 'user',
      login: 'ada',
      displayName: 'Ada Byron',
      email: 'ada@acme.example',
      emails: ['ada@acme.example', 'ada@home.example'],
      status: 'enabled',
      mfa: 'strong',
      externalIds: ['saml-nameid:ada@acme.example', 'scim:ada@acme.example', 'scim-id:7f0a1c9e-0001'],
    });
    expect(records.get('2')).toMatchObject({ mfa: 'none', email: null, externalIds: [] });
    expect(records.get('3')).toMatchObject({ mfa: 'weak' });
    expect(records.get('5')).toMatchObject({ type: 'bot' });
    expect(records.size).toBe(5);
  });

  test('have an unknown second factor where GitHub refuses to tell, never a missing one', async () => {
    const { records, only } = await read<Account>('members', { tellsSecondFactors: false });
    expect(only?.state).toBe('done');
    expect([...records.values()].map(({ mfa }) => mfa)).toEqual([null, null, null, null, null]);
  });

  test('of outside collaborators are guests', async () => {
    const { records } = await read<Account>('outside-collaborators');
    expect([...records.values()]).toMatchObject([{ id: '6', login: 'eve-contractor', type: 'guest', mfa: 'none' }]);
  });
});

describe('groups', () => {
  test('know the team above and the organization of everyone', async () => {
    const { records } = await read<{ parentId: string; type: string }>('teams');
    expect(records.get('102')).toMatchObject({ type: 'team', parentId: '101' });
    expect(records.get('organization')).toMatchObject({ type: 'organization' });
  });

  test('tell direct members of nested ones, and put the lower team into the upper one', async () => {
    const { records } = await read<Membership>('team-memberships');
    expect(records.get('101/1')).toMatchObject({ role: 'maintainer', via: 'direct', memberKind: 'account' });
    expect(records.get('101/2')).toMatchObject({ role: 'member', via: 'direct' });
    expect(records.get('101/4')).toMatchObject({ role: 'member', via: 'nested' });
    expect(records.get('102/3')).toMatchObject({ role: 'maintainer', via: 'direct' });
    expect(records.get('101/team:102')).toMatchObject({ memberKind: 'group', memberId: '102', via: 'nested' });
  });
});

describe('privilege', () => {
  test('is highest for owners and for the base permission admin, and that of the base permission for everyone', async () => {
    const { records } = await read<Grant>('organization-grants');
    expect(records.get('owner/2')).toMatchObject({
      principalId: '2',
      roleId: 'organization-role:owner',
      privilege: 'highest',
    });
    expect(records.get('base/repositories')).toMatchObject({
      principalKind: 'group',
      principalId: 'organization',
      roleId: 'repository-role:write',
      privilege: 'moderate',
      via: 'default',
    });
    const admin = await read<Grant>('organization-grants', { settings: { default_repository_permission: 'admin' } });
    expect(admin.records.get('base/repositories')).toMatchObject({ privilege: 'highest' });
    const none = await read<Grant>('organization-grants', { settings: { default_repository_permission: 'none' } });
    expect(none.records.has('base/repositories')).toBe(false);
  });

  test('of collaborators and teams is that of their role on the repository', async () => {
    const direct = await read<Grant>('collaborators');
    expect(direct.records.get('1001/6')).toMatchObject({
      privilege: 'high',
      roleId: 'repository-role:admin',
      resourceId: '1001',
    });
    expect(direct.records.get('1002/4')).toMatchObject({ privilege: 'moderate', roleId: 'repository-role:maintain' });
    const teams = await read<Grant>('team-repositories');
    expect(teams.records.get('101/1002')).toMatchObject({
      principalKind: 'group',
      principalId: '101',
      privilege: 'high',
    });
    expect(teams.records.get('102/1001')).toMatchObject({ roleId: 'repository-role:deployer', privilege: 'low' });
  });

  test('of organization roles counts what they open, and holders through a team are the team’s', async () => {
    const roles = await read<Role>('organization-roles');
    expect(roles.records.get('organization-role:201')).toMatchObject({ type: 'builtin_role', privilege: 'highest' });
    expect(roles.records.get('organization-role:202')).toMatchObject({ type: 'custom_role', privilege: 'highest' });
    const grants = await read<Grant>('organization-role-assignments');
    expect([...grants.records.keys()].sort()).toEqual(['201/account/4', '201/group/102', '202/account/3']);
    const custom = await read<Role>('custom-repository-roles');
    expect(custom.records.get('repository-role:deployer')).toMatchObject({ privilege: 'high' });
  });

  test('of apps and tokens follows what they may write, and where', async () => {
    const apps = await read<Credential>('installations');
    expect(apps.records.get('installation:42002')).toMatchObject({
      type: 'app_installation',
      privilege: 'high',
      scopes: ['contents:write', 'workflows:write', 'metadata:read'],
      attributes: { repositorySelection: 'all', permissions: { contents: 'write' } },
    });
    expect(apps.records.get('installation:42001')).toMatchObject({ privilege: 'low' });
    const tokens = await read<Credential>('personal-access-tokens');
    expect(tokens.records.get('token:801')).toMatchObject({
      type: 'pat',
      ownerId: '2',
      expiresAt: null,
      privilege: 'highest',
      status: 'active',
    });
    const requests = await read<Credential>('personal-access-token-requests');
    expect(requests.records.get('token-request:811')).toMatchObject({
      status: 'inactive',
      attributes: { requested: true },
    });
  });
});

describe('protection', () => {
  test('comes from branch protection and rulesets alike, and none at all is a fact', async () => {
    const { records } = await read<Policy>('branch-protection');
    expect(records.get('branch-protection:1002')).toMatchObject({
      status: 'enabled',
      targets: ['1002'],
      settings: {
        protected: true,
        classic: true,
        enforceAdmins: false,
        requiredApprovals: 2,
        dismissStaleApprovals: true,
        bypassPullRequest: ['user:bob'],
        forcePushAllowed: false,
        rules: ['non_fast_forward'],
      },
    });
    expect(records.get('branch-protection:1001')).toMatchObject({
      settings: {
        protected: true,
        classic: false,
        enforceAdmins: null,
        pullRequestRequired: true,
        requiredApprovals: 1,
      },
    });
    expect(records.has('branch-protection:1004')).toBe(false);
    const bare = await read<Policy>('branch-protection', { rulesets: [] });
    expect(bare.records.get('branch-protection:1003')).toMatchObject({
      status: 'disabled',
      settings: { protected: false },
    });
  });

  test('that the plan does not have for private repositories is told apart from a missing permission', async () => {
    const { records, only } = await read<Policy>('branch-protection', { plan: 'free', rulesets: [] });
    expect(only?.state).toBe('done');
    expect(records.get('branch-protection:1002')).toMatchObject({ settings: { protected: false, unavailable: true } });
  });

  test('by rulesets names who may bypass, or that this is unknown', async () => {
    const { records } = await read<Policy>('rulesets');
    expect(records.get('ruleset:301')).toMatchObject({
      status: 'enabled',
      targets: ['1001'],
      settings: {
        bypassActors: [{ kind: 'RepositoryRole', id: 5, mode: 'always' }],
        rules: ['pull_request', 'deletion'],
      },
    });
    expect(records.get('ruleset:302')).toMatchObject({
      targets: [],
      settings: { sourceType: 'Organization', bypassActors: null },
    });
  });
});

describe('settings', () => {
  test('of the organization are what the rules read', async () => {
    const { records } = await read<Policy>('organization-settings');
    expect(records.get('organization-settings')).toMatchObject({
      type: 'organization_settings',
      settings: {
        twoFactorRequired: false,
        defaultRepositoryPermission: 'write',
        samlEnabled: true,
        membersCanChangeVisibility: null,
        newRepositories: { secretScanningPushProtection: false, secretScanning: null },
      },
    });
  });

  test('of single sign-on are unknown where GitHub hides them', async () => {
    const { records } = await read<Policy>('organization-settings', { saml: 'hidden' });
    expect(records.get('organization-settings')).toMatchObject({ settings: { samlEnabled: null } });
  });

  test('of Actions, runner groups and webhooks', async () => {
    const actions = await read<Policy>('actions-settings');
    expect(actions.records.get('actions:organization')).toMatchObject({
      settings: {
        defaultWorkflowPermissions: 'write',
        workflowMayApprove: true,
        allowedActions: 'selected',
        allowedPatterns: ['acme/*'],
      },
    });
    const groups = await read<Resource>('runner-groups');
    expect(groups.records.get('runner-group:1')).toMatchObject({ attributes: { allowsPublicRepositories: true } });
    const hooks = await read<Resource>('organization-webhooks');
    expect(hooks.records.get('webhook:502')).toMatchObject({
      url: 'http://siem.acme.example',
      attributes: { hasSecret: true, insecureSsl: true, plainHttp: true },
    });
  });
});

describe('credentials', () => {
  test('that workflows use are told by name and date', async () => {
    const { records } = await read<Credential>('environment-secrets');
    expect([...records.values()]).toMatchObject([
      { id: 'secret:environment:601:DEPLOY_ROLE', resourceId: 'environment:601' },
    ]);
  });

  test('of single sign-on belong to the account with that login', async () => {
    const { records } = await read<Credential>('credential-authorizations');
    expect(records.get('authorization:821')).toMatchObject({
      type: 'pat',
      ownerId: '1',
      scopes: ['repo', 'admin:org'],
      privilege: 'high',
    });
    expect(records.get('authorization:822')).toMatchObject({
      type: 'ssh_key',
      ownerId: '3',
      fingerprint: 'SHA256:abc',
    });
  });

  test('of deployments say whether they may write, and have the fingerprint that the audit log uses', async () => {
    const { records } = await read<Credential>('deploy-keys');
    expect(records.get('deploy-key:401')).toMatchObject({
      scopes: ['write'],
      privilege: 'moderate',
      lastUsedAt: null,
      attributes: { readOnly: false },
      fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    });
  });
});

describe('events', () => {
  test('are read in order with their class, and a second read begins five minutes before the last one ended', async () => {
    const { fake, origin } = await start();
    const store = createMemoryStore();
    const run = () =>
      runStreams({
        ...{ connector: github, settings: fake.settings(origin), store, streams: ['audit-log'] },
        host: createHost({ signal: new AbortController().signal }),
      });
    await run();
    const events = [...(store.records('audit-log') as unknown as ReadonlyMap<string, Event>).values()];
    expect(events).toMatchObject([
      { id: 'e1', action: 'org.update_member', classUid: 3005, activityId: 1, actorId: '1', targets: ['user:bob'] },
      {
        id: 'e2',
        action: 'git.clone',
        classUid: 6003,
        activityId: 2,
        ip: '203.0.113.7',
        country: 'DE',
        targets: ['repo:acme/website'],
      },
      { id: 'e3', action: 'protected_branch.destroy', classUid: 3004, activityId: 4 },
    ]);
    const newest = events.at(-1)?.time?.getTime() ?? 0;
    await run();
    const phrase =
      fake.requests
        .filter(({ path }) => path.endsWith('/audit-log'))
        .at(-1)
        ?.query.get('phrase') ?? '';
    const since = Date.parse(phrase.replace('created:>=', ''));
    expect(Math.floor((newest - 5 * 60_000) / 1_000) * 1_000).toBe(since);
    expect(store.records('audit-log').size).toBe(3);
  });

  test('that the plan does not have are no fault', async () => {
    const { only } = await read<Event>('audit-log', { plan: 'free', saml: null });
    expect(only).toMatchObject({ state: 'done', fault: null, records: 0 });
  });
});

describe('while a run is under way', () => {
  test('a token that ends before its time is replaced by another one', async () => {
    const { fake, origin } = await start();
    let asked = 0;
    fake.onRequest(({ path }) => {
      if (path.endsWith('/teams/platform/members') && asked++ === 0) fake.expireTokens();
    });
    const store = createMemoryStore();
    const host = createHost({ signal: new AbortController().signal });
    const outcome = await runStreams({
      connector: github,
      settings: fake.settings(origin),
      host,
      store,
      streams: ['team-memberships'],
    });
    expect(outcome.streams).toMatchObject([{ state: 'done', fault: null, records: 7 }]);
    expect(fake.requests.filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(2);
  });

  test.each(['deploy-keys', 'collaborators', 'repository-webhooks'])(
    'a repository that is renamed between its list and its turn is read under its new name: %s',
    async (stream) => {
      const before = await read<Credential>(stream);
      expect(before.only).toMatchObject({ state: 'done', fault: null });
      let isRenamed = false;
      const after = await read<Credential>(stream, {}, (fake) =>
        fake.onRequest(({ path }) => {
          if (isRenamed || !/\/repos\/acme\/[^/]+\//.test(path)) return;
          isRenamed = true;
          const repositories = smallOrganisation().repositories.map((one) => ({
            ...one,
            ...{ name: `${one.name}-next`, formerName: one.name },
          }));
          fake.change({ repositories });
        }),
      );
      expect(isRenamed).toBe(true);
      expect(after.only).toMatchObject({ state: 'done', fault: null, records: before.only?.records });
      expect([...after.records.keys()]).toEqual([...before.records.keys()]);
    },
  );

  test('a secondary limit is waited for, and told', async () => {
    const { only, clock } = await read('teams', {}, (fake) => fake.limitSecondaryOnce(42));
    expect(only).toMatchObject({ state: 'done' });
    expect(clock.slept.some((ms) => ms >= 42_000)).toBe(true);
  });

  test('the API of an Enterprise Server is asked below /api/v3, GraphQL beside it', async () => {
    const { fake } = await read('members');
    const paths = new Set(fake.requests.map(({ path }) => path));
    expect(paths).toContain('/api/v3/orgs/acme/members');
    expect(paths).toContain('/api/graphql');
    expect([...paths].every((path) => path.startsWith('/api/'))).toBe(true);
  });
});
