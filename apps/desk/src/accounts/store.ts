import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { hashToken, newToken } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Account as Shape } from '../api/accounts.ts';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';

export type Permission = z.output<typeof Shape>['permissions'][number];

/** What a program reads and writes cases with. */
export interface Account {
  readonly id: string;
  readonly login: string;
  readonly permissions: readonly Permission[];
  readonly enabled: boolean;
  readonly tokenBegins: string;
  readonly tokenAt: Date;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

/** Begins every token, so that scanners recognise a leaked one. */
const prefix = 'ghd_';

const columns = sql`a.account_id as id, a.login, a.permissions, a.enabled, a.token_begins as "tokenBegins",
  a.token_at as "tokenAt", a.last_used_at as "lastUsedAt", a.created_at as "createdAt"`;

/** By login. */
export const listAccounts = (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<Account>> =>
  readPage<Account>(
    tx,
    {
      ...{ columns, from: sql`desk_accounts a`, where: found(query.search, sql`a.login`) },
      ...{ order: [{ column: sql`lower(a.login)`, type: 'text' }], scope: ['accounts', query.search] },
    },
    query,
  );

/** By id or login. */
export const findAccount = async (tx: Sql, key: string): Promise<Account | null> => {
  const { rows } = await sql<Account>`
    select ${columns} from desk_accounts a where a.account_id::text = lower(${key}) or lower(a.login) = lower(${key})
    order by a.account_id::text = lower(${key}) desc limit 1`.execute(tx);
  return rows[0] ?? null;
};

/** Whose token this is; null for any other text. Remembers the use, at most once a minute. */
export const findByToken = async (tx: Sql, token: string): Promise<Account | null> => {
  const { rows } = await sql<Account & { isStale: boolean }>`
    select ${columns}, a.last_used_at is null or a.last_used_at < now() - interval '1 minute' as "isStale"
    from desk_accounts a where a.token_hash = ${hashToken(token)} and a.enabled`.execute(tx);
  const account = rows[0];
  if (account === undefined) return null;
  if (account.isStale)
    await sql`update desk_accounts set last_used_at = now() where account_id = ${account.id}`.execute(tx);
  return account;
};

const made = () => {
  const token = newToken(prefix).reveal();
  return { token, hash: hashToken(token), begins: token.slice(0, 10) };
};

/** Null where another account has the login. */
export const insertAccount = async (
  tx: Sql,
  of: Pick<Account, 'login' | 'permissions'>,
): Promise<{ readonly id: string; readonly token: string } | null> => {
  const { token, hash, begins } = made();
  const { rows } = await sql<{ id: string }>`
    insert into desk_accounts (account_id, login, permissions, token_hash, token_begins)
    values (${newId()}, ${of.login}, ${of.permissions}::text[], ${hash}, ${begins})
    on conflict (lower(login)) do nothing returning account_id as id`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : { id: row.id, token };
};

/** The new token; the former opens nothing from now on. */
export const renewToken = async (tx: Sql, id: string): Promise<string> => {
  const { token, hash, begins } = made();
  await sql`update desk_accounts set token_hash = ${hash}, token_begins = ${begins}, token_at = now(), last_used_at = null
    where account_id = ${id}`.execute(tx);
  return token;
};

export const updateAccount = async (
  tx: Sql,
  { id, permissions, enabled }: Pick<Account, 'id' | 'permissions' | 'enabled'>,
): Promise<void> => {
  await sql`update desk_accounts set permissions = ${permissions}::text[], enabled = ${enabled}
    where account_id = ${id}`.execute(tx);
};

export const deleteAccount = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from desk_accounts where account_id = ${id}`.execute(tx);
};
