import { example } from '../testing/example.ts';

export default example({
  found: ({ okta }) => {
    okta.role('HELP_DESK_ADMIN', { type: 'builtin_role', privilege: 'moderate' });
    okta.grant('g1', {
      principalKind: 'group',
      principalId: 'everyone',
      roleId: 'HELP_DESK_ADMIN',
      privilege: 'moderate',
    });
    return [okta.group('everyone', { name: 'Everyone', type: 'builtin' })];
  },
  clear: ({ okta }) => {
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
