import { example } from '../testing/example.ts';

const settings = (settings: object) =>
  ({ type: 'organization_settings', name: 'Settings of acme', status: 'enabled', settings: { ...settings } }) as const;

export default example({
  found: ({ github }) => [github.policy('org', settings({ twoFactorRequired: false }))],
  clear: ({ github }) => {
    github.policy('org', settings({ twoFactorRequired: true }));
  },
  unknown: ({ github }) => {
    github.policy('org', settings({ twoFactorRequired: null }));
  },
});
