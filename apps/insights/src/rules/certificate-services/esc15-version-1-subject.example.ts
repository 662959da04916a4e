import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    const id = template('T', { schemaVersion: 1, suppliesSubject: true, authenticates: false, isServer: true });
    publish('T');
    mayEnroll('S-1-5-11', id);
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll, domainAdmin } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T0', { schemaVersion: 2, suppliesSubject: true, authenticates: false }));
    mayEnroll('S-1-5-11', template('T1', { schemaVersion: 1, suppliesSubject: false }));
    mayEnroll(domainAdmin, template('T2', { schemaVersion: 1, suppliesSubject: true, authenticates: false }));
    publish('T0', 'T1', 'T2');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { schemaVersion: null, suppliesSubject: true, authenticates: false }));
    publish('T');
  },
});
