import { randomBytes } from 'node:crypto';
import type { Database } from '@gatehouse/database';
import { type Clock, Secret } from '@gatehouse/kernel';
import { audit, beginAttempt } from '@gatehouse/server';
import { isAllowed, isSecret } from '../api-accounts/index.ts';
import { getOptions } from '../options/index.ts';
import { countUse, type Use } from './limits.ts';
import { oauthErrors } from './oauth-error.ts';
import { type Account, countFailure, findByClientId, insertToken } from './store.ts';

export interface IssueParts {
  readonly database: Database;
  readonly clock: Clock;
}

export interface Asked {
  readonly clientId: string;
  readonly secret: string;
  /** Where the request came from. */
  readonly address: string;
  readonly correlationId: string;
}

export interface Issued {
  readonly token: Secret;
  readonly use: Use;
}

export const tokenSeconds = 3_600;

/**
 * A token for an API account that shows its secret. Failures are counted twice: for the account, which is locked after
 * five in a row, and for the address, so that nobody tries ids. @throws OAuthError, or a Problem when there were too many
 */
export const issueToken = async ({ database, clock }: IssueParts, asked: Asked): Promise<Issued> => {
  const options = await database.system(getOptions);
  if (!options.enableXmlApi) throw oauthErrors.switchedOff();
  const attempt = await beginAttempt(database, null, asked.address);
  const outcome = await database.system(async (tx) => {
    const now = clock.now();
    const account = /^[0-9a-f]{40}$/.test(asked.clientId) ? await findByClientId(tx, asked.clientId) : null;
    if (account === null || (account.lockedUntil !== null && account.lockedUntil > now)) return 'refused' as const;
    const by = { principal: toProgram(account), correlationId: asked.correlationId };
    if (!isSecret(asked.secret, account.secretHash)) {
      if (await countFailure(tx, account, now))
        await audit(tx, by, { action: 'api-account.lock', target: account.name, change: { address: asked.address } });
      return 'refused' as const;
    }
    // Whoever knows the secret may know that the account is there.
    if (!account.enabled || !isAllowed(account.ipAddresses, asked.address)) {
      await audit(tx, by, {
        action: 'api-account.refuse',
        target: account.name,
        change: { address: asked.address, why: account.enabled ? 'network' : 'disabled' },
      });
      return 'denied' as const;
    }
    const use = await countUse(tx, account.id, now);
    if (use.retryAfterSeconds !== null) return use;
    const token = newAccessToken();
    await insertToken(tx, account.id, token.reveal(), now, new Date(now.getTime() + tokenSeconds * 1_000));
    return { token, use };
  });
  if (outcome === 'refused') throw oauthErrors.invalidClient();
  await attempt.succeeded();
  if (outcome === 'denied') throw oauthErrors.accessDenied();
  if ('token' in outcome) return outcome;
  throw oauthErrors.tooMany(outcome.retryAfterSeconds ?? 1);
};

/** An API account as the author of what it does. */
export const toProgram = ({ id, name }: Account) => ({
  kind: 'program' as const,
  id: String(id),
  name: `API account ${name}`,
});

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 40 letters and digits. */
const newAccessToken = (): Secret => {
  let token = '';
  while (token.length < 40) {
    // 248 is the largest multiple of 62: beyond it, some letters would be likelier than others.
    for (const byte of randomBytes(64)) if (byte < 248 && token.length < 40) token += letters.charAt(byte % 62);
  }
  return new Secret(token);
};
