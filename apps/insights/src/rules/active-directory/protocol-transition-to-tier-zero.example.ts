import { example } from '../testing/example.ts';
import { controllerIn, domainOf, mayDelegate } from './testing/domain.ts';

export default example({
  found: (org) => {
    const domain = domainOf(org);
    controllerIn(domain);
    return [mayDelegate(domain, '1101', ['ldap/DC1'], ['TRUSTED_TO_AUTH_FOR_DELEGATION'])];
  },
  clear: (org) => {
    const domain = domainOf(org);
    controllerIn(domain);
    mayDelegate(domain, '1101', ['ldap/DC1']);
    mayDelegate(domain, '1102', ['http/web1'], ['TRUSTED_TO_AUTH_FOR_DELEGATION']);
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      status: null,
      raw: { 'msDS-AllowedToDelegateTo': ['cifs/dc1.corp.example'] },
    });
  },
});
