import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const token = { type: 'api_token', status: 'active' } as const;

export default example({
  found: ({ okta, github }) => [
    okta.credential('idle', { ...token, createdAt: daysAgo(300), lastUsedAt: daysAgo(91) }),
    github.credential('never', { stream: 'deploy-keys', type: 'deploy_key', status: 'active', createdAt: daysAgo(91) }),
  ],
  clear: ({ okta, github }) => {
    okta.credential('used', { ...token, createdAt: daysAgo(300), lastUsedAt: daysAgo(89) });
    okta.credential('dead', {
      type: 'api_token',
      status: 'revoked',
      createdAt: daysAgo(300),
      lastUsedAt: daysAgo(200),
    });
    github.credential('new', { stream: 'deploy-keys', type: 'deploy_key', status: 'active', createdAt: daysAgo(10) });
  },
  unknown: ({ okta }) => {
    okta.credential('not-told', { ...token, createdAt: daysAgo(300) });
  },
});
