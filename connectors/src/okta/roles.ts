import { empty, type Role, stream } from '@gatehouse/connector-kit';
import { z } from 'zod';
import { assignmentRoleId } from './app-assignments.ts';
import type { OktaClient } from './client.ts';
import { builtinRoles, privilegeOfPermissions } from './privilege.ts';
import { rawOf } from './raw.ts';
import { Identified, saidAt, textAt } from './shapes.ts';
import { nested, type Section, walk, whereOffered } from './walk.ts';

export const Permission = z.looseObject({ label: z.string().min(1) });

/** Okta has no list of its standard roles; this is the connector's own. */
const standardRoles: readonly Role[] = [
  ...builtinRoles.map(
    ({ type, name, description, privilege }): Role => ({
      ...empty('roles'),
      id: type,
      raw: { type },
      type: 'builtin_role',
      name,
      description,
      privilege,
    }),
  ),
  {
    ...empty('roles'),
    id: assignmentRoleId,
    raw: {},
    type: 'app_assignment',
    name: 'Application assignment',
    description: 'May sign in to an application.',
    privilege: 'low',
  },
];

const standard: Section<Role> = {
  first: '',
  page: async () => ({ next: null, records: standardRoles, leftOut: [], entries: [] }),
};

/**
 * A custom role with its permissions; `privilege` is that of the strongest one, null where not all of them are known.
 * `attributes`: `conditional`, the permissions that hold only under a condition.
 */
export const toRole = (
  role: Identified,
  permissions: readonly z.output<typeof Permission>[],
  areAllKnown = true,
): Role => {
  const labels = permissions.map(({ label }) => label);
  return {
    ...empty('roles'),
    id: role.id,
    raw: rawOf({ ...role, permissions }),
    type: 'custom_role',
    name: textAt(role, 'label'),
    description: saidAt(role, 'description'),
    privilege: areAllKnown ? privilegeOfPermissions(labels) : null,
    permissions: labels,
    attributes: { conditional: permissions.filter(({ conditions }) => conditions != null).map(({ label }) => label) },
  };
};

export const permissionsOf = (client: OktaClient, roleId: string) =>
  client.allIn(`/api/v1/iam/roles/${encodeURIComponent(roleId)}/permissions`, 'permissions', Permission);

const custom = nested({
  first: '/api/v1/iam/roles',
  list: whereOffered((client, path) => client.listIn(path, 'roles', Identified)),
  each: async (client, role: Identified) => {
    const permissions = await permissionsOf(client, role.id);
    const { items, leftOut } = permissions ?? { items: [], leftOut: [] };
    return { records: [toRole(role, items, permissions !== null && leftOut.length === 0)], next: null };
  },
});

export const roles = stream<OktaClient, 'roles'>({
  record: 'roles',
  title: 'Roles',
  needs: 'the scope okta.roles.read, and an admin role with “View roles, resources, and admin assignments”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.roles.read');
    yield* walk(client, { sections: [standard, custom] }, from);
  },
  probe: (client) => client.probe('/api/v1/iam/roles', 'okta.roles.read'),
});
