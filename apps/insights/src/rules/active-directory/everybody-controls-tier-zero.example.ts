import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domainAdmin, domainAdmins, domain, sid, may } = domainOf(org);
    return [
      may('S-1-5-11', 'ForceChangePassword', domainAdmin),
      may('S-1-1-0', 'AddMember', domainAdmins, { principalKind: 'group' }),
      may(`${sid}-513`, 'WriteDacl', domain, { principalKind: 'group' }),
    ];
  },
  clear: (org) => {
    const { place, domainAdmin, domainAdmins, domain, sid, may } = domainOf(org);
    may('S-1-5-11', 'ForceChangePassword', place.account(`${sid}-1101`));
    may('S-1-5-11', 'WriteSPN', domainAdmin);
    may('S-1-5-11', 'GetChanges', domain);
    may(`${sid}-1102`, 'AddMember', domainAdmins);
  },
  unknown: (org) => {
    const { domainAdmin, may } = domainOf(org);
    may('S-1-5-11', 'GenericAll', domainAdmin, { state: 'eligible' });
  },
});
