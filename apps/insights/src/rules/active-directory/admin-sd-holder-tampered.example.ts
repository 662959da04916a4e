import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, may } = domainOf(org);
    const holder = place.resource('holder', {
      type: 'container',
      attributes: { dn: 'CN=AdminSDHolder,CN=System,DC=corp,DC=example' },
    });
    return [may('S-1-5-21-1-2-3-1101', 'WriteDacl', holder)];
  },
  clear: (org) => {
    const { place, may, domainAdmin } = domainOf(org);
    const holder = place.resource('holder', {
      type: 'container',
      attributes: { dn: 'CN=AdminSDHolder,CN=System,DC=corp,DC=example' },
    });
    may(domainAdmin, 'WriteDacl', holder);
    may('S-1-5-21-1-2-3-1101', 'Enroll', holder);
  },
  unknown: (org) => {
    const { place, may } = domainOf(org);
    const holder = place.resource('holder', {
      type: 'container',
      attributes: { dn: 'CN=AdminSDHolder,CN=System,DC=corp,DC=example' },
    });
    may('S-1-5-21-1-2-3-1101', 'WriteDacl', holder, { state: 'eligible' });
  },
});
