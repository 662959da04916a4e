import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', {
      raw: {
        keys: [
          {
            usage: 'NextGenerationCredential',
            source: 'ActiveDirectory',
            deviceId: null,
            createdAt: '2026-01-01T00:00:00Z',
          },
        ],
      },
    });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    return ['S-1-5-21-1-2-3-1101'];
  },
  clear: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    const keys = [
      {
        usage: 'NextGenerationCredential',
        source: 'ActiveDirectory',
        deviceId: '2f9c1d7a-0000-4000-8000-000000000001',
      },
    ];
    place.account('S-1-5-21-1-2-3-1101', { raw: { keys } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
    place.account('S-1-5-21-1-2-3-1102', { raw: { keys: [{ usage: 'FIDO', deviceId: null }] } });
  },
  unknown: (org) => {
    const { domainAdmins, member, place } = domainOf(org);
    place.account('S-1-5-21-1-2-3-1101', { raw: { keys: [{ usage: null, deviceId: null }] } });
    member(domainAdmins, 'S-1-5-21-1-2-3-1101');
  },
});
