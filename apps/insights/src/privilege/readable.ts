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

const ofPrivilege: readonly RecordKind[] = ['grants', 'roles', 'memberships', 'groups'];
/**
 * Grants and groups that decide nothing about administration: what an application may do, who may open which, who may get
 * which certificate, what a Smart Group of a vault has in it.
 */
const beside: ReadonlySet<string> = new Set([
  ...['okta.app-assignments', 'okta.app-grants'],
  'insights-collector.active-directory-certificate-access-entries',
  ...['smart-groups', 'smart-group-members', 'smart-group-systems'].flatMap((stream) => [
    `insights-collector.password-safe-${stream}`,
    `password-safe.${stream}`,
  ]),
]);

/** False for a stream of a connector that the agent of this connection does not have: nothing of it was ever read or tried. */
export const isOffered = (
  { connector, streams }: Pick<ConnectionReads, 'connector' | 'streams'>,
  catalogue: StreamCatalogue,
  stream: string,
): boolean => {
  const all = catalogue.get(connector) ?? [];
  const plugin = all.find((one) => one.stream === stream)?.plugin;
  return plugin === undefined || all.some((one) => one.plugin === plugin && streams.has(one.stream));
};

/** The streams from which the privilege of a connector's accounts follows. */
export const privilegeStreams = (catalogue: StreamCatalogue, connector: string): readonly string[] =>
  (catalogue.get(connector) ?? [])
    .filter(({ record, stream }) => ofPrivilege.includes(record) && !beside.has(`${connector}.${stream}`))
    .map(({ stream }) => stream);

/** The connections that can say what an account may do; without such streams a connection cannot. */
export const privilegeReadable = (
  connections: readonly ConnectionReads[],
  catalogue: StreamCatalogue,
): readonly string[] =>
  connections
    .filter((connection) => {
      const { connector, streams } = connection;
      const needed = privilegeStreams(catalogue, connector).filter((stream) =>
        isOffered(connection, catalogue, stream),
      );
      return needed.length > 0 && needed.every((stream) => isReadable(streams.get(stream)));
    })
    .map(({ connectionId }) => connectionId);
