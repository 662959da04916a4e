import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    const id = template('T', { isAnyPurpose: true, purposes: [] });
    publish('T');
    mayEnroll('S-1-5-11', id);
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll, domainAdmin } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T0', { isAnyPurpose: false }));
    mayEnroll('S-1-5-11', template('T1', { isAnyPurpose: true, needsApproval: true }));
    mayEnroll(domainAdmin, template('T2', { isAnyPurpose: true }));
    publish('T0', 'T1', 'T2');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { isAnyPurpose: null }));
    publish('T');
  },
});
