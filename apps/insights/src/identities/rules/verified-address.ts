import { isOwned, isShared, toAddress } from './address.ts';
import { isPerson, isUniqueInEachConnection } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** A code host's member whose address on a verified domain is the primary one of another account. Suggested only. */
export const verifiedAddress = defineCorrelation({
  number: '12',
  title: 'Address on a verified domain is the other account’s e-mail address',
  confidence: 0.7,
  keys: (account, matching) => {
    if (!isPerson(account)) return [];
    const written = account.connector === 'github' ? [account.email, ...account.emails] : [account.email];
    const side = account.connector === 'github' ? ('right' as const) : ('left' as const);
    const addresses = new Map(
      written.flatMap((one) => {
        const address = toAddress(one);
        return address === null || !isOwned(address, matching) || isShared(address) ? [] : [[address, one ?? address]];
      }),
    );
    return [...addresses].map(([key, value]) => ({ side, key, value }));
  },
  guard: isUniqueInEachConnection,
});
