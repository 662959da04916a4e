import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { audit, type Principal, type Sealer, type TenantGrant } from '@gatehouse/server';
import type { z } from 'zod';
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

export interface ChangeParts {
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly tellConnectivity: TellConnectivity;
}

/** Creates a connection and queues its first run, in the caller's transaction. Answers with its id. */
export const createConnection = async (
  tx: Sql,
  grant: TenantGrant,
  connector: AnyConnector,
  input: z.output<typeof ConnectionInput>,
  { sealer, clock }: ChangeParts,
): Promise<string> => {
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
  await writeActivity(tx, tenantId, { ...by, kind: 'created', title: `${connector.name} connected` });
  await queueRun(tx, tenantId, { connectionId, reason: 'created', streams: Object.keys(connector.streams), at });
  return connectionId;
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
  if (isOn && connector && (changed || turned)) {
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
  { clock }: ChangeParts,
): Promise<boolean> => {
  const before = await findConnection(tx, grant.tenantId, connectionId);
  if (!before || !(await markDeleted(tx, grant.tenantId, connectionId, clock.now()))) return false;
  await audit(tx, grant, {
    action: 'connection.delete',
    target: before.name,
    change: { connectionId, connector: before.connector, point: before.point },
  });
  return true;
};

const nameOf = (principal: Principal): string => principal.name;
