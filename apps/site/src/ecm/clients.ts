import type { Database, Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { EcmRefusal, Status } from '../api/site.ts';
import { mostEcms } from './model.ts';

export interface NewClient {
  readonly clientId: string;
  readonly processId: string;
  readonly accountId: number;
  readonly ecmGroupId: number | null;
  readonly address: string;
}

/** Takes one of the places of its group; false where none is left. Copies of the program count together. */
export const joinClients = async (tx: Sql, client: NewClient): Promise<boolean> => {
  const { clientId, processId, accountId, ecmGroupId, address } = client;
  await sql`select pg_advisory_xact_lock(hashtextextended('ecm_clients', 0))`.execute(tx);
  const { rows } = await sql`
    insert into ecm_clients (client_id, process_id, account_id, ecm_group_id, address)
    select ${clientId}, ${processId}, ${accountId}, ${ecmGroupId}::int, ${address}
    where (select count(*) from ecm_clients where ecm_group_id is not distinct from ${ecmGroupId}::int) < ${mostEcms}
    returning client_id`.execute(tx);
  return rows.length === 1;
};

export const leaveClients = async (tx: Sql, clientId: string): Promise<void> => {
  await sql`delete from ecm_clients where client_id = ${clientId}`.execute(tx);
};

export const nameClient = async (
  tx: Sql,
  clientId: string,
  { name, version, plugin }: { readonly name: string; readonly version: string; readonly plugin: string | null },
): Promise<void> => {
  await sql`update ecm_clients set name = ${name}, version = ${version}, plugin = ${plugin}
    where client_id = ${clientId}`.execute(tx);
};

export interface Count {
  readonly clientId: string;
  readonly requests: number;
  readonly lastError: string | null;
}

export const countRequests = async (tx: Sql, counts: readonly Count[]): Promise<void> => {
  await sql`
    update ecm_clients c set requests = n.requests, last_error = n."lastError"
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as n("clientId" uuid, requests int, "lastError" text)
    where c.client_id = n."clientId"`.execute(tx);
};

/** This copy lives. False where it was taken for gone meanwhile, so that its connections are none any more. */
export const beat = async (tx: Sql, processId: string): Promise<boolean> => {
  const { rows } = await sql`update site_processes set seen_at = now() where process_id = ${processId}
    returning process_id`.execute(tx);
  if (rows.length === 1) return true;
  await sql`insert into site_processes (process_id, seen_at) values (${processId}, now())`.execute(tx);
  return false;
};

/** Forgets copies that are gone, and the connections that they had. */
export const sweepProcesses = async (tx: Sql, goneMs: number): Promise<void> => {
  await sql`delete from site_processes where seen_at < now() - ${goneMs}::float8 * interval '1 millisecond'`.execute(
    tx,
  );
};

export const endProcess = async (tx: Sql, processId: string): Promise<void> => {
  await sql`delete from site_processes where process_id = ${processId}`.execute(tx);
};

/** Those that have greeted, the one connected longest first. */
export const listClients = async (database: Database): Promise<z.output<typeof Status>['ecmClients']> => {
  const { rows } = await database.system((tx) =>
    sql<{
      readonly name: string;
      readonly version: string;
      readonly plugin: string | null;
      readonly account: string;
      readonly address: string;
      readonly connectedAt: Date;
      readonly requests: number;
      readonly lastError: string | null;
    }>`
      select c.name, c.version, c.plugin, a.name as account, c.address, c.connected_at as "connectedAt", c.requests,
        c.last_error as "lastError"
      from ecm_clients c join api_accounts a on a.id = c.account_id
      where c.name is not null order by c.connected_at, c.client_id limit 500`.execute(tx),
  );
  return rows.map(({ connectedAt, ...client }) => ({ ...client, connectedAt: connectedAt.toISOString() }));
};

/** The last ten ECMs of the last day that were not let in. */
export const listRefusals = async (database: Database): Promise<z.output<typeof EcmRefusal>[]> => {
  const { rows } = await database.system((tx) =>
    sql<{ readonly at: Date; readonly account: string; readonly address: string; readonly reason: string }>`
      select at, target as account, coalesce(change ->> 'address', '') as address, coalesce(change ->> 'reason', '') as reason
      from system_audit where action = 'ecm.refuse' and audit_id > ${newId(Date.now() - 86_400_000)}::uuid
      order by audit_id desc limit 10`.execute(tx),
  );
  return rows.map(({ at, ...refusal }) => ({ ...refusal, at: at.toISOString() }));
};
