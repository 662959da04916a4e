import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, member } = domainOf(org);
    const group = place.group('S-1-5-21-1-2-3-1102', { name: 'DnsAdmins' });
    member(group, place.account('S-1-5-21-1-2-3-1101'));
    return [group];
  },
  clear: (org) => {
    const { place } = domainOf(org);
    place.group('S-1-5-21-1-2-3-1102', { name: 'DnsAdmins' });
  },
  unknown: (org) => {
    const { place } = domainOf(org);
    place.group('dns', { name: 'DnsAdmins' });
    place.membership('x', { groupId: 'dns', memberKind: 'account', memberId: null });
  },
});
