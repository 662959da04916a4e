import { empty, type Grant, type Role, stream } from '@gatehouse/connector-kit';
import { type Cursor, readable } from '@gatehouse/host';
import { z } from 'zod';
import { type Children, chained, joined, readChildren } from './chain.ts';
import type { Github } from './client.ts';
import { type Need, needs, wordsOf } from './need.ts';
import { flagOf, privilegeOfCustomRole, privilegeOfRole, repositoryPrivilege } from './privilege.ts';
import { listed, once } from './reading.ts';
import { perRepository, type Repository, repositoryPath } from './repositories.ts';
import { id, may, rawOf, read, text, texts, User } from './shapes.ts';
import { Team } from './teams.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noRole = empty('roles');
const noGrant = empty('grants');

/** Roles that every organization has. Ids are by name: GitHub names them in grants, never by a number. */
export const builtInRoles = stream<Github, 'roles'>({
  record: 'roles',
  title: 'Built-in roles',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: dayMs,
  read: (client) =>
    once(async () => {
      // An organization that cannot be read has no roles either, so this is asked first.
      await client.get(client.org, needs.members);
      return builtIn;
    }, needs.members),
});

const builtInRole = (id: string, name: string, privilege: Role['privilege'], description: string): Role => ({
  ...noRole,
  id,
  type: 'builtin_role',
  name,
  description,
  privilege,
  raw: { name },
});

const builtIn: readonly Role[] = [
  builtInRole(
    'organization-role:owner',
    'Owner',
    'highest',
    'Full control of the organization and all of its repositories.',
  ),
  builtInRole(
    'organization-role:member',
    'Member',
    'low',
    'Sees the organization; the base permission says what else.',
  ),
  ...(['admin', 'maintain', 'write', 'triage', 'read'] as const).map((name) =>
    builtInRole(
      `repository-role:${name}`,
      `Repository ${name}`,
      repositoryPrivilege[name] ?? null,
      `The role ${name} on a repository.`,
    ),
  ),
];

export const OrganizationRole = z.object({
  id,
  name: text,
  description: text,
  base_role: text,
  source: text,
  permissions: texts,
});
export type OrganizationRole = z.output<typeof OrganizationRole>;

/**
 * | attribute | means |
 * |---|---|
 * | source | Organization, Enterprise or Predefined |
 * | baseRole | the role on every repository that comes with it |
 */
export const toOrganizationRole = (role: OrganizationRole, item: unknown): Role => ({
  ...noRole,
  id: `organization-role:${role.id}`,
  type: role.source === 'Predefined' ? 'builtin_role' : 'custom_role',
  name: role.name || `Role ${role.id}`,
  description: role.description ?? null,
  privilege: privilegeOfCustomRole(role.base_role ?? null, role.permissions, true),
  permissions: role.permissions,
  attributes: { source: role.source ?? null, baseRole: role.base_role ?? null },
  raw: rawOf(item),
});

const needRoles: Need = { ...needs.organizationRoles, plan: 'GitHub Enterprise Cloud or Server' };
const rolesOf = (client: Github) => `${client.org}/organization-roles?per_page=100`;

export const organizationRoles = stream<Github, 'roles'>({
  record: 'roles',
  title: 'Organization roles',
  needs: wordsOf(needs.organizationRoles),
  reading: { mode: 'full' },
  everyMs: dayMs,
  read: (client, from) =>
    listed(
      client,
      {
        path: rolesOf(client),
        need: needRoles,
        toRecords: (items) =>
          readable(items, (item) => toOrganizationRole(read(OrganizationRole, item, 'an organization role'), item)),
      },
      from,
    ),
});

export const CustomRepositoryRole = z.object({
  id,
  name: z.string().min(1),
  description: text,
  base_role: text,
  permissions: texts,
});

export const toCustomRepositoryRole = (role: z.output<typeof CustomRepositoryRole>, item: unknown): Role => ({
  ...noRole,
  // By name, like the built-in ones: grants name the role and never its number.
  id: `repository-role:${role.name}`,
  type: 'custom_role',
  name: role.name,
  description: role.description ?? null,
  privilege: privilegeOfCustomRole(role.base_role ?? null, role.permissions, false),
  permissions: role.permissions,
  attributes: { source: 'Organization', baseRole: role.base_role ?? null },
  raw: rawOf(item),
});

export const customRepositoryRoles = stream<Github, 'roles'>({
  record: 'roles',
  title: 'Custom repository roles',
  needs: wordsOf(needs.repositoryRoles),
  reading: { mode: 'full' },
  everyMs: dayMs,
  read: (client, from) =>
    listed(
      client,
      {
        path: `${client.org}/custom-repository-roles?per_page=100`,
        need: { ...needs.repositoryRoles, plan: 'GitHub Enterprise Cloud or Server' },
        toRecords: (items) =>
          readable(items, (item) =>
            toCustomRepositoryRole(read(CustomRepositoryRole, item, 'a custom repository role'), item),
          ),
      },
      from,
    ),
});

/** Who holds which organization role, teams first. People who hold it through a team only are that team's. */
export const organizationRoleAssignments = stream<Github, 'grants'>({
  record: 'grants',
  title: 'Organization role assignments',
  needs: wordsOf(needs.organizationRoles),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    chained(
      client,
      {
        path: rolesOf(client),
        need: needRoles,
        parent: (item) => read(OrganizationRole, item, 'an organization role'),
        idOf: (role) => String(role.id),
        children: (role, link) => readAssignments(client, role, link),
      },
      from,
    ),
});

const readAssignments = async (
  client: Github,
  role: OrganizationRole,
  link: Cursor | null,
): Promise<Children<Grant>> => {
  const path = (kind: 'teams' | 'users') => `${client.org}/organization-roles/${role.id}/${kind}?per_page=100`;
  const readUsers = async (at: string): Promise<Children<Grant>> => {
    const page = await client.page(at, needRoles);
    const toGrant = (item: unknown) => toAssignment(role, 'account', read(User, item, 'a person with a role').id, item);
    const users = readChildren({ ...page, items: page.items.filter(isDirect) }, toGrant);
    return { ...users, next: users.next === null ? null : `users ${users.next}` };
  };
  if (link?.startsWith('users ')) return readUsers(link.slice('users '.length));

  const page = await client.page(link ?? path('teams'), needRoles);
  const toGrant = (item: unknown) => toAssignment(role, 'group', read(Team, item, 'a team').id, item);
  const teams = readChildren({ ...page, items: page.items.filter(isDirect) }, toGrant);
  return teams.next === null ? joined(teams, await readUsers(path('users'))) : teams;
};

const isDirect = (item: unknown): boolean => Assignment.safeParse(item).data?.assignment !== 'indirect';

const Assignment = z.object({ assignment: text });

const toAssignment = (
  role: OrganizationRole,
  principalKind: 'group' | 'account',
  principal: number,
  item: unknown,
): Grant => ({
  ...noGrant,
  id: `${role.id}/${principalKind}/${principal}`,
  principalKind,
  principalId: String(principal),
  roleId: `organization-role:${role.id}`,
  privilege: privilegeOfCustomRole(role.base_role ?? null, role.permissions, true),
  via: 'direct',
  state: 'active',
  raw: rawOf(item),
});

export const Collaborator = User.extend({
  role_name: text,
  permissions: may,
});

/**
 * People added to a repository by name, members and outside collaborators alike, with the permission that is in force.
 * What they have through teams, ownership, roles or the base permission is granted there, so it is not repeated for each
 * repository: in an organization of 2,000 people with 500 repositories that would be a million grants that say nothing new.
 */
export const collaborators = stream<Github, 'grants'>({
  record: 'grants',
  title: 'Collaborators',
  needs: `${wordsOf(needs.members)} and ${wordsOf(needs.metadata)}`,
  reading: { mode: 'full' },
  everyMs: 6 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.members,
        async children(repository, link) {
          const path = `${repositoryPath(repository)}/collaborators?affiliation=direct&per_page=100`;
          return readChildren(await client.page(link ?? path, needs.members), (item) =>
            toCollaboratorGrant(repository, read(Collaborator, item, 'a collaborator')),
          );
        },
      },
      from,
    ),
});

export const toCollaboratorGrant = (
  repository: Pick<Repository, 'id' | 'full_name'>,
  person: z.output<typeof Collaborator>,
): Grant => {
  const { permissions } = person;
  const role = person.role_name ?? flagOf(permissions);
  return {
    ...noGrant,
    id: `${repository.id}/${person.id}`,
    principalKind: 'account',
    principalId: String(person.id),
    roleId: role === null ? null : `repository-role:${role}`,
    resourceId: String(repository.id),
    privilege: privilegeOfRole(role, permissions),
    via: 'direct',
    state: 'active',
    raw: {
      login: person.login ?? null,
      repository: repository.full_name,
      role_name: role,
      permissions: rawOf(permissions),
    },
  };
};
