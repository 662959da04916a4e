import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { passwordChangedAt: new Date('2025-01-01T00:00:00Z') });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    return ['S-1-5-21-1-2-3-1101'];
  },
  clear: (org) => {
    const { place } = domainOf(org);
    // Not of Tier 0.
    place.account('S-1-5-21-1-2-3-1101', { passwordChangedAt: new Date('2020-01-01T00:00:00Z') });
  },
  unknown: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { passwordChangedAt: null });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
  },
});
