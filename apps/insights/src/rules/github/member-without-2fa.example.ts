import { example } from '../testing/example.ts';

export default example({
  found: ({ github }) => [
    github.account('1', { mfa: 'none', truePrivilege: 2 }),
    github.account('2', { mfa: 'none', type: 'guest' }),
  ],
  clear: ({ github }) => {
    github.account('1', { mfa: 'weak' });
    github.account('2', { mfa: 'none', type: 'bot' });
    github.account('3', { mfa: 'none' });
    github.grant('g', { principalId: '3', roleId: 'organization-role:owner', privilege: 'highest' });
    github.account('4', { mfa: 'none', status: 'disabled' });
  },
  unknown: ({ github }) => {
    github.account('1', { mfa: null });
  },
});
