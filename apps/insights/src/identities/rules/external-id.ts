import { external, hasOneLeft, isIdentityProvider } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** The identity provider's own id, as it gave it to the other system when it created the account there. */
export const externalId = defineCorrelation({
  number: '4',
  title: 'Same identifier given by the identity provider',
  confidence: 0.99,
  keys: (account) => [
    ...(isIdentityProvider(account) ? [{ side: 'left' as const, key: account.id, value: account.id }] : []),
    ...['okta', 'scim'].flatMap((kind) =>
      external(account, kind).map((value) => ({ side: 'right' as const, key: value, value: `${kind}:${value}` })),
    ),
  ],
  // The same id in two organisations of the provider says nothing about which of them is meant.
  guard: hasOneLeft,
});
