import type { FakePerson, FakeTeam } from '@gatehouse/connectors/github/fake';
import type { LabOrganisation } from './organisation.ts';
import type { LabPerson } from './people.ts';

/** Login of a person on GitHub: their handle with a dash, as many choose. */
export const githubLogin = (person: LabPerson) => person.handle.replace('.', '-');

/** Everyone who writes software, leavers who were forgotten, outside collaborators and a bot. */
export const githubMembers = (lab: LabOrganisation): readonly LabPerson[] => [
  ...lab.people.filter(
    ({ leftAt, department, number }) =>
      leftAt === null &&
      (department === 'Engineering' || department === 'Security' || (department === 'IT' && number % 2 === 0)),
  ),
  ...lab.cast.githubOwners.filter(({ department, number }) => department === 'IT' && number % 2 !== 0),
  ...lab.cast.forgottenLeavers,
];

export const githubPeople = (lab: LabOrganisation): FakePerson[] => {
  const dice = lab.dice('github people');
  const { githubOwners, forgottenLeavers } = lab.cast;
  const members = githubMembers(lab).map((person): FakePerson => {
    const owner = githubOwners.indexOf(person);
    const drawn = dice.between(1, 100);
    // An owner without a second factor, and an owner whose account is linked to nobody in single sign-on.
    const isLinked = owner !== 1 && !forgottenLeavers.includes(person) && drawn > 6;
    return {
      id: 4_000_000 + person.number,
      login: githubLogin(person),
      name: `${person.firstName} ${person.lastName}`,
      email: drawn % 5 === 0 ? `${githubLogin(person)}@mail.example` : null,
      ...(drawn % 3 === 0 ? { verifiedEmails: [person.email] } : {}),
      role: owner >= 0 ? 'admin' : 'member',
      secondFactor: owner === 1 ? 'none' : drawn <= 5 ? 'none' : drawn <= 17 ? 'weak' : 'strong',
      createdAt: lab.ago(dice.between(300, 3_500)),
      ...(isLinked
        ? { identity: { guid: `guid-${person.number}`, nameId: person.email, scimUserName: person.email } }
        : {}),
    };
  });
  const outside = Array.from(
    { length: 14 },
    (_, index): FakePerson => ({
      id: 7_000_000 + index,
      login: `contractor-${outsiders[index % outsiders.length]}${index >= outsiders.length ? index : ''}`,
      name: null,
      email: null,
      role: 'outside',
      secondFactor: index % 4 === 0 ? 'none' : 'strong',
      createdAt: lab.ago(dice.between(200, 2_000)),
    }),
  );
  return [
    ...members,
    {
      id: 7_900_001,
      login: 'meridian-release-bot',
      name: 'Release bot',
      email: null,
      role: 'member',
      secondFactor: 'weak',
      createdAt: lab.ago(1_100),
    },
    ...outside,
  ];
};

const outsiders = 'kestrel larch moss otter plover rowan sorrel teal wren yarrow'.split(' ');

export const githubTeams = (lab: LabOrganisation, repositories: readonly { readonly name: string }[]): FakeTeam[] => {
  const dice = lab.dice('github teams');
  const members = githubMembers(lab);
  const logins = (people: readonly LabPerson[]) => people.map(githubLogin);
  const parents: FakeTeam[] = [
    {
      id: 9_001,
      slug: 'engineering',
      name: 'Engineering',
      maintainers: logins(lab.cast.githubOwners.slice(0, 1)),
      members: logins(members.filter(({ department }) => department === 'Engineering')),
      repositories: [],
    },
    {
      id: 9_002,
      slug: 'security',
      name: 'Security',
      maintainers: [],
      members: logins(members.filter(({ department }) => department === 'Security')),
      repositories: repositories.slice(0, 20).map(({ name }) => ({ name, role: 'pull' })),
    },
  ];
  const squads = squadNames.map((slug, index): FakeTeam => {
    const own = members.filter(() => dice.happens(0.045));
    return {
      id: 9_100 + index,
      slug,
      name: slug.replaceAll('-', ' '),
      parent: 'engineering',
      ...(index % 9 === 0 ? { privacy: 'secret' as const } : {}),
      maintainers: logins(own.slice(0, 1)),
      members: logins(own.slice(1)),
      repositories: repositories
        .filter((_, number) => number % squadNames.length === index)
        .map(({ name }, number) => ({ name, role: number === 0 ? 'admin' : number === 1 ? 'maintain' : 'write' })),
    };
  });
  return [...parents, ...squads];
};

const squadNames =
  'billing booking carriers customs-clearance data-platform delivery-tracking developer-experience dispatch fleet identity invoicing maps mobile notifications observability partner-api payments pricing routing search site-reliability warehouse web web-checkout'.split(
    ' ',
  );
