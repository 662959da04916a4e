import { external, hasOneLeft, isIdentityProvider } from './guards.ts';
import { defineCorrelation, type Key } from './rule.ts';

/**
 * The identity provider's own id, as it gave it to the other system when it created the account there; or the other
 * system's sign-in name, as the provider keeps it in the person's profile.
 */
export const externalId = defineCorrelation({
  number: '4',
  title: 'Same identifier given by the identity provider',
  confidence: 0.99,
  keys: (account) => {
    if (isIdentityProvider(account)) {
      return [
        { side: 'left', key: `id ${account.id}`, value: account.id },
        ...external(account, 'github-login').map((value) => left('github', value)),
        ...external(account, 'scim-id').map((value) => left('scim-id', value)),
      ];
    }
    const login = account.login?.trim() ?? '';
    return [
      ...['okta', 'scim'].flatMap((kind) =>
        external(account, kind).map((value): Key => ({ side: 'right', key: `id ${value}`, value: `${kind}:${value}` })),
      ),
      ...external(account, 'scim-id').map((value): Key => ({ ...left('scim-id', value), side: 'right' })),
      ...(login === '' ? [] : [{ side: 'right' as const, key: keyOf(account.connector, login), value: login }]),
    ];
  },
  // The same id in two organisations of the provider says nothing about which of them is meant.
  guard: hasOneLeft,
});

const keyOf = (kind: string, value: string) => `${kind} ${value.toLowerCase()}`;
const left = (kind: string, value: string): Key => ({ side: 'left', key: keyOf(kind, value), value });
