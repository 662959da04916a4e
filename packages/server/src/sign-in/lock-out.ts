import { createHash } from 'node:crypto';
import type { Database, Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { problems } from '../problem.ts';

/** Attempts that may fail in one window, counted for all copies of the program together. */
const scopes = {
  /** One account from one address: somebody guesses. */
  pair: { attempts: 5, windowSeconds: 900 },
  /** One address, any account: somebody tries one password on many. */
  address: { attempts: 50, windowSeconds: 900 },
  /** One account from anywhere: many machines guess. High, because it also keeps the owner out. */
  account: { attempts: 100, windowSeconds: 3_600 },
} as const;

type Scope = keyof typeof scopes;

/** Told when an attempt turned out well, so that it does not count. */
export interface Attempt {
  succeeded(): Promise<void>;
}

/**
 * Counts an attempt before the password is looked at, so that many at once cannot slip through, and refuses with 429
 * and `Retry-After` when there were too many. An account that does not exist is counted the same way. `account` is null
 * where only a cookie or a passkey names it: then the address alone is counted.
 */
export const beginAttempt = async (database: Database, account: string | null, address: string): Promise<Attempt> => {
  const keys: (readonly [Scope, string])[] = [['address', address]];
  const of = account === null ? null : hash(account.trim().toLowerCase());
  if (account !== null) {
    const lower = account.trim().toLowerCase();
    keys.push(['pair', `${lower} ${address}`], ['account', lower]);
  }
  const waits = await database.system(async (tx) => {
    const counted: number[] = [];
    for (const [scope, key] of keys) {
      const { attempts, windowSeconds } = scopes[scope];
      const { rows } = await sql<{ attempts: number; wait: number }>`
        insert into sign_in_attempts as a (scope, key_hash, attempts, window_ends_at, account_hash)
        values (${scope}, ${hash(key)}, 1, now() + make_interval(secs => ${windowSeconds}), ${scope === 'address' ? null : of})
        on conflict (scope, key_hash) do update set
          attempts = case when a.window_ends_at <= now() then 1 else least(a.attempts + 1, 1000000) end,
          window_ends_at = case when a.window_ends_at <= now() then excluded.window_ends_at else a.window_ends_at end
        returning attempts, ceil(extract(epoch from window_ends_at - now()))::int as wait`.execute(tx);
      const row = rows[0];
      if (row && row.attempts > attempts) counted.push(Math.max(1, row.wait));
    }
    await sql`delete from sign_in_attempts where ctid = any(array(
      select ctid from sign_in_attempts where window_ends_at < now() limit 20 for update skip locked))`.execute(tx);
    return counted;
  });
  if (waits.length > 0) {
    const seconds = Math.max(...waits);
    throw problems.tooMany(seconds, `Too many attempts failed. Try again in ${Math.ceil(seconds / 60)} minutes.`);
  }
  return {
    succeeded: async () => {
      await database.system(async (tx) => {
        for (const [scope, key] of keys) {
          await sql`update sign_in_attempts set attempts = ${scope === 'pair' ? sql`0` : sql`greatest(attempts - 1, 0)`}
            where scope = ${scope} and key_hash = ${hash(key)}`.execute(tx);
        }
      });
    },
  };
};

/**
 * False when this person signed in with this code before: a code that somebody saw being typed opens nothing (RFC 6238,
 * 5.2). Codes are valid for 30 seconds and a step either way.
 */
export const useCodeOnce = async (database: Database, personId: string, code: string): Promise<boolean> => {
  const { rows } = await sql`
    insert into sign_in_attempts as a (scope, key_hash, attempts, window_ends_at)
    values ('code', ${hash(`${personId} ${code}`)}, 1, now() + interval '2 minutes')
    on conflict (scope, key_hash) do update set window_ends_at = excluded.window_ends_at where a.window_ends_at <= now()
    returning scope`.execute(database.owner);
  return rows.length === 1;
};

/** Lets an account that was locked out try again at once. What its addresses did with other accounts still counts. */
export const forgiveSignIns = async (tx: Sql, account: string): Promise<void> => {
  await sql`delete from sign_in_attempts
    where account_hash = ${hash(account.trim().toLowerCase())} and scope in ('pair', 'account')`.execute(tx);
};

/** Addresses and accounts are not kept in the clear: the table is only for counting. */
const hash = (key: string) => createHash('sha256').update(key).digest();
