import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/**
 * For the rest of the transaction: statements over all records of a tenant may take minutes, wait for another such step,
 * and sort in memory. Compiling them would cost more than it saves.
 */
export const giveTime = async (tx: Sql): Promise<void> => {
  await sql`select set_config('statement_timeout', '900000', true), set_config('lock_timeout', '900000', true),
    set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx);
};
