import {
  createDirectory,
  type Directory,
  type Given,
  type MadeEntry,
  makeDescriptor,
  sidBytes,
} from '@gatehouse/connectors/active-directory/fake';
import { addCertificateServices } from './domain-certificates.ts';
import { addGroups } from './domain-groups.ts';
import { addMachines } from './domain-machines.ts';
import { addPeople } from './domain-people.ts';
import { addPolicies } from './domain-policies.ts';
import { addServices } from './domain-services.ts';
import type { LabOrganisation } from './organisation.ts';

/** The domain of the sample organisation while it is made: objects get their SIDs, times and descriptors here. */
export interface LabDomain {
  readonly lab: LabOrganisation;
  readonly directory: Directory;
  /** `DC=meridianfreight,DC=example` and what stands in it. */
  readonly dn: string;
  readonly sid: string;
  /** Adds an object. `access` says who may do what to it, beside what is usual. */
  add(dn: string, attributes: Readonly<Record<string, Given>>, access?: readonly MadeEntry[], owner?: string): void;
  /** Adds one with a SID of this domain. */
  addPrincipal(
    rid: number,
    dn: string,
    attributes: Readonly<Record<string, Given>>,
    access?: readonly MadeEntry[],
  ): string;
  /** Puts members, by distinguished name, into a group when everything is there. */
  join(group: string, members: readonly string[]): void;
}

export const netbiosName = 'MERIDIAN';
export const domainSid = 'S-1-5-21-1004336348-1177238915-682003330';

/** Rights by their bits (MS-ADTS 5.1.3.2). */
export const rights = {
  everything: 0xf_01ff,
  read: 0x2_0094,
  writeProperty: 0x20,
  extendedRight: 0x100,
  writeDacl: 0x4_0000,
  createChild: 0x1,
} as const;

export const filetime = (at: Date): string => String((BigInt(at.getTime()) + 11_644_473_600_000n) * 10_000n);
export const generalizedTime = (at: Date): string => `${at.toISOString().replace(/[-:T]|\.\d+Z/g, '')}.0Z`;

/** Meridian Freight's Active Directory, of the same people as everything else, with the mistakes of twenty years. */
export const makeDomain = (lab: LabOrganisation): Directory => {
  const directory = createDirectory(lab.domain);
  const dn = lab.domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
  const joined = new Map<string, string[]>();
  const usual: readonly MadeEntry[] = [
    { trustee: `${domainSid}-512`, mask: rights.everything },
    { trustee: 'S-1-5-18', mask: rights.everything },
    { trustee: 'S-1-5-11', mask: rights.read },
  ];
  const described = (access: readonly MadeEntry[], owner = `${domainSid}-512`) =>
    makeDescriptor(owner, [...usual, ...access]);
  const domain: LabDomain = {
    ...{ lab, directory, dn, sid: domainSid },
    add: (name, attributes, access = [], owner) => {
      directory.add(name, {
        nTSecurityDescriptor: described(access, owner),
        whenCreated: generalizedTime(new Date(lab.ago(1_800))),
        ...attributes,
      });
    },
    addPrincipal: (rid, name, attributes, access) => {
      const sid = rid < 0 ? `S-1-5-32-${-rid}` : `${domainSid}-${rid}`;
      domain.add(name, { objectSid: Buffer.from(sidBytes(sid) ?? []), ...attributes }, access);
      return sid;
    },
    join: (group, members) => void joined.set(group, [...(joined.get(group) ?? []), ...members]),
  };
  directory.change(dn, {
    objectSid: Buffer.from(sidBytes(domainSid) ?? []),
    nTSecurityDescriptor: described([
      // Of the backup that was tried out in 2019, and forgotten.
      { trustee: `${domainSid}-1203`, mask: rights.extendedRight, objectType: '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2' },
      { trustee: `${domainSid}-1203`, mask: rights.extendedRight, objectType: '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2' },
    ]),
    ...{
      'ms-DS-MachineAccountQuota': '10',
      minPwdLength: '8',
      pwdHistoryLength: '24',
      pwdProperties: '1',
      lockoutThreshold: '0',
    },
    ...{
      'msDS-Behavior-Version': '7',
      objectCategory: 'CN=Domain-DNS',
      gPLink: '[LDAP://cn={31B2F340-016D-11D2-945F-00C04FB984F9},cn=policies,cn=system,DC=x;0]',
    },
  });
  addServer(domain);
  addContainers(domain);
  addGroups(domain);
  addPeople(domain);
  addServices(domain);
  addMachines(domain);
  addPolicies(domain);
  addCertificateServices(domain);
  for (const [group, members] of joined) directory.change(group, { member: members });
  return directory;
};

/** The controller’s own place in the configuration, with the id of its database. */
const addServer = ({ directory, lab }: LabDomain): void => {
  const configuration = `CN=Configuration,${lab.domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',')}`;
  const names = ['CN=Sites', 'CN=Site', 'CN=Servers', 'CN=DC1', 'CN=NTDS Settings'];
  names.reduce((above, name) => {
    const dn = `${name},${above}`;
    const isLast = name === 'CN=NTDS Settings';
    // As old as the organisation: the same at every start, so that nothing is read again.
    directory.add(dn, {
      objectClass: ['top', isLast ? 'nTDSDSA' : 'container'],
      ...(isLast && {
        invocationId: Buffer.from(lab.now.toISOString().replace(/\D/g, '').padEnd(16, '0').slice(0, 16)),
      }),
    });
    return dn;
  }, configuration);
  directory.add(`CN=Extended-Rights,${configuration}`, { objectClass: ['top', 'container'] });
  directory.add(`CN=Services,${configuration}`, { objectClass: ['top', 'container'] });
  directory.add(`CN=Partitions,${configuration}`, { objectClass: ['top', 'crossRefContainer'] });
  directory.add(`CN=MERIDIANFREIGHT,CN=Partitions,${configuration}`, {
    objectClass: ['top', 'crossRef'],
    nETBIOSName: netbiosName,
  });
};

const addContainers = ({ add, dn, sid }: LabDomain): void => {
  const unit = (name: string, access: readonly MadeEntry[] = [], more: Readonly<Record<string, Given>> = {}) =>
    add(
      `OU=${name},${dn}`,
      { objectClass: ['top', 'organizationalUnit'], objectCategory: 'CN=Organizational-Unit', name, ...more },
      access,
    );
  unit('Domain Controllers', [], {
    gPLink:
      '[LDAP://cn={6AC1786C-016F-11D2-945F-00C04FB984F9},cn=policies,cn=system,DC=x;0][LDAP://cn={5D1F00A2-8C1B-4A57-9D2E-0F6B0C5E1B11},cn=policies,cn=system,DC=x;0]',
  });
  // The help desk resets passwords of everybody below, and may make accounts of services: the usual delegation, one class too many.
  unit('People', [
    {
      trustee: `${sid}-1110`,
      mask: rights.extendedRight,
      objectType: '00299570-246d-11d0-a768-00aa006e0529',
      inheritOnly: true,
      inheritedObjectType: 'bf967aba-0de6-11d0-a285-00aa003049e2',
    },
  ]);
  unit('Service Accounts', [{ trustee: `${sid}-1110`, mask: rights.createChild }]);
  for (const name of ['Tier 0', 'Servers', 'Workstations', 'Groups', 'Leavers']) unit(name);
  for (const name of ['Users', 'Builtin', 'System'])
    add(`CN=${name},${dn}`, {
      objectClass: ['top', name === 'Builtin' ? 'builtinDomain' : 'container'],
      objectCategory: 'CN=Container',
      name,
    });
  add(
    `CN=AdminSDHolder,CN=System,${dn}`,
    { objectClass: ['top', 'container'], objectCategory: 'CN=Container', name: 'AdminSDHolder' },
    [{ trustee: `${sid}-1111`, mask: rights.writeDacl }],
  );
};
