import type { OktaOrganisation } from './organisation.ts';

/** Makes a stream of the fake at least so long, for tests and measurements of large organisations. */
export const growths = (organisation: OktaOrganisation): Readonly<Record<string, (count: number) => void>> => ({
  memberships(count) {
    const memberIds = Array.from({ length: count }, (_, i) => id('00u', i));
    organisation.groups.push({ id: id('00gmany', 0), name: 'Many', created: at(0), memberIds });
  },
  users(count) {
    for (let i = organisation.users.length; i < count; i++) organisation.users.push(manyth(i));
  },
  groups(count) {
    for (let i = organisation.groups.length; i < count; i++) {
      organisation.groups.push({ id: id('00g', i), name: `Group ${i}`, created: at(i), memberIds: [] });
    }
  },
  'system-log'(count) {
    const began = Date.now() - 3_600_000;
    for (let i = 0; i < count; i++) {
      organisation.events.push({
        uuid: id('event-', i),
        published: new Date(began + i).toISOString(),
        eventType: 'user.session.start',
        actor: { id: id('00u', i), login: `person${i}@example.com`, name: `Person ${i}` },
      });
    }
  },
});

const manyth = (i: number) => ({
  id: id('00u', i),
  status: 'ACTIVE' as const,
  created: at(i),
  lastUpdated: at(i),
  lastLogin: at(i + 1_000),
  passwordChanged: at(i),
  login: `person${i}@example.com`,
  email: `person${i}@example.com`,
  firstName: 'Person',
  lastName: String(i),
  profile: { department: `Department ${i % 20}`, title: 'Engineer', employeeNumber: String(100_000 + i) },
});

const id = (prefix: string, i: number) => `${prefix}${String(i).padStart(20 - prefix.length, '0')}`;
const at = (i: number) => new Date(Date.UTC(2020, 0, 1) + i * 60_000).toISOString();
