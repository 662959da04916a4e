import { example } from '../testing/example.ts';

export default example({
  found: ({ okta, directory }) => {
    okta.role('HELP_DESK_ADMIN', { type: 'builtin_role', privilege: 'moderate' });
    okta.grant('g1', {
      principalKind: 'group',
      principalId: 'everyone',
      roleId: 'HELP_DESK_ADMIN',
      privilege: 'moderate',
    });
    // Everybody of a domain may sign in to its controllers.
    directory.group('S-1-5-32-555', { name: 'Remote Desktop Users', type: 'builtin' });
    directory.grant('rdp', {
      ...{
        principalKind: 'group',
        principalId: 'S-1-5-32-555',
        roleId: 'group:Remote Desktop Users',
        privilege: 'moderate',
      },
    });
    directory.membership('m', { groupId: 'S-1-5-32-555', memberKind: 'group', memberId: 'S-1-5-11' });
    return [
      okta.group('everyone', { name: 'Everyone', type: 'builtin' }),
      directory.group('S-1-5-11', { name: 'Authenticated Users', type: 'well_known' }),
    ];
  },
  clear: ({ okta, directory }) => {
    directory.group('S-1-5-11', { name: 'Authenticated Users', type: 'well_known' });
    directory.group('S-1-5-32-544', { name: 'Administrators', type: 'builtin' });
    directory.grant('ba', {
      ...{ principalKind: 'group', principalId: 'S-1-5-32-544', roleId: 'group:Administrators', privilege: 'highest' },
    });
    directory.grant('read', {
      principalKind: 'group',
      principalId: 'S-1-5-11',
      roleId: 'acl:Enroll',
      privilege: 'low',
    });
    okta.group('everyone', { name: 'Everyone', type: 'builtin' });
    okta.grant('g1', { principalKind: 'group', principalId: 'everyone', roleId: 'app_assignment', privilege: 'low' });
    okta.group('few', { name: 'Few', type: 'group' });
    okta.grant('g2', { principalKind: 'group', principalId: 'few', roleId: 'ORG_ADMIN', privilege: 'high' });
  },
  unknown: ({ okta }) => {
    okta.group('everyone', { name: 'Everyone', type: 'builtin' });
    okta.grant('g1', { principalKind: 'group', principalId: 'everyone', roleId: 'NEW_ROLE', privilege: null });
  },
});
