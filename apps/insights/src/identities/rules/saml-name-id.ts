import { external, hasOneLeft, isIdentityProvider } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** The name under which the identity provider signs a person in to the other system. */
export const samlNameId = defineCorrelation({
  number: '5',
  title: 'Same SAML NameID',
  confidence: 0.97,
  keys: (account) => {
    if (isIdentityProvider(account)) {
      const login = account.login?.trim() ?? '';
      return login === '' ? [] : [{ side: 'left', key: login.toLowerCase(), value: login }];
    }
    return ['saml-nameid', 'saml-username', 'scim'].flatMap((kind) =>
      external(account, kind).map((value) => ({ side: 'right' as const, key: value.toLowerCase(), value })),
    );
  },
  guard: hasOneLeft,
});
