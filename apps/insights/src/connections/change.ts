import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { audit, type Principal, problems, type Sealer, type TenantGrant } from '@gatehouse/server';
import type { z } from 'zod';
import type { Installation } from '../api/collectors.ts';
import type { ConnectionChange, ConnectionInput } from '../api/connections.ts';
import { queueRun, type TellConnectivity, tellConnectivity } from '../runs/index.ts';
import { type ActivityKind, writeActivity } from './activities.ts';
import { acceptSettings } from './settings.ts';
import {
  findConnection,
  insertConnection,
  markDeleted,
  newConnectionId,
  type StoredConnection,
  updateConnection,
} from './store.ts';

/** What happens to the agent of a connection, in the transaction of the connection. */
export interface AgentHooks {
  created(tx: Sql, grant: TenantGrant, connection: AgentConnection): Promise<z.input<typeof Installation>>;
  removed(tx: Sql, grant: TenantGrant, connection: AgentConnection): Promise<void>;
}

export interface AgentConnection {
  readonly connectionId: string;
  readonly name: string;
  readonly at: Date;
}

export interface ChangeParts {
  readonly agents: AgentHooks;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly tellConnectivity: TellConnectivity;
}

/**
 * Creates a connection in the caller's transaction, and queues its first run or makes the key for its agent. Answers with
 * its id.
 */
export const createConnection = async (
  tx: Sql,
  grant: TenantGrant,
  connector: AnyConnector,
  input: z.output<typeof ConnectionInput>,
  { sealer, clock, agents }: ChangeParts,
): Promise<{ readonly connectionId: string; readonly installation: z.input<typeof Installation> | null }> => {
  const { tenantId } = grant;
  const at = clock.now();
  const connectionId = newConnectionId(at);
  const accepted = acceptSettings(connector, input.settings, null, sealer, [tenantId, connectionId]);
  const { point, app, kept: settings } = accepted;
  await insertConnection(tx, tenantId, {
    connectionId,
    connector: connector.id,
    name: input.name,
    point,
    settings,
    app,
    at,
  });
  await audit(tx, grant, {
    action: 'connection.create',
    target: input.name,
    change: { connectionId, connector: connector.id, point },
  });
  const by = { connectionId, at, actor: nameOf(grant.principal) };
  if (connector.agent) {
    await writeActivity(tx, tenantId, { ...by, kind: 'created', title: `${connector.name} added` });
    const installation = await agents.created(tx, grant, { connectionId, name: input.name, at });
    return { connectionId, installation };
  }
  await writeActivity(tx, tenantId, { ...by, kind: 'created', title: `${connector.name} connected` });
  await queueRun(tx, tenantId, { connectionId, reason: 'created', streams: Object.keys(connector.streams), at });
  return { connectionId, installation: null };
};

/** Changes name, settings or status. New settings, and turning on, queue a run with them. */
export const changeConnection = async (
  tx: Sql,
  grant: TenantGrant,
  before: StoredConnection,
  connector: AnyConnector | undefined,
  change: z.output<typeof ConnectionChange>,
  parts: ChangeParts,
): Promise<void> => {
  const { tenantId, principal } = grant;
  const { connectionId } = before;
  const at = parts.clock.now();
  if (connector?.agent && change.enabled === false) {
    throw problems.conflict(
      `${connector.name} cannot be turned off from here. Stop its service on its machine, or delete the connector.`,
    );
  }
  const changed =
    change.settings && connector
      ? acceptSettings(connector, change.settings, before.settings, parts.sealer, [tenantId, connectionId])
      : null;
  const renamed = change.name !== undefined && change.name !== before.name;
  const turned = change.enabled !== undefined && change.enabled !== before.enabled;
  await updateConnection(
    tx,
    tenantId,
    connectionId,
    {
      name: change.name,
      enabled: change.enabled,
      ...(changed && { changed: { settings: changed.kept, point: changed.point, app: changed.app } }),
    },
    at,
  );
  await audit(tx, grant, {
    action: 'connection.change',
    target: before.name,
    change: {
      connectionId,
      ...(renamed && { name: { before: before.name, after: change.name } }),
      ...(turned && { enabled: change.enabled }),
      // Names only: a value could be what somebody would rather not have in an audit.
      ...(change.settings && { settings: Object.keys(change.settings) }),
    },
  });
  const note = (kind: ActivityKind, title: string) =>
    writeActivity(tx, tenantId, { connectionId, at, kind, title, actor: nameOf(principal) });
  if (renamed) await note('renamed', `Renamed from "${before.name}" to "${change.name}"`);
  if (changed) await note('settings', 'Settings changed');
  if (turned) await note(change.enabled ? 'turned_on' : 'turned_off', change.enabled ? 'Turned on' : 'Turned off');
  const isOn = change.enabled ?? before.enabled;
  if (isOn && connector && !connector.agent && (changed || turned)) {
    const streams = Object.keys(connector.streams);
    await queueRun(tx, tenantId, { connectionId, reason: 'settings', streams, at });
  }
  await tellConnectivity(tx, tenantId, connectionId, parts.tellConnectivity);
};

/** Takes it away at once; its records follow in batches. False when somebody else did already. */
export const removeConnection = async (
  tx: Sql,
  grant: TenantGrant,
  connectionId: string,
  { clock, agents }: ChangeParts,
): Promise<boolean> => {
  const at = clock.now();
  const before = await findConnection(tx, grant.tenantId, connectionId);
  if (!before || !(await markDeleted(tx, grant.tenantId, connectionId, at))) return false;
  await agents.removed(tx, grant, { connectionId, name: before.name, at });
  await audit(tx, grant, {
    action: 'connection.delete',
    target: before.name,
    change: { connectionId, connector: before.connector, point: before.point },
  });
  return true;
};

const nameOf = (principal: Principal): string => principal.name;
