import { example } from '../testing/example.ts';
import { authorityOf } from './testing/authority.ts';

const open = { interfaceFlags: 0x441, requiresEncryptedRequests: false };

export default example({
  found: (org) => {
    const { publish, authority } = authorityOf(org);
    return [authority(publish(), open)];
  },
  clear: (org) => {
    const { publish, authority, place } = authorityOf(org);
    authority(publish(), {});
    authority(publish(), { ...open, takesRemoteRequests: false });
    authority(
      place.resource('test', { type: 'enrollment_service', attributes: { isInNtAuth: false, hasTrustedRoot: null } }),
      open,
    );
  },
  unknown: (org) => {
    const { publish, authority, place } = authorityOf(org);
    authority(publish(), { interfaceFlags: null, takesRemoteRequests: null, requiresEncryptedRequests: null });
    authority(
      place.resource('test', { type: 'enrollment_service', attributes: { isInNtAuth: null, hasTrustedRoot: true } }),
      open,
    );
  },
});
