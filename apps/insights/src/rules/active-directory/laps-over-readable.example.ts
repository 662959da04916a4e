import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, may } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', { type: 'computer', login: 'CORP\\PC1$' });
    return [may('S-1-5-11', 'ReadLAPSPassword', 'S-1-5-21-1-2-3-1200')];
  },
  clear: (org) => {
    const { place, may } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', { type: 'computer' });
    may('S-1-5-21-1-2-3-1101', 'ReadLAPSPassword', 'S-1-5-21-1-2-3-1200');
  },
  unknown: (org) => {
    const { place, may } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1200', { type: 'computer' });
    may('S-1-5-11', 'ReadLAPSPassword', 'S-1-5-21-1-2-3-1200', { state: 'eligible' });
  },
});
