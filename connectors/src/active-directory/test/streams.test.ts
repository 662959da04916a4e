import { existsSync } from 'node:fs';
import type { Grant, Membership, RecordKind, Records, Resource } from '@gatehouse/connector-kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import { readLdif } from '../fake/index.ts';
import { type Bench, openBench } from './bench.ts';
import { directoryOf, forestFolder, ldifOf } from './forest.ts';

const reason = existsSync(forestFolder) ? null : 'the recordings are not beside the project';
const title = (words: string) => `${words}${reason === null ? '' : ` (skipped: ${reason})`}`;

/** Objects of one partition by their most specific class, counted from the files alone. */
const counted = (domain: string, partition: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { name, text } of ldifOf(domain)) {
    if (name !== `${partition}.ldif`) continue;
    for (const { attributes } of readLdif(text)) {
      const kind = attributes.get('objectClass')?.at(-1)?.toString() ?? '';
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
};

describe.skipIf(reason !== null).each([
  ['sevenkingdoms.local', 'DC_sevenkingdoms', 'S-1-5-21-2500924315-830707487-3998402438'],
  ['north.sevenkingdoms.local', 'DC_north', 'S-1-5-21-1017429141-1646896680-2415433065'],
])(title('the real domain %s'), (domain, partition, sid) => {
  let bench: Bench;
  const all = <R extends Records[RecordKind]>(stream: string) => [...bench.store.records(stream).values()] as R[];
  beforeAll(async () => {
    bench = await openBench(directoryOf(domain));
    const outcome = await bench.run();
    // What a dump does not hold cannot be seen, and events come from elsewhere; everything else is whole.
    expect(
      new Set(
        outcome.streams
          .filter(({ state, health }) => state !== 'done' || health !== 'connected')
          .map(({ stream }) => stream),
      ),
    ).toEqual(new Set(['deleted-objects', 'policy-settings', 'registry', 'security-events']));
    return () => bench[Symbol.asyncDispose]();
  });

  test('is read object by object, each once and none more', () => {
    const ofDomain = counted(domain, partition);
    const ofForest = counted(domain, 'CN_Configuration');
    const count = (counts: ReadonlyMap<string, number>, ...kinds: string[]) =>
      kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
    expect(all('users')).toHaveLength(count(ofDomain, 'user'));
    expect(all('computers')).toHaveLength(count(ofDomain, 'computer'));
    expect(all('groups')).toHaveLength(count(ofDomain, 'group'));
    expect(all('trusts')).toHaveLength(count(ofDomain, 'trustedDomain'));
    expect(all('group-policies')).toHaveLength(count(ofDomain, 'groupPolicyContainer'));
    expect(all('certificate-templates')).toHaveLength(count(ofForest, 'pKICertificateTemplate'));
    expect(all('enrolment-services')).toHaveLength(count(ofForest, 'pKIEnrollmentService'));
    expect(all('issuance-policies')).toHaveLength(count(ofForest, 'msPKI-Enterprise-Oid'));
  });

  test('has its privileged groups, its members and primary groups by SID', () => {
    const held = all<Grant>('privileged-groups').filter(({ privilege }) => privilege === 'highest');
    expect(held.map(({ principalId }) => principalId)).toEqual(expect.arrayContaining([`${sid}-512`, 'S-1-5-32-544']));
    const members = all<Membership>('memberships');
    expect(members).toContainEqual(
      expect.objectContaining({ groupId: `${sid}-512`, memberId: `${sid}-500`, memberKind: 'account' }),
    );
    expect(members).toContainEqual(
      expect.objectContaining({ groupId: 'S-1-5-32-544', memberId: `${sid}-512`, memberKind: 'group' }),
    );
    expect(members.every(({ memberId }) => memberId?.startsWith('S-1-') === true)).toBe(true);
    expect(all<Membership>('primary-groups')).toContainEqual(
      expect.objectContaining({ id: `${sid}-500`, groupId: `${sid}-513` }),
    );
  });

  test('has access entries on everything under the id by which the thing itself is kept', () => {
    const entries = new Set(all<Grant>('access-entries').map(({ resourceId }) => resourceId));
    const onDomain = all<Resource>('containers').filter(({ type }) => type === 'domain');
    expect(onDomain.map(({ attributes }) => attributes)).toEqual([expect.objectContaining({ sid })]);
    for (const stream of ['containers', 'users', 'groups', 'computers'])
      expect([stream, all<Resource>(stream).some(({ id }) => entries.has(id))]).toEqual([stream, true]);
    for (const { id } of onDomain) expect(entries).toContain(id);
    expect(entries).not.toContain(sid);
  });

  test('says of its certificate services what they issue and whether it counts', () => {
    const [service] = all<Resource>('enrolment-services');
    expect(service?.attributes).toMatchObject({
      isInNtAuth: true,
      hasTrustedRoot: true,
      templates: expect.arrayContaining(['User', 'WebServer']),
    });
    const template = (cn: string) =>
      all<Resource>('certificate-templates').find(({ attributes }) => Object(attributes).cn === cn)?.attributes;
    expect(template('WebServer')).toMatchObject({
      ...{ suppliesSubject: true, authenticates: false, isServer: true, isAgent: false, schemaVersion: 1 },
      ...{ needsApproval: false, needsEmail: false, needsDnsName: false, takesAgents: false },
    });
    expect(template('User')).toMatchObject({ authenticates: true, needsEmail: true, needsDnsName: false });
    expect(template('Machine')).toMatchObject({ needsEmail: false, needsDnsName: true });
    expect(template('EnrollmentAgent')).toMatchObject({ isAgent: true, isAnyPurpose: false, authenticates: false });
    expect(template('SubCA')).toMatchObject({ isAgent: true, isAnyPurpose: true, authenticates: true });
  });

  test('never holds a password that can be read', () => {
    const everything = JSON.stringify(Object.keys(activeDirectory.streams).map((stream) => all(stream)));
    for (const name of ['unicodePwd', 'ms-Mcs-AdmPwd"', 'msLAPS-Password"', 'supplementalCredentials'])
      expect(everything).not.toContain(name);
  });
});
