import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { hashToken, newToken } from '@gatehouse/server';
import { sql } from 'kysely';
import { type Actor, heldBy, type Identity, identityObject } from '../identities/index.ts';

/** How long a token lives after its last use, and at most. */
export const tokenLife = { idleMs: 20 * 60_000, mostMs: 12 * 3_600_000 } as const;

export interface NewToken {
  readonly identityId: string;
  readonly impersonatorId: string | null;
  readonly registrationId: string | null;
  readonly groups: readonly string[];
  readonly address: string | null;
  readonly correlationId: string;
}

/** A token of 43 characters; only its hash is kept. */
export const makeToken = async (tx: Sql, of: NewToken, at: Date): Promise<{ token: Secret; expiresAt: Date }> => {
  const token = newToken('');
  await sql`
    insert into tokens (token_hash, identity_id, impersonator_id, registration_id, groups, address, correlation_id, created_at, used_at)
    values (${hashToken(token.reveal())}, ${of.identityId}, ${of.impersonatorId}, ${of.registrationId},
      ${[...of.groups]}::uuid[], ${of.address}, ${of.correlationId}, ${at}, ${at})`.execute(tx);
  return { token, expiresAt: new Date(at.getTime() + tokenLife.idleMs) };
};

/** Who a token is, and the registration that it was made with. */
export interface TokenHolder {
  readonly actor: Actor;
  readonly registrationId: string | null;
}

/**
 * Null: unknown, expired, ended, or of an identity that may not sign in any more. A use makes it live longer; it is noted
 * at most once a minute, so that calls with one token do not wait for each other.
 */
export const holderOf = async (tx: Sql, token: string, now: Date): Promise<TokenHolder | null> => {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const hash = hashToken(token);
  const { rows } = await sql<{
    identity: Identity;
    impersonator: Identity | null;
    holds: string[];
    registrationId: string | null;
    usedAt: Date;
  }>`
    with recursive token as (
      select * from tokens where token_hash = ${hash} and used_at > ${new Date(now.getTime() - tokenLife.idleMs)}
        and created_at > ${new Date(now.getTime() - tokenLife.mostMs)}
    ), ${heldBy(sql`select unnest(array[identity_id] || groups) from token`)}
    select t.registration_id as "registrationId", t.used_at as "usedAt", ${identityObject(sql`i`)} as identity,
      case when b.identity_id is not null then ${identityObject(sql`b`)} end as impersonator,
      (select array_agg(h.id) from held h join identities e on e.identity_id = h.id and e.enabled) as holds
    from token t join identities i on i.identity_id = t.identity_id and i.enabled
      left join identities b on b.identity_id = t.impersonator_id
    where t.impersonator_id is null or b.enabled`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  const { identity, impersonator, holds, registrationId, usedAt } = row;
  if (now.getTime() - usedAt.getTime() > 60_000)
    await sql`update tokens set used_at = greatest(used_at, ${now}) where token_hash = ${hash}`.execute(tx);
  return { actor: { identity, holds, impersonator }, registrationId };
};

/** Ends it; one that is not there has ended already. */
export const endToken = async (tx: Sql, token: string): Promise<void> => {
  await sql`delete from tokens where token_hash = ${hashToken(token)}`.execute(tx);
};

export const endOldTokens = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from tokens where used_at < ${new Date(now.getTime() - tokenLife.idleMs)}
    or created_at < ${new Date(now.getTime() - tokenLife.mostMs)}`.execute(tx);
};
