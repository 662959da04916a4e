import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT'] } } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    return ['S-1-5-21-1-2-3-1101'];
  },
  clear: (org) => {
    const { domainAdmins, member, place, sid } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', {
      raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT', 'NOT_DELEGATED'] } },
    });
    place.account('S-1-5-21-1-2-3-1102', { raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT'] } } });
    place.account('S-1-5-21-1-2-3-1103', { raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT'] } } });
    for (const id of [1101, 1102]) member(domainAdmins, `${sid}-${id}`);
    member(`${sid}-525`, `${sid}-1102`);
  },
  unknown: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    member(domainAdmins, place.account('S-1-5-21-1-2-3-1101', { raw: { decoded: {} } }));
  },
});
