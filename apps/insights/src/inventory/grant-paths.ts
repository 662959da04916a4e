import { privileges, type RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { GrantPath } from '../api/inventory.ts';
import type { Total } from './cursor.ts';
import { toPattern } from './filter.ts';
import { undetermined } from './kinds.ts';
import { findLinks, keyOf, linkOr, linkToThing, type Reference, refersTo, type Scope, thingsNamed } from './links.ts';
import type { Excerpt } from './list-related.ts';

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
  total: z.number().int(),
});

/** Groups inside groups deeper than this are a mistake of the system, and so are more paths than this. */
const deepest = 20;
const most = 5_000;

/**
 * The ways by which a principal holds a role, what may do most first: its own grants, and those of the groups it is in,
 * through groups in groups. A circle of groups is walked once.
 */
export const findGrantPaths = async (
  tx: Sql,
  scope: Scope,
  kind: RecordKind,
  id: string,
  { words, offset, limit }: Excerpt,
): Promise<{ paths: z.input<typeof GrantPath>[]; total: Total }> => {
  const principal = principalKinds[kind];
  if (!principal) return { paths: [], total: { value: 0, exact: true } };
  const { tenantId, connectionId, streams } = scope;
  const { rows } = await sql`
    with recursive holders as (
      select ${principal}::text as kind, ${id}::text as id, '{}'::text[] as groups, '{}'::text[] as vias
      union all
      select 'group', outer_group.id, h.groups || outer_group.id, h.vias || outer_group.via
      from holders h join lateral (
        select m.group_id as id, coalesce(m.via, 'direct') as via from listed_memberships m
        where m.tenant_id = ${tenantId} and m.connection_id = ${connectionId} and m.gone_at is null
          and ${refersTo('memberships', 'm', 'member_id', sql.raw('h.id'))} and m.member_kind = h.kind and m.group_id is not null
        union
        -- A team inside a team has what the outer one has.
        select g.parent_id, 'nested' from listed_groups g
        where h.kind = 'group' and g.tenant_id = ${tenantId} and g.connection_id = ${connectionId} and g.gone_at is null
          and g.stream = any(${[...streams]}::text[]) and g.id = h.id and g.parent_id is not null
      ) outer_group on true
      where outer_group.id <> all(h.groups) and outer_group.id <> ${id} and cardinality(h.groups) < ${deepest}
    )
    select *, (count(*) over ())::int as total from (
    select h.groups, h.vias, g.role_id as "roleId", g.resource_id as "resourceId",
      coalesce(g.privilege, r.privilege) as privilege, g.state, g.via, g.targets, g.id as grant_id
    from (select * from holders limit 5000) h
    join lateral (
      select * from listed_grants g
      where g.tenant_id = ${tenantId} and g.connection_id = ${connectionId} and g.gone_at is null
        and ${refersTo('grants', 'g', 'principal_id', sql.raw('h.id'))} and g.principal_kind = h.kind
    ) g on true
    left join lateral (
      select r.privilege from listed_roles r
      where r.tenant_id = ${tenantId} and r.connection_id = ${connectionId} and r.gone_at is null
        and r.stream = any(${[...streams]}::text[]) and r.id = g.role_id limit 1
    ) r on true
    where ${sql.join([sql`true`, ...words.map((word) => namesHave(scope, word))], sql` and `)}
    limit ${most + 1}) found
    order by array_position(${[...privileges]}::text[], privilege) desc nulls last, cardinality(groups), "roleId", "resourceId",
      groups, grant_id
    offset ${offset} limit ${limit}`.execute(tx);
  const found = z.array(Row).parse(rows);
  const count = found[0]?.total ?? 0;
  const total = { value: Math.min(count, most), exact: count <= most };
  return { paths: await toGrantPaths(tx, scope, found), total };
};

/** The name of the role, of what it opens, or of a group on the way. */
const namesHave = ({ tenantId, connectionId, streams }: Scope, word: string): RawBuilder<boolean> => {
  const named = (kind: 'roles' | 'resources' | 'groups', which: RawBuilder<boolean>) => sql<boolean>`exists (
    select from ${sql.table(`listed_${kind}`)} named
    where named.tenant_id = ${tenantId} and named.connection_id = ${connectionId}
      and named.stream = any(${[...streams]}::text[]) and ${which}
      and coalesce(named.name, named.id) ilike ${toPattern(word)})`;
  return sql<boolean>`(${named('roles', sql`named.id = g.role_id`)} or ${named('resources', sql`named.id = g.resource_id`)}
    or ${named('groups', sql`named.id = any(h.groups)`)})`;
};

const toGrantPaths = async (tx: Sql, scope: Scope, rows: readonly z.output<typeof Row>[]) => {
  const references = rows.flatMap((row): Reference[] => [
    ...row.groups.map((id) => ({ kind: 'groups' as const, id })),
    ...(row.roleId === null ? [] : [{ kind: 'roles' as const, id: row.roleId }]),
    ...(row.resourceId === null ? [] : thingsNamed(row.resourceId)),
    ...row.targets.flatMap((target) => parseTarget(target) ?? []),
  ]);
  const links = await findLinks(tx, scope, references);
  const named = (kind: RecordKind, id: string | null) => (id === null ? null : linkOr(links, { kind, id }, scope));
  return rows.map((row): z.input<typeof GrantPath> => {
    const role = named('roles', row.roleId);
    return {
      role,
      roleName: role?.label ?? 'Unnamed role',
      resource: row.resourceId === null ? null : linkToThing(links, row.resourceId, scope),
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
