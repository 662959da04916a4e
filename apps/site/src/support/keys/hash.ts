import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Database } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';

/** What is stored of session keys. */
export interface KeyHash {
  /** Ten million short keys are soon tried, so that their hash takes a secret. */
  short(key: string): Buffer;
  /** Links hold 128 random bits, which nobody tries. */
  link(key: string): Buffer;
}

const context = ['site', 'session-keys'];

/** With the secret of this site, which is made once, sealed, and the same for every copy. */
export const openKeyHash = async (database: Database, sealer: Sealer): Promise<KeyHash> => {
  const fresh = sealer.seal(new Secret(randomBytes(32).toString('base64')), context);
  const sealed = await database.system(async (tx) => {
    await sql`insert into session_key_secret (sealed) values (${fresh}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ sealed: string }>`select sealed from session_key_secret`.execute(tx);
    return rows[0]?.sealed ?? fresh;
  });
  const secret = sealer.open(sealed, context);
  return {
    short: (key) => createHmac('sha256', secret.reveal()).update(key).digest(),
    link: (key) => createHash('sha256').update(key).digest(),
  };
};
