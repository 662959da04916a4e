import { empty, type Grant, stream } from '@gatehouse/connector-kit';
import { type Readable, statusOf } from '@gatehouse/host';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { nested } from './lists.ts';
import { needOf } from './needs.ts';
import { accessLevels, administrator, privilegeOfRole } from './roles.ts';
import { numberAt, textAt } from './shapes.ts';
import { type SmartGroup, toSmartGroupReference } from './smart-groups.ts';
import { isAdministrators, readUserGroups, type UserGroup } from './user-groups.ts';

/** A Smart Group as a user group may reach it. */
interface Reached extends SmartGroup {
  readonly level: number | null;
}

const toReached = (item: unknown): Reached => ({
  ...toSmartGroupReference(item),
  level: numberAt(item, 'AccessLevelID'),
});

const grantTo = (group: UserGroup, roleId: string, on: string | null): Grant => ({
  ...empty('grants'),
  id: [group.id, roleId, ...(on === null ? [] : [on])].join('/'),
  raw: { userGroup: group.number, smartGroup: on, role: roleId },
  ...{ principalKind: 'group', principalId: group.id, roleId, resourceId: on },
  ...{ via: 'direct', state: 'active', targets: on === null ? [] : [`group:${on}`] },
});

const levelGrant = (group: UserGroup, { id, level }: Reached): Grant | null => {
  const role = accessLevels.find((one) => one.id === `access-level:${level}`);
  return role === undefined ? null : { ...grantTo(group, role.id, id), privilege: role.privilege };
};

/** `raw.accessPolicy`: by which policy a Requestor requests, where the version tells it. */
const roleGrant = (group: UserGroup, on: SmartGroup, item: unknown): Grant => {
  const grant = grantTo(group, idOf('role', numberOf('role', item)), on.id);
  const policy = referenceTo('access-policy', item);
  return {
    ...grant,
    raw: { userGroup: group.number, smartGroup: on.id, role: textAt(item, 'Name'), accessPolicy: policy },
    privilege: privilegeOfRole(textAt(item, 'Name')),
  };
};

const ofGroup = async (client: PasswordSafeClient, group: UserGroup): Promise<Readable<Grant>> => {
  const path = `/UserGroups/${group.number}/SmartRules`;
  const reached = await client.list(path, toReached);
  const found: Grant[] = isAdministrators(group)
    ? [{ ...grantTo(group, administrator.id, null), privilege: administrator.privilege }]
    : [];
  const leftOut = [...reached.leftOut];
  for (const smartGroup of reached.items) {
    const level = levelGrant(group, smartGroup);
    if (level !== null) found.push(level);
    const roles = await rolesOn(client, `${path}/${smartGroup.number}/Roles`, (item) =>
      roleGrant(group, smartGroup, item),
    );
    found.push(...roles.items);
    leftOut.push(...roles.leftOut);
  }
  return { items: found, leftOut };
};

/** A Smart Group that is gone since it was listed has no roles on it. */
const rolesOn = async (
  client: PasswordSafeClient,
  path: string,
  read: (item: unknown) => Grant,
): Promise<Readable<Grant>> => {
  try {
    return await client.list(path, read);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { items: [], leftOut: [] };
  }
};

/**
 * What user groups may do: access levels of Smart Groups, and the roles on what is in them. `resourceId` is the Smart
 * Group. Members of Administrators hold everything, without a grant for each.
 */
export const smartGroupRoles = stream<PasswordSafeClient, 'grants'>({
  record: 'grants',
  title: 'Smart Group access and roles',
  needs: needOf('users', 'roles'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    yield* nested({
      parents: await readUserGroups(client),
      each: async (group) => ({ ...(await ofGroup(client, group)), next: null }),
      from,
    });
  },
  // Both features: the groups need one, the roles the other.
  async probe(client) {
    await client.probe('/UserGroups');
    await client.probe('/Roles');
  },
});
