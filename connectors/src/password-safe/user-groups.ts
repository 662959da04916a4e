import { empty, type Group, type Membership, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { nested, whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, textAt } from './shapes.ts';

const groupsPath = '/UserGroups';

/** A group as other lists are read by it. */
export interface UserGroup {
  readonly id: string;
  readonly number: number;
  readonly name: string | null;
  /** BeyondInsight, ActiveDirectory, LdapDirectory or EntraID, in lower case. */
  readonly kind: string;
}

const toUserGroup = (item: unknown): UserGroup => {
  const number = numberOf('user-group', item);
  return {
    ...{ id: idOf('user-group', number), number },
    name: textAt(item, 'Name'),
    kind: textAt(item, 'GroupType')?.toLowerCase() ?? '',
  };
};

/** Every group, read once for all streams that go through them. */
export const readUserGroups = (client: PasswordSafeClient): Promise<readonly UserGroup[]> =>
  client.once('user groups', async () => (await client.list(groupsPath, toUserGroup)).items);

/** The group that may do everything, by the name that it is installed with. */
export const isAdministrators = ({ name, kind }: UserGroup): boolean =>
  name?.toLowerCase() === 'administrators' && (kind === '' || kind === 'beyondinsight');

/**
 * A group of users. `attributes`: `kind` (as Password Safe says it), `dn`, `isActive`, `registrationIds` (API
 * registrations that its users may sign in with).
 */
export const toGroup = (item: unknown): Group => {
  const group = toUserGroup(item);
  return {
    ...empty('groups'),
    id: group.id,
    raw: rawOf(Object(item)),
    type: isAdministrators(group) ? 'builtin' : 'group',
    name: group.name,
    description: textAt(item, 'Description'),
    rule: isOfDirectory(group) ? textAt(item, 'DistinguishedName') : null,
    attributes: {
      kind: textAt(item, 'GroupType'),
      dn: textAt(item, 'DistinguishedName'),
      isActive: flagAt(item, 'IsActive'),
      registrationIds: registrationsOf(item),
    },
  };
};

const registrationsOf = (item: unknown): readonly string[] =>
  (textAt(item, 'ApplicationRegistrationIDs') ?? '')
    .split(/[^0-9]+/)
    .filter(Boolean)
    .map((number) => idOf('api-registration', number));

const isOfDirectory = ({ kind }: UserGroup): boolean => kind !== '' && kind !== 'beyondinsight';

export const userGroups = stream<PasswordSafeClient, 'groups'>({
  record: 'groups',
  title: 'User groups',
  needs: needOf('users'),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client, from) => whole(client.list(groupsPath, toGroup), from),
  probe: (client) => client.probe(groupsPath),
});

const toMembership = (group: UserGroup, item: unknown): Membership => {
  const memberId = idOf('user', numberOf('user', item));
  return {
    ...empty('memberships'),
    id: `${group.id}/${memberId}`,
    raw: { group: group.number, user: numberOf('user', item) },
    ...{ groupId: group.id, memberKind: 'account', memberId, role: 'member' },
    via: isOfDirectory(group) ? 'sync' : 'direct',
  };
};

/**
 * The users of every group. To ask for those of a directory’s group makes Password Safe take them over from the directory,
 * as it does by itself from time to time; so they are asked for no more than four times a day.
 */
export const memberships = stream<PasswordSafeClient, 'memberships'>({
  record: 'memberships',
  title: 'User group memberships',
  needs: needOf('users'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    yield* nested({
      parents: await readUserGroups(client),
      each: async (group) => ({
        ...(await client.list(`${groupsPath}/${group.number}/Users`, (item) => toMembership(group, item))),
        next: null,
      }),
      from,
    });
  },
  probe: (client) => client.probe(groupsPath),
});
