import { empty, type Grant, type Group, type Privilege, type Role, stream } from '@gatehouse/connector-kit';
import { Fault } from '@gatehouse/kernel';
import type { DirectoryClient, Forest } from './client.ts';
import { sidOf, textOf, withoutSid } from './entry.ts';
import { needsDirectory, probeDirectory } from './probe.ts';

/** A group that has rights by nature, on the controllers or on every object, beside what access entries say. */
interface PrivilegedGroup {
  /** The end of its SID: a RID of the domain, or a whole SID below BUILTIN; a name where the RID differs by domain. */
  readonly rid?: number;
  readonly builtin?: number;
  readonly samAccountName?: string;
  readonly role: string;
  readonly privilege: Privilege;
  readonly description: string;
}

/** `highest` can make itself anything in the domain; `high` can take over accounts or machines that others rely on. */
export const privilegedGroups: readonly PrivilegedGroup[] = [
  { builtin: 544, role: 'Administrators', privilege: 'highest', description: 'Everything on the domain controllers.' },
  { rid: 512, role: 'Domain Admins', privilege: 'highest', description: 'Everything in the domain.' },
  { rid: 519, role: 'Enterprise Admins', privilege: 'highest', description: 'Everything in the forest.' },
  {
    rid: 518,
    role: 'Schema Admins',
    privilege: 'highest',
    description: 'Changes what objects are, for the whole forest.',
  },
  {
    rid: 516,
    role: 'Domain Controllers',
    privilege: 'highest',
    description: 'Holds and replicates every secret of the domain.',
  },
  {
    builtin: 549,
    role: 'Server Operators',
    privilege: 'highest',
    description: 'Changes services of domain controllers, which run as SYSTEM.',
  },
  {
    builtin: 551,
    role: 'Backup Operators',
    privilege: 'highest',
    description: 'Reads and replaces any file of a domain controller, its database too.',
  },
  { builtin: 550, role: 'Print Operators', privilege: 'highest', description: 'Loads drivers on domain controllers.' },
  {
    builtin: 548,
    role: 'Account Operators',
    privilege: 'high',
    description: 'Makes and changes all accounts and groups that are not protected.',
  },
  {
    rid: 526,
    role: 'Key Admins',
    privilege: 'highest',
    description: 'Writes keys by which accounts of the domain sign in.',
  },
  {
    rid: 527,
    role: 'Enterprise Key Admins',
    privilege: 'highest',
    description: 'Writes keys by which accounts of the forest sign in.',
  },
  {
    rid: 521,
    role: 'Read-only Domain Controllers',
    privilege: 'high',
    description: 'Holds the secrets of the accounts it may keep.',
  },
  {
    rid: 498,
    role: 'Enterprise Read-only Domain Controllers',
    privilege: 'high',
    description: 'Replicates from every domain what its controllers may keep.',
  },
  {
    rid: 520,
    role: 'Group Policy Creator Owners',
    privilege: 'moderate',
    description: 'Makes group policies, and owns those it makes.',
  },
  {
    rid: 517,
    role: 'Cert Publishers',
    privilege: 'moderate',
    description: 'Publishes certificates of others, and into NTAuth.',
  },
  {
    builtin: 557,
    role: 'Incoming Forest Trust Builders',
    privilege: 'high',
    description: 'Lets other forests be trusted.',
  },
  {
    builtin: 578,
    role: 'Hyper-V Administrators',
    privilege: 'high',
    description: 'Reads the disks of virtual machines, of domain controllers too.',
  },
  {
    builtin: 555,
    role: 'Remote Desktop Users',
    privilege: 'moderate',
    description: 'Signs in to controllers by remote desktop where policy lets it.',
  },
  {
    builtin: 580,
    role: 'Remote Management Users',
    privilege: 'moderate',
    description: 'Runs commands by remote management where policy lets it.',
  },
  {
    samAccountName: 'DnsAdmins',
    role: 'DnsAdmins',
    privilege: 'high',
    description: 'Makes the DNS service of a controller load a library.',
  },
];

const roleOf = ({ role }: PrivilegedGroup) => `group:${role}`;

/** What holds privilege by what it is, whatever groups it is in: `of` the domain by its RID, or for whoever asks by a whole SID. */
interface PrivilegedByNature {
  readonly kind: 'account' | 'group';
  sid(forest: Forest): string;
  readonly role: string;
  readonly privilege: Privilege;
  readonly description: string;
}

const byNature: readonly PrivilegedByNature[] = [
  {
    ...{ kind: 'account', sid: ({ domainSid }) => `${domainSid}-500`, role: 'Built-in Administrator' },
    ...{ privilege: 'highest', description: 'The administrator that every domain has, and that is never locked out.' },
  },
  {
    ...{ kind: 'account', sid: ({ domainSid }) => `${domainSid}-502`, role: 'krbtgt' },
    ...{ privilege: 'highest', description: 'Its key signs every ticket: whoever has it makes one for anybody.' },
  },
  {
    ...{ kind: 'group', sid: () => 'S-1-5-18', role: 'SYSTEM' },
    ...{ privilege: 'highest', description: 'A machine itself; on a domain controller it is the domain.' },
  },
  {
    ...{ kind: 'group', sid: () => 'S-1-5-9', role: 'Enterprise Domain Controllers' },
    ...{ privilege: 'highest', description: 'Hold and replicate every secret of the forest.' },
  },
];

/**
 * Trustees that may do everything by nature: they have the same entries on every object, and an entry tells nothing of
 * them. SYSTEM, controllers, Administrators, Domain, Schema, Enterprise and Key Admins of whichever domain of the forest.
 */
export const isHighestByNature = (sid: string, forest: Forest): boolean =>
  sid === 'S-1-5-32-544' ||
  /^S-1-5-21-\d+-\d+-\d+-(512|516|518|519|526|527)$/.test(sid) ||
  byNature.some((known) => known.sid(forest) === sid);

/** SIDs that stand for whoever is asking: groups that no domain keeps, and that everybody, or nearly, is in. */
const wellKnown: readonly (readonly [sid: string, name: string, description: string])[] = [
  ['S-1-1-0', 'Everyone', 'Everybody, guests too.'],
  ['S-1-5-11', 'Authenticated Users', 'Everybody who signed in, computers too.'],
  ['S-1-5-7', 'Anonymous Logon', 'Whoever has not signed in.'],
  ['S-1-5-2', 'Network', 'Everybody who comes over the network.'],
  ['S-1-5-4', 'Interactive', 'Everybody who sits at the machine.'],
  ['S-1-5-6', 'Service', 'Everything that runs as a service.'],
  ['S-1-5-9', 'Enterprise Domain Controllers', 'All domain controllers of the forest.'],
  ['S-1-5-10', 'Self', 'The object itself.'],
  ['S-1-5-13', 'Terminal Server Users', 'Everybody who came by remote desktop.'],
  ['S-1-5-14', 'Remote Interactive Logon', 'Everybody who came by remote desktop.'],
  ['S-1-5-15', 'This Organization', 'Everybody of this forest and of those it trusts without limits.'],
  ['S-1-5-17', 'IUSR', 'Anonymous visitors of web sites.'],
  ['S-1-5-18', 'SYSTEM', 'The machine itself.'],
  ['S-1-5-19', 'Local Service', 'Services with few rights.'],
  ['S-1-5-20', 'Network Service', 'Services that act as the machine on the network.'],
  ['S-1-3-0', 'Creator Owner', 'Whoever makes an object below.'],
  ['S-1-3-1', 'Creator Group', 'The primary group of whoever makes an object below.'],
  ['S-1-3-4', 'Owner Rights', 'Whoever owns the object.'],
];

export const wellKnownGroups = stream<DirectoryClient, 'groups'>({
  record: 'groups',
  title: 'Well-known groups',
  needs: needsDirectory,
  reading: { mode: 'full' },
  everyMs: 24 * 3_600_000,
  async *read(client) {
    await client.forest();
    yield { records: wellKnown.map(toGroup), cursor: null };
  },
});

const toGroup = ([sid, name, description]: (typeof wellKnown)[number]): Group => ({
  ...empty('groups'),
  ...{ id: sid, raw: { sid }, type: 'well_known', name, description, attributes: { sid, isSecurity: true } },
});

/** What can be held in a domain: places in its privileged groups, and every right that an access entry can give. */
export const roles = stream<DirectoryClient, 'roles'>({
  record: 'roles',
  title: 'Roles and rights',
  needs: needsDirectory,
  reading: { mode: 'full' },
  everyMs: 24 * 3_600_000,
  async *read(client) {
    await client.forest();
    yield {
      records: [...privilegedGroups.map(toRole), ...byNature.map(toNature), ...rights.map(toRight)],
      cursor: null,
    };
  },
});

const toRole = (group: PrivilegedGroup): Role => ({
  ...empty('roles'),
  ...{ id: roleOf(group), raw: {}, type: 'builtin_role', name: group.role, description: group.description },
  privilege: group.privilege,
});

const toNature = ({ role, privilege, description }: PrivilegedByNature): Role => ({
  ...empty('roles'),
  ...{ id: `nature:${role}`, raw: {}, type: 'builtin_role', name: role, description, privilege },
});

/** By the names that the field gave them. What a right leads to depends on the object, so on its own it is low. */
const rights: readonly (readonly [kind: string, description: string])[] = [
  ['Owns', 'Owns the object, and so may change who may do what to it.'],
  ['GenericAll', 'May do everything to the object.'],
  ['GenericWrite', 'May write every attribute of the object.'],
  ['WriteDacl', 'May change who may do what to the object.'],
  ['WriteOwner', 'May make itself the owner of the object.'],
  [
    'AllExtendedRights',
    'Has every extended right on the object: a new password, replication, enrolment, as its kind has them.',
  ],
  ['ForceChangePassword', 'May set a new password without knowing the old one.'],
  ['AddMember', 'May change who is in the group.'],
  ['AddSelf', 'May add itself to the group.'],
  ['WriteSPN', 'May write service principal names, so that a ticket can be had whose password can be guessed.'],
  ['AddKeyCredentialLink', 'May add a key by which the account signs in.'],
  ['AddAllowedToAct', 'May say who may act as anybody towards the computer.'],
  ['AllowedToAct', 'May act as anybody towards the computer.'],
  ['WriteAccountRestrictions', 'May write the account restrictions, among them who may act as anybody towards it.'],
  ['WriteAltSecurityIdentities', 'May write which certificates sign in as the account.'],
  ['WriteUserPrincipalName', 'May write the principal name, by which certificates are matched.'],
  ['WriteDNSHostName', 'May write the host name, by which certificates are matched.'],
  ['WriteGPLink', 'May link group policies to what is below.'],
  ['WritePKINameFlag', 'May let requesters of the template choose whose certificate they get.'],
  ['WritePKIEnrollmentFlag', 'May change how certificates of the template are issued.'],
  ['GetChanges', 'May replicate the directory.'],
  ['GetChangesAll', 'May replicate the secrets of the directory, together with GetChanges.'],
  ['GetChangesInFilteredSet', 'May replicate attributes that read-only controllers do not get.'],
  ['ReadLAPSPassword', 'May read the password of the local administrator.'],
  ['ReadGMSAPassword', 'May read the password of the managed service account.'],
  ['Enroll', 'May request certificates.'],
  ['AutoEnroll', 'Gets certificates without asking.'],
  ['ManageCA', 'May change the settings of the certification authority.'],
  ['ManageCertificates', 'May issue and revoke certificates that wait for approval.'],
  ['CreateChild', 'May make objects below it.'],
  ['CreateChild:msDS-DelegatedManagedServiceAccount', 'May make delegated managed service accounts below it.'],
  ['CreateChild:msDS-GroupManagedServiceAccount', 'May make group managed service accounts below it.'],
  ['CreateChild:computer', 'May make computers below it.'],
  ['CreateChild:user', 'May make users below it.'],
  ['CreateChild:group', 'May make groups below it.'],
  ['DeleteChild', 'May delete what is below it.'],
  ['Delete', 'May delete the object.'],
];

const toRight = ([kind, description]: (typeof rights)[number]): Role => ({
  ...empty('roles'),
  ...{ id: `acl:${kind}`, raw: {}, type: 'permission', name: kind, description, privilege: 'low' },
});

/** Which groups and accounts of the domain are those that have rights by nature. */
export const privilegedGroupGrants = stream<DirectoryClient, 'grants'>({
  record: 'grants',
  title: 'Privileged groups and accounts',
  needs: needsDirectory,
  reading: { mode: 'full' },
  everyMs: 30 * 60_000,
  async *read(client) {
    const forest = await client.forest();
    const records: Grant[] = byNature.map((known) => {
      const sid = known.sid(forest);
      return {
        ...empty('grants'),
        ...{ id: `${sid}/nature:${known.role}`, raw: { sid }, principalKind: known.kind, principalId: sid },
        ...{ roleId: `nature:${known.role}`, privilege: known.privilege, via: 'direct', state: 'active' },
      };
    });
    const query = { base: forest.root.defaultNamingContext, scope: 'sub' as const, filter: '(objectCategory=group)' };
    const unread: string[] = [];
    let read = 0;
    for await (const entry of client.entries({ ...query, attributes: ['objectSid', 'sAMAccountName'] })) {
      const sid = sidOf(entry);
      if (sid === null) unread.push(withoutSid(entry));
      else read++;
      const name = textOf(entry, 'sAMAccountName')?.toLowerCase();
      const known = privilegedGroups.find(
        ({ rid, builtin, samAccountName }) =>
          sid === `S-1-5-32-${builtin}` ||
          sid === `${forest.domainSid}-${rid}` ||
          name === samAccountName?.toLowerCase(),
      );
      if (sid !== null && known) records.push(toGrant(sid, known));
    }
    // The grants by nature are there whatever the directory says; a domain without its groups is none.
    if (unread.length > read) {
      const advice = `${client.system} names groups in a way that cannot be understood. The next run tries again.`;
      throw new Fault('unexpected', advice, `${unread.length} groups, the first because: ${unread[0]}`);
    }
    yield { records, cursor: null, ...(unread.length > 0 && { leftOut: unread }) };
  },
  probe: (client) => probeDirectory(client, '(objectCategory=group)'),
});

const toGrant = (sid: string, group: PrivilegedGroup): Grant => ({
  ...empty('grants'),
  ...{ id: `${sid}/${roleOf(group)}`, raw: { sid }, principalKind: 'group', principalId: sid, roleId: roleOf(group) },
  ...{ privilege: group.privilege, via: 'default', state: 'active' },
});
