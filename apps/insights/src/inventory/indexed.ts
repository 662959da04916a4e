import type { TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { type Filter, toPattern } from './filter.ts';
import type { Query } from './query.ts';

/**
 * Filters said again in the words of an index that finds few rows among many: several exact ones together, and a part
 * of a text. They add nothing to what the filters ask.
 */
export const asIndexed = (tenantId: TenantId, { listing, filters }: Query): readonly RawBuilder<boolean>[] => {
  if (listing.kind !== 'accounts') return [];
  const exact = filters.flatMap((filter) => facetsOf(tenantId, filter) ?? []);
  return [...(exact.length > 1 ? exact : []), ...filters.flatMap((filter) => partOf(filter) ?? [])];
};

/** As the index over several columns has them, each value hashed with its tenant and its column. */
const facets = ['status', 'type', 'mfaState', 'department'];
const facetsAt = ['status', 'type', 'mfa_state', 'department'];

const facetsOf = (tenantId: TenantId, { column, operator, values }: Filter): RawBuilder<boolean> | null => {
  const place = facets.indexOf(column.name);
  if (place < 0 || (operator !== 'eq' && operator !== 'in')) return null;
  const held = facetsAt.map((name, at) =>
    sql.raw(`hashtextextended(r.${name}, uuid_hash_extended(r.tenant_id, ${at}))`),
  );
  const asked = values.map(
    (value) => sql`hashtextextended(${value}::text, uuid_hash_extended(${tenantId}::uuid, ${sql.lit(place)}))`,
  );
  return sql<boolean>`array[${sql.join(held)}] && array[${sql.join(asked)}]`;
};

const parts = ['login', 'displayName', 'email', 'department', 'title'];
const partsAt = ['login', 'display_name', 'email', 'department', 'title'];

/** The index holds every three letters that follow one another; less than three it cannot look up. */
const partOf = ({ column, operator, values: [value = ''] }: Filter): RawBuilder<boolean> | null => {
  if (operator !== 'contains' || !parts.includes(column.name) || !/[\p{L}\p{N}]{3}/u.test(value)) return null;
  const text = partsAt.map((name) => `coalesce(r.${name}, '')`).join(` || ' ' || `);
  return sql<boolean>`(${sql.raw(text)}) ilike ${toPattern(value)}`;
};
