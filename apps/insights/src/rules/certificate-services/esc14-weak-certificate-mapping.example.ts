import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { domainAdmins, member, place } = certificatesOf(org);
    place.account('S-1-5-21-1-2-3-1101', { raw: { altSecurityIdentities: ['X509:<RFC822>admin@corp.example'] } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    return ['S-1-5-21-1-2-3-1101'];
  },
  clear: (org) => {
    const { domainAdmins, member, place } = certificatesOf(org);
    place.account('S-1-5-21-1-2-3-1101', {
      raw: { altSecurityIdentities: ['X509:<I>CN=CA<SR>0102', 'X509:<SKI>aa', 'Kerberos:x@Y'] },
    });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    place.account('S-1-5-21-1-2-3-1102', { raw: { altSecurityIdentities: ['X509:<S>CN=x'] } });
  },
  unknown: (org) => {
    const { domainAdmins, member, place } = certificatesOf(org);
    place.account('S-1-5-21-1-2-3-1101', { raw: { altSecurityIdentities: [null] } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
  },
});
