/** Record number `n` of a list, in the shape and size of a large vendor's. */
export const makers: Readonly<Record<string, (n: number) => unknown>> = {
  accounts: (n) => {
    const id = idOf('00u', n);
    const login = `person.${n}@example.com`;
    const at = (days: number) => new Date(1_700_000_000_000 - (((n * 7919) % 1_000) + days) * 86_400_000).toISOString();
    return {
      id,
      status: n % 17 === 0 ? 'SUSPENDED' : 'ACTIVE',
      created: at(900),
      activated: at(899),
      statusChanged: at(899),
      lastLogin: n % 23 === 0 ? null : at(0),
      lastUpdated: at(20),
      passwordChanged: at(100),
      type: { id: 'oty1gehpkcm2vjYlg5d7' },
      profile: {
        firstName: first[n % first.length],
        lastName: `${last[(n * 31) % last.length]}-${n}`,
        mobilePhone: null,
        secondEmail: null,
        login,
        email: login,
        department: `Department ${n % 40}`,
        title: `Engineer ${n % 9}`,
        employeeNumber: String(100_000 + n),
      },
      credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
      _links: { self: { href: `https://acme.example/api/v1/users/${id}` } },
    };
  },
  groups: (n) => ({
    id: idOf('00g', n),
    created: '2021-03-04T05:06:07.000Z',
    type: 'OKTA_GROUP',
    profile: { name: `Team ${n}`, description: `Everybody who works on matter ${n}` },
  }),
  memberships: (n) => ({ groupId: idOf('00g', n % 20_000), userId: idOf('00u', n % 199_999), n }),
};

/** Scattered, as the ids of vendors are: neighbours in a list are no neighbours in an index. */
const idOf = (prefix: string, n: number) =>
  `${prefix}${Math.imul(n + 1, 2654435761)
    .toString(36)
    .replace('-', 'z')
    .padStart(7, '0')}${n.toString(36).padStart(5, '0')}5d7`;

const first = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Ken', 'Margaret', 'Tim', 'Radia', 'Donald', 'Frances'];
const last = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Thompson', 'Hamilton', 'Lee', 'Perlman', 'Knuth'];
