import type { TestDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Org, openWorld } from '../../rules/testing/world.ts';
import { anyName, type Facts, readWays, services } from './testing/services.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const waysIn = (fill: (org: Org) => void) => readWays(world, fill);

describe('whoever may enrol in a template as anybody (ESC1)', () => {
  test('has a way to the domain that says in which, on what, and which entries let it', async () => {
    expect(
      await waysIn((org) => {
        const { template, publish, mayEnroll, person } = services(org);
        mayEnroll(person(1101, 'ada'), template('WebServer-Alt', anyName));
        publish('WebServer-Alt');
        person(1102, 'bob');
      }),
    ).toEqual({
      1101:
        '4 ada can get a certificate as anybody in corp.example (may enrol in WebServer-Alt as anybody, on CORP-CA; ' +
        'Enroll for ada on WebServer-Alt; Enroll for Authenticated Users on CORP-CA)',
    });
  });

  test('has it as a member, or because everybody has, and gives it to whoever controls them', async () => {
    const ways = await waysIn((org) => {
      const { template, publish, mayAs, person, group } = services(org);
      const [ada, bob] = [person(1101, 'ada'), person(1102, 'bob')];
      const inner = group(1202, 'Inner', ada);
      mayAs(group(1201, 'Enrollers', inner), 'Enroll', template('T', anyName));
      publish('T');
      mayAs(bob, 'ForceChangePassword', ada);
    });
    expect(ways[1101]).toMatch(
      /^4 ada is in Inner .*Inner is in Enrollers .*Enrollers can get a certificate as anybody in corp/,
    );
    expect(ways[1102]).toMatch(/^4 bob can set a new password for ada .*ada is in Inner/);
    // Also where a group that they are in is named elsewhere.
    const everybodys = await waysIn((org) => {
      const { template, publish, mayEnroll, mayAs, person, group } = services(org);
      mayEnroll('S-1-5-11', template('T', anyName));
      mayAs(group(1201, 'Others', person(1101, 'ada')), 'Enroll', template('U', { needsApproval: true, ...anyName }));
      publish('T', 'U');
    });
    expect(everybodys[1101]).toMatch(
      /^4 ada is, as everybody who signs in, in Authenticated Users .*, Authenticated Users can get/,
    );
  });

  test('has it by whichever template it may enrol in', async () => {
    const ways = await waysIn((org) => {
      const { template, publish, mayEnroll, person } = services(org);
      for (const [cn, rid, login] of [
        ['T', 1101, 'ada'],
        ['U', 1102, 'bob'],
      ] as const)
        mayEnroll(person(rid, login), template(cn, anyName));
      publish('T', 'U');
    });
    expect([ways[1101], ways[1102]]).toEqual([
      expect.stringContaining('may enrol in T as anybody'),
      expect.stringContaining('may enrol in U as anybody'),
    ]);
  });

  const none: readonly (readonly [
    string,
    (of: ReturnType<typeof services>, template: (attributes?: Facts, cn?: string) => string) => void,
  ])[] = [
    ['where a manager approves', ({ publish }, t) => publish(t({ needsApproval: true }))],
    ['where an agent has to sign', ({ publish }, t) => publish(t({ signatures: 1 }))],
    ['where the directory says the name', ({ publish }, t) => publish(t({ suppliesSubject: false }))],
    ['where the certificate does not sign in', ({ publish }, t) => publish(t({ authenticates: false }))],
    ['where nobody publishes the template', ({ publish }, t) => void [t(), publish('Other')]],
    ['where the approval is not known', ({ publish }, t) => publish(t({ needsApproval: null }))],
    ['where the signatures are not known', ({ publish }, t) => publish(t({ signatures: null }))],
    ['where the name is not known', ({ publish }, t) => publish(t({ suppliesSubject: null }))],
    [
      'where the authority counts in no domain',
      ({ service, may }, t) => may('S-1-5-11', 'Enroll', service(t(), { isInNtAuth: false })),
    ],
    [
      'where it is not known whether it counts',
      ({ service, may }, t) => may('S-1-5-11', 'Enroll', service(t(), { isInNtAuth: null })),
    ],
    [
      'where the authority lets it ask for nothing',
      ({ service, may }, t) => may('S-1-5-21-1-2-3-1102', 'Enroll', service(t())),
    ],
    [
      'where the authority sets all requests aside',
      ({ publish, authority }, t) => authority(publish(t()), { issuesAtOnce: false }),
    ],
    [
      'where a deny may take the right away',
      ({ publish, template, may, sid }) => {
        may(`${sid}-1101`, 'Enroll', template('X', anyName), { state: 'eligible' });
        publish('X');
      },
    ],
  ];
  test.each(none)('has none %s', async (_, fill) => {
    expect(
      await waysIn((org) => {
        const all = services(org);
        const ada = all.person(1101, 'ada');
        all.person(1102, 'bob');
        fill(all, (attributes = {}, cn = 'T') => {
          all.mayEnroll(ada, all.template(cn, { ...anyName, ...attributes }));
          return cn;
        });
      }),
    ).toEqual({});
  });

  test('needs both rights, which several groups may give it together', async () => {
    const fill =
      (onAuthority: (all: ReturnType<typeof services>, ids: Record<'ada' | 'bob' | 'cy', string>) => string) =>
      (org: Org) => {
        const all = services(org);
        const ids = { ada: all.person(1101, 'ada'), bob: all.person(1102, 'bob'), cy: all.person(1103, 'cy') };
        all.mayAs(all.group(1201, 'Enrollers', ids.ada, ids.bob), 'Enroll', all.template('T', anyName));
        const service = all.place.resource('s', {
          ...{ type: 'enrollment_service', name: 'CORP-CA' },
          attributes: { templates: ['T'], isInNtAuth: true, hasTrustedRoot: true },
        });
        all.mayAs(onAuthority(all, ids), 'Enroll', service);
      };
    // Ada is in both groups, and nobody else is.
    const together = await waysIn(fill((all, { ada, cy }) => all.group(1202, 'Askers', ada, cy)));
    expect(Object.keys(together)).toEqual(['1101']);
    expect(together[1101]).toContain('Enroll for Enrollers on T; Enroll for Askers on CORP-CA');
    // One of the groups is in the other.
    const nested = await waysIn(fill((all) => all.group(1202, 'Askers', 'S-1-5-21-1-2-3-1201')));
    expect(Object.keys(nested).toSorted()).toEqual(['1101', '1102']);
    expect(nested[1102]).toMatch(/^4 bob is in Enrollers/);
    // An account that is named itself.
    expect(Object.keys(await waysIn(fill((_, { bob }) => bob)))).toEqual(['1102']);
    // Nobody is in both.
    expect(await waysIn(fill((all, { cy }) => all.group(1202, 'Askers', cy)))).toEqual({});
  });
});

describe('whoever may sign requests for others (ESC2, ESC3)', () => {
  const agent = { isAgent: true, authenticates: false };
  const fill =
    (first: Facts, second: Facts, settings: Facts = {}, more: (all: ReturnType<typeof services>) => void = () => {}) =>
    (org: Org) => {
      const all = services(org);
      const ada = all.person(1101, 'ada');
      all.mayEnroll(ada, all.template('Agent', first));
      all.mayEnroll(ada, all.template('User', second));
      all.authority(all.publish('Agent', 'User'), settings);
      more(all);
    };
  const v1 = { schemaVersion: 1 };
  const v2 = { signatures: 1, takesAgents: true };

  test('has a way over the two templates', async () => {
    const way = expect.stringContaining(
      '4 ada can sign requests for certificates of anybody in corp.example (may enrol in Agent on CORP-CA, and with that in User for anybody, on CORP-CA;',
    );
    expect(await waysIn(fill(agent, v1))).toEqual({ 1101: way });
    expect(await waysIn(fill(agent, v2))).toEqual({ 1101: way });
    expect(await waysIn(fill({ isAgent: true, isAnyPurpose: true }, v1))).toEqual({ 1101: way });
  });

  test('has none where the other template takes no agents, or the authority restricts them, or may', async () => {
    expect(await waysIn(fill(agent, {}))).toEqual({});
    expect(await waysIn(fill(agent, { ...v2, signatures: 2 }))).toEqual({});
    expect(await waysIn(fill(agent, { ...v2, takesAgents: null }))).toEqual({});
    // A certificate for any purpose is no agent’s where one is asked for by name.
    expect(await waysIn(fill({ isAgent: true, isAnyPurpose: true }, v2))).toEqual({});
    expect(await waysIn(fill({ ...agent, needsApproval: true }, v1))).toEqual({});
    expect(await waysIn(fill({ ...agent, needsEmail: true }, v1))).toEqual({});
    expect(await waysIn(fill(agent, v1, { agents: ['S-1-5-21-1-2-3-1101'] }))).toEqual({});
    expect(await waysIn(fill(agent, v1, { agents: undefined }))).toEqual({});
  });

  test('gets a certificate with an address only of those who have one', async () => {
    const withAddress = { ...v1, needsEmail: true };
    expect(await waysIn(fill(agent, withAddress))).toEqual({});
    const known = await waysIn(
      fill(agent, withAddress, {}, ({ place, domainAdmins, member, sid }) =>
        member(domainAdmins, place.account(`${sid}-1109`, { email: 'admin@corp.example' })),
      ),
    );
    expect(Object.keys(known)).toEqual(['1101']);
  });
});

test('an authority that takes any name gives a way where certificates do not say whose they are (ESC6)', async () => {
  const taking = { takesSubjectsFromAttributes: true };
  const fill =
    (settings: Facts, attributes: Facts = {}) =>
    (org: Org) => {
      const { template, publish, mayEnroll, authority, person } = services(org);
      mayEnroll(person(1101, 'ada'), template('User', attributes));
      authority(publish('User'), settings);
    };
  const nameless = { hasNoSecurityExtension: true };
  const way = expect.stringContaining('(may enrol in User, and CORP-CA takes any name from the request;');
  expect(await waysIn(fill(taking, nameless))).toEqual({ 1101: way });
  expect(await waysIn(fill({ ...taking, disabledExtensions: ['1.3.6.1.4.1.311.25.2'] }))).toEqual({ 1101: way });
  expect(await waysIn(fill(taking))).toEqual({});
  expect(await waysIn(fill({}, nameless))).toEqual({});
  expect(await waysIn(fill({ ...taking, issuesAtOnce: null }, nameless))).toEqual({});
  expect(await waysIn(fill({ ...taking, disabledExtensions: null }))).toEqual({});
  expect(await waysIn(fill(taking, { ...nameless, needsApproval: true }))).toEqual({});
  expect(await waysIn(fill(taking, { ...nameless, authenticates: false }))).toEqual({});
});

test('a certificate that counts as being in a group gives what the group has (ESC13)', async () => {
  const fill =
    (groupSid: string | null, attributes: Facts = {}) =>
    (org: Org) => {
      const { template, publish, mayEnroll, person, place, group, mayAs, domainAdmins } = services(org);
      mayAs(group(1201, 'Smartcard Admins'), 'AddMember', domainAdmins);
      group(1202, 'Readers');
      place.resource('policy', {
        type: 'issuance_policy',
        name: 'High Assurance',
        attributes: { oid: '1.2.3', groupSid },
      });
      mayEnroll(person(1101, 'ada'), template('T', { issuancePolicies: ['1.2.3'], ...attributes }));
      publish('T');
    };
  const linked = 'S-1-5-21-1-2-3-1201';
  const ways = await waysIn(fill(linked));
  expect(ways[1101]).toMatch(
    /^4 ada can get a certificate that counts as being in Smartcard Admins \(may enrol in T with the policy High Assurance, on CORP-CA;.*, Smartcard Admins can put itself into Domain Admins/,
  );
  expect(await waysIn(fill('S-1-5-21-1-2-3-1202'))).toEqual({});
  expect(await waysIn(fill(null))).toEqual({});
  expect(await waysIn(fill(linked, { needsApproval: true }))).toEqual({});
  expect(await waysIn(fill(linked, { needsDnsName: null }))).toEqual({});
  expect(await waysIn(fill(linked, { issuancePolicies: ['1.2.4'] }))).toEqual({});
});

test('what takes more than the holder has, or a fact that nobody reads, gives no way (ESC9, ESC15)', async () => {
  expect(
    await waysIn((org) => {
      const { template, publish, mayEnroll, person, may } = services(org);
      const [ada, bob] = [person(1101, 'ada'), person(1102, 'bob')];
      mayEnroll('S-1-5-11', template('Nameless', { hasNoSecurityExtension: true }));
      mayEnroll('S-1-5-11', template('Old', { schemaVersion: 1, suppliesSubject: true, authenticates: false }));
      publish('Nameless', 'Old');
      may(ada, 'WriteUserPrincipalName', bob);
    }),
  ).toEqual({});
});
