import { filetime, generalizedTime, type LabDomain, rights } from './domain.ts';
import { departmentGroup, groupRids } from './domain-groups.ts';
import type { LabPerson } from './people.ts';

const firstRid = 10_000;
export const ridOf = (person: LabPerson): number => firstRid + person.number;
export const personClasses = ['top', 'person', 'organizationalPerson', 'user'];

/** Everybody who is or was in the organisation, and the accounts that every domain has. */
export const addPeople = (domain: LabDomain): void => {
  const { lab, addPrincipal, join, dn, sid } = domain;
  const dice = lab.dice('domain people');
  const common = { objectClass: personClasses, objectCategory: 'CN=Person', primaryGroupID: '513' };
  addPrincipal(500, `CN=Administrator,CN=Users,${dn}`, {
    ...{ ...common, sAMAccountName: 'Administrator', userAccountControl: '66048', adminCount: '1' },
    // Somebody, or something, still uses it.
    ...{ pwdLastSet: filetime(new Date(lab.ago(1_400))), lastLogonTimestamp: filetime(new Date(lab.ago(6))) },
  });
  addPrincipal(502, `CN=krbtgt,CN=Users,${dn}`, {
    ...{
      ...common,
      sAMAccountName: 'krbtgt',
      userAccountControl: '514',
      servicePrincipalName: 'kadmin/changepw',
      adminCount: '1',
    },
    pwdLastSet: filetime(new Date(lab.ago(1_460))),
  });
  join(`CN=Domain Admins,CN=Users,${dn}`, [`CN=Administrator,CN=Users,${dn}`]);
  const byDepartment = new Map<string, string[]>();
  for (const person of lab.people) {
    const at = `CN=${person.handle},OU=${person.leftAt === null ? 'People' : 'Leavers'},${dn}`;
    const isForgotten = lab.cast.forgottenLeavers.includes(person);
    const flags = flagsOf(person, person.leftAt !== null && !isForgotten, dice.next());
    addPrincipal(
      ridOf(person),
      at,
      {
        ...{
          ...common,
          sAMAccountName: person.handle.slice(0, 20),
          userPrincipalName: person.email,
          mail: person.email,
        },
        ...{ givenName: person.firstName, sn: person.lastName, displayName: `${person.firstName} ${person.lastName}` },
        ...{ employeeID: String(10_000 + person.number), department: person.department, title: person.title },
        ...{ userAccountControl: String(flags), proxyAddresses: [`SMTP:${person.email}`] },
        ...(person.managerHandle !== null && { manager: `CN=${person.managerHandle},OU=People,${dn}` }),
        whenCreated: generalizedTime(person.hiredAt),
        pwdLastSet: filetime(new Date(lab.ago(dice.between(1, 420)))),
        ...(person.lastSignInAt !== null && { lastLogonTimestamp: filetime(person.lastSignInAt) }),
      },
      // What stands on the organisational unit, as it arrives here.
      person.leftAt === null && !lab.cast.superAdmins.includes(person)
        ? [
            {
              trustee: `${sid}-${groupRids.helpDesk}`,
              mask: rights.extendedRight,
              objectType: '00299570-246d-11d0-a768-00aa006e0529',
              isInherited: true,
            },
          ]
        : [],
    );
    if (person.leftAt === null)
      byDepartment.set(person.department, [...(byDepartment.get(person.department) ?? []), at]);
  }
  for (const [department, members] of byDepartment) join(departmentGroup(dn, department), members);
};

/** Nearly all as they should be; a few from another time. */
const flagsOf = (person: LabPerson, isDisabled: boolean, chance: number): number => {
  const normal = 0x200;
  const odd =
    chance < 0.004
      ? 0x40_0000
      : chance < 0.008
        ? 0x20
        : chance < 0.01
          ? 0x80
          : chance < 0.013
            ? 0x20_0000
            : chance < 0.05
              ? 0x1_0000
              : 0;
  return normal | (isDisabled ? 2 : 0) | (person.title.startsWith('Head') ? 0 : odd);
};
