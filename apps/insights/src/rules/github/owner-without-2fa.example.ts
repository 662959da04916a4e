import { example } from '../testing/example.ts';

const owner = (principalId: string) =>
  ({ principalId, roleId: 'organization-role:owner', privilege: 'highest' }) as const;

export default example({
  found: ({ github }) => {
    github.grant('g', owner('1'));
    return [github.account('1', { login: 'ada', mfa: 'none' })];
  },
  clear: ({ github }) => {
    github.grant('g1', owner('1'));
    github.account('1', { login: 'ada', mfa: 'strong' });
    github.account('2', { login: 'member', mfa: 'none' });
  },
  unknown: ({ github }) => {
    github.grant('g', owner('1'));
    github.account('1', { login: 'ada', mfa: null });
  },
});
