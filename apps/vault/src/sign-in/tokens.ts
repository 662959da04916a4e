import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { hashToken, newToken } from '@gatehouse/server';
import { sql } from 'kysely';
import { type Actor, findIdentity, listHeld } from '../identities/index.ts';

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
  const { rows } = await sql<{
    identityId: string;
    impersonatorId: string | null;
    registrationId: string | null;
    groups: string[];
    usedAt: Date;
  }>`
    select identity_id as "identityId", impersonator_id as "impersonatorId", registration_id as "registrationId", groups,
      used_at as "usedAt"
    from tokens where token_hash = ${hashToken(token)} and used_at > ${new Date(now.getTime() - tokenLife.idleMs)}
      and created_at > ${new Date(now.getTime() - tokenLife.mostMs)}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  if (now.getTime() - row.usedAt.getTime() > 60_000)
    await sql`update tokens set used_at = greatest(used_at, ${now}) where token_hash = ${hashToken(token)}`.execute(tx);
  const identity = await findIdentity(tx, row.identityId);
  const impersonator = row.impersonatorId === null ? null : await findIdentity(tx, row.impersonatorId);
  if (!identity?.enabled || (row.impersonatorId !== null && !impersonator?.enabled)) return null;
  const holds = await listHeld(tx, identity.identityId, row.groups);
  return { actor: { identity, holds, impersonator }, registrationId: row.registrationId };
};

/** Ends it; one that is not there has ended already. */
export const endToken = async (tx: Sql, token: string): Promise<void> => {
  await sql`delete from tokens where token_hash = ${hashToken(token)}`.execute(tx);
};

export const endOldTokens = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from tokens where used_at < ${new Date(now.getTime() - tokenLife.idleMs)}
    or created_at < ${new Date(now.getTime() - tokenLife.mostMs)}`.execute(tx);
};
