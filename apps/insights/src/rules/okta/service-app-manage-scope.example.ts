import { example } from '../testing/example.ts';

const app = { type: 'application', name: 'Sync', status: 'enabled', attributes: { isServiceApp: true } } as const;
const scope = (roleId: string) =>
  ({ principalKind: 'application', principalId: 'app', roleId, privilege: 'high' }) as const;

export default example({
  found: ({ okta }) => {
    okta.grant('g', scope('okta.users.manage'));
    return [okta.resource('app', app)];
  },
  clear: ({ okta }) => {
    okta.resource('app', app);
    okta.grant('g1', scope('okta.users.read'));
    okta.grant('g2', { ...scope('okta.users.manage'), state: 'expired' });
  },
  unknown: ({ okta }) => {
    okta.grant('g', scope('okta.users.manage'));
    okta.resource('app', { ...app, attributes: { isServiceApp: null } });
  },
});
