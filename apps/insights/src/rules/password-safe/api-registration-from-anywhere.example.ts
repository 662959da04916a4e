import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

const registration = (
  { directory }: Org,
  more: { allowedAddresses?: string[]; status?: 'active' | 'inactive' | null; group?: string },
) => {
  const { allowedAddresses = [], status = 'active', group = 'user-group:1' } = more;
  directory.group('user-group:1', {
    ...{ name: 'Administrators', type: 'builtin' },
    attributes: { registrationIds: group === 'user-group:1' ? ['api-registration:1'] : [] },
  });
  directory.group('user-group:2', {
    ...{ name: 'Programs', type: 'group', attributes: { registrationIds: ['api-registration:1'] } },
  });
  directory.grant('user-group:1/role:administrator', {
    ...{ principalKind: 'group', principalId: 'user-group:1', roleId: 'role:administrator', privilege: 'highest' },
  });
  return directory.credential('api-registration:1', {
    ...{ type: 'api_token', name: 'Deployments', status },
    attributes: { kind: 'apikeypolicy', allowedAddresses, requiresPassword: false, requiresClientCertificate: false },
  });
};

export default example({
  found: (org) => [registration(org, {})],
  clear: (org) => {
    registration(org, { allowedAddresses: ['192.0.2.1'] });
  },
  unknown: (org) => {
    registration(org, { status: null });
  },
});
