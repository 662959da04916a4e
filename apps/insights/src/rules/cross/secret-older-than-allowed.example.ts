import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

export default example({
  found: ({ okta, github }) => [
    okta.credential('token', { type: 'api_token', status: 'active', createdAt: daysAgo(91) }),
    okta.credential('secret', { type: 'client_secret', status: 'active', createdAt: daysAgo(181) }),
    github.credential('pat', { type: 'pat', status: 'active', createdAt: daysAgo(91) }),
  ],
  clear: ({ okta }) => {
    okta.credential('young', { type: 'api_token', status: 'active', createdAt: daysAgo(89) });
    okta.credential('secret', { type: 'client_secret', status: 'active', createdAt: daysAgo(179) });
    okta.credential('dead', { type: 'api_token', status: 'revoked', createdAt: daysAgo(900) });
    okta.credential('public', { type: 'public_key', status: 'active', createdAt: daysAgo(900) });
  },
  unknown: ({ okta }) => {
    okta.credential('token', { type: 'api_token', status: 'active', createdAt: null });
  },
});
