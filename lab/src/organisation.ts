import { type Department, type LabPerson, makePeople } from './people.ts';
import { type Chance, chance } from './random.ts';

/** The people, who among them holds which office, and the moment as of which everything is told. */
export interface LabOrganisation {
  readonly name: string;
  readonly domain: string;
  readonly now: Date;
  readonly people: readonly LabPerson[];
  readonly cast: Cast;
  /** A dice of its own for each part, so that a change in one part leaves the others as they were. */
  dice(part: string): Chance;
  /** ISO 8601, so many days before `now`. */
  ago(days: number): string;
}

/** People with offices: the realistic mistakes hang on them. */
export interface Cast {
  /** Administer with their everyday account, with different second factors. */
  readonly superAdmins: readonly LabPerson[];
  /** Have a second account `adm-…` for administration, as it should be. */
  readonly separateAdmins: readonly LabPerson[];
  readonly helpDesk: readonly LabPerson[];
  /** Super administrator who has not signed in for five months. */
  readonly dormantAdmin: LabPerson;
  /** Left; their accounts elsewhere were forgotten. */
  readonly forgottenLeavers: readonly LabPerson[];
  readonly githubOwners: readonly LabPerson[];
  readonly engineers: readonly LabPerson[];
}

const seed = 20_261;

/** Meridian Freight: about 2,000 people, told as of `now`. The same `now` gives the same organisation. */
export const makeOrganisation = (now: Date, count = 2_000): LabOrganisation => {
  const domain = 'meridianfreight.example';
  const people = makePeople(count, domain, now, chance(seed));
  return {
    name: 'Meridian Freight (sample)',
    domain,
    now,
    people,
    cast: castOf(people),
    dice: (part) => chance([...part].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed)),
    ago: (days) => new Date(now.getTime() - Math.round(days * 86_400_000)).toISOString(),
  };
};

const castOf = (people: readonly LabPerson[]): Cast => {
  const working = people.filter(({ leftAt }) => leftAt === null);
  const recent = working.filter(({ lastSignInAt }) => lastSignInAt !== null);
  const of = (department: Department) => recent.filter((person) => person.department === department);
  const [it, security, engineering] = [of('IT'), of('Security'), of('Engineering')];
  const dormantAdmin = it[8] ?? it[0];
  if (dormantAdmin === undefined) throw new Error('the organisation is too small to have an administrator');
  return {
    superAdmins: [...it.slice(0, 5), ...security.slice(0, 2)],
    separateAdmins: it.slice(5, 8),
    dormantAdmin,
    helpDesk: it.filter(({ title }) => title === 'Help Desk Technician').slice(0, 9),
    forgottenLeavers: people
      .filter(({ leftAt, department }) => leftAt !== null && department === 'Engineering')
      .slice(0, 14),
    githubOwners: [...engineering.slice(0, 3), ...it.slice(0, 2)],
    engineers: engineering,
  };
};
