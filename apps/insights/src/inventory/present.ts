import { privileges } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { InventoryRecord } from '../api/inventory.ts';
import { type ListColumn, type Listing, undetermined } from './kinds.ts';
import type { ListedRow } from './walk.ts';

/** What answers say beside the columns themselves: names of connections and identities, and when streams were read. */
export interface Surroundings {
  readonly connections: ReadonlyMap<string, { readonly name: string; readonly connector: string }>;
  /** By `connection/stream`. */
  readonly readAt: ReadonlyMap<string, Date>;
  readonly identities: ReadonlyMap<string, string>;
}

export const readSurroundings = async (
  tx: Sql,
  tenantId: TenantId,
  listing: Listing,
  rows: readonly ListedRow[],
): Promise<Surroundings> => {
  const idsOf = (column: string) => [...new Set(rows.flatMap(({ values }) => (values[column] as string | null) ?? []))];
  const empty = { connections: new Map(), readAt: new Map(), identities: new Map() };
  if (!listing.isRecord || rows.length === 0) return empty;
  const from = idsOf('_connection');
  const connections = await sql<{ connection_id: string; name: string; connector: string }>`
    select connection_id, name, connector from connections
    where tenant_id = ${tenantId} and connection_id = any(${from}::uuid[])`.execute(tx);
  const streams = await sql<{ connection_id: string; stream: string; last_read_at: Date | null }>`
    select connection_id, stream, last_read_at from stream_states
    where tenant_id = ${tenantId} and connection_id = any(${from}::uuid[]) and last_read_at is not null`.execute(tx);
  const identities = await identityNames(tx, tenantId, idsOf('identity'));
  return {
    connections: new Map(connections.rows.map(({ connection_id, ...connection }) => [connection_id, connection])),
    readAt: new Map(
      streams.rows.flatMap((row) =>
        row.last_read_at ? [[`${row.connection_id}/${row.stream}`, row.last_read_at] as const] : [],
      ),
    ),
    identities,
  };
};

export const identityNames = async (
  tx: Sql,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ identity_id: string; name: string }>`
    select identity_id, name from identities
    where tenant_id = ${tenantId} and identity_id = any(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map(({ identity_id, name }) => [identity_id, name]));
};

/** A row as answers show it. */
export const toInventoryRecord = (
  listing: Listing,
  { values }: Pick<ListedRow, 'values'>,
  around: Surroundings,
): z.input<typeof InventoryRecord> => {
  const shown = Object.fromEntries(
    listing.columns.map((column) => [column.name, present(column, values[column.name])]),
  );
  const connection = String(values._connection ?? '');
  const stream = String(values._stream ?? '');
  const identity = values.identity;
  return {
    ...shown,
    id: String(values.id),
    _connection: connection,
    _connectionName: around.connections.get(connection)?.name ?? '',
    _connector: around.connections.get(connection)?.connector ?? '',
    _stream: stream,
    // What is gone was last seen before the newest read.
    _seenAt: values.gone === true ? null : (around.readAt.get(`${connection}/${stream}`)?.toISOString() ?? null),
    ...(typeof identity === 'string' && { _identityName: around.identities.get(identity) ?? null }),
  };
};

/** A stored value for people: privileges in words, times in ISO 8601. */
export const present = (column: ListColumn, value: unknown): unknown => {
  if (column.stored === 'privilege')
    return typeof value === 'number' ? (privileges[value] ?? undetermined) : undetermined;
  return value instanceof Date ? value.toISOString() : value;
};
