import type { Account, Grant, Group, Membership, RecordKind, Records } from '@gatehouse/connector-kit';
import { createMemoryStore, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { expect, test } from 'vitest';
import { createDirectory, type Directory, makeDescriptor, sidBytes } from '../fake/index.ts';
import { type Bench, openBench } from './bench.ts';

const dn = 'DC=corp,DC=example';
const domainSid = 'S-1-5-21-1-2-3';
const bytes = (sid: string) => Buffer.from(sidBytes(sid) ?? []);
const sid = (rid: number) => `${domainSid}-${rid}`;

/** A domain with people and one group of them, as far as the connector asks. */
const corp = (people: number): Directory => {
  const directory = createDirectory('corp.example');
  directory.change(dn, { objectSid: bytes(domainSid), objectCategory: 'CN=Domain-DNS' });
  const configuration = `CN=Configuration,${dn}`;
  let above = configuration;
  for (const name of ['CN=Sites', 'CN=Site', 'CN=Servers', 'CN=DC1', 'CN=NTDS Settings']) {
    above = `${name},${above}`;
    directory.add(above, { objectClass: ['top'], invocationId: Buffer.from('0123456789abcdef') });
  }
  directory.add(`CN=Extended-Rights,${configuration}`, { objectClass: ['top', 'container'] });
  for (let at = 0; at < people; at++) person(directory, 1_000 + at);
  group(directory, 500_001, 'Crew', [personDn(1_000), personDn(1_001)]);
  return directory;
};
const personDn = (rid: number) => `CN=Person ${rid},${dn}`;
const person = (directory: Directory, rid: number, more: Readonly<Record<string, string>> = {}) =>
  directory.add(personDn(rid), {
    ...{ objectClass: ['top', 'person', 'user'], objectCategory: 'CN=Person', objectSid: bytes(sid(rid)) },
    ...{ sAMAccountName: `person${rid}`, userAccountControl: '512', primaryGroupID: '513', ...more },
    nTSecurityDescriptor: makeDescriptor(sid(512), [
      { trustee: sid(500_001), mask: 0x100, objectType: '00299570-246d-11d0-a768-00aa006e0529' },
    ]),
  });
const group = (directory: Directory, rid: number, name: string, member: readonly string[]) =>
  directory.add(`CN=${name},${dn}`, {
    ...{ objectClass: ['top', 'group'], objectCategory: 'CN=Group', objectSid: bytes(sid(rid)), sAMAccountName: name },
    ...{ groupType: '-2147483646', member: [...member], nTSecurityDescriptor: makeDescriptor(sid(512), []) },
  });

const of = <R extends Records[RecordKind]>(store: MemoryStore, stream: string) =>
  [...store.records(stream).values()] as R[];
const ids = (store: MemoryStore, stream: string) => [...store.records(stream).keys()].toSorted();
const read = async (bench: Bench, streams: readonly string[]) => {
  const outcome = await bench.run(streams);
  expect(outcome.fault ?? outcome.streams.find(({ fault }) => fault)?.fault).toBeUndefined();
  return outcome;
};

test('a later read brings what changed, and nothing else is asked for again', async () => {
  const directory = corp(3_000);
  await using bench = await openBench(directory);
  await read(bench, ['users']);
  expect(bench.store.records('users').size).toBe(3_000);

  directory.change(personDn(1_005), { userAccountControl: '514', department: 'Quay' });
  person(directory, 9_000);
  directory.remove(personDn(1_007));
  directory.move(personDn(1_008), `CN=Renamed,${dn}`);
  const before = bench.controller.requests.length;
  const outcome = await read(bench, ['users']);
  expect(outcome.streams[0]).toMatchObject({ wasFull: false, records: 3, counts: { inserted: 1, gone: 1 } });
  expect(bench.controller.requests.length - before).toBeLessThan(20);
  const users = new Map(of<Account>(bench.store, 'users').map((one) => [one.id, one]));
  expect(users.get(sid(1_005))).toMatchObject({
    status: 'disabled',
    statusReason: 'ACCOUNTDISABLE',
    department: 'Quay',
  });
  expect(users.has(sid(9_000))).toBe(true);
  expect(users.has(sid(1_007))).toBe(false);
  expect(users.get(sid(1_008))?.raw).toMatchObject({ distinguishedName: `CN=Renamed,${dn}` });
  expect((await read(bench, ['users'])).streams[0]).toMatchObject({ records: 0, counts: { changed: 0, gone: 0 } });
});

test('who leaves a group, and a group that is deleted, leave no membership behind', async () => {
  const directory = corp(5);
  group(directory, 500_002, 'Other', [personDn(1_002)]);
  await using bench = await openBench(directory);
  await read(bench, ['memberships']);
  expect(ids(bench.store, 'memberships')).toHaveLength(3);
  directory.change(`CN=Crew,${dn}`, { member: [personDn(1_001), personDn(1_003)] });
  directory.remove(`CN=Other,${dn}`);
  await read(bench, ['memberships']);
  expect(ids(bench.store, 'memberships')).toEqual([1_001, 1_003].map((rid) => `${sid(500_001)}/${sid(rid)}`));
});

test('a right that is taken away is gone, and rights of the others stay', async () => {
  const directory = corp(3);
  await using bench = await openBench(directory);
  await read(bench, ['access-entries']);
  const held = () =>
    of<Grant>(bench.store, 'access-entries').filter(({ roleId }) => roleId === 'acl:ForceChangePassword');
  expect(held().map(({ resourceId, principalId, principalKind }) => [resourceId, principalId, principalKind])).toEqual(
    [1_000, 1_001, 1_002].map((rid) => [sid(rid), sid(500_001), 'group']),
  );
  directory.change(personDn(1_001), { nTSecurityDescriptor: makeDescriptor(sid(512), []) });
  const outcome = await read(bench, ['access-entries']);
  expect(outcome.streams[0]).toMatchObject({ wasFull: false, counts: { gone: 1 } });
  expect(held().map(({ resourceId }) => resourceId)).toEqual([sid(1_000), sid(1_002)]);
});

test('the same descriptor means on each object what it means for its class', async () => {
  const directory = corp(1);
  const nTSecurityDescriptor = makeDescriptor(sid(512), [
    { trustee: sid(500_001), mask: 0x100, objectType: '00299570-246d-11d0-a768-00aa006e0529' },
    { trustee: sid(500_001), mask: 0x4_0000 },
  ]);
  const addUnit = (name: string) =>
    directory.add(`OU=${name},${dn}`, { objectClass: ['top', 'organizationalUnit'], nTSecurityDescriptor });
  addUnit('Before');
  directory.change(personDn(1_000), { nTSecurityDescriptor });
  addUnit('Behind');
  await using bench = await openBench(directory);
  await read(bench, ['access-entries']);
  const found = of<Grant>(bench.store, 'access-entries').map(({ resourceId, roleId }) => ({ resourceId, roleId }));
  expect(found.filter(({ roleId }) => roleId === 'acl:ForceChangePassword')).toMatchObject([
    { resourceId: sid(1_000) },
  ]);
  expect(
    new Set(found.filter(({ roleId }) => roleId === 'acl:WriteDacl').map(({ resourceId }) => resourceId)).size,
  ).toBe(3);
});

test('ten thousand and more members of one group all arrive, and one who leaves is noticed', async () => {
  const directory = corp(20);
  const many = Array.from({ length: 10_400 }, (_, at) => 20_000 + at);
  for (const rid of many) directory.add(personDn(rid), { objectClass: ['top', 'user'], objectSid: bytes(sid(rid)) });
  group(directory, 500_003, 'Everybody', many.map(personDn));
  await using bench = await openBench(directory);
  await read(bench, ['memberships']);
  const members = () =>
    of<Membership>(bench.store, 'memberships').filter(({ groupId }) => groupId === sid(500_003)).length;
  expect(members()).toBe(10_400);
  directory.change(`CN=Everybody,${dn}`, { member: many.slice(1).map(personDn) });
  await read(bench, ['memberships']);
  expect(members()).toBe(10_399);
  expect(bench.store.records('memberships').has(`${sid(500_003)}/${sid(20_000)}`)).toBe(false);
});

test('somebody who changes or dies while others are read is neither lost nor kept', async () => {
  const directory = corp(2_500);
  await using bench = await openBench(directory);
  let searches = 0;
  bench.controller.plant((request) => {
    if (request.kind === 'search' && request.search.scope === 'sub' && ++searches === 2) {
      // The first page is on its way: somebody on the last one moves on, and somebody on the first one dies.
      directory.change(personDn(3_499), { title: 'Moved on' });
      directory.remove(personDn(1_000));
    }
    return undefined;
  });
  const outcome = await read(bench, ['users']);
  expect(outcome.streams[0]?.wasFull).toBe(true);
  expect(bench.store.records('users').size).toBe(2_499);
  expect(of<Account>(bench.store, 'users').find(({ id }) => id === sid(3_499))?.title).toBe('Moved on');
});

test('a read that is broken off anywhere goes on there and ends with the same', async () => {
  const directory = corp(4_200);
  await using bench = await openBench(directory);
  await read(bench, ['users']);
  const whole = ids(bench.store, 'users');
  const cursors = bench.store.calls.flatMap(({ call, cursor }) => (call === 'save' ? [cursor] : []));
  expect(cursors.length).toBeGreaterThan(4);
  let taken = 0;
  for (const cursor of cursors.slice(0, -1)) {
    taken++;
    const store = createMemoryStore();
    const saved = bench.store.calls.filter(({ call }) => call === 'save').slice(0, taken);
    store.place(
      'users',
      { cursor, midway: true },
      saved.flatMap(({ records }) => records),
    );
    await bench.run(['users'], { store });
    expect(ids(store, 'users')).toEqual(whole);
  }
});

test('a first read of many objects takes few searches', async () => {
  await using bench = await openBench(corp(30_000));
  await read(bench, ['access-entries']);
  expect(of<Grant>(bench.store, 'access-entries')).toHaveLength(30_000);
  const base = bench.controller.requests.flatMap((request) =>
    request.kind === 'search' && request.search.base === dn && request.search.scope === 'sub' ? [request.search] : [],
  );
  const filters = new Set(base.map(({ filter }) => filter.content.toString('latin1')));
  // That for the groups, and three windows.
  expect(filters.size).toBe(4);
});

test('a controller that was restored is read from the beginning', async () => {
  const directory = corp(30);
  await using bench = await openBench(directory);
  await read(bench, ['groups', 'users']);
  directory.change(`CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,CN=Configuration,${dn}`, {
    invocationId: Buffer.from('fedcba9876543210'),
  });
  const outcome = await read(bench, ['groups', 'users']);
  expect(outcome.streams.map(({ wasFull, records }) => [wasFull, records])).toEqual([
    [true, 30],
    [true, 1],
  ]);
  expect(of<Group>(bench.store, 'groups')).toHaveLength(1);
});
