import { type Attributes, addEntry, passwordValue } from './ldif.ts';
import { base, type Department, departments, dnsDomain, fileTime, password, sidOf, uac, units } from './names.ts';
import { type Random, seededRandom } from './random.ts';

export interface Person {
  readonly dn: string;
  readonly name: string;
  readonly department: Department;
  readonly entry: Attributes;
}

/**
 * People of the seven departments, the same in every build but for the times, which count back from `now`. A manager
 * stands before those whom he leads, so that the entries can be added in order.
 */
export const makePeople = (count: number, now: Date): readonly Person[] => {
  const random = seededRandom(20_260_315);
  const taken = new Set<string>();
  const staff = new Map<Department, string[]>(departments.map((department) => [department, []]));
  return Array.from({ length: count }, (_, index) => {
    const department = random.pick(departments);
    const [first, last] = [random.pick(firstNames), random.pick(lastNames)];
    const account = freeName(`${toAscii(first)}.${toAscii(last)}`, taken);
    const gone = index % 20 === 19;
    const common = account.number === 1 ? `${first} ${last}` : `${first} ${last} ${account.number}`;
    const dn = `CN=${common},${gone ? units.disabled : unitOf(department)}`;
    const colleagues = staff.get(department) ?? [];
    // Ten to a team: the first leads the department, the next ten lead a team each, and so on.
    const manager = colleagues[Math.floor((colleagues.length - 1) / 10)];
    if (!gone) colleagues.push(dn);
    const mail = `${account.name}@${dnsDomain}`;
    const entry = {
      objectClass: 'user',
      objectSid: sidOf(20_000 + index),
      // Twenty characters are all that this name may have.
      sAMAccountName: account.name.slice(0, 20),
      userPrincipalName: mail,
      givenName: first,
      sn: last,
      displayName: `${last}, ${first}`,
      mail,
      proxyAddresses: [`SMTP:${mail}`, `smtp:${account.name}@mail.${dnsDomain}`, `sip:${mail}`],
      employeeID: String(100_000 + index),
      employeeType: random.below(12) === 0 ? 'Contractor' : 'Employee',
      department,
      company: 'Corp Example',
      title: manager === undefined ? `Head of ${department}` : random.pick(titles),
      ...(manager === undefined ? {} : { manager }),
      ...random.pick(places),
      telephoneNumber: `+49 30 5550 ${String(1000 + (index % 9000))}`,
      userAccountControl: uac.normal | (gone ? uac.disabled : 0),
      ...times(random, now, gone),
      // The first of all can sign in, as the people whose sign-ins a test makes.
      ...(index < 10 ? { unicodePwd: passwordValue(password) } : {}),
    };
    return { dn, name: entry.sAMAccountName, department, entry };
  });
};

export const peopleEntries = (people: readonly Person[]): string =>
  people.map(({ dn, entry }) => addEntry(dn, entry)).join('');

export const unitEntries = (): string =>
  [...Object.values(units), ...departments.map(unitOf)]
    .toSorted((a, b) => a.length - b.length || a.localeCompare(b))
    .toSorted((a, b) => depth(a) - depth(b))
    .map((dn) => addEntry(dn, { objectClass: 'organizationalUnit' }))
    .join('');

export const unitOf = (department: Department): string => `OU=${department},${units.people}`;
const depth = (dn: string) => dn.slice(0, -base.length).split(',').length;

const times = (random: Random, now: Date, gone: boolean): Attributes => {
  const passwordAge = random.below(gone ? 900 : 300) + (gone ? 200 : 0);
  const idle = gone ? 200 + random.below(400) : random.below(15) === 0 ? 90 + random.below(200) : random.below(14);
  return {
    pwdLastSet: fileTime(daysBefore(now, passwordAge)),
    // One in forty has never signed in: the attribute is absent then.
    ...(random.below(40) === 0 ? {} : { lastLogonTimestamp: fileTime(daysBefore(now, idle)) }),
    ...(random.below(25) === 0 ? { accountExpires: fileTime(daysBefore(now, -90)) } : {}),
  };
};

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

const freeName = (wanted: string, taken: Set<string>) => {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted.slice(0, 15)}${number}`;
    // Compared as cut: two long names must not become one account name.
    if (taken.has(name.slice(0, 20))) continue;
    taken.add(name.slice(0, 20));
    return { name, number };
  }
};

const toAscii = (name: string) =>
  name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '');

const titles = ['Specialist', 'Senior Specialist', 'Analyst', 'Assistant', 'Team Lead', 'Coordinator'] as const;
const places = [
  { l: 'Berlin', physicalDeliveryOfficeName: 'Berlin 4.12', c: 'DE', co: 'Germany' },
  { l: 'Zürich', physicalDeliveryOfficeName: 'Zürich 2.01', c: 'CH', co: 'Switzerland' },
  { l: 'Leeds', physicalDeliveryOfficeName: 'Leeds 1.30', c: 'GB', co: 'United Kingdom' },
] as const;
const firstNames = `
  Ada Amir Anneke Bela Bruno Carla Chloé Dana David Elif Emil Farah Felix Greta Hanna Ines Ivan Jonas
  Jürgen Kaito Lena Leon Mara Mateo Nadia Nils Olga Oskar Paula Priya Quentin Rosa Sami Tilda Uwe Vera
  Wanda Yara Yusuf Zoë
`
  .trim()
  .split(/\s+/);
const lastNames = `
  Abel Albrecht Barnes Berg Costa Dietz Duval Egger Farkas Fischer Garcia Hale Hoffmann Ito Jansen
  Kaya Keller Kovács Lang Lindqvist Marsh Moreau Müller Nagy Novak Okafor Olsen Park Patel Quinn Reyes
  Rossi Schäfer Singh Strauß Tanaka Ueda Vogel Weiß Whitfield Yilmaz Zimmermann
`
  .trim()
  .split(/\s+/);
