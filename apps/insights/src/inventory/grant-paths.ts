import type { RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { GrantPath } from '../api/inventory.ts';
import { undetermined } from './kinds.ts';
import { findLinks, keyOf, linkOr, type Reference, refersTo, type Scope } from './links.ts';

/** Kinds of principals that can hold a grant, by the record they are. */
export const principalKinds: Partial<Record<RecordKind, string>> = {
  accounts: 'account',
  groups: 'group',
  credentials: 'credential',
  resources: 'application',
};

const Row = z.object({
  groups: z.array(z.string()),
  vias: z.array(z.string()),
  roleId: z.string().nullable(),
  resourceId: z.string().nullable(),
  privilege: z.string().nullable(),
  state: z.string().nullable(),
  via: z.string().nullable(),
  targets: z.array(z.string()),
});

/** Groups inside groups deeper than this are a mistake of the system, and so are more paths than this. */
const deepest = 20;
const most = 500;

/**
 * Every way by which a principal holds a role: its own grants, and those of the groups it is in, through groups in
 * groups. A circle of groups is walked once.
 */
export const findGrantPaths = async (
  tx: Sql,
  scope: Scope,
  kind: RecordKind,
  id: string,
): Promise<z.input<typeof GrantPath>[]> => {
  const principal = principalKinds[kind];
  if (!principal) return [];
  const { tenantId, connectionId, streams } = scope;
  const { rows } = await sql`
    with recursive holders as (
      select ${principal}::text as kind, ${id}::text as id, '{}'::text[] as groups, '{}'::text[] as vias
      union all
      select 'group', outer_group.id, h.groups || outer_group.id, h.vias || outer_group.via
      from holders h join lateral (
        select m.group_id as id, coalesce(m.via, 'direct') as via from listed_memberships m
        where m.tenant_id = ${tenantId} and m.connection_id = ${connectionId} and m.gone_at is null
          and ${refersTo('m.member_id', sql.raw('h.id'))} and m.member_kind = h.kind and m.group_id is not null
        union
        -- A team inside a team has what the outer one has.
        select g.parent_id, 'nested' from listed_groups g
        where h.kind = 'group' and g.tenant_id = ${tenantId} and g.connection_id = ${connectionId} and g.gone_at is null
          and g.stream = any(${[...streams]}::text[]) and g.id = h.id and g.parent_id is not null
      ) outer_group on true
      where outer_group.id <> all(h.groups) and outer_group.id <> ${id} and cardinality(h.groups) < ${deepest}
    )
    select h.groups, h.vias, g.role_id as "roleId", g.resource_id as "resourceId",
      coalesce(g.privilege, r.privilege) as privilege, g.state, g.via, g.targets
    from (select * from holders limit 5000) h
    join lateral (
      select * from listed_grants g
      where g.tenant_id = ${tenantId} and g.connection_id = ${connectionId} and g.gone_at is null
        and ${refersTo('g.principal_id', sql.raw('h.id'))} and g.principal_kind = h.kind
    ) g on true
    left join lateral (
      select r.privilege from listed_roles r
      where r.tenant_id = ${tenantId} and r.connection_id = ${connectionId} and r.gone_at is null
        and r.stream = any(${[...streams]}::text[]) and r.id = g.role_id limit 1
    ) r on true
    limit ${most}`.execute(tx);
  return await toGrantPaths(tx, scope, z.array(Row).parse(rows));
};

const toGrantPaths = async (tx: Sql, scope: Scope, rows: readonly z.output<typeof Row>[]) => {
  const references = rows.flatMap((row): Reference[] => [
    ...row.groups.map((id) => ({ kind: 'groups' as const, id })),
    ...(row.roleId === null ? [] : [{ kind: 'roles' as const, id: row.roleId }]),
    ...(row.resourceId === null ? [] : [{ kind: 'resources' as const, id: row.resourceId }]),
    ...row.targets.flatMap((target) => parseTarget(target) ?? []),
  ]);
  const links = await findLinks(tx, scope, references);
  const named = (kind: RecordKind, id: string | null) => (id === null ? null : linkOr(links, { kind, id }, scope));
  return rows.map((row): z.input<typeof GrantPath> => {
    const role = named('roles', row.roleId);
    return {
      role,
      roleName: role?.label ?? 'Unnamed role',
      resource: named('resources', row.resourceId),
      privilege: row.privilege ?? undetermined,
      state: row.state ?? 'active',
      through: row.groups.map((id, i) => ({
        group: linkOr(links, { kind: 'groups', id }, scope),
        via: row.vias[i] ?? 'direct',
      })),
      limitedTo: row.targets.map((target) => {
        const reference = parseTarget(target);
        return (reference && links.get(keyOf(reference))?.label) ?? target;
      }),
    };
  });
};

/** `group:id` and `app:id` are records; anything else is shown as it is. */
const parseTarget = (target: string): Reference | null => {
  const [what = '', ...id] = target.split(':');
  const kind = what === 'group' ? 'groups' : what === 'app' ? 'resources' : null;
  return kind && { kind, id: id.join(':') };
};
