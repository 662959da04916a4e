import { type RecordKind, recordKinds } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Link } from '../api/inventory.ts';

export type RecordLink = z.input<typeof Link>;

/** A record of the same connection as another names it: by kind and id, without its stream. */
export interface Reference {
  readonly kind: RecordKind;
  readonly id: string;
}

/** One connection, and the streams it has: an id alone does not say which of them it came from. */
export interface Scope {
  readonly tenantId: TenantId;
  readonly connectionId: string;
  readonly streams: readonly string[];
}

export const openScope = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<Scope> => {
  const { rows } = await sql<{ stream: string }>`
    select stream from stream_states
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return { tenantId, connectionId, streams: rows.map(({ stream }) => stream) };
};

/** What a record is called: SQL over the alias `r`. */
export const labelOf = (kind: RecordKind): RawBuilder<string> => {
  switch (kind) {
    case 'accounts':
      return sql<string>`coalesce(r.display_name, r.login, r.id)`;
    case 'groups':
    case 'roles':
    case 'resources':
    case 'credentials':
    case 'policies':
      return sql<string>`coalesce(r.name, r.id)`;
    case 'events':
      return sql<string>`coalesce(r.action, r.id)`;
    case 'factors':
      return sql<string>`coalesce(r.type, r.id)`;
    default:
      return sql<string>`r.id`;
  }
};

/** Links to records of one connection, by `kind/id`. What could not be read has no entry. */
export const findLinks = async (
  tx: Sql,
  scope: Scope,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, RecordLink>> => {
  const found = new Map<string, RecordLink>();
  for (const kind of recordKinds) {
    const ids = [...new Set(references.filter((one) => one.kind === kind).map(({ id }) => id))];
    if (ids.length === 0) continue;
    const { rows } = await sql<{ stream: string; id: string; label: string }>`
      select r.stream, r.id, ${labelOf(kind)} as label from ${sql.table(`listed_${kind}`)} r
      where r.tenant_id = ${scope.tenantId} and r.connection_id = ${scope.connectionId}
        and r.stream = any(${[...scope.streams]}::text[]) and r.id = any(${ids}::text[])
      order by (r.gone_at is null), r.stream`.execute(tx);
    for (const { stream, id, label } of rows) {
      found.set(keyOf({ kind, id }), { kind, connection: scope.connectionId, stream, id, label });
    }
  }
  return found;
};

export const keyOf = ({ kind, id }: Reference) => `${kind}/${id}`;

/** The link, or a name without an address for what could not be read. */
export const linkOr = (links: ReadonlyMap<string, RecordLink>, reference: Reference, scope: Scope): RecordLink =>
  links.get(keyOf(reference)) ?? {
    ...{ kind: reference.kind, connection: scope.connectionId, stream: '', id: reference.id, label: reference.id },
  };

/**
 * What an id on which something is granted may name: in a directory also accounts and groups, which go by their SIDs, and in
 * a vault Smart Groups.
 */
export const thingsNamed = (id: string): readonly Reference[] => kindsNamed(id).map((kind) => ({ kind, id }));

const kindsNamed = (id: string): readonly RecordKind[] => {
  if (/^S-1-\d/.test(id)) return ['accounts', 'groups'];
  return id.startsWith('smart-group:') ? ['groups'] : ['resources'];
};

/** The first of them that was read, or a name without an address. */
export const linkToThing = (links: ReadonlyMap<string, RecordLink>, id: string, scope: Scope): RecordLink => {
  const named = thingsNamed(id);
  const read = named.find((one) => links.has(keyOf(one)));
  return linkOr(links, read ?? { kind: 'resources', id }, scope);
};

/**
 * Compares a column that names another record with an id, by the index over its hash. Where a kind names several
 * records, one index holds the hashes of all of them.
 */
export const refersTo = (
  kind: RecordKind,
  alias: string,
  column: string,
  id: string | RawBuilder<unknown>,
): RawBuilder<boolean> => {
  const value = typeof id === 'string' ? sql`${id}::text` : id;
  const hashOf = (name: string) => sql`hashtextextended(${sql.ref(`${alias}.${name}`)}, 0)`;
  const hash = sql`hashtextextended(${value}, 0)`;
  const together = heldTogether.get(kind);
  const isIndexed = together
    ? sql`array[${sql.join(together.map(hashOf))}] @> array[${hash}]`
    : sql`${hashOf(column)} = ${hash}`;
  return sql<boolean>`(${isIndexed} and ${sql.ref(`${alias}.${column}`)} = ${value})`;
};

/** The columns whose hashes one index holds together, in its order. */
export const heldTogether: ReadonlyMap<RecordKind, readonly string[]> = new Map([
  ['memberships', ['group_id', 'member_id']],
  ['grants', ['principal_id', 'role_id', 'resource_id']],
]);
