import { defineConnector, empty, stream } from '@gatehouse/connector-kit';
import { fields } from '@gatehouse/fields';
import type { Http } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { z } from 'zod';

const Time = z.iso.datetime().nullish();
const toTime = (text: string | null | undefined) => (text ? new Date(text) : null);

const User = z.looseObject({
  id: z.string(),
  status: z.string(),
  created: Time,
  lastLogin: Time,
  passwordChanged: Time,
  profile: z.looseObject({
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
    login: z.string(),
    email: z.string().nullish(),
    department: z.string().nullish(),
    title: z.string().nullish(),
    employeeNumber: z.string().nullish(),
  }),
});
const Group = z.looseObject({
  id: z.string(),
  created: Time,
  profile: z.looseObject({ name: z.string(), description: z.string().nullish() }),
});
const Member = z.looseObject({ groupId: z.string(), userId: z.string(), n: z.number() });

const everyMs = 3_600_000;
const noAccount = empty('accounts');
const noGroup = empty('groups');
const noMembership = empty('memberships');

/** A connector like any other, so that what is measured is the whole way from HTTP to the table. */
export const vendor = defineConnector({
  id: 'bench',
  name: 'Bench',
  summary: 'Reads the made-up vendor of the benchmark.',
  config: fields.object({ origin: fields.url('Address', 'Where the made-up vendor listens.') }),
  setup: [],
  point: ({ origin }) => origin,
  connect: ({ origin }, host) => host.http({ origin, system: 'Bench' }),
  check: async () => [],
  streams: {
    accounts: stream({
      record: 'accounts',
      title: 'Users',
      needs: 'nothing',
      reading: { mode: 'full' },
      everyMs,
      read: (http: Http, from) =>
        http.pages(from ?? '/accounts', User, (user) => ({
          ...noAccount,
          id: user.id,
          raw: user as Json,
          type: 'user' as const,
          login: user.profile.login,
          displayName: `${user.profile.firstName ?? ''} ${user.profile.lastName ?? ''}`.trim(),
          email: user.profile.email?.toLowerCase() ?? null,
          emails: user.profile.email ? [user.profile.email.toLowerCase()] : [],
          status: user.status === 'ACTIVE' ? ('enabled' as const) : ('disabled' as const),
          statusReason: user.status,
          createdAt: toTime(user.created),
          lastLoginAt: toTime(user.lastLogin),
          passwordChangedAt: toTime(user.passwordChanged),
          employeeId: user.profile.employeeNumber ?? null,
          department: user.profile.department ?? null,
          title: user.profile.title ?? null,
          externalIds: [`bench:${user.id}`],
        })),
    }),
    groups: stream({
      record: 'groups',
      title: 'Groups',
      needs: 'nothing',
      reading: { mode: 'full' },
      everyMs,
      read: (http: Http, from) =>
        http.pages(from ?? '/groups', Group, (group) => ({
          ...noGroup,
          id: group.id,
          raw: group as Json,
          type: 'group' as const,
          name: group.profile.name,
          description: group.profile.description ?? null,
          createdAt: toTime(group.created),
        })),
    }),
    memberships: stream({
      record: 'memberships',
      title: 'Memberships',
      needs: 'nothing',
      reading: { mode: 'full' },
      everyMs,
      read: (http: Http, from) =>
        http.pages(from ?? '/memberships', Member, (member) => ({
          ...noMembership,
          id: `${member.groupId}/${member.userId}/${member.n}`,
          raw: member as Json,
          groupId: member.groupId,
          memberKind: 'account' as const,
          memberId: member.userId,
          via: 'direct' as const,
        })),
    }),
  },
});
