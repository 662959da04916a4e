import type { LabDomain } from './domain.ts';
import { departments } from './people.ts';

const security = '-2147483646';
const local = '-2147483644';
const builtin = '-2147483643';

/** RIDs that other parts of the domain speak of. */
export const groupRids = {
  helpDesk: 1_110,
  oldAdmins: 1_111,
  serverAdmins: 1_112,
  workstationAdmins: 1_113,
  sqlAdmins: 1_114,
};

const named: readonly (readonly [rid: number, name: string, description: string])[] = [
  [512, 'Domain Admins', 'Designated administrators of the domain'],
  [513, 'Domain Users', 'All domain users'],
  [515, 'Domain Computers', 'All workstations and servers joined to the domain'],
  [516, 'Domain Controllers', 'All domain controllers in the domain'],
  [518, 'Schema Admins', 'Designated administrators of the schema'],
  [519, 'Enterprise Admins', 'Designated administrators of the enterprise'],
  [520, 'Group Policy Creator Owners', 'Members in this group can modify group policy for the domain'],
  [525, 'Protected Users', 'Members of this group are afforded additional protections'],
  [groupRids.helpDesk, 'Help Desk', 'Resets passwords'],
  [groupRids.oldAdmins, 'Admins (old)', 'Before the reorganisation of 2018'],
  [groupRids.serverAdmins, 'Server Admins', 'Administrators of member servers'],
  [groupRids.workstationAdmins, 'Workstation Admins', 'Administrators of workstations'],
  [groupRids.sqlAdmins, 'SQL Admins', 'Administrators of databases'],
];
const local32: readonly (readonly [rid: number, name: string])[] = [
  [544, 'Administrators'],
  [545, 'Users'],
  [548, 'Account Operators'],
  [549, 'Server Operators'],
  [550, 'Print Operators'],
  [551, 'Backup Operators'],
  [555, 'Remote Desktop Users'],
];

export const departmentGroup = (dn: string, department: string) => `CN=${department},OU=Groups,${dn}`;
export const groupDn = (dn: string, name: string) =>
  `CN=${name},${name.startsWith('Domain') || /Admins$|Users$|Owners$/.test(name) ? 'CN=Users' : 'OU=Groups'},${dn}`;

export const addGroups = ({ addPrincipal, join, dn, lab }: LabDomain): void => {
  const group = (rid: number, at: string, sAMAccountName: string, groupType: string, description = '') =>
    addPrincipal(rid, at, {
      ...{ objectClass: ['top', 'group'], objectCategory: 'CN=Group', sAMAccountName, groupType },
      ...(description !== '' && { description }),
      ...(rid === 512 || rid === 518 || rid === 519 ? { adminCount: '1' } : {}),
    });
  for (const [rid, name, description] of named) group(rid, groupDn(dn, name), name, security, description);
  for (const [rid, name] of local32) group(-rid, `CN=${name},CN=Builtin,${dn}`, name, builtin);
  group(1_101, `CN=DnsAdmins,CN=Users,${dn}`, 'DnsAdmins', local, 'DNS Administrators Group');
  for (const [at, department] of departments.entries())
    group(1_120 + at, departmentGroup(dn, department), department, security, `Everybody in ${department}`);
  join(`CN=Administrators,CN=Builtin,${dn}`, [groupDn(dn, 'Domain Admins'), groupDn(dn, 'Enterprise Admins')]);
  // A group in a group in a group, until nobody sees any more who is at the end of it.
  join(groupDn(dn, 'Domain Admins'), [groupDn(dn, 'Server Admins')]);
  join(groupDn(dn, 'Server Admins'), [groupDn(dn, 'SQL Admins')]);
  const person = (handle: string) => `CN=${handle},OU=People,${dn}`;
  join(
    groupDn(dn, 'Help Desk'),
    lab.cast.helpDesk.map(({ handle }) => person(handle)),
  );
  join(
    groupDn(dn, 'SQL Admins'),
    lab.cast.engineers.slice(0, 2).map(({ handle }) => person(handle)),
  );
  join(
    groupDn(dn, 'Domain Admins'),
    lab.cast.superAdmins.map(({ handle }) => person(handle)),
  );
  join(
    groupDn(dn, 'Schema Admins'),
    lab.cast.superAdmins.slice(0, 1).map(({ handle }) => person(handle)),
  );
  join(`CN=Backup Operators,CN=Builtin,${dn}`, [person(lab.cast.dormantAdmin.handle)]);
  join(
    `CN=DnsAdmins,CN=Users,${dn}`,
    lab.cast.superAdmins.slice(3, 5).map(({ handle }) => person(handle)),
  );
  join(
    groupDn(dn, 'Admins (old)'),
    lab.cast.engineers.slice(4, 6).map(({ handle }) => person(handle)),
  );
};
