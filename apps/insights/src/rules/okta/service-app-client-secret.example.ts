import { example } from '../testing/example.ts';

const app = (tokenEndpointAuthMethod: string | null) =>
  ({
    type: 'application',
    name: 'Sync',
    status: 'enabled',
    attributes: { isServiceApp: true, tokenEndpointAuthMethod },
  }) as const;
const scope = {
  principalKind: 'application',
  principalId: 'app',
  roleId: 'okta.users.read',
  privilege: 'low',
} as const;

export default example({
  found: ({ okta }) => {
    okta.grant('g', scope);
    return [okta.resource('app', app('client_secret_basic'))];
  },
  clear: ({ okta }) => {
    okta.grant('g', scope);
    okta.resource('app', app('private_key_jwt'));
    okta.resource('without-rights', app('client_secret_basic'));
  },
  unknown: ({ okta }) => {
    okta.grant('g', scope);
    okta.resource('app', app(null));
  },
});
