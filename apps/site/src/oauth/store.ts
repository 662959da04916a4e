import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { hashSecret } from '../api-accounts/index.ts';

const Flag = z.boolean();
const Row = z.object({
  id: z.int(),
  name: z.string(),
  enabled: Flag,
  ipAddresses: z.string(),
  secretHash: z.instanceof(Buffer),
  failedAttempts: z.int(),
  lockedUntil: z.date().nullable(),
  ecmGroupId: z.int().nullable(),
  permissions: z.object({
    command: z.enum(['deny', 'read_only', 'full_access']),
    reportingSupport: Flag,
    reportingVault: Flag,
    reportingSyslog: Flag,
    backup: Flag,
    ecm: Flag,
    configuration: Flag,
  }),
});
/** What opens an API to a program. */
export type Account = z.output<typeof Row>;

const columns = sql`
  a.id, a.name, a.enabled, a.ip_addresses as "ipAddresses", a.secret_hash as "secretHash",
  a.failed_login_attempts as "failedAttempts", a.failed_login_expiration as "lockedUntil", a.ecm_group_id as "ecmGroupId",
  jsonb_build_object('command', a.perm_command, 'reportingSupport', a.perm_reporting_support,
    'reportingVault', a.perm_reporting_vault, 'reportingSyslog', a.perm_reporting_syslog, 'backup', a.perm_backup,
    'ecm', a.perm_ecm, 'configuration', a.perm_configuration) as permissions`;

/** Locked until the end of the transaction, so that attempts made at once are counted one by one. */
export const findByClientId = async (tx: Sql, clientId: string): Promise<Account | null> => {
  const { rows } = await sql`
    select ${columns} from api_accounts a where a.client_id = ${clientId} for update`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export const findByToken = async (tx: Sql, token: string, now: Date): Promise<Account | null> => {
  const { rows } = await sql`
    select ${columns} from api_tokens t join api_accounts a on a.id = t.account_id
    where t.token_hash = ${hashSecret(token)} and t.expires_at > ${now} and a.enabled`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

/** Those of the accounts that are there still. */
export const findAccounts = async (tx: Sql, ids: readonly number[]): Promise<readonly Account[]> => {
  const { rows } = await sql`select ${columns} from api_accounts a where a.id = any(${ids}::int[])`.execute(tx);
  return z.array(Row).parse(rows);
};

export const maximumTokens = 30;

/** Keeps a new token. The oldest go, so that no more than thirty are valid. */
export const insertToken = async (tx: Sql, accountId: number, token: string, now: Date, until: Date): Promise<void> => {
  await sql`delete from api_tokens where account_id = ${accountId} and (expires_at <= ${now} or place not in (
    select place from api_tokens where account_id = ${accountId} and expires_at > ${now}
    order by place desc limit ${maximumTokens - 1}))`.execute(tx);
  await sql`insert into api_tokens (token_hash, account_id, created_at, expires_at)
    values (${hashSecret(token)}, ${accountId}, ${now}, ${until})`.execute(tx);
  await sql`update api_accounts set failed_login_attempts = 0, failed_login_expiration = null, last_used_at = ${now}
    where id = ${accountId}`.execute(tx);
};

/** Attempts in a row after which an account is locked, and for how long. The vendor's own numbers are not public. */
export const lockOut = { attempts: 5, minutes: 15 } as const;

/** True when this failure locked the account. One that was locked before begins to count anew. */
export const countFailure = async (tx: Sql, account: Account, now: Date): Promise<boolean> => {
  const attempts = account.lockedUntil !== null ? 1 : account.failedAttempts + 1;
  const locks = attempts >= lockOut.attempts;
  const until = locks ? new Date(now.getTime() + lockOut.minutes * 60_000) : null;
  await sql`update api_accounts set failed_login_attempts = ${attempts}, failed_login_expiration = ${until}
    where id = ${account.id}`.execute(tx);
  return locks;
};
