import { example } from '../testing/example.ts';

const token = { type: 'api_token', status: 'active' } as const;

export default example({
  found: ({ okta }) => {
    okta.account('ada');
    okta.grant('g1', { principalId: 'ada', roleId: 'SUPER_ADMIN', privilege: 'highest' });
    okta.account('bob');
    okta.membership('m', { groupId: 'admins', memberKind: 'account', memberId: 'bob' });
    okta.grant('g2', { principalKind: 'group', principalId: 'admins', roleId: 'SUPER_ADMIN', privilege: 'highest' });
    return [okta.credential('t1', { ...token, ownerId: 'ada' }), okta.credential('t2', { ...token, ownerId: 'bob' })];
  },
  clear: ({ okta }) => {
    okta.account('cy');
    okta.grant('g1', { principalId: 'cy', roleId: 'READ_ONLY_ADMIN', privilege: 'low' });
    okta.credential('t1', { ...token, ownerId: 'cy' });
  },
  unknown: ({ okta }) => {
    okta.credential('t1', { ...token, ownerId: 'nobody-read' });
  },
});
