import { isOwned, isShared, toAddress } from './address.ts';
import { isPerson, isUniqueInEachConnection } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** One of the further addresses of an account is the primary one of another. */
export const otherAddress = defineCorrelation({
  number: '10',
  title: 'Another address is the other account’s e-mail address',
  confidence: 0.8,
  keys: (account, matching) => {
    // What a code host says of verified addresses has a rule of its own.
    if (!isPerson(account) || account.connector === 'github') return [];
    const primary = toAddress(account.email);
    const others = account.emails.flatMap((written) => {
      const address = toAddress(written);
      return address === null || address === primary || isShared(address)
        ? []
        : [{ side: 'right' as const, key: address, value: written }];
    });
    return primary === null || !isOwned(primary, matching) || isShared(primary)
      ? others
      : [{ side: 'left' as const, key: primary, value: account.email ?? primary }, ...others];
  },
  guard: isUniqueInEachConnection,
});
