import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type ConnectionId, faults, type Health, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { KeptFault } from '../connections/index.ts';
import {
  type Checked,
  connectivityOf,
  findConnection,
  type StreamState,
  saveCheck,
  saveTold,
  signsOf,
  writeActivity,
} from '../connections/index.ts';
import type { StreamProgress } from './model.ts';

/** What a run found out, to be written with its end in one transaction. */
export interface Ending {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly connector: AnyConnector;
  readonly runId: string;
  readonly startedAt: Date;
  readonly at: Date;
  /** Null where the run was ended before it could check. */
  readonly checked: Checked | null;
  readonly streams: readonly StreamProgress[];
}

/** Tells others that the connectivity changed; in the same transaction. */
export type TellConnectivity = (
  tx: Sql,
  tenantId: TenantId,
  change: { readonly connectionId: string; readonly name: string; readonly before: string; readonly after: string },
) => Promise<void>;

/** Health of every stream and of the connection, entries of the timeline for what began or ended to fail, next reads. */
export const settleRun = async (tx: Sql, ending: Ending, tell: TellConnectivity): Promise<void> => {
  const { tenantId, connectionId, checked } = ending;
  const before = await findConnection(tx, tenantId, connectionId);
  if (!before) return;
  if (checked) {
    await saveCheck(tx, tenantId, connectionId, checked);
    await noteFault(tx, ending, {
      stream: null,
      before: before.checkFault,
      now: checked.fault,
      health: checked.health,
    });
  }
  const states = new Map(before.streams.map((state) => [state.stream, state]));
  for (const stream of ending.streams) await settleStream(tx, ending, stream, states.get(stream.stream));
  await sql`
    update connections set last_activity_at = greatest(last_activity_at, ${ending.at})
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  await tellConnectivity(tx, tenantId, connectionId, tell);
};

/** Tells once when the connectivity is another than the last time; what turns a connection on or off calls it too. */
export const tellConnectivity = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  tell: TellConnectivity,
): Promise<void> => {
  const connection = await findConnection(tx, tenantId, connectionId);
  if (!connection) return;
  const after = connectivityOf(signsOf(connection));
  const before = connection.toldConnectivity;
  if (after === before) return;
  await saveTold(tx, tenantId, connectionId, after);
  if (before !== null) await tell(tx, tenantId, { connectionId, name: connection.name, before, after });
};

const settleStream = async (
  tx: Sql,
  ending: Ending,
  progress: StreamProgress,
  before: StreamState | undefined,
): Promise<void> => {
  const { tenantId, connectionId, connector, checked } = ending;
  const { stream, fault } = progress;
  const wasRead = progress.state === 'done' || progress.state === 'failed';
  const blocked = checked?.fault ?? null;
  if (!wasRead && blocked === null) return;
  const everyMs = connector.streams[stream]?.everyMs ?? 3_600_000;
  const next = nextRead(ending.startedAt, everyMs, wasRead ? fault : blocked);
  const isLimited = checked?.caveats.some((caveat) => caveat.stream === stream) ?? false;
  const health: Health = fault ? faults[fault.kind].onStream : isLimited ? 'warning' : 'connected';
  // Of a stream that was not reached the last word stays.
  await sql`
    insert into stream_states as state (tenant_id, connection_id, stream, health, fault, next_read_at)
    values (${tenantId}, ${connectionId}, ${stream}, ${wasRead ? health : null},
      ${wasRead && fault ? JSON.stringify(fault) : null}::jsonb, ${next})
    on conflict (tenant_id, connection_id, stream) do update set next_read_at = excluded.next_read_at,
      health = case when ${wasRead} then excluded.health else state.health end,
      fault = case when ${wasRead} then excluded.fault else state.fault end`.execute(tx);
  if (wasRead) await noteFault(tx, ending, { stream, before: before?.fault ?? null, now: fault, health });
};

/** When a stream is read again. A little early or late by chance, so that many connections spread over time. */
export const nextRead = (startedAt: Date, everyMs: number, fault: KeptFault | null, random = Math.random): Date => {
  // What may mend itself is tried again soon, what a person has to mend at its usual time.
  const soonMs = fault && (faults[fault.kind].retry || fault.ours) ? Math.min(everyMs, retryMs) : everyMs;
  return new Date(startedAt.getTime() + Math.round(soonMs * (0.95 + random() * 0.1)));
};

const retryMs = 10 * 60_000;

interface FaultChange {
  readonly stream: string | null;
  readonly before: KeptFault | null;
  readonly now: KeptFault | null;
  readonly health: Health;
}

/** An entry when something begins to fail, fails in another way, or works again; none while it stays as it is. */
const noteFault = async (tx: Sql, ending: Ending, { stream, before, now, health }: FaultChange): Promise<void> => {
  const { tenantId, connectionId, connector, runId, at } = ending;
  const what = stream === null ? connector.name : `"${connector.streams[stream]?.title ?? stream}"`;
  if (now && (now.kind !== before?.kind || now.advice !== before.advice)) {
    const isHere = now.kind !== 'unsupported';
    const title =
      stream === null
        ? `${what} could not be read`
        : `${what} ${isHere ? 'could not be read to its end' : 'cannot be read from here'}`;
    await writeActivity(tx, tenantId, { connectionId, at, kind: 'fault', title, health, stream, fault: now, runId });
  }
  if (!now && before) {
    await writeActivity(tx, tenantId, {
      ...{ connectionId, at, kind: 'recovered', title: `${what} can be read again`, health, stream, runId },
    });
  }
};
