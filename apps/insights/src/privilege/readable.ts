import type { RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { StreamCatalogue } from './catalogue.ts';

/** A connection and what is known about its streams. */
export interface ConnectionReads {
  readonly connectionId: string;
  readonly connector: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly streams: ReadonlyMap<string, StreamRead>;
}

export interface StreamRead {
  /** When the last full read finished; null when none ever did. */
  readonly fullReadAt: Date | null;
  /** What the last read failed with; null when it did not fail. */
  readonly fault: { readonly kind: string; readonly advice: string } | null;
}

/** Every connection of the tenant of the transaction that is not deleted. */
export const readConnections = async (tx: Sql): Promise<readonly ConnectionReads[]> => {
  const connections = await sql<{ connectionId: string; connector: string; name: string; enabled: boolean }>`
    select connection_id::text as "connectionId", connector, name, enabled from connections
    where deleted_at is null order by name, connection_id`.execute(tx);
  const states = await sql<StreamRead & { connectionId: string; stream: string }>`
    select connection_id::text as "connectionId", stream, full_read_at as "fullReadAt",
      case when fault is null or fault = 'null'::jsonb then null else jsonb_build_object(
        'kind', coalesce(fault->>'kind', 'unexpected'), 'advice', coalesce(fault->>'advice', '')) end as fault
    from stream_states`.execute(tx);
  const byConnection = Map.groupBy(states.rows, (row) => row.connectionId);
  return connections.rows.map((connection) => ({
    ...connection,
    streams: new Map((byConnection.get(connection.connectionId) ?? []).map((row) => [row.stream, row])),
  }));
};

/** Read to the end once, and not failing now. */
export const isReadable = (read: StreamRead | undefined): boolean =>
  read !== undefined && read.fullReadAt !== null && read.fault === null;

/** The connections whose streams of these kinds can all be read; without such streams a connection cannot tell either. */
export const readableFor = (
  connections: readonly ConnectionReads[],
  catalogue: StreamCatalogue,
  kinds: readonly RecordKind[],
): readonly string[] =>
  connections
    .filter(({ connector, streams }) => {
      const needed = (catalogue.get(connector) ?? []).filter(({ record }) => kinds.includes(record));
      return needed.length > 0 && needed.every(({ stream }) => isReadable(streams.get(stream)));
    })
    .map(({ connectionId }) => connectionId);
