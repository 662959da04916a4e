import type { Sql } from '@gatehouse/database';
import type { AboutMachine } from '@gatehouse/remote-access/jump';
import { sql } from 'kysely';

/** A Jump Client as far as it matters for whether it is let in. */
export interface Pinned {
  readonly id: number;
  readonly clientKey: string;
  readonly publicKey: string;
  readonly name: string;
  readonly isLocked: boolean;
}

const columns = sql`id, client_key as "clientKey", public_key as "publicKey", name, is_locked as "isLocked"`;

export const findByKey = async (tx: Sql, clientKey: string): Promise<Pinned | null> => {
  const { rows } = await sql<Pinned>`select ${columns} from jump_clients where client_key = ${clientKey}`.execute(tx);
  return rows[0] ?? null;
};

export const findByPublicKey = async (tx: Sql, publicKey: string): Promise<Pinned | null> => {
  const { rows } = await sql<Pinned>`select ${columns} from jump_clients where public_key = ${publicKey}`.execute(tx);
  return rows[0] ?? null;
};

/** The public key of one that was unpinned; null: there was none with this name. */
export const findUnpinned = async (tx: Sql, clientKey: string): Promise<string | null> => {
  const { rows } = await sql<{ key: string }>`
    select public_key as key from unpinned_jump_clients where client_key = ${clientKey}`.execute(tx);
  return rows[0]?.key ?? null;
};

export const isUnpinnedMachine = async (tx: Sql, publicKey: string): Promise<boolean> => {
  const { rows } = await sql`select from unpinned_jump_clients where public_key = ${publicKey} limit 1`.execute(tx);
  return rows.length > 0;
};

export interface LineOf {
  readonly lineId: string;
  readonly processId: string;
  readonly address: string;
  readonly at: Date;
  /** The version that the site offers; null: none. */
  readonly offers: string | null;
}

/** This line is the one that counts from now on. */
export const joinLine = async (tx: Sql, id: number, about: AboutMachine, line: LineOf): Promise<void> => {
  const { version, hostname, fqdn, operatingSystem, privateIp, consoleUser, installMode, allows } = about;
  await sql`
    update jump_clients set version = ${version}, hostname = ${hostname}, fqdn = ${fqdn},
      operating_system = ${operatingSystem}, private_ip = ${privateIp}, public_ip = ${line.address},
      console_user = ${consoleUser}, install_mode = ${installMode}, allows_shell = ${allows.shell},
      allows_files = ${allows.files}, allows_hosts = ${allows.hosts},
      needs_update = coalesce(${line.offers}::text <> ${version}::text, false),
      connected_at = ${line.at}, seen_at = ${line.at}, process_id = ${line.processId}, line_id = ${line.lineId}
    where id = ${id}`.execute(tx);
};

export const leaveLine = async (tx: Sql, lineId: string, at: Date): Promise<void> => {
  await sql`update jump_clients set process_id = null, line_id = null, disconnected_at = ${at}, seen_at = ${at}
    where line_id = ${lineId}`.execute(tx);
};

/** Those lines of this copy that still count, with whether they are let in. */
export const beatLines = async (
  tx: Sql,
  processId: string,
  lines: readonly string[],
  at: Date,
): Promise<readonly { readonly lineId: string; readonly isLocked: boolean }[]> => {
  const { rows } = await sql<{ lineId: string; isLocked: boolean }>`
    update jump_clients set seen_at = ${at}, process_id = ${processId}
    where line_id = any(${[...lines]}::uuid[]) returning line_id as "lineId", is_locked as "isLocked"`.execute(tx);
  return rows;
};

/** Ids of Jump Clients that were away longer than they may be. */
export const listForgotten = async (tx: Sql, at: Date): Promise<readonly number[]> => {
  const { rows } = await sql<{ id: number }>`
    select id from jump_clients
    where process_id is null and max_offline_minutes > 0
      and seen_at < ${at}::timestamptz - max_offline_minutes * interval '1 minute' order by id limit 100`.execute(tx);
  return rows.map(({ id }) => id);
};

/** Whether another copy of the site has its line. */
export const isConnected = async (tx: Sql, id: number): Promise<boolean> => {
  const { rows } = await sql`select from jump_clients where id = ${id} and process_id is not null`.execute(tx);
  return rows.length > 0;
};

/** One that is connected, as programs know it. */
export interface ConnectedJumpClient {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly address: string;
  readonly since: Date;
}

export const listConnectedJumpClients = async (tx: Sql, limit: number): Promise<readonly ConnectedJumpClient[]> => {
  const { rows } = await sql<ConnectedJumpClient>`
    select replace(client_key::text, '-', '') as id, name, hostname, operating_system as "operatingSystem",
      public_ip as address, connected_at as since
    from jump_clients where process_id is not null order by connected_at, client_key limit ${limit}`.execute(tx);
  return rows;
};
