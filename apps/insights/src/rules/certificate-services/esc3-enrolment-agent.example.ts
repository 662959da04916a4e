import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

const agent = { isAgent: true, purposes: ['1.3.6.1.4.1.311.20.2.1'], authenticates: false };

export default example({
  found: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    const id = template('Agent', agent);
    mayEnroll('S-1-5-11', id);
    mayEnroll('S-1-5-11', template('User', { schemaVersion: 1 }));
    publish('Agent', 'User');
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('Agent', agent));
    // It takes no request that an agent signed.
    mayEnroll('S-1-5-11', template('User'));
    publish('Agent', 'User');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('Agent', { ...agent, isAgent: null }));
    mayEnroll('S-1-5-11', template('User', { schemaVersion: 1 }));
    publish('Agent', 'User');
  },
});
