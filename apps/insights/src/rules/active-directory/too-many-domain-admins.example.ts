import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, member, domainAdmins } = domainOf(org);
    const group = place.group('S-1-5-21-9-9-9-512', { name: 'The group' });
    const nested = place.group('S-1-5-21-9-9-9-1300', { name: 'In the group' });
    member(group, nested, 'group');
    for (let i = 0; i < 6; i++) member(nested, place.account(`S-1-5-21-1-2-3-${1200 + i}`));
    const administrators = place.group('S-1-5-32-544', { name: 'Administrators' });
    for (let i = 0; i < 6; i++) member(administrators, place.account(`S-1-5-21-1-2-3-${1300 + i}`));
    return [domainAdmins, group];
  },
  clear: (org) => {
    const { place, member } = domainOf(org);
    const group = place.group('S-1-5-21-9-9-9-512', { name: 'The group' });
    for (let i = 0; i < 3; i++) member(group, place.account(`S-1-5-21-1-2-3-${1200 + i}`));
  },
  unknown: (org) => {
    const { place } = domainOf(org);
    place.group('S-1-5-21-9-9-9-512', { name: 'x' });
    place.membership('x', { groupId: 'S-1-5-21-9-9-9-512', memberKind: 'account', memberId: null });
  },
});
