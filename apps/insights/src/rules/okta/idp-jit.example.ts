import { example } from '../testing/example.ts';

const idp = (jit: boolean | null) =>
  ({ type: 'identity_provider', name: 'Partner', status: 'enabled', attributes: { jit } }) as const;

export default example({
  found: ({ okta }) => [okta.resource('idp', idp(true))],
  clear: ({ okta }) => {
    okta.resource('idp', idp(false));
    okta.resource('off', { ...idp(true), status: 'disabled' });
  },
  unknown: ({ okta }) => {
    okta.resource('idp', idp(null));
  },
});
