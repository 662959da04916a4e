import { createHash } from 'node:crypto';
import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { type Author, Refusal } from '../../objects/index.ts';
import type { NewCustomer } from '../participants.ts';
import { beginSession } from '../sessions.ts';
import { toQueue } from '../store.ts';
import type { KeyHash } from './hash.ts';

export interface RedeemParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyHash: KeyHash;
}

export interface Redeemed {
  readonly lsid: string;
  /** The customer in the session. */
  readonly gsnumber: number;
}

/** Wrong short keys of one address, and of all together. The second is wide, because it keeps out whoever has a key. */
export const guessLimits = {
  address: { guesses: 10, seconds: 900 },
  all: { guesses: 1_000, seconds: 3_600 },
} as const;

/**
 * Begins a session with a session key, which is used up by it: of two at once with the last use one comes too late. A short
 * key is counted as a guess before it is looked at; links, which nobody guesses, are not. @throws Refusal, and a Problem
 * 429 when there were too many guesses
 */
export const redeemKey = async (
  { database, clock, keyHash }: RedeemParts,
  by: Author,
  key: string,
  /** Whose guesses are counted: where the request came from. */
  address: string,
  customer: NewCustomer,
): Promise<Redeemed> => {
  const now = clock.now();
  const isLink = /^[0-9a-f]{32}$/.test(key);
  const outcome = await database.system(async (tx) => {
    const sources = isLink ? [] : [source('address', address), source('all', '')];
    const wait = await countGuess(tx, sources, now);
    if (wait !== null) return { wait };
    const used = await useKey(tx, isLink ? sql`link_hash = ${keyHash.link(key)}` : shortIs(keyHash, key), now);
    // The guess stays counted, so nothing is thrown in here.
    if (used === null) return null;
    await forgiveGuess(tx, sources);
    const { queueType, queueId, externalKey, fields, ...rest } = used;
    const queue = toQueue(queueType, queueId);
    return await beginSession({ tx, by, now }, { ...rest, queue, attributes: { externalKey, fields } }, customer);
  });
  if (outcome === null) throw new Refusal([], 'This session key is not valid. It may be used up, revoked or too old.');
  if ('wait' in outcome) throw problems.tooMany(outcome.wait);
  return outcome;
};

/** Whether a link would begin a session now; nothing is used up. */
export const isLinkValid = async (tx: Sql, hash: KeyHash, key: string, now: Date): Promise<boolean> => {
  const { rows } = await sql`select from session_keys
    where link_hash = ${hash.link(key)} and revoked_at is null and expires_at > ${now} and uses < most_uses`.execute(
    tx,
  );
  return rows.length > 0;
};

const shortIs = (hash: KeyHash, key: string) =>
  /^\d{7}$/.test(key) ? sql`short_hash = ${hash.short(key)}` : sql`false`;

const Used = z.object({
  queueType: z.enum(['general', 'rep', 'team']),
  queueId: z.int().nullable(),
  issue: z.string().nullable(),
  priority: z.int(),
  externalKey: z.string(),
  fields: z.record(z.string(), z.string()),
  correlationId: z.string(),
});

/** A team or a representative that is gone since leaves its customers to the general queue. */
const useKey = async (tx: Sql, isMeant: ReturnType<typeof sql>, now: Date): Promise<z.output<typeof Used> | null> => {
  const { rows } = await sql`
    update session_keys k set uses = uses + 1, short_hash = case when uses + 1 < most_uses then short_hash end
    where ${isMeant} and revoked_at is null and expires_at > ${now} and uses < most_uses
    returning correlation_id as "correlationId", queue as "queueType", queue_id as "queueId", issue, priority,
      external_key as "externalKey", attributes as fields`.execute(tx);
  if (rows[0] === undefined) return null;
  const used = Used.parse(rows[0]);
  if (used.queueType === 'general') return used;
  const there =
    used.queueType === 'team'
      ? await sql`select from teams where id = ${used.queueId} for share`.execute(tx)
      : await sql`select from users where id = ${used.queueId} for key share`.execute(tx);
  return there.rows.length > 0 ? used : { ...used, queueType: 'general', queueId: null };
};

interface Source {
  readonly hash: Buffer;
  readonly guesses: number;
  readonly seconds: number;
}
/** Addresses are not kept in the clear: the table is only for counting. */
const source = (scope: keyof typeof guessLimits, of: string): Source => ({
  hash: createHash('sha256').update(`${scope} ${of}`).digest(),
  ...guessLimits[scope],
});

/** Seconds to wait; null: go on. */
const countGuess = async (tx: Sql, sources: readonly Source[], now: Date): Promise<number | null> => {
  const waits: number[] = [];
  for (const { hash, guesses, seconds } of sources) {
    const { rows } = await sql<{ guesses: number; endsAt: Date }>`
      insert into session_key_guesses as g (source, guesses, window_ends_at)
      values (${hash}, 1, ${new Date(now.getTime() + seconds * 1_000)})
      on conflict (source) do update set
        guesses = case when g.window_ends_at <= ${now} then 1 else least(g.guesses + 1, 1000000) end,
        window_ends_at = case when g.window_ends_at <= ${now} then excluded.window_ends_at else g.window_ends_at end
      returning guesses, window_ends_at as "endsAt"`.execute(tx);
    const [row] = rows;
    if (row && row.guesses > guesses)
      waits.push(Math.max(1, Math.ceil((row.endsAt.getTime() - now.getTime()) / 1_000)));
  }
  return waits.length === 0 ? null : Math.max(...waits);
};

const forgiveGuess = async (tx: Sql, sources: readonly Source[]): Promise<void> => {
  for (const { hash } of sources)
    await sql`update session_key_guesses set guesses = greatest(guesses - 1, 0) where source = ${hash}`.execute(tx);
};
