import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, member } = domainOf(org);
    const group = place.group('S-1-5-21-1-2-3-518', { name: 'The group' });
    for (let i = 0; i < 1; i++) member(group, place.account(`S-1-5-21-1-2-3-${1200 + i}`));
    return [group];
  },
  clear: (org) => {
    const { place, member } = domainOf(org);
    const group = place.group('S-1-5-21-1-2-3-518', { name: 'The group' });
    for (let i = 0; i < 0; i++) member(group, place.account(`S-1-5-21-1-2-3-${1200 + i}`));
  },
  unknown: (org) => {
    const { place } = domainOf(org);
    place.group('S-1-5-21-1-2-3-518', { name: 'x' });
    place.membership('x', { groupId: 'S-1-5-21-1-2-3-518', memberKind: 'account', memberId: null });
  },
});
