import type { AppLink } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type ConnectionId, type Health, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Connectivity } from './connectivity.ts';
import { KeptFault } from './fault-words.ts';
import type { Settings } from './settings.ts';

/** `stream`: which stream it came from; left out for the check of the connection. */
export const KeptCaveat = z.object({ code: z.string(), advice: z.string(), stream: z.string().optional() });
export type KeptCaveat = z.output<typeof KeptCaveat>;
const Healths = z.enum(['connected', 'warning', 'failed']);

/** One stream's state as the newest read left it. */
export const StreamState = z.object({
  stream: z.string(),
  health: Healths.nullable(),
  fault: KeptFault.nullable(),
  records: z.number(),
  lastReadAt: z.coerce.date().nullable(),
  fullReadAt: z.coerce.date().nullable(),
  nextReadAt: z.coerce.date().nullable(),
});
export type StreamState = z.output<typeof StreamState>;

const Row = z.object({
  connectionId: z.string().transform((id) => id as ConnectionId),
  connector: z.string(),
  name: z.string(),
  point: z.string(),
  settings: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  /** An agent reads it, and none has registered yet. */
  awaitsAgent: z.boolean(),
  caveats: z.array(KeptCaveat),
  checkHealth: Healths.nullable(),
  checkFault: KeptFault.nullable(),
  checkedAt: z.date().nullable(),
  toldConnectivity: z.string().nullable(),
  createdAt: z.date(),
  lastActivityAt: z.date(),
  streams: z.array(StreamState),
  runningRunId: z.string().nullable(),
});
export type StoredConnection = z.output<typeof Row>;

const columns = sql`
  c.connection_id as "connectionId", c.connector, c.name, c.point, c.settings, c.enabled, c.caveats,
  c.check_health as "checkHealth", c.check_fault as "checkFault", c.checked_at as "checkedAt",
  exists (select from collectors k where k.tenant_id = c.tenant_id and k.connection_id = c.connection_id
    and k.registered_at is null) as "awaitsAgent",
  c.told_connectivity as "toldConnectivity", c.created_at as "createdAt", c.last_activity_at as "lastActivityAt",
  coalesce((
    select jsonb_agg(jsonb_build_object('stream', s.stream, 'health', s.health, 'fault', s.fault, 'records', s.records,
      'lastReadAt', s.last_read_at, 'fullReadAt', s.full_read_at, 'nextReadAt', s.next_read_at))
    from stream_states s where s.tenant_id = c.tenant_id and s.connection_id = c.connection_id
  ), '[]') as streams,
  (select r.run_id from runs r where r.tenant_id = c.tenant_id and r.connection_id = c.connection_id
    and r.state in ('queued', 'running') order by r.state desc limit 1) as "runningRunId"`;

/** Connections by name; deleted ones are gone from here at once. */
export const listConnections = async (tx: Sql, tenantId: TenantId): Promise<readonly StoredConnection[]> => {
  const { rows } = await sql`
    select ${columns} from connections c where c.tenant_id = ${tenantId} and c.deleted_at is null
    order by lower(c.name), c.connection_id limit 2000`.execute(tx);
  return z.array(Row).parse(rows);
};

export const findConnection = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
): Promise<StoredConnection | null> => {
  const { rows } = await sql`
    select ${columns} from connections c
    where c.tenant_id = ${tenantId} and c.connection_id = ${connectionId} and c.deleted_at is null`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export interface NewConnection {
  readonly connectionId: ConnectionId;
  readonly connector: string;
  readonly name: string;
  readonly point: string;
  readonly settings: Settings;
  readonly app: AppLink | null;
  readonly at: Date;
}

export const newConnectionId = (at: Date) => newId<ConnectionId>(at.getTime());

export const insertConnection = async (tx: Sql, tenantId: TenantId, made: NewConnection): Promise<void> => {
  await sql`
    insert into connections (tenant_id, connection_id, connector, name, point, settings, app, created_at, changed_at, last_activity_at)
    values (${tenantId}, ${made.connectionId}, ${made.connector}, ${made.name}, ${made.point},
      ${JSON.stringify(made.settings)}::jsonb, ${made.app && JSON.stringify(made.app)}::jsonb, ${made.at}, ${made.at}, ${made.at})`.execute(
    tx,
  );
};

export interface ConnectionPatch {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly changed?: { readonly settings: Settings; readonly point: string; readonly app: AppLink | null } | undefined;
}

/** New settings make the newest check worthless: the connection is not checked again until the next one. */
export const updateConnection = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  { name, enabled, changed }: ConnectionPatch,
  at: Date,
): Promise<void> => {
  await sql`
    update connections set changed_at = ${at}, last_activity_at = greatest(last_activity_at, ${at}),
      name = coalesce(${name ?? null}, name), enabled = coalesce(${enabled ?? null}::boolean, enabled),
      point = coalesce(${changed?.point ?? null}, point),
      app = case when ${changed !== undefined} then ${changed?.app ? JSON.stringify(changed.app) : null}::jsonb else app end,
      settings = coalesce(${changed ? JSON.stringify(changed.settings) : null}::jsonb, settings),
      check_health = case when ${changed !== undefined} then null else check_health end,
      check_fault = case when ${changed !== undefined} then null else check_fault end
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deleted_at is null`.execute(tx);
};

/** What the check at the beginning of a run, or a test of the saved values, found. */
export interface Checked {
  readonly health: Health;
  readonly fault: KeptFault | null;
  readonly caveats: readonly KeptCaveat[];
  readonly at: Date;
}

export const saveCheck = async (tx: Sql, tenantId: TenantId, connectionId: string, checked: Checked): Promise<void> => {
  await sql`
    update connections set check_health = ${checked.health}, checked_at = ${checked.at},
      check_fault = ${checked.fault && JSON.stringify(checked.fault)}::jsonb,
      caveats = case when ${checked.fault === null} then ${JSON.stringify(checked.caveats)}::jsonb else caveats end
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
};

export const saveTold = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  told: Connectivity,
): Promise<void> => {
  await sql`
    update connections set told_connectivity = ${told}
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
};

/** True when this call deleted it. */
export const markDeleted = async (tx: Sql, tenantId: TenantId, connectionId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update connections set deleted_at = ${at}, enabled = false
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deleted_at is null
    returning connection_id`.execute(tx);
  return rows.length > 0;
};
