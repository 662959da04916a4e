import type { OktaFactor, OktaUser } from '@gatehouse/connectors/okta/fake';
import type { LabOrganisation } from './organisation.ts';
import type { LabPerson } from './people.ts';
import type { Chance } from './random.ts';

/** The Okta user ids of people, by handle; accounts that are nobody's everyday account have ids of their own. */
export const oktaId = (person: Pick<LabPerson, 'number'>) => `00u${String(person.number).padStart(17, '0')}`;
export const administratorId = (person: LabPerson) => `00uadm${String(person.number).padStart(14, '0')}`;
export const serviceIds = {
  breakGlass: '00ubreakglass0000001',
  jenkins: '00usvcjenkins0000001',
  warehouse: '00usvcwarehouse00001',
  info: '00ushared00info00001',
} as const;

type Kind = 'none' | 'sms' | 'email' | 'push' | 'key';

/** Everybody, as Okta knows them: everyday accounts, second accounts for administration, service accounts. */
export const oktaUsers = (lab: LabOrganisation): OktaUser[] => {
  const dice = lab.dice('okta users');
  return [
    ...lab.people.map((person) => everyday(lab, person, dice)),
    ...lab.cast.separateAdmins.map((person) => administrator(lab, person)),
    ...services(lab),
  ];
};

const everyday = (lab: LabOrganisation, person: LabPerson, dice: Chance): OktaUser => {
  const { cast } = lab;
  const isDormantAdmin = person === cast.dormantAdmin;
  const status =
    person.leftAt !== null
      ? 'DEPROVISIONED'
      : dice.happens(0.01)
        ? 'LOCKED_OUT'
        : dice.happens(0.012)
          ? 'SUSPENDED'
          : dice.happens(0.02)
            ? 'PASSWORD_EXPIRED'
            : 'ACTIVE';
  const named = cast.superAdmins.indexOf(person);
  const lastLogin = isDormantAdmin
    ? lab.ago(152)
    : named >= 0
      ? lab.ago(0.2 + named)
      : (person.lastSignInAt?.toISOString() ?? null);
  return {
    id: oktaId(person),
    status: named >= 0 || isDormantAdmin ? 'ACTIVE' : status,
    created: person.hiredAt.toISOString(),
    lastUpdated: (person.leftAt ?? person.lastSignInAt ?? person.hiredAt).toISOString(),
    lastLogin,
    passwordChanged: lab.ago(dice.between(3, 400)),
    login: person.email,
    email: person.email,
    firstName: person.firstName,
    lastName: person.lastName,
    profile: {
      department: person.department,
      title: person.title,
      employeeNumber: String(10_000 + person.number),
      manager: person.managerHandle,
      managerId: person.managerHandle === null ? null : `${person.managerHandle}@${lab.domain}`,
      city: person.city,
      userType: dice.happens(0.06) ? 'Contractor' : 'Employee',
    },
    factors: person.leftAt !== null ? [] : factorsOf(lab, person, kindOf(lab, person, dice), dice),
  };
};

/** Two super administrators have no good second factor; everyone else's is by chance. */
const kindOf = ({ cast }: LabOrganisation, person: LabPerson, dice: Chance): Kind => {
  const drawn = dice.between(1, 100);
  const place = cast.superAdmins.indexOf(person);
  if (place === 1) return 'none';
  if (place === 2 || person === cast.dormantAdmin) return 'sms';
  if (place === 0 || place === 5) return 'key';
  if (place >= 0) return 'push';
  return drawn <= 7 ? 'none' : drawn <= 24 ? 'sms' : drawn <= 28 ? 'email' : drawn <= 84 ? 'push' : 'key';
};

const factorTypes: Readonly<Record<Kind, readonly (readonly [string, string])[]>> = {
  none: [],
  sms: [['sms', 'OKTA']],
  email: [
    ['email', 'OKTA'],
    ['question', 'OKTA'],
  ],
  push: [
    ['push', 'OKTA'],
    ['token:software:totp', 'OKTA'],
  ],
  key: [
    ['webauthn', 'FIDO'],
    ['signed_nonce', 'OKTA'],
    ['push', 'OKTA'],
  ],
};

const factorsOf = (lab: LabOrganisation, person: { readonly number: number }, kind: Kind, dice: Chance): OktaFactor[] =>
  factorTypes[kind].map(([factorType, provider], index) => ({
    id: `ufs${String(person.number).padStart(15, '0')}${String(index).padStart(2, '0')}`,
    factorType,
    provider,
    created: lab.ago(dice.between(5, 900)),
  }));

const administrator = (lab: LabOrganisation, person: LabPerson): OktaUser => ({
  id: administratorId(person),
  status: 'ACTIVE',
  created: lab.ago(500),
  lastUpdated: lab.ago(40),
  lastLogin: lab.ago(2),
  passwordChanged: lab.ago(41),
  login: `adm-${person.email}`,
  email: `adm-${person.email}`,
  firstName: person.firstName,
  lastName: `${person.lastName} (admin)`,
  profile: { department: 'IT', title: 'Administrator account' },
  factors: factorsOf(lab, { number: 900_000 + person.number }, 'key', lab.dice(person.handle)),
});

const services = (lab: LabOrganisation): OktaUser[] => {
  const service = (id: string, login: string, firstName: string, days: number): OktaUser => ({
    id,
    status: 'ACTIVE',
    created: lab.ago(1_400),
    lastUpdated: lab.ago(days),
    lastLogin: lab.ago(days),
    passwordChanged: lab.ago(1_190),
    login: `${login}@${lab.domain}`,
    email: `${login}@${lab.domain}`,
    firstName,
    lastName: 'Account',
    profile: { userType: 'Service' },
    factors: [],
  });
  return [
    service(serviceIds.breakGlass, 'breakglass', 'Break-glass', 210),
    service(serviceIds.jenkins, 'svc-jenkins', 'Jenkins', 1),
    service(serviceIds.warehouse, 'svc-warehouse', 'Warehouse', 340),
    service(serviceIds.info, 'info', 'Information', 12),
  ];
};
