import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';

export type KeyProtocol = 'ssh' | 'rdp' | 'vnc';

/** Where a key belongs. Names are the same in every case. */
export const endpointOf = (hostname: string, port: number): string =>
  `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`.toLowerCase();

/** Null: nobody has seen the endpoint yet. */
export const findHostKey = async (tx: Sql, protocol: KeyProtocol, endpoint: string): Promise<string | null> => {
  const { rows } = await sql<{ fingerprint: string }>`
    select fingerprint from host_keys where protocol = ${protocol} and endpoint = ${endpoint}`.execute(tx);
  return rows[0]?.fingerprint ?? null;
};

/** Keeps the first key; false where another one was kept meanwhile. The same one again is noted as seen. */
export const keepHostKey = async (
  tx: Sql,
  { protocol, endpoint, fingerprint }: { protocol: KeyProtocol; endpoint: string; fingerprint: string },
): Promise<boolean> => {
  const { rows } = await sql<{ fingerprint: string }>`
    insert into host_keys (host_key_id, protocol, endpoint, fingerprint)
    values (${newId()}, ${protocol}, ${endpoint}, ${fingerprint})
    on conflict (protocol, endpoint) do update set last_seen_at = now() returning fingerprint`.execute(tx);
  return rows[0]?.fingerprint === fingerprint;
};

interface HostKeyRow {
  readonly id: string;
  readonly endpoint: string;
  readonly protocol: KeyProtocol;
  readonly fingerprint: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** By endpoint. */
export const listHostKeys = async (
  tx: Sql,
  { search = '', limit, offset }: { search?: string | undefined; limit: number; offset: number },
): Promise<{ readonly rows: readonly HostKeyRow[]; readonly total: number }> => {
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const where = sql`where endpoint ilike ${like} or fingerprint ilike ${like}`;
  const { rows } = await sql<HostKeyRow>`
    select host_key_id as id, endpoint, protocol, fingerprint, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt"
    from host_keys ${where} order by endpoint, protocol limit ${limit} offset ${offset}`.execute(tx);
  const counted = await sql<{ count: number }>`select count(*)::int as count from host_keys ${where}`.execute(tx);
  return { rows, total: counted.rows[0]?.count ?? 0 };
};

/** What was removed; null: there was none. */
export const removeHostKey = async (tx: Sql, id: string): Promise<HostKeyRow | null> => {
  const { rows } = await sql<HostKeyRow>`
    delete from host_keys where host_key_id = ${id}
    returning host_key_id as id, endpoint, protocol, fingerprint, first_seen_at as "firstSeenAt",
      last_seen_at as "lastSeenAt"`.execute(tx);
  return rows[0] ?? null;
};
