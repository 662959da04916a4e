import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    const id = template('Web', { suppliesSubject: true });
    publish('Web');
    mayEnroll('S-1-5-11', id);
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll, domainAdmin } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('Approved', { suppliesSubject: true, needsApproval: true }));
    mayEnroll('S-1-5-11', template('Signed', { suppliesSubject: true, signatures: 1 }));
    mayEnroll('S-1-5-11', template('Built', { suppliesSubject: false }));
    mayEnroll('S-1-5-11', template('Server', { suppliesSubject: true, authenticates: false }));
    mayEnroll(domainAdmin, template('Guarded', { suppliesSubject: true }));
    publish('Approved', 'Signed', 'Built', 'Server', 'Guarded');
    mayEnroll('S-1-5-11', template('Unpublished', { suppliesSubject: true }));
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('Web', { suppliesSubject: null }));
    mayEnroll('S-1-5-11', template('Signed', { suppliesSubject: true, signatures: null }));
    publish('Web', 'Signed');
  },
});
