import type { Sql } from '@gatehouse/database';
import { type ConnectionId, newId, type Secret, type TenantId } from '@gatehouse/kernel';
import { hashToken, newToken } from '@gatehouse/server';
import { sql } from 'kysely';

/** Milliseconds until an installation key that nobody used expires. */
const lifetimeMs = 24 * 3_600_000;

/** An installation key as it is shown once. Only its hash is kept. */
export interface NewKey {
  readonly key: Secret;
  readonly expiresAt: Date;
}

export interface KeyState {
  readonly state: 'open' | 'used' | 'closed' | 'expired';
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/** Makes the key of a connection; one that was not used yet ends. */
export const makeKey = async (
  tx: Sql,
  tenantId: TenantId,
  made: { readonly connectionId: string; readonly by: string; readonly at: Date },
): Promise<NewKey> => {
  const { connectionId, by, at } = made;
  await closeKey(tx, tenantId, connectionId, at);
  const key = newToken('ghi_');
  const expiresAt = new Date(at.getTime() + lifetimeMs);
  await sql`
    insert into installation_keys (tenant_id, key_id, connection_id, hash, created_at, created_by, expires_at)
    values (${tenantId}, ${newId(at.getTime())}, ${connectionId}, ${hashToken(key.reveal())}, ${at}, ${by}, ${expiresAt})`.execute(
    tx,
  );
  return { key, expiresAt };
};

/** True when there was a key that could still have been used. */
export const closeKey = async (tx: Sql, tenantId: TenantId, connectionId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql<{ expired: boolean }>`
    update installation_keys set closed_at = ${at}
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and used_at is null and closed_at is null
    returning expires_at <= ${at} as expired`.execute(tx);
  return rows.some(({ expired }) => !expired);
};

/** The newest key of a connection. */
export const findKey = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  at: Date,
): Promise<KeyState | null> => {
  const { rows } = await sql<KeyState>`
    select created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt", used_at as "usedAt",
      case when used_at is not null then 'used' when closed_at is not null then 'closed'
        when expires_at <= ${at} then 'expired' else 'open' end as state
    from installation_keys where tenant_id = ${tenantId} and connection_id = ${connectionId}
    order by key_id desc limit 1`.execute(tx);
  return rows[0] ?? null;
};

/** Whose key this is, used or not. Runs as the owner, because a device knows no tenant. */
export const findKeyOwner = async (
  system: Sql,
  key: string,
): Promise<{ readonly tenantId: TenantId; readonly connectionId: ConnectionId; readonly keyId: string } | null> => {
  const { rows } = await sql<{ tenantId: TenantId; connectionId: ConnectionId; keyId: string }>`
    select k.tenant_id as "tenantId", k.connection_id as "connectionId", k.key_id as "keyId"
    from installation_keys k join tenants t on t.tenant_id = k.tenant_id and t.deleted_at is null
    where k.hash = ${hashToken(key)}`.execute(system);
  return rows[0] ?? null;
};

/** Uses a key up. False: it was used, closed or has expired. */
export const takeKey = async (tx: Sql, tenantId: TenantId, keyId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update installation_keys set used_at = ${at}
    where tenant_id = ${tenantId} and key_id = ${keyId} and used_at is null and closed_at is null and expires_at > ${at}
    returning key_id`.execute(tx);
  return rows.length > 0;
};

/** Whether this key was used up by a collector that is still there, for an answer that was lost on the way. */
export const wasTaken = async (tx: Sql, tenantId: TenantId, keyId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    select from installation_keys
    where tenant_id = ${tenantId} and key_id = ${keyId} and used_at is not null and expires_at > ${at}`.execute(tx);
  return rows.length > 0;
};
