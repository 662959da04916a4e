import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const pat = { stream: 'personal-access-tokens', type: 'pat' } as const;

export default example({
  found: ({ okta, github }) => [
    github.credential('forever', { ...pat, status: 'active' }),
    okta.credential('secret', { stream: 'app-credentials', type: 'client_secret', status: 'active' }),
  ],
  clear: ({ github }) => {
    github.credential('ends', { ...pat, status: 'active', expiresAt: daysAgo(-30) });
    github.credential('ended', { ...pat, status: 'expired' });
    github.credential('key', { stream: 'deploy-keys', type: 'deploy_key', status: 'active' });
  },
  unknown: ({ github }) => {
    github.credential('who-knows', { ...pat, status: null });
  },
});
