import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, mayEnroll, place, domainAdmins } = certificatesOf(org);
    place.resource('policy', { type: 'issuance_policy', attributes: { oid: '1.2.3', groupSid: domainAdmins } });
    const id = template('T', { issuancePolicies: ['1.2.3'] });
    mayEnroll('S-1-5-11', id);
    publish('T');
    return [id];
  },
  clear: (org) => {
    const { template, publish, mayEnroll, place } = certificatesOf(org);
    place.resource('policy', {
      type: 'issuance_policy',
      attributes: { oid: '1.2.3', groupSid: 'S-1-5-21-1-2-3-1200' },
    });
    mayEnroll('S-1-5-11', template('T', { issuancePolicies: ['1.2.3'] }));
    publish('T');
  },
  unknown: (org) => {
    const { template, publish, mayEnroll } = certificatesOf(org);
    mayEnroll('S-1-5-11', template('T', { authenticates: null, issuancePolicies: ['1.2.3'] }));
    publish('T');
  },
});
