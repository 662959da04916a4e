import { example } from '../testing/example.ts';

const held = { principalKind: 'group', principalId: 'admins', roleId: 'SUPER_ADMIN', privilege: 'highest' } as const;

export default example({
  found: ({ okta }) => {
    okta.grant('g', held);
    return [okta.group('admins', { name: 'Admins', type: 'group' })];
  },
  clear: ({ okta }) => {
    okta.grant('g', { ...held, roleId: 'HELP_DESK_ADMIN' });
    okta.group('admins', { name: 'Admins', type: 'group' });
  },
  unknown: ({ okta }) => {
    okta.grant('g', held);
    okta.group('admins', { name: 'Admins', type: null });
  },
});
