import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place } = domainOf(org);
    place.group('S-1-5-21-1-2-3-512', {
      stream: 'again',
      name: 'Domain Admins',
      attributes: { dn: 'CN=Domain Admins,CN=Users,DC=corp,DC=example' },
    });
    return [
      place.account('S-1-5-21-1-2-3-1101', {
        type: 'computer',
        raw: { 'msDS-RevealOnDemandGroup': ['CN=Domain Admins,CN=Users,DC=corp,DC=example'] },
      }),
    ];
  },
  clear: (org) => {
    const { place } = domainOf(org);
    place.group('S-1-5-21-1-2-3-571', {
      name: 'Allowed RODC Password Replication Group',
      attributes: { dn: 'CN=Allowed,DC=corp' },
    });
    place.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      raw: { 'msDS-RevealOnDemandGroup': ['CN=Allowed,DC=corp'] },
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      status: null,
      raw: { 'msDS-RevealOnDemandGroup': ['CN=x'] },
    });
  },
});
