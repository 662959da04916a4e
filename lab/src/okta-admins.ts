import type {
  OktaApiToken,
  OktaCustomRole,
  OktaResourceSet,
  OktaRoleAssignment,
} from '@gatehouse/connectors/okta/fake';
import { appIds } from './okta-apps.ts';
import { departmentGroupId, groupIds } from './okta-groups.ts';
import { administratorId, oktaId, serviceIds } from './okta-people.ts';
import type { LabOrganisation } from './organisation.ts';

const customRoles = {
  credentials: 'cr0credentials000001',
  groups: 'cr0groups00000000001',
  audit: 'cr0audit000000000001',
} as const;

/** Too many super administrators, one by everyday account without second factor, one dormant, roles by rule-filled group. */
export const oktaRoleAssignments = (lab: LabOrganisation): OktaRoleAssignment[] => {
  let number = 0;
  const assign = (
    kind: 'user' | 'group' | 'client',
    id: string,
    type: string,
    more: Partial<OktaRoleAssignment> = {},
  ): OktaRoleAssignment => ({
    id: `ra1${String(++number).padStart(17, '0')}`,
    holder: { kind, id },
    type,
    created: lab.ago(60 + number * 13),
    ...more,
  });
  const { cast } = lab;
  return [
    ...cast.superAdmins.map((person) => assign('user', oktaId(person), 'SUPER_ADMIN')),
    ...cast.separateAdmins.map((person) => assign('user', administratorId(person), 'SUPER_ADMIN')),
    assign('user', oktaId(cast.dormantAdmin), 'SUPER_ADMIN'),
    assign('user', serviceIds.breakGlass, 'SUPER_ADMIN'),
    assign('user', serviceIds.jenkins, 'APP_ADMIN'),
    assign('group', groupIds.systemsAdministrators, 'ORG_ADMIN'),
    assign('group', groupIds.helpDesk, 'HELP_DESK_ADMIN'),
    assign('group', departmentGroupId(7), 'REPORT_ADMIN'),
    ...cast.helpDesk
      .slice(0, 2)
      .map((person) => assign('user', oktaId(person), 'USER_ADMIN', { targetGroupIds: [departmentGroupId(2)] })),
    ...cast.engineers
      .slice(10, 13)
      .map((person) => assign('user', oktaId(person), 'APP_ADMIN', { targetApps: [{ name: 'githubcloud' }] })),
    ...cast.engineers.slice(13, 15).map((person) => assign('user', oktaId(person), 'READ_ONLY_ADMIN')),
    assign('user', oktaId(cast.engineers[20] ?? cast.dormantAdmin), 'GROUP_MEMBERSHIP_ADMIN', {
      targetGroupIds: [groupIds.systemsAdministrators],
    }),
    assign('client', appIds.provisioning, 'SUPER_ADMIN'),
    assign('client', appIds.reporting, 'READ_ONLY_ADMIN'),
  ];
};

export const oktaCustomRoles = (lab: LabOrganisation): OktaCustomRole[] => [
  {
    id: customRoles.credentials,
    label: 'Vendor desk',
    description: 'Resets credentials of vendors.',
    created: lab.ago(400),
    permissions: ['okta.users.read', 'okta.users.credentials.manage'],
  },
  {
    id: customRoles.groups,
    label: 'Project leads',
    description: 'Keeps the members of project groups.',
    created: lab.ago(380),
    permissions: ['okta.groups.read', 'okta.groups.members.manage'],
  },
  {
    id: customRoles.audit,
    label: 'Auditors',
    description: 'Reads everything, changes nothing.',
    created: lab.ago(300),
    permissions: ['okta.users.read', 'okta.groups.read', 'okta.apps.read', 'okta.iam.read'],
  },
];

export const oktaResourceSets = (lab: LabOrganisation): OktaResourceSet[] => {
  const orn = (path: string) => `orn:okta:directory:00omeridian0000000001:${path}`;
  const { cast } = lab;
  return [
    {
      id: 'rs1vendors0000000001',
      label: 'Vendors',
      description: 'The people of suppliers.',
      created: lab.ago(400),
      resources: [{ id: 'ire1vendors000000001', orn: orn(`groups:${groupIds.vendors}`) }],
      bindings: [
        {
          roleId: customRoles.credentials,
          members: cast.helpDesk.slice(2, 4).map((person, index) => ({
            id: `irb1vendors00000000${index}`,
            kind: 'user' as const,
            memberId: oktaId(person),
            created: lab.ago(200),
          })),
        },
      ],
    },
    {
      id: 'rs1directory00000001',
      label: 'Whole directory',
      description: 'Every user and group.',
      created: lab.ago(300),
      resources: [
        { id: 'ire1users00000000001', orn: orn('users') },
        { id: 'ire1groups0000000001', orn: orn('groups') },
      ],
      bindings: [
        {
          roleId: customRoles.audit,
          members: [
            { id: 'irb1audit00000000001', kind: 'group', memberId: departmentGroupId(7), created: lab.ago(290) },
          ],
        },
        {
          roleId: customRoles.groups,
          members: [
            {
              id: 'irb1leads00000000001',
              kind: 'user',
              memberId: oktaId(cast.engineers[30] ?? cast.dormantAdmin),
              created: lab.ago(150),
            },
          ],
        },
      ],
    },
  ];
};

/** Tokens act as the person who made them, for as long as that person exists. */
export const oktaApiTokens = (lab: LabOrganisation): OktaApiToken[] => {
  const { cast } = lab;
  const token = (
    number: number,
    name: string,
    userId: string,
    created: number,
    lastUsed: number | null,
    zoneIds?: readonly string[],
  ): OktaApiToken => ({
    id: `00Tmeridian00000${String(number).padStart(4, '0')}`,
    name,
    userId,
    created: lab.ago(created),
    ...(lastUsed === null ? {} : { lastUsed: lab.ago(lastUsed) }),
    ...(zoneIds === undefined ? {} : { zoneIds }),
  });
  return [
    token(1, 'hr-sync', oktaId(cast.superAdmins[0] ?? cast.dormantAdmin), 820, 0.1),
    token(2, 'terraform', oktaId(cast.superAdmins[3] ?? cast.dormantAdmin), 300, 1, ['nzooffice00000000001']),
    token(3, 'old-dashboard', oktaId(cast.dormantAdmin), 990, 400),
    token(4, 'jenkins', serviceIds.jenkins, 610, 0.5),
    token(5, 'offboarding-script', oktaId(cast.forgottenLeavers[0] ?? cast.dormantAdmin), 760, 35),
    token(6, 'siem-reader', oktaId(cast.engineers[13] ?? cast.dormantAdmin), 45, 0.05, ['nzooffice00000000001']),
  ];
};
