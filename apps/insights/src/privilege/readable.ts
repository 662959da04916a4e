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
/** Streams from which only ways follow: who may get which certificate gives nobody a role. */
const ofWays: ReadonlySet<string> = new Set(
  ['templates', 'access-entries'].map((stream) => `insights-collector.active-directory-certificate-${stream}`),
).add('insights-collector.active-directory-enrolment-services');
/**
 * Grants and groups that decide nothing about administration: what an application may do, who may open which, what a
 * Smart Group of a vault has in it.
 */
const beside: ReadonlySet<string> = new Set([
  ...['okta.app-assignments', 'okta.app-grants'],
  ...ofWays,
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

/** The streams from which their ways to more follow besides. */
export const wayStreams = (catalogue: StreamCatalogue, connector: string): readonly string[] =>
  (catalogue.get(connector) ?? [])
    .filter(({ stream }) => ofWays.has(`${connector}.${stream}`))
    .map(({ stream }) => stream);

/**
 * The connections that can say what an account may do, and those of them that can say what it reaches; without such
 * streams a connection cannot.
 */
export const privilegeReadable = (
  connections: readonly ConnectionReads[],
  catalogue: StreamCatalogue,
): { readonly held: readonly string[]; readonly reached: readonly string[] } => {
  const areRead = (connection: ConnectionReads, streams: readonly string[]) =>
    streams
      .filter((stream) => isOffered(connection, catalogue, stream))
      .every((stream) => isReadable(connection.streams.get(stream)));
  const held = connections.filter((connection) => {
    const needed = privilegeStreams(catalogue, connection.connector);
    return needed.some((stream) => isOffered(connection, catalogue, stream)) && areRead(connection, needed);
  });
  const reached = held.filter((connection) => areRead(connection, wayStreams(catalogue, connection.connector)));
  return {
    held: held.map(({ connectionId }) => connectionId),
    reached: reached.map(({ connectionId }) => connectionId),
  };
};
