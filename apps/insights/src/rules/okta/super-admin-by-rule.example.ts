import { example } from '../testing/example.ts';

const held = { principalKind: 'group', principalId: 'admins', roleId: 'SUPER_ADMIN', privilege: 'highest' } as const;

export default example({
  found: ({ okta }) => {
    okta.grant('g1', held);
    okta.grant('g2', { ...held, principalId: 'imported' });
    return [
      okta.group('admins', { type: 'group', rule: 'user.department == "IT"' }),
      okta.group('imported', { type: 'app_group', attributes: { sourceAppId: '0oa1' } }),
    ];
  },
  clear: ({ okta }) => {
    okta.grant('g', held);
    okta.group('admins', { type: 'group' });
    okta.group('other', { type: 'group', rule: 'user.department == "IT"' });
  },
  unknown: ({ okta }) => {
    okta.grant('g', held);
    okta.group('admins', { type: null });
  },
});
