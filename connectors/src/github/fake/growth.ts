import type { FakePerson } from './organization.ts';
import { change, type FakeState } from './tools.ts';

/** Makes streams long: more of what they list. */
export const growers = (state: FakeState): Readonly<Record<string, (count: number) => void>> => {
  const range = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const person = (i: number): FakePerson => ({
    id: 5_000_000 + i,
    login: `person-${i}`,
    name: `Person ${i}`,
    email: null,
    verifiedEmails: [`person-${i}@acme.example`],
    role: 'member',
    secondFactor: 'strong',
    createdAt: '2021-01-01T00:00:00Z',
  });
  return {
    members: (count) => change(state, { people: [...state.organization.people, ...range(count, person)] }),
    'organization-memberships': (count) =>
      change(state, { people: [...state.organization.people, ...range(count, person)] }),
    repositories: (count) =>
      change(state, {
        repositories: [
          ...state.organization.repositories,
          ...range(count, (i) => ({
            id: 7_000_000 + i,
            name: `repository-${i}`,
            visibility: 'private' as const,
            createdAt: '2021-01-01T00:00:00Z',
            pushedAt: '2024-01-01T00:00:00Z',
          })),
        ],
      }),
    'audit-log': (count) =>
      change(state, {
        auditLog: range(count, (i) => ({
          '@timestamp': Date.now() - 3_600_000 + i,
          _document_id: `grown-${i}`,
          action: 'repo.access',
          actor: 'ada',
          actor_id: 1,
        })),
      }),
  };
};
