import { accounts, dnOf } from './accounts.ts';
import { addEntry, addValues, replaceValues } from './ldif.ts';
import { base, departments, sidOf, units } from './names.ts';
import type { Person } from './people.ts';

interface SeededGroup {
  readonly rid: number;
  readonly name: string;
  readonly description: string;
}

/** Groups with a part to play; the rest are made from lists below. */
export const groups = {
  helpDesk: { rid: 11_001, name: 'Help Desk', description: 'May reset passwords of people' },
  serviceAutomation: { rid: 11_002, name: 'Service Automation', description: 'Makes service accounts' },
  policyEditors: { rid: 11_003, name: 'Policy Editors', description: 'Edit group policies of servers' },
  pkiOperators: { rid: 11_004, name: 'PKI Operators', description: 'Care for the enrolment services' },
  webOperators: { rid: 11_005, name: 'Web Operators', description: 'Publish web certificates' },
  webServers: { rid: 11_006, name: 'Web Servers', description: 'May retrieve the password of gmsa-web' },
  floorSupport: { rid: 11_007, name: 'Floor Support', description: 'Read passwords of workstations' },
  /** Universal and empty, as a link from an issuance policy demands. */
  smartcardAdmins: { rid: 11_008, name: 'Smartcard Admins', description: 'Members by certificate only' },
  staff: { rid: 11_010, name: 'All Staff', description: 'Everybody, through the departments' },
  /** Bottom and top of the chain of groups that ends in Domain Admins. */
  backupTeam: { rid: 11_011, name: 'Backup Team', description: 'Runs the backup' },
  infrastructure: { rid: 11_012, name: 'Infrastructure', description: 'Runs the servers' },
  tier0Operators: { rid: 11_013, name: 'Tier 0 Operators', description: 'In Domain Admins' },
  /** Each a member of the other, as directories allow. */
  circleLeft: { rid: 11_014, name: 'Project Left', description: 'Member of Project Right' },
  circleRight: { rid: 11_015, name: 'Project Right', description: 'Member of Project Left' },
} as const satisfies Readonly<Record<string, SeededGroup>>;

/** Eight groups, each inside the one before. */
export const nested = Array.from({ length: 8 }, (_, level) => `Region Level ${level + 1}`);

export const groupDn = (name: string): string => `CN=${name},${units.groups}`;
export const departmentGroup = (department: string): string => `Department ${department}`;

export const groupEntries = (): string =>
  [
    ...Object.values(groups),
    ...departments.map((department, index) => plain(11_100 + index, departmentGroup(department))),
    ...nested.map((name, index) => plain(11_200 + index, name)),
    ...applications.map((name, index) => plain(11_300 + index, name)),
  ]
    .map(({ rid, name, description }) =>
      addEntry(groupDn(name), {
        objectClass: 'group',
        objectSid: sidOf(rid),
        sAMAccountName: name,
        description,
        groupType: name === groups.smartcardAdmins.name ? universal : applications.includes(name) ? local : global,
      }),
    )
    .join('');

export const membershipEntries = (people: readonly Person[]): string =>
  [
    ...departments.map((department) =>
      members(
        groupDn(departmentGroup(department)),
        people.filter((person) => person.department === department).map(({ dn }) => dn),
      ),
    ),
    members(
      groupDn(groups.staff.name),
      departments.map((department) => groupDn(departmentGroup(department))),
    ),
    members(groupDn(groups.helpDesk.name), [dnOf(accounts.clerk)]),
    members(groupDn(groups.backupTeam.name), [dnOf(accounts.kerberoastableAdmin)]),
    members(groupDn(groups.infrastructure.name), [groupDn(groups.backupTeam.name)]),
    members(groupDn(groups.tier0Operators.name), [groupDn(groups.infrastructure.name)]),
    members(groupDn(groups.circleLeft.name), [groupDn(groups.circleRight.name)]),
    members(groupDn(groups.circleRight.name), [groupDn(groups.circleLeft.name)]),
    ...nested.slice(1).map((name, index) => members(groupDn(nested[index] ?? ''), [groupDn(name)])),
    members(groupDn(nested.at(-1) ?? ''), [groupDn(departmentGroup('Sales'))]),
    ...applications.map((name, index) =>
      members(groupDn(name), [groupDn(departmentGroup(departments[index % departments.length] ?? 'Sales'))]),
    ),
    members(`CN=Domain Admins,CN=Users,${base}`, [groupDn(groups.tier0Operators.name), ...admins.map(dnOf)]),
    members(`CN=Backup Operators,CN=Builtin,${base}`, [dnOf(accounts.asRepRoastableOperator)]),
    members(`CN=DnsAdmins,CN=Users,${base}`, [groupDn(groups.helpDesk.name)]),
    members(`CN=Protected Users,CN=Users,${base}`, [dnOf(accounts.guardedAdmin)]),
    // The controller does not stamp who is protected by AdminSDHolder, as Windows does every hour.
    ...[...admins, accounts.kerberoastableAdmin, accounts.asRepRoastableOperator].map((account) =>
      replaceValues(dnOf(account), { adminCount: 1 }),
    ),
  ].join('');

const admins = [
  accounts.guardedAdmin,
  accounts.delegableAdmin,
  accounts.mappedAdmin,
  accounts.strongMappedAdmin,
  accounts.shadowedAdmin,
  accounts.disabledAdmin,
];

const applications = [
  'Files Finance Write',
  'Files Sales Write',
  'Files Legal Read',
  'App Wiki Users',
  'App Tickets Users',
  'App Payroll Users',
  'VPN Users',
  'Remote Desktop Workers',
  'Printers Berlin',
  'Printers Leeds',
  'Guests Wireless',
];

const plain = (rid: number, name: string): SeededGroup => ({ rid, name, description: name });
const members = (dn: string, member: readonly string[]): string =>
  member.length === 0 ? '' : addValues(dn, { member });

/** groupType, MS-ADTS 2.2.12, as the signed number that the directory keeps. */
const global = 0x8000_0002 | 0;
const local = 0x8000_0004 | 0;
const universal = 0x8000_0008 | 0;
