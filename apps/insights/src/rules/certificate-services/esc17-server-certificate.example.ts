import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    const id = template('T', { isServer: true, suppliesSubject: true, authenticates: false });
    publish('T');
    mayEnroll('S-1-5-11', id);
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T0', { isServer: true, suppliesSubject: false, authenticates: false }));
    mayEnroll(
      'S-1-5-11',
      template('T1', { isServer: true, suppliesSubject: true, authenticates: false, needsApproval: true }),
    );
    publish('T0', 'T1');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { isServer: null, suppliesSubject: true, authenticates: false }));
    publish('T');
  },
});
