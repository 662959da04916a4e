import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll, place, may } = certificatesOf(org);
    const id = template('T', { hasNoSecurityExtension: true });
    mayEnroll('S-1-5-11', id);
    publish('T');
    may('S-1-5-21-1-2-3-1101', 'WriteUserPrincipalName', place.account('S-1-5-21-1-2-3-1102'));
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { hasNoSecurityExtension: true }));
    publish('T');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { hasNoSecurityExtension: null }));
    publish('T');
  },
});
