import { empty, type Grant, type Privilege, stream } from '@gatehouse/connector-kit';
import { toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import { listApps, oauthOf, parentAppsPath } from './apps.ts';
import { endless, nothing, type OktaClient, unlessGone } from './client.ts';
import { privilegeOfPermissions, privilegeOfRole } from './privilege.ts';
import { rawOf } from './raw.ts';
import { isAbsent } from './refusal.ts';
import { listResourceSets, resourceSetsPath } from './resource-sets.ts';
import { permissionsOf } from './roles.ts';
import { flagAt, Identified, lastSegment, linkOf, saidAt, textAt, timeAt } from './shapes.ts';
import { type Leaf, nested, type Section, walk } from './walk.ts';

export const assigneesPath = '/api/v1/iam/assignees/users?limit=100';

export const listAssignees = (client: OktaClient, path: string) => client.listIn(path, 'value', Identified);

/** Who holds roles, and where Okta lists them. */
interface Holder {
  readonly kind: 'account' | 'group' | 'application';
  readonly id: string;
  /** `/api/v1/users/<id>/roles` */
  readonly path: string;
}

/**
 * One standard role of one holder. Ids are `<user|group|client>/<holder>/<assignment>`.
 *
 * - `targets`: what the role is limited to: `group:<id>`, `app:<id>`, or `app:<kind in the catalogue>` for every
 *   application of a kind. Empty: the whole organisation.
 * - A role that a user has through a group is the group's grant and not repeated here.
 */
export const toRoleGrant = (holder: Holder, role: Identified, targets: readonly string[]): Grant => {
  const type = saidAt(role, 'type');
  return {
    ...empty('grants'),
    id: `${holder.kind}/${holder.id}/${role.id}`,
    raw: rawOf(role),
    principalKind: holder.kind,
    principalId: holder.id,
    roleId: type,
    resourceId: saidAt(role, 'resource-set'),
    privilege: type === null ? null : privilegeOfRole(type),
    via: 'direct',
    state: textAt(role, 'status') === 'INACTIVE' ? 'expired' : 'active',
    createdAt: timeAt(role, 'created'),
    targets,
  };
};

/** Standard roles that can be limited to groups or to applications, and where Okta tells to which. */
const limitable: Readonly<Record<string, 'groups' | 'catalog/apps'>> = {
  USER_ADMIN: 'groups',
  GROUP_MEMBERSHIP_ADMIN: 'groups',
  HELP_DESK_ADMIN: 'groups',
  APP_ADMIN: 'catalog/apps',
};

const targetsOf = async (client: OktaClient, holder: Holder, role: Identified): Promise<readonly string[]> => {
  const kind = limitable[textAt(role, 'type') ?? ''];
  if (kind === undefined) return [];
  const found: string[] = [];
  const first = `${holder.path}/${encodeURIComponent(role.id)}/targets/${kind}?limit=200`;
  const seen = new Set([first]);
  for (let from: string | null = null; ; ) {
    const { items, next }: { items: readonly unknown[]; next: string | null } = await client.listOf(
      first,
      from,
      Target,
    );
    for (const item of items) found.push(targetOf(kind, item));
    if (next === null) return found;
    if (seen.has(next)) throw endless(next);
    seen.add(next);
    from = next;
  }
};

/** A catalogue application as a target is named, not identified: `id` is there only for one instance of it. */
const Target = z.unknown();

export const targetOf = (kind: 'groups' | 'catalog/apps', item: unknown): string =>
  kind === 'groups'
    ? `group:${saidAt(item, 'id') ?? unnamed}`
    : `app:${saidAt(item, 'id') ?? saidAt(item, 'name') ?? unnamed}`;

/** A target that is not named is a limit all the same: without any the role would look unlimited. */
const unnamed = 'unknown';

/** The standard roles of one holder. Custom roles come from their bindings, which also name the resource set. */
const rolesOf = async (client: OktaClient, holder: Holder): Promise<Leaf<Grant>> => {
  const { items, leftOut } = await client.listOf(holder.path, null, Identified);
  const own = items.filter((role) => textAt(role, 'type') !== 'CUSTOM' && isOwn(holder, role));
  const records: Grant[] = [];
  for (const role of own) records.push(toRoleGrant(holder, role, await targetsOf(client, holder, role)));
  return { records, leftOut, next: null };
};

const isOwn = ({ kind }: Holder, role: Identified) => kind !== 'account' || textAt(role, 'assignmentType') !== 'GROUP';

const ofUsers = nested({
  first: assigneesPath,
  list: listAssignees,
  each: (client, { id }: Identified) =>
    rolesOf(client, { kind: 'account', id, path: `/api/v1/users/${encodeURIComponent(id)}/roles` }),
});

/** With `stats` Okta says which groups have roles, so that only those are asked. Where it does not say, all are. */
const ofGroups = nested({
  first: '/api/v1/groups?limit=200&expand=stats',
  list: (client, path) => client.list(path, Identified),
  async each(client, group: Identified) {
    if (flagAt(group, '_embedded', 'stats', 'hasAdminPrivilege') === false) return { records: [], next: null };
    const path = `/api/v1/groups/${encodeURIComponent(group.id)}/roles`;
    return rolesOf(client, { kind: 'group', id: group.id, path });
  },
});

/** Only clients that act by themselves can hold roles. Okta asks for the client id; the grant names the application. */
const ofClients = nested({
  first: parentAppsPath,
  list: listApps,
  async each(client, app: Identified) {
    const oauth = oauthOf(app);
    if (oauth === null || !oauth.actsAlone) return { records: [], next: null };
    const path = `/oauth2/v1/clients/${encodeURIComponent(oauth.clientId)}/roles`;
    try {
      return await rolesOf(client, { kind: 'application', id: app.id, path });
    } catch (error) {
      // Not every organisation lets clients have roles.
      if (!isAbsent(error)) throw error;
      return { records: [], next: null };
    }
  },
});

/** Bindings: a custom role, on a resource set, for members who are users, groups or clients. */
const ofResourceSets = (privilegeOf: ReturnType<typeof privilegeByRole>): Section<Grant> =>
  nested({
    first: resourceSetsPath,
    list: listResourceSets,
    async each(client, set, from) {
      const first = `${resourceSetsPath}/${encodeURIComponent(set.id)}/bindings`;
      const asked = client.listIn(from ?? first, 'roles', Identified);
      const page = await (from === null ? unlessGone(asked) : asked);
      const { items, next, leftOut: odd } = page ?? nothing;
      const records: Grant[] = [];
      const leftOut = [...odd];
      for (const role of items) {
        const members = await client.allIn(`${first}/${encodeURIComponent(role.id)}/members`, 'members', Identified);
        if (members === null) continue;
        leftOut.push(...members.leftOut);
        const privilege = await privilegeOf(role.id);
        for (const member of members.items) {
          records.push(toBindingGrant({ setId: set.id, roleId: role.id, member, privilege }));
        }
      }
      return { records, leftOut, next };
    },
  });

/**
 * One member of a binding. Ids are `binding/<set>/<role>/<member>`; `resourceId` is the resource set.
 * A member is known by its address only: `…/api/v1/users/<id>`, `…/groups/<id>` or `…/oauth2/v1/clients/<id>`.
 */
export const toBindingGrant = (of: {
  setId: string;
  roleId: string;
  member: Identified;
  privilege: Grant['privilege'];
}): Grant => {
  const { setId, roleId, member, privilege } = of;
  const address = linkOf(member, 'self') ?? '';
  return {
    ...empty('grants'),
    id: `binding/${setId}/${roleId}/${member.id}`,
    raw: { ...rawOf(member), role: roleId, resourceSet: setId, member: address },
    principalKind: memberKinds.find(([pattern]) => pattern.test(address))?.[1] ?? null,
    principalId: lastSegment(address),
    roleId,
    resourceId: setId,
    privilege,
    via: 'direct',
    state: 'active',
    createdAt: timeAt(member, 'created'),
  };
};

const memberKinds: readonly (readonly [RegExp, 'account' | 'group' | 'application'])[] = [
  [/\/api\/v1\/users\/[^/]+$/, 'account'],
  [/\/api\/v1\/groups\/[^/]+$/, 'group'],
  [/\/oauth2\/v1\/clients\/[^/]+$/, 'application'],
];

/** The privilege of a custom role, asked for once in a read. Null where its permissions may not be seen. */
const privilegeByRole = (client: OktaClient) => {
  const known = new Map<string, Promise<Privilege | null>>();
  const ask = async (roleId: string): Promise<Privilege | null> => {
    try {
      const permissions = await permissionsOf(client, roleId);
      if (permissions === null || permissions.leftOut.length > 0) return null;
      return privilegeOfPermissions(permissions.items.map(({ label }) => label));
    } catch (error) {
      if (toFault(error).kind === 'forbidden') return null;
      throw error;
    }
  };
  return (roleId: string) => {
    const asked = known.get(roleId) ?? ask(roleId);
    known.set(roleId, asked);
    return asked;
  };
};

/**
 * Who administers what. Users by the list of all who have a role, groups by their statistics, custom roles by their
 * bindings, clients by the applications that act by themselves.
 */
export const roleAssignments = stream<OktaClient, 'grants'>({
  record: 'grants',
  title: 'Administrators',
  needs:
    'the scopes okta.roles.read, okta.groups.read and okta.apps.read, and an admin role with “View roles, resources, and admin assignments”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.roles.read', 'okta.groups.read', 'okta.apps.read');
    const sections = [ofUsers, ofGroups, ofResourceSets(privilegeByRole(client)), ofClients];
    yield* walk(client, { sections }, from);
  },
  probe: (client) => client.probe(assigneesPath, 'okta.roles.read', 'okta.groups.read', 'okta.apps.read'),
});
