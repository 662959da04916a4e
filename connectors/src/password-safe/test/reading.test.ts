import type { Account, Credential, Event, Grant, Group, Membership, Policy, Resource } from '@gatehouse/connector-kit';
import { describe, expect, test } from 'vitest';
import { fakePasswordSafe, smallOrganisation } from '../fake.ts';
import { type Bench, openBench } from './bench.ts';

const read = async (stream: string, bench: Bench) => {
  const outcome = await bench.run({ streams: [stream] });
  expect(outcome.streams[0]).toMatchObject({ state: 'done', fault: null });
  return bench.store.records(stream);
};
const readSmall = async <R>(stream: string): Promise<ReadonlyMap<string, R>> => {
  await using bench = await openBench();
  return (await read(stream, bench)) as ReadonlyMap<string, R>; // the kind of record of that stream
};

describe('users', () => {
  test('of a directory carry what the directory knows them by; others do not', async () => {
    const found = await readSmall<Account>('users');
    expect(found.get('user:2')).toMatchObject({
      ...{ type: 'user', login: 'CORP\\ada', displayName: 'Some Body', email: 'ada@corp.example', status: 'enabled' },
      ...{ ssoOnly: true, externalIds: ['sid:S-1-5-21-1-2-3-1104', 'ad:corp\\ada'] },
    });
    expect(found.get('user:3')).toMatchObject({
      ...{ login: 'CORP\\bob', status: 'locked', statusReason: 'quarantined' },
      externalIds: ['ad:corp.example\\bob'],
    });
    expect(found.get('user:1')).toMatchObject({ login: 'Administrator', ssoOnly: false, externalIds: [] });
    expect(found.get('user:4')).toMatchObject({ status: 'disabled' });
    expect(found.get('user:5')).toMatchObject({ type: 'app', ssoOnly: null, externalIds: [] });
  });

  test('sign in at times that mean UTC', async () => {
    const organisation = smallOrganisation(new Date('2026-11-27T12:00:00.000Z'));
    await using bench = await openBench(fakePasswordSafe(organisation));
    const found = (await read('users', bench)) as ReadonlyMap<string, Account>; // accounts
    expect(found.get('user:2')?.lastLoginAt?.toISOString()).toBe('2026-11-27T11:30:00.000Z');
  });
});

describe('groups', () => {
  test('say who fills them and which registrations their users may sign in with', async () => {
    const found = await readSmall<Group>('user-groups');
    expect(found.get('user-group:1')).toMatchObject({ type: 'builtin', rule: null });
    expect(found.get('user-group:2')).toMatchObject({
      ...{ type: 'group', rule: 'CN=Server admins,OU=Groups,DC=corp,DC=example' },
      attributes: { kind: 'ActiveDirectory', registrationIds: [] },
    });
    expect(found.get('user-group:3')).toMatchObject({
      attributes: { registrationIds: ['api-registration:1', 'api-registration:2'] },
    });
    const members = await readSmall<Membership>('memberships');
    expect([...members.values()].map(({ id, via }) => [id, via])).toEqual([
      ['user-group:1/user:1', 'direct'],
      ['user-group:2/user:2', 'sync'],
      ['user-group:2/user:3', 'sync'],
      ['user-group:3/user:4', 'direct'],
    ]);
  });

  test('that a Smart Rule fills are Smart Groups, and their managed accounts are members', async () => {
    const found = await readSmall<Group>('smart-groups');
    expect([...found.values()].map(({ id, type, attributes }) => [id, type, attributes])).toContainEqual([
      'smart-group:12',
      'smart_group',
      expect.objectContaining({ selects: 'ManagedAccount', processedAt: '2026-11-01T04:05:06.700Z' }),
    ]);
    const members = await readSmall<Membership>('smart-group-members');
    expect([...members.keys()]).toEqual([
      ...[101, 102, 103, 104].map((number) => `smart-group:11/managed-account:${number}`),
      'smart-group:12/managed-account:103',
    ]);
    const systems = await readSmall<Membership>('smart-group-systems');
    expect([...systems.values()].map(({ id, memberKind }) => [id, memberKind])).toEqual([
      ...[31, 32, 33].map((number) => [`smart-group:10/asset:${number}`, 'resource']),
      ...[21, 22, 23].map((number) => [`smart-group:13/managed-system:${number}`, 'resource']),
    ]);
  });
});

test('access levels and roles on Smart Groups are grants, and Administrators hold everything', async () => {
  const found = await readSmall<Grant>('smart-group-roles');
  const told = [...found.values()].map(({ principalId, roleId, resourceId, privilege }) => [
    ...[principalId, roleId, resourceId, privilege],
  ]);
  expect(told).toEqual([
    ['user-group:1', 'role:administrator', null, 'highest'],
    ['user-group:2', 'access-level:1', 'smart-group:11', 'low'],
    ['user-group:2', 'role:2', 'smart-group:11', 'moderate'],
    ['user-group:2', 'access-level:3', 'smart-group:12', 'high'],
    ['user-group:2', 'role:1', 'smart-group:12', 'high'],
    ['user-group:2', 'role:4', 'smart-group:12', 'high'],
    ['user-group:3', 'access-level:1', 'smart-group:10', 'low'],
    ['user-group:3', 'role:6', 'smart-group:10', 'low'],
  ]);
  expect(found.get('user-group:2/role:2/smart-group:11')?.raw).toMatchObject({ accessPolicy: 'access-policy:1' });
});

test('every role that is granted is among the roles, and one that nobody knows is undetermined', async () => {
  const roles = await readSmall('roles');
  for (const { roleId } of (await readSmall<Grant>('smart-group-roles')).values())
    expect(roles.has(roleId ?? '')).toBe(true);
  expect(roles.get('role:7')).toMatchObject({ name: 'Something new', privilege: null });
});

test('managed accounts are accounts that correlate, and credentials that tell how they are renewed', async () => {
  const accounts = await readSmall<Account>('managed-accounts');
  expect(accounts.get('managed-account:103')).toMatchObject({
    ...{ login: 'corp.example\\ada-adm', type: null, status: null },
    externalIds: [
      'sid:S-1-5-21-1-2-3-1105',
      'ad:corp.example\\ada-adm',
      'upn:ada-adm@corp.example',
      'guid:6f9619ff-8b86-d011-b42d-00c04fc964ff',
    ],
  });
  expect(accounts.get('managed-account:101')).toMatchObject({ login: 'srv-1\\root', externalIds: [] });
  expect(accounts.get('managed-account:104')).toMatchObject({
    passwordChangedAt: null,
    externalIds: ['ad:corp\\svc-sql'],
  });
  const credentials = await readSmall<Credential>('vaulted-credentials');
  expect(credentials.size).toBe(accounts.size);
  for (const { ownerId, type } of credentials.values()) {
    expect(type).toBe('vault_item');
    expect(accounts.has(ownerId ?? '')).toBe(true);
  }
  expect(credentials.get('vault-item:101')).toMatchObject({
    ...{ resourceId: 'managed-system:21', ownerKind: 'account' },
    attributes: {
      isManagedAutomatically: false,
      changeFrequencyDays: 30,
      changesAfterRelease: true,
      isOfDirectory: false,
    },
  });
});

test('managed systems name their asset, their platform and who changes passwords there', async () => {
  const found = await readSmall<Resource>('managed-systems');
  expect(found.get('managed-system:21')).toMatchObject({
    ...{ type: 'managed_system', name: 'srv-1', parentId: 'asset:31' },
    attributes: { entity: 'asset', platform: 'Linux', functionalAccountId: 'functional-account:41' },
  });
  expect(found.get('managed-system:22')).toMatchObject({ parentId: null, attributes: { entity: 'directory' } });
  const functional = await readSmall<Account>('functional-accounts');
  expect(functional.get('functional-account:42')).toMatchObject({
    ...{ type: 'service', login: 'corp.example\\svc-psafe', externalIds: ['ad:corp.example\\svc-psafe'] },
  });
});

test('an access policy says how few approvers let a request through', async () => {
  const found = await readSmall<Policy>('access-policies');
  expect(found.get('access-policy:1')).toMatchObject({ type: 'pam_access', settings: { fewestApprovers: 0 } });
  expect(found.get('access-policy:2')).toMatchObject({ settings: { fewestApprovers: 2 } });
});

test('an API registration says from where and how it lets in', async () => {
  const found = await readSmall<Credential>('api-registrations');
  expect(found.get('api-registration:1')).toMatchObject({
    ...{ status: 'active', attributes: { kind: 'apikeypolicy', allowedAddresses: [], requiresPassword: false } },
  });
  expect(found.get('api-registration:2')).toMatchObject({ attributes: { allowedAddresses: ['192.0.2.7'] } });
});

describe('sessions', () => {
  test('are a coming and a going, without what opens their recording', async () => {
    const found = await readSmall<Event>('sessions');
    expect([...found.values()].map(({ id, action, activityId }) => [id, action, activityId])).toEqual([
      ['session:501/start', 'session.start.rdp', 1],
      ['session:501/end', 'session.end.rdp', 2],
      ['session:502/start', 'session.start.ssh', 1],
      ['session:502/end', 'session.end.ssh', 2],
      ['session:503/start', 'session.start.ssh', 1],
    ]);
    const first = found.get('session:501/end');
    expect(first).toMatchObject({
      ...{ classUid: 3002, actorId: 'user:2', reason: 'completed', sessionId: 'session:501' },
      targets: ['account:managed-account:103', 'resource:managed-system:22'],
    });
    expect(JSON.stringify([...found.values()])).not.toMatch(/token-of|key-of/);
  });

  test('that end later are told at the next read, and others not again before the overlap', async () => {
    const organisation = smallOrganisation();
    await using bench = await openBench(fakePasswordSafe(organisation));
    await read('sessions', bench);
    const at = organisation.sessions.findIndex(({ id }) => id === 503);
    const third = organisation.sessions[at];
    if (third === undefined) throw new Error('the fake has no session 503');
    organisation.sessions[at] = { ...third, status: 8, end: new Date().toISOString() };
    const before = bench.store.calls.length;
    const found = (await read('sessions', bench)) as ReadonlyMap<string, Event>; // events
    expect(found.get('session:503/end')).toMatchObject({ reason: 'logged off' });
    const again = bench.store.calls.slice(before).flatMap(({ records }) => records.map(({ id }) => id));
    expect(again).toEqual(['session:503/start', 'session:503/end']);
  });
});

describe('user audits', () => {
  test('name who did what where', async () => {
    const found = await readSmall<Event>('user-audits');
    expect(found.get('user-audit:902')).toMatchObject({
      ...{ action: 'User Groups: Edit', classUid: 3006, actorId: 'user:1', actorLogin: 'Administrator' },
      ...{ ip: '192.0.2.1', outcome: 'success' },
    });
    expect(found.get('user-audit:901')).toMatchObject({ classUid: 3002, activityId: 1 });
  });

  test('of many pages are read back to the last watermark, and only new ones after that', async () => {
    const organisation = smallOrganisation();
    const now = Date.now();
    for (let i = 0; i < 2_500; i++) {
      const at = new Date(now - i * 1_000).toISOString().replace('Z', '');
      organisation.audits.push({
        id: 10_000 + i,
        action: 'Read',
        section: 'Assets',
        userId: 1,
        userName: 'a',
        ip: '',
        at,
      });
    }
    await using bench = await openBench(fakePasswordSafe(organisation));
    expect((await read('user-audits', bench)).size).toBe(2_503);
    const before = bench.fake.requests.length;
    const at = new Date(Date.now()).toISOString().replace('Z', '');
    organisation.audits.push({ id: 99_999, action: 'Login', section: 'Login', userId: 1, userName: 'a', ip: '', at });
    expect((await read('user-audits', bench)).has('user-audit:99999')).toBe(true);
    const asked = bench.fake.requests.slice(before).filter(({ path }) => path.endsWith('/UserAudits'));
    expect(asked.filter(({ query }) => query.get('offset') === '0')).toHaveLength(asked.length);
  });
});

describe('a list that is divided', () => {
  test('is read to its end, and what slipped past because others went away is read as well', async () => {
    const organisation = smallOrganisation();
    const fake = fakePasswordSafe(organisation);
    fake.grow('managed-systems', 3_000);
    await using bench = await openBench(fake);
    let isFirst = true;
    fake.onRequest(({ path, query }) => {
      // Between the first stretch and the second, ten systems of the first are deleted.
      if (path.endsWith('/ManagedSystems') && query.get('offset') === '1000' && isFirst) {
        isFirst = false;
        organisation.systems.splice(5, 10);
      }
    });
    const found = await read('managed-systems', bench);
    const missing = organisation.systems.filter(({ id }) => !found.has(`managed-system:${id}`));
    expect(missing).toEqual([]);
  });

  test('that belongs to something is gone on with in its midst after an interruption', async () => {
    const organisation = smallOrganisation();
    const fake = fakePasswordSafe(organisation);
    fake.grow('managed-accounts', 3_500);
    await using whole = await openBench(fake);
    const all = await read('managed-accounts', whole);
    const pages = whole.store.calls.filter(({ call }) => call === 'save');
    expect(pages.length).toBeGreaterThan(3);
    for (const [i, { cursor }] of pages.entries()) {
      if (cursor === null) continue;
      await using bench = await openBench(fake);
      bench.store.place(
        'managed-accounts',
        { cursor, midway: true },
        pages.slice(0, i + 1).flatMap(({ records }) => records),
      );
      await read('managed-accounts', bench);
      expect([...bench.store.records('managed-accounts').keys()].sort()).toEqual([...all.keys()].sort());
    }
  });
});
