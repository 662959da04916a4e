import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { place, may } = certificatesOf(org);
    const nt = place.resource('nt', {
      type: 'pki_object',
      name: 'NTAuthCertificates',
      attributes: { cn: 'NTAuthCertificates', dn: 'CN=NTAuthCertificates' },
    });
    return [may('S-1-5-21-1-2-3-1101', 'GenericWrite', nt)];
  },
  clear: (org) => {
    const { place, may, domainAdmin } = certificatesOf(org);
    const nt = place.resource('nt', { type: 'pki_object', attributes: { cn: 'NTAuthCertificates' } });
    may(domainAdmin, 'GenericAll', nt);
    place.account('S-1-5-21-1-2-3-1200', { type: 'computer', raw: { dNSHostName: 'CA.corp.example' } });
    may(
      'S-1-5-21-1-2-3-1200',
      'GenericAll',
      place.resource('ca', { type: 'enrollment_service', attributes: { host: 'ca.corp.example', templates: [] } }),
    );
    may('S-1-5-21-1-2-3-1101', 'WriteDacl', place.resource('x', { type: 'pki_object', attributes: { cn: 'AIA' } }));
  },
  unknown: (org) => {
    const { place, may } = certificatesOf(org);
    may(
      'S-1-5-21-1-2-3-1101',
      'WriteDacl',
      place.resource('nt', { type: 'pki_object', attributes: { cn: 'NTAuthCertificates' } }),
      { state: 'eligible' },
    );
  },
});
