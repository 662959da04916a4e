import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { correlate } from '../identities/correlate.ts';
import { daysAgo, newOrg, now, type Org, openWorld } from '../rules/testing/world.ts';
import type { StreamCatalogue } from './catalogue.ts';
import { derive } from './derive.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const kinds = ['accounts', 'groups', 'memberships', 'roles', 'grants', 'factors', 'events'] as const;
const catalogue: StreamCatalogue = new Map(
  ['okta', 'github', 'insights-collector'].map((connector) => [
    connector,
    kinds
      .filter((kind) => connector === 'okta' || kind !== 'factors')
      .map((kind) => ({ stream: kind, record: kind, title: kind, needs: `the scope ${kind}` })),
  ]),
);

/** Stores, correlates and derives; answers one column of every account by id. */
const derived = async <T = unknown>(column: string, fill: (org: Org) => void): Promise<Record<string, T>> => {
  const org = newOrg(() => kinds);
  fill(org);
  await org.store(world.database);
  const signal = new AbortController().signal;
  return world.database.tenant(org.tenantId, async (tx) => {
    await correlate(tx, { tenantId: org.tenantId, now, signal });
    const first = await derive(tx, { tenantId: org.tenantId, now, signal, catalogue });
    expect(await derive(tx, { tenantId: org.tenantId, now, signal, catalogue })).toBe(0);
    expect(first).toBeGreaterThan(0);
    const { rows } = await sql<{ id: string; value: T }>`select id, ${sql.id(column)} as value from accounts`.execute(
      tx,
    );
    return Object.fromEntries(rows.map(({ id, value }) => [id, value]));
  });
};

test('nobody is without a second factor because the factors could not be read', async () => {
  expect(
    await derived('mfa_state', ({ okta, connect }) => {
      okta.account('none');
      okta.account('weak');
      okta.account('best');
      okta.account('newcomer', { firstSeenAt: now });
      okta.account('untold');
      okta.factor('f5', { accountId: 'untold', status: 'active', strength: 'weak' });
      okta.factor('f6', { accountId: 'untold', status: 'active', strength: null });
      okta.factor('f1', { accountId: 'weak', status: 'active', strength: 'weak' });
      okta.factor('f2', { accountId: 'best', status: 'active', strength: 'weak' });
      okta.factor('f3', { accountId: 'best', status: 'active', strength: 'phishing_resistant' });
      okta.factor('f4', { accountId: 'none', status: 'pending', strength: 'strong' });
      const other = connect('okta');
      other.account('unread');
      other.unreadable('factors');
    }),
  ).toEqual({
    none: 'none',
    weak: 'weak',
    best: 'phishing_resistant',
    newcomer: 'unknown',
    untold: 'unknown',
    unread: 'unknown',
  });
});

test('an account that opens only through the provider has the provider’s second factor, and unknown without one', async () => {
  expect(
    await derived('mfa_state', ({ okta, github }) => {
      okta.account('00u1');
      okta.factor('f1', { accountId: '00u1', status: 'active', strength: 'strong' });
      github.account('ada', { externalIds: ['okta:00u1'], ssoOnly: true, mfa: 'none' });
      github.account('bob', { ssoOnly: true, mfa: 'none' });
    }),
  ).toEqual({ '00u1': 'strong', ada: 'strong', bob: 'unknown' });
});

test('privilege comes through groups inside groups, and not through expired or eligible grants', async () => {
  const fill = ({ okta }: Org) => {
    for (const id of ['direct', 'grouped', 'expired', 'nobody']) okta.account(id);
    okta.grant('g1', { principalId: 'direct', roleId: 'r', privilege: 'moderate' });
    okta.role('owner', { privilege: 'highest', type: 'builtin_role' });
    okta.grant('g2', { principalKind: 'group', principalId: 'outer', roleId: 'owner' });
    okta.group('outer');
    okta.group('inner');
    okta.membership('m1', { groupId: 'outer', memberKind: 'group', memberId: 'inner' });
    okta.membership('m2', { groupId: 'inner', memberKind: 'group', memberId: 'outer' });
    okta.membership('m3', { groupId: 'inner', memberKind: 'account', memberId: 'grouped' });
    okta.grant('g3', { principalId: 'expired', privilege: 'highest', expiresAt: daysAgo(1) });
    okta.grant('g4', { principalId: 'expired', privilege: 'highest', state: 'eligible' });
  };
  expect(await derived('direct_privilege', fill)).toEqual({ direct: 2, grouped: 0, expired: 0, nobody: 0 });
  expect(await derived('effective_privilege', fill)).toEqual({ direct: 2, grouped: 4, expired: 0, nobody: 0 });
});

test('privilege is undetermined when grants cannot be read, except what is known to be high', async () => {
  expect(
    await derived('true_privilege', ({ okta }) => {
      okta.unreadable('grants');
      okta.account('nobody');
      okta.account('helper');
      okta.account('owner');
      okta.grant('g1', { principalId: 'helper', privilege: 'moderate' });
      okta.grant('g2', { principalId: 'owner', privilege: 'highest' });
    }),
  ).toEqual({ nobody: null, helper: null, owner: 4 });
});

test('what an account may do that a vault keeps of another system is undetermined, not nothing', async () => {
  expect(
    await derived('true_privilege', ({ directory }) => {
      directory.account('managed-account:1', { type: null, login: 'srv-1\\root' });
      directory.account('functional-account:1', { type: 'service', login: 'psafe' });
      directory.account('user:1', { login: 'ada' });
    }),
  ).toEqual({ 'managed-account:1': null, 'functional-account:1': null, 'user:1': 0 });
});

test('a grant of unknown privilege makes its holder undetermined, and nobody else', async () => {
  expect(
    await derived('true_privilege', ({ okta }) => {
      okta.account('ada');
      okta.account('bob');
      okta.account('cy');
      okta.grant('g1', { principalId: 'ada', roleId: 'mystery', privilege: null });
      okta.grant('g2', { principalKind: 'group', principalId: 'g', roleId: 'mystery', privilege: null });
      okta.membership('m', { groupId: 'g', memberKind: 'account', memberId: 'bob' });
    }),
  ).toEqual({ ada: null, bob: null, cy: 0 });
});

const readOnlyAdmin = ({ okta }: Org) => {
  okta.account('reader');
  okta.role('READ_ONLY_ADMIN', { type: 'builtin_role', privilege: 'low' });
  okta.role('SUPER_ADMIN', { type: 'builtin_role', privilege: 'highest' });
  okta.grant('g1', { principalId: 'reader', roleId: 'READ_ONLY_ADMIN' });
  okta.resource('app', {
    type: 'application',
    name: 'Automation',
    attributes: { tokenEndpointAuthMethod: 'client_secret_basic' },
  });
  okta.grant('g2', { principalKind: 'application', principalId: 'app', roleId: 'SUPER_ADMIN' });
};

test('whoever reads the client secret of a privileged application reaches its privilege', async () => {
  expect(
    await derived('true_privilege', (org) => {
      readOnlyAdmin(org);
      org.okta.credential('s1', { type: 'client_secret', ownerKind: 'application', ownerId: 'app', status: 'active' });
    }),
  ).toEqual({ reader: 4 });
});

test('an application that signs with a key has no secret to read', async () => {
  expect(
    await derived('true_privilege', (org) => {
      readOnlyAdmin(org);
      org.okta.credential('s1', {
        type: 'client_secret',
        ownerKind: 'application',
        ownerId: 'app',
        status: 'inactive',
      });
    }),
  ).toEqual({ reader: 1 });
});

const helpDesk = (org: Org, targets: string[], role: string | null) => {
  const { okta, github } = org;
  okta.role('HELP_DESK_ADMIN', { type: 'builtin_role', privilege: 'moderate' });
  okta.account('helper');
  okta.account('00u1');
  okta.grant('g1', { principalId: 'helper', roleId: 'HELP_DESK_ADMIN', targets });
  if (role) okta.grant('g2', { principalId: '00u1', roleId: role, privilege: 'low' });
  okta.membership('m', { groupId: 'sales', memberKind: 'account', memberId: '00u1' });
  github.account('ada', { externalIds: ['okta:00u1'], ssoOnly: true });
  github.grant('o', { principalId: 'ada', privilege: 'highest' });
};

test('a help desk reaches what those it may reset sign in to, within its targets', async () => {
  expect(await derived('true_privilege', (org) => helpDesk(org, [], null))).toMatchObject({
    helper: 4,
    '00u1': 4,
    ada: 4,
  });
  expect(await derived('true_privilege', (org) => helpDesk(org, ['group:sales'], null))).toMatchObject({ helper: 4 });
  expect(await derived('true_privilege', (org) => helpDesk(org, ['group:other'], null))).toMatchObject({ helper: 2 });
});

test('a help desk reaches no administrator, because Okta does not let it', async () => {
  expect(await derived('true_privilege', (org) => helpDesk(org, [], 'READ_ONLY_ADMIN'))).toMatchObject({ helper: 2 });
});

test('the newest sign of life counts, whichever source shows it', async () => {
  expect(
    await derived('last_active_at', ({ okta, github }) => {
      okta.account('never', { createdAt: daysAgo(100) });
      github.account('ada', { lastLoginAt: daysAgo(90) });
      github.account('bob', {});
      github.event('e1', { actorId: 'ada', time: daysAgo(3), outcome: 'success' });
      github.event('e2', { actorId: 'bob', time: daysAgo(3), outcome: 'failure' });
    }),
  ).toEqual({ never: daysAgo(100), ada: daysAgo(3), bob: null });
});

/** Domain Admins with one member, and what access entries say besides. */
const directory = ({ connect }: Org) => {
  const place = connect('insights-collector');
  place.role('group:Domain Admins', { name: 'Domain Admins', type: 'builtin_role', privilege: 'highest' });
  place.group('da', { name: 'Domain Admins' });
  place.grant('da-role', {
    principalKind: 'group',
    principalId: 'da',
    roleId: 'group:Domain Admins',
    privilege: 'highest',
    via: 'default',
  });
  place.account('admin');
  place.membership('da/admin', { groupId: 'da', memberKind: 'account', memberId: 'admin' });
  let entries = 0;
  return {
    place,
    may: (principalKind: 'account' | 'group', principalId: string, right: string, resourceId: string, more = {}) =>
      place.grant(`acl-${++entries}`, {
        principalKind,
        principalId,
        roleId: `acl:${right}`,
        resourceId,
        privilege: 'low',
        ...more,
      }),
    member: (groupId: string, memberId: string, memberKind: 'account' | 'group' = 'account') =>
      place.membership(`${groupId}/${memberId}`, { groupId, memberKind, memberId }),
  };
};

test('who may take over what is privileged, by itself, through groups or through others, has a path to it', async () => {
  const levels = await derived<number | null>('true_privilege', (org) => {
    const { place, may, member } = directory(org);
    for (const id of ['resetter', 'nested', 'chained', 'harmless', 'denied', 'replicator', 'half', 'reader', 'writer'])
      place.account(id);
    may('account', 'resetter', 'ForceChangePassword', 'admin');
    // A group in a group that owns Domain Admins.
    for (const id of ['owners', 'inner']) place.group(id);
    member('owners', 'inner', 'group');
    member('inner', 'nested');
    may('group', 'owners', 'Owns', 'da');
    // Over two ordinary accounts.
    place.account('middle');
    may('account', 'chained', 'GenericAll', 'middle');
    may('account', 'middle', 'AddKeyCredentialLink', 'resetter');
    may('account', 'harmless', 'GenericAll', 'denied');
    // What a deny may take away is not certain.
    may('account', 'denied', 'GenericAll', 'admin', { state: 'eligible' });
    place.resource('domain', { type: 'domain', name: 'corp.example' });
    for (const right of ['GetChanges', 'GetChangesAll']) may('account', 'replicator', right, 'domain');
    may('account', 'half', 'GetChangesAll', 'domain');
    // One half by one group, the other by another.
    place.account('halves');
    for (const id of ['some', 'others']) member(place.group(id), 'halves');
    member('some', place.account('some-only'));
    may('group', 'some', 'GetChanges', 'domain');
    may('group', 'others', 'GetChangesAll', 'domain');
    may('account', 'reader', 'WriteSPN', 'admin');
    place.resource('policy', { type: 'group_policy', attributes: { policy: '{A}' } });
    place.resource('ou', {
      type: 'organizational_unit',
      attributes: { dn: 'OU=Domain Controllers,DC=corp,DC=example', links: [{ policy: '{A}', isDisabled: false }] },
    });
    may('account', 'writer', 'WriteDacl', 'policy');
  });
  expect(levels).toEqual({
    ...{ admin: 4, resetter: 4, nested: 4, chained: 4, middle: 4, replicator: 4, writer: 4, halves: 4 },
    ...{ harmless: 1, denied: 0, half: 1, reader: 1, 'some-only': 1 },
  });
});

test('who may act for others towards a controller, keeps their tickets or carries a former SID has a path, too', async () => {
  const levels = await derived<number | null>('true_privilege', (org) => {
    const { place, may } = directory(org);
    place.resource('domain', { type: 'domain', name: 'corp.example' });
    place.account('dc', { type: 'computer', raw: { cn: 'DC1', dNSHostName: 'dc1.corp.example' } });
    place.membership('da/dc', { groupId: 'da', memberKind: 'account', memberId: 'dc' });
    place.account('web', { type: 'computer', raw: { 'msDS-AllowedToDelegateTo': ['http/DC1:80', 'http/other'] } });
    place.account('print', { type: 'computer', raw: { decoded: { userAccountControl: ['TRUSTED_FOR_DELEGATION'] } } });
    place.account('migrated', { raw: { sIDHistory: ['da'] } });
    place.account('elsewhere', {
      raw: { 'msDS-AllowedToDelegateTo': ['http/other'], sIDHistory: ['S-1-5-21-9-9-9-512'] },
    });
    place.account('helper');
    may('account', 'helper', 'ForceChangePassword', 'migrated');
  });
  expect(levels).toEqual({ admin: 4, dc: 4, web: 4, print: 4, migrated: 4, helper: 4, elsewhere: 0 });
});

test('what everybody may, everybody of the domain may, whichever group says so', async () => {
  const fill = (org: Org) => {
    const { place, may, member } = directory(org);
    for (const id of ['S-1-5-21-1-2-3-1101', 'S-1-5-21-1-2-3-1102']) place.account(id);
    place.account('S-1-5-21-1-2-3-1103', { status: 'disabled' });
    place.account('user:1');
    place.group('S-1-5-32-545', { name: 'Users' });
    place.group('S-1-5-11', { name: 'Authenticated Users' });
    member('S-1-5-32-545', 'S-1-5-11', 'group');
    may('group', 'S-1-5-32-545', 'ForceChangePassword', 'admin');
    // Whoever is not of the domain has it by one of those who are.
    may('account', 'user:1', 'GenericAll', 'S-1-5-21-1-2-3-1101');
  };
  expect(await derived('true_privilege', fill)).toEqual({
    admin: 4,
    'S-1-5-21-1-2-3-1101': 4,
    'S-1-5-21-1-2-3-1102': 4,
    'S-1-5-21-1-2-3-1103': 0,
    'user:1': 4,
  });
});

test('whoever is in a privileged group because everybody is, has what it has', async () => {
  const fill = (org: Org) => {
    const { place, member } = directory(org);
    place.account('S-1-5-21-1-2-3-1101');
    member('da', 'S-1-1-0', 'group');
  };
  expect(await derived('effective_privilege', fill)).toEqual({ admin: 4, 'S-1-5-21-1-2-3-1101': 4 });
});

test('a domain that tells sign-ins and tells none of an account has not seen it since it was made', async () => {
  const of = (org: Org, lastLoginAt: Date | null) => {
    const { place } = directory(org);
    place.account('S-1-5-21-1-2-3-1101', { lastLoginAt });
    place.account('S-1-5-21-1-2-3-1102', { createdAt: daysAgo(100) });
  };
  expect(await derived('last_active_at', (org) => of(org, daysAgo(5)))).toMatchObject({
    'S-1-5-21-1-2-3-1102': daysAgo(100),
  });
  expect(await derived('last_active_at', (org) => of(org, null))).toMatchObject({ 'S-1-5-21-1-2-3-1102': null });
});

test('a path over access entries names each step and the entry that proves it', async () => {
  const org = newOrg(() => kinds);
  const { place, may } = directory(org);
  place.account('helper', { displayName: 'Helper' });
  may('account', 'helper', 'ForceChangePassword', 'admin', { raw: { trustee: 'helper' } });
  await org.store(world.database);
  const signal = new AbortController().signal;
  await world.database.tenant(org.tenantId, async (tx) => {
    await correlate(tx, { tenantId: org.tenantId, now, signal });
    await derive(tx, { tenantId: org.tenantId, now, signal, catalogue });
    const { rows } = await sql<{
      first_edge: string;
      steps: unknown;
    }>`select first_edge, steps from privilege_paths`.execute(tx);
    expect(rows).toEqual([
      {
        first_edge: 'reset_password',
        steps: [
          expect.objectContaining({
            title: 'can set a new password for',
            from: expect.objectContaining({ label: 'Helper' }),
            to: expect.objectContaining({ id: 'admin' }),
            proof: [
              expect.objectContaining({
                fact: 'Access entry',
                value: 'ForceChangePassword for helper on admin',
                kind: 'grants',
              }),
            ],
          }),
        ],
      },
    ]);
  });
});
