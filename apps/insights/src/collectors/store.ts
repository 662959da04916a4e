import { Hello } from '@gatehouse/connector-kit/ingest';
import type { Sql } from '@gatehouse/database';
import type { ConnectionId, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';

const Row = z.object({
  connectionId: z.string().transform((id) => id as ConnectionId),
  name: z.string(),
  publicKey: z.string().nullable(),
  host: z.string(),
  version: z.string(),
  platform: z.string(),
  registeredAt: z.date().nullable(),
  lastContactAt: z.date().nullable(),
  /** What an older build kept may lack something; then the collector is as if it had said nothing yet. */
  hello: Hello.nullable().catch(null),
  skewMs: z.number(),
  dropped: z.object({ at: z.coerce.date(), text: z.string() }).nullable(),
  behindSince: z.date().nullable(),
});
export type StoredCollector = z.output<typeof Row>;

const columns = sql`
  k.connection_id as "connectionId", c.name, k.public_key as "publicKey", k.host, k.version, k.platform,
  k.registered_at as "registeredAt", k.last_contact_at as "lastContactAt", k.hello, k.skew_ms as "skewMs", k.dropped, k.behind_since as "behindSince"`;
const ofConnection = sql`c.tenant_id = k.tenant_id and c.connection_id = k.connection_id and c.deleted_at is null`;

export const insertCollector = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<void> => {
  await sql`insert into collectors (tenant_id, connection_id) values (${tenantId}, ${connectionId})`.execute(tx);
};

export const findCollector = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
): Promise<StoredCollector | null> => {
  const { rows } = await sql`
    select ${columns} from collectors k join connections c on ${ofConnection}
    where k.tenant_id = ${tenantId} and k.connection_id = ${connectionId}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

/** By the name of their connections. */
export const listCollectors = async (tx: Sql, tenantId: TenantId): Promise<readonly StoredCollector[]> => {
  const { rows } = await sql`
    select ${columns} from collectors k join connections c on ${ofConnection}
    where k.tenant_id = ${tenantId} order by lower(c.name), k.connection_id limit 500`.execute(tx);
  return z.array(Row).parse(rows);
};

export interface Device {
  readonly publicKey: string;
  readonly host: string;
  readonly version: string;
  readonly platform: string;
}

/** Binds a connection to a device. False: another one is bound to it, or it is gone. */
export const registerDevice = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  { publicKey, host, version, platform }: Device,
  at: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update collectors set public_key = ${publicKey}, host = ${host}, version = ${version}, platform = ${platform},
      registered_at = ${at}, last_contact_at = ${at}
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and public_key is null and removed_at is null
    returning connection_id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`update connections set point = ${host}
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return true;
};

export interface KnownDevice {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly publicKey: string;
  readonly name: string;
  readonly host: string;
  readonly state: 'on' | 'off' | 'removed';
}

/** Whom a device claims to be. Runs as the owner, because it names no tenant. */
export const findDevice = async (system: Sql, connectionId: string): Promise<KnownDevice | null> => {
  const { rows } = await sql<KnownDevice>`
    select k.tenant_id as "tenantId", k.connection_id as "connectionId", k.public_key as "publicKey", k.host,
      coalesce(c.name, '') as name,
      case when k.removed_at is not null or c.deleted_at is not null or c.connection_id is null or t.deleted_at is not null
        then 'removed' when c.enabled then 'on' else 'off' end as state
    from collectors k join tenants t on t.tenant_id = k.tenant_id
    left join connections c on c.tenant_id = k.tenant_id and c.connection_id = k.connection_id
    where k.connection_id = ${connectionId} and k.public_key is not null`.execute(system);
  return rows[0] ?? null;
};

/** A word of the device. False: this nonce, or a later one, was there before; nothing may come of the message. */
export const acceptNonce = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  nonce: number,
  at: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update collectors set last_nonce = ${nonce}, last_contact_at = greatest(last_contact_at, ${at})
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and last_nonce < ${nonce} and removed_at is null
    returning connection_id`.execute(tx);
  return rows.length > 0;
};

export interface Said {
  readonly hello: Hello;
  readonly dropped: { readonly at: string; readonly text: string } | null;
  readonly isBehind: boolean;
  readonly at: Date;
}

export const saveHello = async (tx: Sql, tenantId: TenantId, connectionId: string, said: Said): Promise<void> => {
  const { hello, dropped, isBehind, at } = said;
  const skewMs = Date.parse(hello.now) - at.getTime();
  await sql`
    update collectors set hello = ${JSON.stringify(hello)}::jsonb, host = ${hello.host}, version = ${hello.version},
      platform = ${hello.platform}, skew_ms = ${skewMs}, dropped = coalesce(${dropped && JSON.stringify(dropped)}::jsonb, dropped),
      behind_since = case when ${isBehind} then coalesce(behind_since, ${at}) end
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  await sql`
    update connections set point = ${hello.host}
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and point <> ${hello.host}`.execute(tx);
};

/** The device is told for a while that its connection was deleted, and what it held is free at once. */
export const removeCollector = async (tx: Sql, tenantId: TenantId, connectionId: string, at: Date): Promise<void> => {
  await sql`
    update collectors set removed_at = ${at}, hello = null
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  await sql`
    update collector_sources set holder = case when holder = ${connectionId} then null else holder end,
      home = case when home = ${connectionId} then null else home end
    where tenant_id = ${tenantId} and (holder = ${connectionId} or home = ${connectionId})`.execute(tx);
  await sql`
    delete from collector_sources where tenant_id = ${tenantId} and holder is null and home is null`.execute(tx);
};

/** Days that a deleted collector is still told so. */
const remembered = 90;

export const forgetCollectors = async (system: Sql, now: Date): Promise<void> => {
  const before = new Date(now.getTime() - remembered * 86_400_000);
  await sql`delete from collectors where removed_at < ${before}`.execute(system);
};
