import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, may } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', {
      login: 'CORP\\MSOL_0123456789ab',
      raw: { sAMAccountName: 'MSOL_0123456789ab' },
    });
    return [may('S-1-5-21-1-2-3-1101', 'ForceChangePassword', 'S-1-5-21-1-2-3-1200')];
  },
  clear: (org) => {
    const { place, may, domainAdmin } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', { raw: { sAMAccountName: 'MSOL_0123456789ab' } });
    place.account('S-1-5-21-1-2-3-1201', { raw: { sAMAccountName: 'ada' } });
    may(domainAdmin, 'GenericAll', 'S-1-5-21-1-2-3-1200');
    may('S-1-5-21-1-2-3-1101', 'ForceChangePassword', 'S-1-5-21-1-2-3-1201');
  },
  unknown: (org) => {
    const { place, may } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', { raw: { sAMAccountName: 'MSOL_0123456789ab' } });
    may('S-1-5-21-1-2-3-1101', 'ForceChangePassword', 'S-1-5-21-1-2-3-1200', { state: 'eligible' });
  },
});
