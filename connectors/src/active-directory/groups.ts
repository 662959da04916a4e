import { empty, type Group, type Membership, stream } from '@gatehouse/connector-kit';
import type { LdapEntry, Page, Whole } from '@gatehouse/host';
import { readChanges } from './changes.ts';
import type { DirectoryClient, Forest } from './client.ts';
import { leftOutWithoutSid, numberOf, referencesOf, sidOf, textOf, timeOf, withoutSid } from './entry.ts';
import { splitPage } from './parts.ts';
import { needsDirectory, probeDirectory } from './probe.ts';
import { wordsOf } from './words.ts';

const isGroup = '(objectCategory=group)';
const deadGroup = '(objectClass=group)';
const attributes: readonly string[] = [
  ...['objectSid', 'objectGUID', 'sAMAccountName', 'cn', 'description', 'groupType', 'adminCount', 'whenCreated'],
  ...['whenChanged', 'managedBy', 'mail', 'sIDHistory', 'isCriticalSystemObject', 'info'],
];

/** groupType (MS-ADTS 2.2.12). */
const scopes: readonly (readonly [number, string])[] = [
  [0x2, 'global'],
  [0x4, 'domain local'],
  [0x8, 'universal'],
];
const security = 0x8000_0000;
const builtin = 0x1;

/**
 * A group of the domain. `attributes`: `scope` (global, domain local, universal), `isSecurity`, `sid`, `samAccountName`,
 * `dn`, `adminCount`, `managedBy` (a SID). `id` is the SID.
 */
export const toGroup = (entry: LdapEntry): Group | null => {
  const id = sidOf(entry);
  if (id === null) return null;
  const bits = numberOf(entry, 'groupType');
  const isSecurity = bits === null ? null : (bits & security) !== 0;
  const words = wordsOf(entry, attributes);
  return {
    ...empty('groups'),
    id,
    raw: words,
    type: bits !== null && bits & builtin ? 'builtin' : isSecurity === false ? 'distribution' : 'group',
    name: textOf(entry, 'sAMAccountName') ?? textOf(entry, 'cn'),
    description: textOf(entry, 'description'),
    createdAt: timeOf(entry, 'whenCreated'),
    attributes: {
      ...{ sid: id, isSecurity, dn: words.distinguishedName ?? null },
      scope: bits === null ? null : (scopes.find(([bit]) => bits & bit)?.[1] ?? null),
      samAccountName: textOf(entry, 'sAMAccountName'),
      adminCount: numberOf(entry, 'adminCount'),
      managedBy: referencesOf(entry, 'managedBy')[0]?.sid ?? null,
    },
  };
};

export const groups = stream<DirectoryClient, 'groups'>({
  record: 'groups',
  title: 'Groups',
  needs: needsDirectory,
  reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
  everyMs: 30 * 60_000,
  async *read(client, from) {
    const { root } = await client.forest();
    const selection = {
      ...{ base: root.defaultNamingContext, filter: isGroup, tombstones: deadGroup, attributes },
      controls: { extendedDn: true },
    };
    yield* readChanges(client, selection, from, (live, dead) => ({
      records: live.flatMap((entry) => toGroup(entry) ?? []),
      gone: dead.flatMap((entry) => sidOf(entry) ?? []),
      ...leftOutWithoutSid(live),
    }));
  },
  probe: (client) => probeDirectory(client, isGroup),
});

/** The members that each group names. Everybody’s primary group does not name them: see `primary-groups`. */
export const memberships = stream<DirectoryClient, 'memberships'>({
  record: 'memberships',
  title: 'Group memberships',
  needs: needsDirectory,
  reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
  everyMs: 30 * 60_000,
  async *read(client, from) {
    const { root } = await client.forest();
    const groupSids = await client.once('group sids', () => readGroupSids(client));
    const selection = {
      ...{ base: root.defaultNamingContext, filter: isGroup, tombstones: deadGroup },
      ...{ attributes: ['objectSid', 'member'], controls: { extendedDn: true, pageSize: 100 } },
    };
    for await (const page of readChanges(client, selection, from, (live, dead) => toMemberships(live, dead, groupSids)))
      yield* splitPage(page, mostRecords, ({ groupId }) => groupId);
  },
  probe: (client) => probeDirectory(client, isGroup),
});

/** What a member is, its name does not tell: groups are few, so their SIDs are read once. */
export const readGroupSids = async (client: DirectoryClient): Promise<ReadonlySet<string>> => {
  const { root } = await client.forest();
  const found = new Set<string>();
  const query = { base: root.defaultNamingContext, scope: 'sub' as const, filter: isGroup, attributes: ['objectSid'] };
  for await (const entry of client.entries(query)) {
    const sid = sidOf(entry);
    if (sid !== null) found.add(sid);
  }
  return found;
};

const toMemberships = (
  live: readonly LdapEntry[],
  dead: readonly LdapEntry[],
  groupSids: ReadonlySet<string>,
): Omit<Page<Membership>, 'cursor'> => {
  const records: Membership[] = [];
  const wholes: Whole[] = [];
  const unread: string[] = [];
  for (const entry of live) {
    const group = sidOf(entry);
    if (group === null) {
      unread.push(withoutSid(entry));
      continue;
    }
    for (const { sid, guid, dn } of referencesOf(entry, 'member')) {
      // A contact has no SID: it can be written to, and may do nothing.
      const member = sid ?? (guid === null ? null : `guid:${guid}`);
      if (member !== null) records.push(toMembership(group, member, dn, groupSids));
    }
    // Members that did not all come say nothing of those that are missing.
    if (entry.incomplete.includes('member')) unread.push(`the members of ${entry.dn} changed while they were read`);
    else wholes.push({ id: group });
  }
  wholes.push(...dead.flatMap((entry) => sidOf(entry) ?? []).map((id) => ({ id })));
  return { records, wholes, ...(unread.length > 0 && { leftOut: unread }) };
};

const toMembership = (group: string, member: string, dn: string, groupSids: ReadonlySet<string>): Membership => ({
  ...empty('memberships'),
  id: `${group}/${member}`,
  raw: { group, member: dn },
  groupId: group,
  // SIDs of well-known groups are groups of no domain.
  memberKind: groupSids.has(member) || /^S-1-(1|5)-\d+$/.test(member) ? 'group' : 'account',
  memberId: member,
  role: 'member',
  via: 'direct',
});

/** At most so many records to a page. */
const mostRecords = 9_000;

/**
 * Membership by primaryGroupID, of which the group itself does not know: everybody is in Domain Users this way, a
 * controller in Domain Controllers, and whoever wants to hide in Domain Admins.
 */
export const primaryGroups = stream<DirectoryClient, 'memberships'>({
  record: 'memberships',
  title: 'Primary groups',
  needs: needsDirectory,
  reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
  everyMs: 30 * 60_000,
  async *read(client, from) {
    const forest = await client.forest();
    const selection = {
      ...{ base: forest.root.defaultNamingContext, filter: '(primaryGroupID=*)', tombstones: '(objectClass=user)' },
      ...{ attributes: ['objectSid', 'primaryGroupID'] },
    };
    yield* readChanges(client, selection, from, (live, dead) => {
      const unread = live.filter((entry) => toPrimary(entry, forest) === null);
      return {
        records: live.flatMap((entry) => toPrimary(entry, forest) ?? []),
        gone: dead.flatMap((entry) => sidOf(entry) ?? []),
        ...(unread.length > 0 && {
          leftOut: unread.map(({ dn }) => `${dn} has no SID or primary group that can be read`),
        }),
      };
    });
  },
  probe: (client) => probeDirectory(client, '(primaryGroupID=*)'),
});

/** One for each account, so its id is the account’s: another primary group is a change of it. */
const toPrimary = (entry: LdapEntry, { domainSid }: Forest): Membership | null => {
  const member = sidOf(entry);
  const rid = numberOf(entry, 'primaryGroupID');
  if (member === null || rid === null) return null;
  const group = `${domainSid}-${rid}`;
  return {
    ...empty('memberships'),
    id: member,
    raw: { member, primaryGroupID: rid },
    ...{ groupId: group, memberKind: 'account', memberId: member, role: 'primary', via: 'direct' },
  };
};
