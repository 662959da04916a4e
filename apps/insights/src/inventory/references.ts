import type { RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { findLinks, keyOf, openScope, type RecordLink, type Reference, thingsNamed } from './links.ts';

type Columns = Readonly<Record<string, unknown>>;

const principals: Readonly<Record<string, RecordKind>> = {
  account: 'accounts',
  group: 'groups',
  application: 'resources',
  repository: 'resources',
  resource: 'resources',
  organization: 'resources',
  credential: 'credentials',
};
/** In a directory rights are held on accounts and groups too, which go by their SIDs. */
const thing = (record: Columns): RecordKind | undefined =>
  typeof record.resourceId === 'string' ? thingsNamed(record.resourceId)[0]?.kind : undefined;
const ofKind = (column: string) => (record: Columns) => principals[String(record[column])];

/** Columns that hold the id of another record of the same connection, and the kind of that record. */
const referring: Partial<
  Record<RecordKind, Readonly<Record<string, RecordKind | ((record: Columns) => RecordKind | undefined)>>>
> = {
  groups: { parentId: 'groups' },
  memberships: { groupId: 'groups', memberId: ofKind('memberKind') },
  roles: { resourceId: 'resources' },
  grants: { principalId: ofKind('principalKind'), roleId: 'roles', resourceId: thing },
  resources: { parentId: 'resources' },
  credentials: { ownerId: ofKind('ownerKind'), resourceId: 'resources' },
  factors: { accountId: 'accounts' },
};

interface Listed extends Columns {
  readonly id: string;
  readonly _connection: string;
}

/**
 * The records of a page, each with `_links`: by column, the record that the column names, so that people read names
 * instead of ids. What could not be read has none. A constant number of queries per connection of the page.
 */
export const withLinks = async <R extends Listed>(
  tx: Sql,
  tenantId: TenantId,
  kind: string,
  records: readonly R[],
): Promise<readonly R[]> => {
  const columns = Object.entries(referring[kind as RecordKind] ?? {});
  if (columns.length === 0 || records.length === 0) return records;
  const namedBy = (record: R): readonly (readonly [column: string, reference: Reference])[] =>
    columns.flatMap(([column, to]) => {
      const id = record[column];
      if (typeof id !== 'string' || id === '') return [];
      if (to === thing) return thingsNamed(id).map((one) => [column, one] as const);
      const target = typeof to === 'function' ? to(record) : to;
      return target === undefined ? [] : [[column, { kind: target, id }] as const];
    });
  const links = new Map<string, ReadonlyMap<string, RecordLink>>();
  for (const connection of new Set(records.map(({ _connection }) => _connection))) {
    const own = records.filter(({ _connection }) => _connection === connection);
    const scope = await openScope(tx, tenantId, connection);
    links.set(
      connection,
      await findLinks(
        tx,
        scope,
        own.flatMap((record) => namedBy(record).map(([, one]) => one)),
      ),
    );
  }
  return records.map((record) => ({
    ...record,
    _links: Object.fromEntries(
      namedBy(record).flatMap(([column, reference]) => {
        const link = links.get(record._connection)?.get(keyOf(reference));
        return link === undefined ? [] : [[column, link] as const];
      }),
    ),
  }));
};
