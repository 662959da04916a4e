import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const authorization = { stream: 'credential-authorizations', type: 'pat', status: 'active' } as const;

export default example({
  found: ({ github }) => [
    github.credential('idle', { ...authorization, createdAt: daysAgo(300), lastUsedAt: daysAgo(91) }),
    github.credential('never', { ...authorization, createdAt: daysAgo(91) }),
  ],
  clear: ({ github }) => {
    github.credential('used', { ...authorization, createdAt: daysAgo(300), lastUsedAt: daysAgo(89) });
    github.credential('new', { ...authorization, createdAt: daysAgo(10) });
    github.credential('ended', { ...authorization, status: 'expired', createdAt: daysAgo(900) });
  },
  unknown: ({ github }) => {
    github.credential('untold', { ...authorization });
  },
});
