import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, may } = domainOf(org);
    place.resource('ou', {
      type: 'organizational_unit',
      attributes: {
        dn: 'OU=Domain Controllers,DC=corp,DC=example',
        links: [{ policy: '{A}', isDisabled: false, isEnforced: false }],
      },
    });
    const policy = place.resource('policy', { type: 'group_policy', name: 'Servers', attributes: { policy: '{A}' } });
    return [may('S-1-5-21-1-2-3-1101', 'GenericWrite', policy)];
  },
  clear: (org) => {
    const { place, may, domainAdmin } = domainOf(org);
    place.resource('ou', {
      type: 'organizational_unit',
      attributes: {
        dn: 'OU=Domain Controllers,DC=corp,DC=example',
        links: [
          { policy: '{A}', isDisabled: false },
          { policy: '{B}', isDisabled: true },
        ],
      },
    });
    may(domainAdmin, 'WriteDacl', place.resource('a', { type: 'group_policy', attributes: { policy: '{A}' } }));
    may(
      'S-1-5-21-1-2-3-1101',
      'WriteDacl',
      place.resource('b', { type: 'group_policy', attributes: { policy: '{B}' } }),
    );
    may(
      'S-1-5-21-1-2-3-1101',
      'WriteDacl',
      place.resource('c', { type: 'group_policy', attributes: { policy: '{C}' } }),
    );
  },
  unknown: (org) => {
    const { place, may } = domainOf(org);
    may(
      'S-1-5-21-1-2-3-1101',
      'WriteDacl',
      place.resource('a', { type: 'group_policy', attributes: { policy: '{A}' } }),
      { state: 'eligible' },
    );
  },
});
