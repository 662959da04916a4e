import { example } from '../testing/example.ts';

const idp = (attributes: object) =>
  ({ type: 'identity_provider', name: 'Partner', status: 'enabled', attributes: { ...attributes } }) as const;

export default example({
  found: ({ okta }) => [
    okta.resource('idp', idp({ accountLinkAction: 'AUTO', accountLinkGroups: [], excludesAdmins: null })),
  ],
  clear: ({ okta }) => {
    okta.resource('off', { ...idp({ accountLinkAction: 'AUTO' }), status: 'disabled' });
    okta.resource('groups', idp({ accountLinkAction: 'AUTO', accountLinkGroups: ['00g1'] }));
    okta.resource('admins', idp({ accountLinkAction: 'AUTO', excludesAdmins: true }));
    okta.resource('none', idp({ accountLinkAction: 'DISABLED' }));
  },
  unknown: ({ okta }) => {
    okta.resource('idp', idp({ accountLinkAction: null }));
  },
});
