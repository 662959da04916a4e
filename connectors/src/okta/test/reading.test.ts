import type {
  Account,
  Event,
  Factor,
  Grant,
  Group,
  Membership,
  Policy,
  Resource,
  Role,
} from '@gatehouse/connector-kit';
import { describe, expect, test } from 'vitest';
import { fakeOkta, type OktaUser, smallOrganisation } from '../fake.ts';
import { type Bench, openBench } from './bench.ts';
import { openReplay, type Replayed } from './recordings.ts';

const read = async <R>(bench: Bench, stream: string): Promise<R[]> => {
  const outcome = await bench.run({ streams: [stream] });
  expect(outcome.fault ?? outcome.streams[0]?.fault).toBeNull();
  return [...bench.store.records(stream).values()] as R[];
};
const find = <R extends { id: string }>(records: readonly R[], part: string): R => {
  const found = records.find(({ id }) => id.includes(part));
  if (found === undefined) throw new Error(`no record like ${part}`);
  return found;
};

describe('users', () => {
  test('are all read, the deactivated too, each once', async () => {
    await using bench = await openBench();
    const accounts = await read<Account>(bench, 'users');
    expect(accounts).toHaveLength(bench.fake.organisation.users.length);
    expect(accounts.map(({ login, status, statusReason }) => [login?.split('@')[0], status, statusReason])).toEqual([
      ['ada', 'enabled', 'ACTIVE'],
      ['bob', 'enabled', 'ACTIVE'],
      ['carol', 'enabled', 'ACTIVE'],
      ['dan', 'disabled', 'SUSPENDED'],
      ['fay', 'pending', 'STAGED'],
      ['eve', 'disabled', 'DEPROVISIONED'],
    ]);
    expect(find(accounts, 'ada')).toMatchObject({ displayName: 'Ada Lovelace', department: 'IT', employeeId: '10001' });
  });

  test('who are deactivated in the midst of a read are not lost', async () => {
    await using bench = await openBench();
    bench.fake.capPages(1);
    const leaver = bench.fake.organisation.users.find(({ login }) => login.startsWith('carol')) as OktaUser;
    bench.fake.onRequest(({ query }) => {
      // Before her page is asked for, so that she is on no page of those who are not deactivated.
      if (query.get('after') === '2') leaver.status = 'DEPROVISIONED';
    });
    const accounts = await read<Account>(bench, 'users');
    expect(accounts).toHaveLength(bench.fake.organisation.users.length);
    expect(find(accounts, 'carol').statusReason).toBe('DEPROVISIONED');
  });

  test('who changed are read later on, and nobody else', async () => {
    await using bench = await openBench();
    await read<Account>(bench, 'users');
    const before = bench.fake.requests.length;
    const [first] = bench.fake.organisation.users;
    if (first !== undefined) Object.assign(first, { status: 'DEPROVISIONED', lastUpdated: new Date().toISOString() });
    const outcome = await bench.run({ streams: ['users'] });
    expect(outcome.streams[0]).toMatchObject({ records: 1, wasFull: false });
    expect(find([...bench.store.records('users').values()] as Account[], 'ada').statusReason).toBe('DEPROVISIONED');
    const asked = bench.fake.requests.slice(before).find(({ query }) => query.has('search'));
    expect(asked?.query.get('search')).toMatch(/^lastUpdated gt "\d{4}-/);
  });

  test('are read in full again after a day', async () => {
    await using bench = await openBench();
    await read<Account>(bench, 'users');
    bench.fake.organisation.users.pop();
    bench.clock.advance(25 * 3_600_000);
    const outcome = await bench.run({ streams: ['users'] });
    expect(outcome.streams[0]).toMatchObject({ wasFull: true, counts: { gone: 1 } });
  });
});

describe('groups and memberships', () => {
  test('say what fills a group', async () => {
    await using bench = await openBench();
    const groups = await read<Group>(bench, 'groups');
    expect(find(groups, 'support').rule).toBe('user.department=="Support"');
    expect(find(groups, 'admins')).toMatchObject({ type: 'group', rule: null });
    expect(find(groups, 'directory')).toMatchObject({
      type: 'app_group',
      attributes: { sourceAppId: '0oadirectory00000001' },
    });
    expect(find(groups, 'everyone').type).toBe('builtin');
    const memberships = await read<Membership>(bench, 'memberships');
    expect(memberships).toHaveLength(bench.fake.organisation.groups.flatMap(({ memberIds }) => memberIds).length);
    expect(find(memberships, '00gadmins').via).toBe('direct');
    expect(find(memberships, '00gdirectory').via).toBe('sync');
    expect(find(memberships, '00gsupport').via).toBeNull();
  });

  test('of one very large group are committed on the way', async () => {
    await using bench = await openBench();
    bench.fake.grow('memberships', 5_000);
    const outcome = await bench.run({ streams: ['memberships'] });
    expect(outcome.streams[0]?.pages).toBeGreaterThanOrEqual(5);
    expect(bench.store.records('memberships').size).toBeGreaterThan(5_000);
  });

  test('resume in the midst of a large group, and behind the groups before it', async () => {
    await using bench = await openBench();
    bench.fake.grow('memberships', 5_000);
    await bench.run({ streams: ['memberships'] });
    const pages = bench.store.calls.filter(({ call }) => call === 'save');
    const all = bench.store.records('memberships');
    const [cursor] = pages.slice(1, 2).map((page) => page.cursor);
    const known = pages.slice(0, 2).flatMap(({ records }) => records);
    await using other = await openBench(bench.fake);
    other.store.place('memberships', { cursor: cursor ?? null, midway: true }, known);
    const before = bench.fake.requests.length;
    const outcome = await other.run({ streams: ['memberships'] });
    expect(outcome.streams[0]?.fault).toBeNull();
    expect([...other.store.records('memberships').keys()].sort()).toEqual([...all.keys()].sort());
    const asked = bench.fake.requests.slice(before).filter(({ path }) => /\/groups\/[^/]+\/users$/.test(path));
    const large = asked.filter(({ path }) => path.includes('many'));
    expect(asked).toHaveLength(large.length);
    expect(Number(large[0]?.query.get('after'))).toBeGreaterThan(1_000);
  });

  test('of a group that was deleted since it was listed are none, and the other groups are read', async () => {
    const answers: Readonly<Record<string, Replayed>> = {
      '/api/v1/groups/rules': { status: 200, body: [] },
      '/api/v1/groups': { status: 200, body: [{ id: 'gone' }, { id: 'kept' }] },
      '/api/v1/groups/gone/users': { status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found' } },
      '/api/v1/groups/kept/users': { status: 200, body: [{ id: 'ada' }] },
    };
    await using replay = await openReplay((_, path) => answers[path.split('?')[0] ?? ''] ?? { status: 200, body: [] });
    await using bench = await openBench();
    const outcome = await bench.run({ streams: ['memberships'], settings: { domain: replay.origin } });
    expect(outcome.streams[0]?.fault).toBeNull();
    expect([...bench.store.records('memberships').keys()]).toEqual(['kept/ada']);
  });
});

test('what an organisation does not have is nothing, and no fault', async () => {
  const absent: Replayed = {
    status: 401,
    body: {
      errorCode: 'E0000015',
      errorSummary: 'You do not have permission to access the feature you are requesting',
    },
  };
  const invalid: Replayed = {
    status: 400,
    body: { errorCode: 'E0000001', errorSummary: 'Api validation failed: type' },
  };
  await using replay = await openReplay((_, path) => {
    if (/authenticators|iam\/(roles|resource-sets)|groups\/rules/.test(path)) return absent;
    return /ACCESS_POLICY|ENTITY_RISK/.test(path) ? invalid : { status: 200, body: [] };
  });
  await using bench = await openBench();
  const streams = ['authenticators', 'roles', 'resource-sets', 'group-rules', 'policies'];
  const outcome = await bench.run({ streams, settings: { domain: replay.origin } });
  expect(outcome.streams.map(({ stream, fault }) => [stream, fault])).toEqual(
    outcome.streams.map(({ stream }) => [stream, null]),
  );
  const { streams: probed } = await bench.check({ domain: replay.origin });
  expect(probed.filter(({ ok }) => !ok).map(({ stream }) => stream)).toEqual([]);
});

describe('administrators', () => {
  test('are read with roles, what these are limited to, and through what they have them', async () => {
    await using bench = await openBench();
    const grants = await read<Grant>(bench, 'role-assignments');
    expect(
      grants
        .map(({ principalKind, principalId, roleId, resourceId, privilege, targets }) =>
          [principalKind, principalId?.replace(/^00[ug]0*/, ''), roleId, resourceId, privilege, targets.join()].join(
            ' ',
          ),
        )
        .sort(),
    ).toEqual([
      'account bob HELP_DESK_ADMIN  moderate group:00gsupport0000000001',
      'account carol APP_ADMIN  high app:github_cloud',
      'account carol cr0reset000000000001 iamsupport0000000001 high ',
      'application 0oasync0000000000001 SUPER_ADMIN  highest ',
      'group admins00000000001 SUPER_ADMIN  highest ',
    ]);
    expect(bench.fake.requests.filter(({ path }) => /\/groups\/[^/]+\/roles$/.test(path))).toHaveLength(1);
  });

  test('have roles with the privilege of their strongest permission', async () => {
    await using bench = await openBench();
    const roles = await read<Role>(bench, 'roles');
    expect(find(roles, 'cr0reset')).toMatchObject({ type: 'custom_role', privilege: 'high', name: 'Password desk' });
    expect(find(roles, 'SUPER_ADMIN').privilege).toBe('highest');
    expect(find(roles, 'READ_ONLY_ADMIN').privilege).toBe('low');
    const [set] = await read<Resource>(bench, 'resource-sets');
    expect(set?.attributes).toMatchObject({ membersOf: ['00gsupport0000000001'], allUsers: false, groups: [] });
  });
});

describe('second factors', () => {
  test('are read for administrators first, and for everybody once', async () => {
    await using bench = await openBench();
    const factors = await read<Factor>(bench, 'factors');
    expect(factors.map(({ type, strength, status }) => [type, strength, status])).toEqual([
      ['webauthn', 'phishing_resistant', 'active'],
      ['sms', 'weak', 'active'],
      ['push', 'weak', 'active'],
      ['token:software:totp', 'weak', 'active'],
    ]);
    const asked = bench.fake.requests
      .filter(({ path }) => path.endsWith('/factors'))
      .map(({ path }) => path.split('/')[4]);
    // Ada by her group, Bob and Carol by themselves; then everybody; nobody who is deactivated.
    expect(asked.slice(0, 3).map((id) => id?.replace(/^00u0*/, ''))).toEqual(['ada', 'bob', 'carol']);
    expect(asked.some((id) => id?.includes('dan'))).toBe(true);
    expect(asked.some((id) => id?.includes('eve'))).toBe(false);
  });

  test('by push are strong where a number must be matched, and of unknown strength where that may not be known', async () => {
    const organisation = smallOrganisation();
    organisation.authenticators[0] = {
      ...{
        id: 'aut1',
        key: 'okta_verify',
        type: 'app',
        name: 'Okta Verify',
        created: '2024-01-01T00:00:00Z',
        methods: ['push'],
      },
      settings: { channelBinding: { style: 'NUMBER_CHALLENGE', required: 'ALWAYS' } },
    };
    const fake = fakeOkta(organisation);
    await using bench = await openBench(fake);
    expect(find(await read<Factor>(bench, 'factors'), 'opf1').strength).toBe('strong');
    fake.authorization.standing.scopes = fake.authorization.standing.scopes.filter(
      (scope) => scope !== 'okta.authenticators.read',
    );
    expect(find(await read<Factor>(bench, 'factors'), 'opf1').strength).toBeNull();
  });
});

describe('applications', () => {
  test('say what rules ask of them', async () => {
    await using bench = await openBench();
    const apps = await read<Resource>(bench, 'apps');
    expect(find(apps, 'console').attributes).toMatchObject({
      isAdminConsole: true,
      accessPolicyId: 'rstconsole0000000001',
    });
    expect(find(apps, 'github').attributes).toMatchObject({ pushesPasswords: true, settings: { githubOrg: 'small' } });
    expect(find(apps, 'sync').attributes).toMatchObject({
      isServiceApp: true,
      tokenEndpointAuthMethod: 'client_secret_basic',
    });
  });

  test('have assignments, granted scopes and credentials without their values', async () => {
    await using bench = await openBench();
    const assignments = await read<Grant>(bench, 'app-assignments');
    expect(find(assignments, 'github00000000001/user')).toMatchObject({
      roleId: 'app_assignment',
      raw: { externalId: 'ada-gh' },
    });
    expect(find(assignments, 'github00000000001/group')).toMatchObject({ principalKind: 'group' });
    const scopes = await read<Grant>(bench, 'app-grants');
    expect(find(scopes, 'oagsync')).toMatchObject({
      roleId: 'okta.users.manage',
      privilege: 'high',
      principalKind: 'application',
    });
    const credentials = await read<{ id: string; type: string }>(bench, 'app-credentials');
    expect(credentials.map(({ type }) => type).sort()).toEqual(['certificate', 'client_secret', 'public_key']);
    expect(JSON.stringify(credentials)).not.toContain('very-secret');
  });
});

test('API tokens say from where they work and when they were used', async () => {
  await using bench = await openBench();
  const tokens = await read<{ id: string; lastUsedAt: Date | null; attributes: object }>(bench, 'api-tokens');
  const forgotten = find(tokens, 'forgotten');
  expect(forgotten.attributes).toMatchObject({ networkConnection: 'ANYWHERE' });
  expect(Math.round((Date.now() - (forgotten.lastUsedAt?.getTime() ?? 0)) / 86_400_000)).toBe(20);
  expect(find(tokens, 'zoned')).toMatchObject({
    lastUsedAt: null,
    attributes: { networkConnection: 'ZONE', networkInclude: ['nzooffice00000000001'] },
  });
});

test('policies say what their rules let through, identity providers whom they let in', async () => {
  await using bench = await openBench();
  const policies = await read<Policy>(bench, 'policies');
  expect(find(policies, 'rstconsole')).toMatchObject({
    type: 'access',
    targets: ['0oaconsole0000000001'],
    settings: { rules: [{ oneFactor: true, phishingResistant: false, factorMode: '1FA' }] },
  });
  expect(find(policies, '00psession')).toMatchObject({
    type: 'sign_on',
    settings: { rules: [{ maxSessionIdleMinutes: 720, maxSessionLifetimeMinutes: 0, requireFactor: false }] },
  });
  expect(find(policies, '00ppassword').settings).toMatchObject({ password: { minLength: 8, lockoutAttempts: 10 } });
  expect(find(policies, '00penroll').settings).toMatchObject({
    authenticators: [{ key: 'webauthn', enroll: 'OPTIONAL' }],
  });
  const [idp] = await read<Resource>(bench, 'idps');
  expect(idp?.attributes).toMatchObject({ accountLinkAction: 'AUTO', accountLinkGroups: [], jit: true });
  const [zone] = await read<Resource>(bench, 'zones');
  expect(zone?.attributes).toMatchObject({ gateways: ['192.0.2.0/24', '198.51.100.7-198.51.100.9'] });
});

describe('the System Log', () => {
  test('is read in the words of OCSF', async () => {
    await using bench = await openBench();
    const events = await read<Event>(bench, 'system-log');
    expect(find(events, 'event-1')).toMatchObject({
      classUid: 3002,
      activityId: 1,
      outcome: 'success',
      isMfa: null,
      country: 'United Kingdom',
    });
    expect(find(events, 'event-2')).toMatchObject({
      classUid: 3002,
      activityId: 1,
      outcome: 'failure',
      isMfa: false,
      isProxy: true,
    });
    expect(find(events, 'event-3')).toMatchObject({ classUid: 3005, activityId: 1 });
    expect(find(events, 'event-3').targets[0]).toMatch(/^user:00u0*bob$/);
  });

  test('is read to its end once, and then only what is new, with five minutes of overlap', async () => {
    await using bench = await openBench();
    bench.fake.capPages(2);
    await read<Event>(bench, 'system-log');
    const newest = bench.fake.organisation.events.at(-1)?.published ?? '';
    bench.fake.organisation.events.push({
      uuid: 'event-4',
      published: new Date().toISOString(),
      eventType: 'user.session.end',
      actor: { id: 'u', login: 'u', name: 'U' },
    });
    const before = bench.fake.requests.length;
    const outcome = await bench.run({ streams: ['system-log'] });
    expect(bench.store.records('system-log').size).toBe(4);
    expect(outcome.streams[0]?.counts).toMatchObject({ inserted: 1 });
    const asked = bench.fake.requests
      .slice(before)
      .find(({ path, query }) => path === '/api/v1/logs' && query.has('since'));
    expect(Date.parse(newest) - Date.parse(asked?.query.get('since') ?? '')).toBe(5 * 60_000);
    expect(asked?.query.has('until')).toBe(false);
  });

  test('that goes on forever ends a read at the time it began', async () => {
    await using bench = await openBench();
    let sent = 0;
    bench.fake.capPages(1);
    bench.fake.onRequest(({ path }) => {
      if (path === '/api/v1/logs' && sent < 500) {
        sent++;
        bench.fake.organisation.events.push({
          uuid: `busy-${sent}`,
          published: new Date(Date.now() + sent * 1_000).toISOString(),
          eventType: 'user.session.start',
          actor: { id: 'u', login: 'u', name: 'U' },
        });
      }
    });
    await read<Event>(bench, 'system-log');
    expect(sent).toBeLessThan(20);
  });
});
