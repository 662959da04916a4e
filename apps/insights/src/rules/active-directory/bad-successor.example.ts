import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, may } = domainOf(org);
    place.resource('d', { type: 'domain', attributes: { hasDelegatedAccounts: true } });
    const ou = place.resource('ou', {
      type: 'organizational_unit',
      attributes: { dn: 'OU=Services,DC=corp,DC=example' },
    });
    return [may('S-1-5-21-1-2-3-1101', 'CreateChild:msDS-DelegatedManagedServiceAccount', ou)];
  },
  clear: (org) => {
    const { place, may, domainAdmin } = domainOf(org);
    place.resource('d', { type: 'domain', attributes: { hasDelegatedAccounts: true } });
    const ou = place.resource('ou', {
      type: 'organizational_unit',
      attributes: { dn: 'OU=Services,DC=corp,DC=example' },
    });
    may(domainAdmin, 'CreateChild', ou);
    may('S-1-5-21-1-2-3-1101', 'CreateChild:user', ou);
    may('S-1-5-21-1-2-3-1101', 'CreateChild', place.resource('t', { type: 'certificate_template' }));
  },
  unknown: (org) => {
    const { place } = domainOf(org);
    place.resource('d', { type: 'domain', attributes: { hasDelegatedAccounts: null } });
  },
});
