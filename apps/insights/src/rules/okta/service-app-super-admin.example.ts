import { example } from '../testing/example.ts';

const app = { type: 'application', name: 'Automation', status: 'enabled', attributes: { clientId: 'client' } } as const;
const role = (principalId: string, roleId = 'SUPER_ADMIN') =>
  ({ principalKind: 'application', principalId, roleId }) as const;

export default example({
  found: ({ okta }) => {
    okta.grant('g1', role('app'));
    okta.grant('g2', role('other-client'));
    return [okta.resource('app', app), okta.resource('other', { ...app, attributes: { clientId: 'other-client' } })];
  },
  clear: ({ okta }) => {
    okta.resource('app', app);
    okta.grant('g1', role('app', 'READ_ONLY_ADMIN'));
    okta.resource('off', { ...app, status: 'disabled', attributes: {} });
    okta.grant('g2', role('off'));
  },
  unknown: ({ okta }) => {
    okta.grant('g', role('app'));
    okta.resource('app', { ...app, status: null });
  },
});
