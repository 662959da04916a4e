import { randomBytes, randomInt } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { audit } from '@gatehouse/server';
import { sql } from 'kysely';
import { Refusal } from '../../objects/index.ts';
import { getOptions } from '../../options/index.ts';
import { changeAttributes, noAttributes } from '../attributes.ts';
import type { Change } from '../in-session.ts';
import { findQueue, type Queue, type Wanted, writeQueue } from '../queues.ts';
import { queueColumns } from '../store.ts';
import type { KeyHash } from './hash.ts';

export interface KeyWanted {
  readonly wanted: Wanted;
  /** By code name, and the external key. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Left out: as the options say. */
  readonly seconds?: number | undefined;
  readonly priority?: number | undefined;
  readonly mostUses?: number | undefined;
}

export interface SessionKey {
  readonly id: number;
  /** Seven digits that can be told over the telephone. */
  readonly short: Secret;
  /** 32 hexadecimal digits of a link. */
  readonly link: Secret;
  readonly queue: Queue;
  readonly externalKey: string;
  readonly expiresAt: Date;
}

/** Short keys that may be valid at once: a guess hits one of them with one try in two hundred at worst, and is slowed. */
const mostValid = 50_000;

/** A key for a customer. It is told this once, and only hashes of it are kept. @throws Refusal */
export const makeKey = async ({ tx, by, now }: Change, hash: KeyHash, asked: KeyWanted): Promise<SessionKey> => {
  const options = await getOptions(tx);
  const seconds = asked.seconds ?? options.sessionKeySeconds;
  if (seconds > options.sessionKeyMostSeconds)
    throw new Refusal([{ field: 'ttl', message: `Enter at most ${options.sessionKeyMostSeconds} seconds.` }]);
  const destination = await findQueue(tx, asked.wanted);
  const { externalKey, fields } = await changeAttributes(tx, noAttributes, asked.attributes);
  const expiresAt = new Date(now.getTime() + seconds * 1_000);
  const link = new Secret(randomBytes(16).toString('hex'));
  const { type, id: queueId } = queueColumns(destination.queue);
  await refuseTooMany(tx);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const short = new Secret(String(randomInt(1_000_000, 10_000_000)));
    await freeShortKey(tx, hash.short(short.reveal()), now);
    const { rows } = await sql<{ id: number }>`
      insert into session_keys (short_hash, link_hash, correlation_id, queue, queue_id, issue, priority, external_key,
        attributes, made_by, made_at, expires_at, most_uses)
      values (${hash.short(short.reveal())}, ${hash.link(link.reveal())}, ${by.correlationId}, ${type}, ${queueId},
        ${destination.issue}, ${asked.priority ?? destination.priority}, ${externalKey}, ${JSON.stringify(fields)}::jsonb,
        ${by.principal.name}, ${now}, ${expiresAt}, ${asked.mostUses ?? 1})
      on conflict (short_hash) do nothing returning id`.execute(tx);
    const id = rows[0]?.id;
    if (id === undefined) continue;
    await audit(tx, by, {
      action: 'session-key.make',
      target: `Session key ${id}`,
      change: { queue: writeQueue(destination.queue), externalKey, expiresAt: expiresAt.toISOString() },
    });
    return { id, short, link, queue: destination.queue, externalKey, expiresAt };
  }
  throw new Error('twenty random session keys were all taken');
};

const refuseTooMany = async (tx: Sql): Promise<void> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from session_keys where short_hash is not null limit ${mostValid}) valid`.execute(tx);
  if ((rows[0]?.count ?? 0) >= mostValid)
    throw new Refusal([], `There are ${mostValid} session keys already. Revoke some, or wait until they expire.`);
};

/** The number of a key that is no longer valid can be given again. */
const freeShortKey = async (tx: Sql, shortHash: Buffer, now: Date): Promise<void> => {
  await sql`update session_keys set short_hash = null where short_hash = ${shortHash} and expires_at <= ${now}`.execute(
    tx,
  );
};

/** False: there is none that is valid. */
export const revokeKey = async ({ tx, by, now }: Change, id: number): Promise<boolean> => {
  const { rows } = await sql`
    update session_keys set revoked_at = ${now}, short_hash = null
    where id = ${id} and revoked_at is null and expires_at > ${now} and uses < most_uses returning id`.execute(tx);
  if (rows.length === 0) return false;
  await audit(tx, by, { action: 'session-key.revoke', target: `Session key ${id}` });
  return true;
};

/** Keys that expired: their numbers at once, and all that is known of them after a week. */
export const sweepKeys = async (tx: Sql, now: Date): Promise<void> => {
  await sql`update session_keys set short_hash = null where short_hash is not null and expires_at <= ${now}`.execute(
    tx,
  );
  await sql`delete from session_keys where expires_at < ${new Date(now.getTime() - 7 * 86_400_000)}`.execute(tx);
  await sql`delete from session_key_guesses where window_ends_at < ${now}`.execute(tx);
};
