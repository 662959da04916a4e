import type { OktaGroup, OktaGroupRule } from '@gatehouse/connectors/okta/fake';
import { oktaId, serviceIds } from './okta-people.ts';
import type { LabOrganisation } from './organisation.ts';
import { departments, type LabPerson } from './people.ts';

/** Groups that administrators and applications refer to. */
export const groupIds = {
  everyone: '00geveryone000000001',
  helpDesk: '00ghelpdesk000000001',
  systemsAdministrators: '00gsysadmins00000001',
  vendors: '00gvendors0000000001',
  github: '00ggithub00000000001',
  finance: '00gerpfinance0000001',
} as const;

export const departmentGroupId = (index: number) => `00gdept${String(index).padStart(13, '0')}`;

export const oktaGroups = (lab: LabOrganisation): OktaGroup[] => {
  const dice = lab.dice('okta groups');
  const working = lab.people.filter(({ leftAt }) => leftAt === null);
  const ids = (people: readonly LabPerson[]) => people.map(oktaId);
  const group = (
    id: string,
    name: string,
    description: string,
    memberIds: string[],
    type?: OktaGroup['type'],
  ): OktaGroup => ({
    id,
    name,
    description,
    memberIds,
    created: lab.ago(dice.between(200, 2_500)),
    ...(type === undefined ? {} : { type }),
  });
  const projects = Array.from({ length: 70 }, (_, index) =>
    group(
      `00gproj${String(index).padStart(13, '0')}`,
      `project-${projectNames[index % projectNames.length]}${index >= projectNames.length ? `-${Math.floor(index / projectNames.length) + 1}` : ''}`,
      'A project team; its members are added by hand.',
      ids(working.filter(() => dice.happens(0.012))),
    ),
  );
  return [
    group(
      groupIds.everyone,
      'Everyone',
      'All users in your organization',
      [...ids(working), ...Object.values(serviceIds)],
      'BUILT_IN',
    ),
    ...departments.map((department, index) =>
      group(
        departmentGroupId(index),
        `dept-${department.toLowerCase()}`,
        `Filled by rule from the department ${department}.`,
        ids(working.filter((person) => person.department === department)),
      ),
    ),
    group(groupIds.helpDesk, 'Help Desk', 'May reset passwords and second factors.', ids(lab.cast.helpDesk)),
    group(
      groupIds.systemsAdministrators,
      'Systems Administrators',
      'Filled by rule from the title.',
      ids(working.filter(({ title }) => title === 'Systems Administrator')),
    ),
    group(
      groupIds.vendors,
      'Vendors',
      'People of suppliers who need the portal.',
      ids(working.filter(() => dice.happens(0.02))),
    ),
    group(
      groupIds.github,
      'GitHub Members',
      'Gives membership in the GitHub organization.',
      ids(working.filter(({ department }) => ['Engineering', 'IT', 'Security'].includes(department))),
    ),
    group(
      groupIds.finance,
      'ERP Finance',
      'Posts to the ledger.',
      ids(working.filter(({ department }) => department === 'Finance')),
    ),
    ...projects,
  ];
};

export const oktaGroupRules = (lab: LabOrganisation): OktaGroupRule[] => [
  ...departments.map((department, index) => ({
    id: `0prdept${String(index).padStart(13, '0')}`,
    name: `Department ${department}`,
    created: lab.ago(1_200),
    expression: `user.department=="${department}"`,
    groupIds: [departmentGroupId(index)],
  })),
  {
    id: '0prsysadmins00000001',
    name: 'Systems administrators by title',
    created: lab.ago(700),
    expression: 'user.title=="Systems Administrator"',
    groupIds: [groupIds.systemsAdministrators],
  },
];

const projectNames =
  'atlas beacon compass delta ember falcon granite harbor indigo jasmine keystone lantern meridian nimbus orchid pioneer quartz ridge saffron tundra umbra vector willow xenon yonder zephyr'.split(
    ' ',
  );
