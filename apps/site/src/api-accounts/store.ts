import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { hashSecret, newClientSecret } from './secrets.ts';

/** A new secret. Every token of the account ends; null: there is no such account. */
export const renewSecret = async (
  tx: Sql,
  id: number,
): Promise<{ readonly name: string; readonly clientId: string; readonly secret: Secret } | null> => {
  const secret = newClientSecret();
  const { rows } = await sql<{ name: string; clientId: string }>`
    update api_accounts set secret_hash = ${hashSecret(secret.reveal())}, failed_login_attempts = 0, failed_login_expiration = null
    where id = ${id} returning name, client_id as "clientId"`.execute(tx);
  const account = rows[0];
  if (account === undefined) return null;
  await endTokens(tx, id);
  return { ...account, secret };
};

/** Lets a locked account try again at once. */
export const unlockAccount = async (tx: Sql, id: number): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    update api_accounts set failed_login_attempts = 0, failed_login_expiration = null
    where id = ${id} returning name`.execute(tx);
  return rows[0]?.name ?? null;
};

export const endTokens = async (tx: Sql, id: number): Promise<void> => {
  await sql`delete from api_tokens where account_id = ${id}`.execute(tx);
};
