import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';

/** Deletes what has ended and nobody can use any more. Safe to run in several copies of a program at once. */
export const purgeEnded = (database: Database): Promise<void> =>
  database.system(async (tx) => {
    await sql`delete from sign_ins where expires_at < now()`.execute(tx);
    await sql`delete from sign_in_verifications where expires_at < now()`.execute(tx);
    await sql`delete from sign_in_attempts where window_ends_at < now()`.execute(tx);
    // Kept for a month, so that an administrator can see that a link was used or ran out.
    await sql`delete from welcome_links where expires_at < now() - interval '30 days'`.execute(tx);
  });
