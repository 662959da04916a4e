import { isOwned, isShared, toAddress } from './address.ts';
import { external, isPerson } from './guards.ts';
import { defineCorrelation, type Key } from './rule.ts';

/** A sign-in name that is an address, and the same address as sign-in name or e-mail elsewhere. */
export const login = defineCorrelation({
  number: '9',
  title: 'Sign-in name is the other account’s e-mail address or sign-in name',
  confidence: 0.85,
  keys: (account, matching) => {
    if (!isPerson(account) || account.type === 'guest') return [];
    const keys = new Map<string, Key>();
    // The sign-in name of a directory is DOMAIN\\name; its principal name is the one that looks like an address.
    for (const written of [account.login, account.email, ...external(account, 'upn')]) {
      const address = toAddress(written);
      if (address === null || keys.has(address) || !isOwned(address, matching) || isShared(address)) continue;
      keys.set(address, { side: 'both', key: address, value: written ?? address });
    }
    return [...keys.values()];
  },
});
