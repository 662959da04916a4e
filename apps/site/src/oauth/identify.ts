import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { isAllowed } from '../api-accounts/index.ts';
import { getOptions } from '../options/index.ts';
import { countUse, type Use } from './limits.ts';
import { oauthErrors } from './oauth-error.ts';
import { type Account, findByToken } from './store.ts';

/** Who calls an API of programs, and how the call stands to the limits. */
export interface Caller {
  readonly account: Account;
  readonly use: Use;
}

/**
 * Whose token an `Authorization` header holds, looked up at every use: switching the account off, another secret or
 * another network end it at once. @throws OAuthError
 */
export const identifyAccount = async (
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  header: string | undefined,
  address: string,
): Promise<Caller> => {
  const token = /^Bearer +([A-Za-z0-9]{40})$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw oauthErrors.accessDenied();
  const caller = await database.system(async (tx) => {
    const now = clock.now();
    const account = await findByToken(tx, token, now);
    if (account === null || !isAllowed(account.ipAddresses, address)) return null;
    if (!(await getOptions(tx)).enableXmlApi) throw oauthErrors.switchedOff();
    return { account, use: await countUse(tx, account.id, now) };
  });
  if (caller === null) throw oauthErrors.accessDenied();
  return caller;
};
