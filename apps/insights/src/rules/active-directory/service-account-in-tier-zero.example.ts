import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { type: 'service', raw: { servicePrincipalName: ['MSSQLSvc/db1'] } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    return ['S-1-5-21-1-2-3-1101'];
  },
  clear: (org) => {
    const { place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { type: 'service', raw: { servicePrincipalName: ['MSSQLSvc/db1'] } });
  },
  unknown: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { type: 'service', status: null });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
  },
});
