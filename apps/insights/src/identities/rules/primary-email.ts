import { isOwned, isShared, toAddress } from './address.ts';
import { isPerson } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** Only addresses of domains the tenant owns: anyone can register somebody else's name elsewhere. */
export const primaryEmail = defineCorrelation({
  number: '8',
  title: 'Same primary e-mail address',
  confidence: 0.9,
  keys: (account, matching) => {
    const address = toAddress(account.email);
    // A guest's home is elsewhere, so an address of ours on a guest is not proof of who it is.
    if (address === null || !isPerson(account) || account.type === 'guest') return [];
    if (!isOwned(address, matching) || isShared(address)) return [];
    return [{ side: 'both', key: address, value: account.email ?? address }];
  },
});
