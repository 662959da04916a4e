import { example } from '../testing/example.ts';
import type { Place } from '../testing/world.ts';

const organization = (github: Place, samlEnabled: boolean | null) => {
  github.policy('org', { type: 'organization_settings', status: 'enabled', settings: { samlEnabled } });
  github.account('2', { externalIds: ['saml-nameid:bob@acme.example'] });
  github.grant('g', { principalId: '1', roleId: 'organization-role:owner', privilege: 'highest' });
};

export default example({
  found: ({ github }) => {
    organization(github, true);
    return [github.account('1', { login: 'ada' })];
  },
  clear: ({ github }) => {
    organization(github, true);
    github.account('1', { externalIds: ['saml-nameid:ada@acme.example'] });
    github.account('3', { login: 'member' });
  },
  unknown: ({ github }) => {
    organization(github, null);
    github.account('1', { login: 'ada' });
  },
});
