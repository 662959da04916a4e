import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Author } from './audit/index.ts';
import type { Actor } from './identities/index.ts';

/** Who does something, and how the audit tells it. */
export interface Acting {
  readonly actor: Actor;
  readonly by: Author;
}

/**
 * One at a time for a lease of an identity: the same one asked for twice at once is not two. Taken before anything else
 * in a transaction.
 */
export const lockLease = async (tx: Sql, identityId: string, leaseId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${identityId} ${leaseId}`}, 77))`.execute(tx);
};
