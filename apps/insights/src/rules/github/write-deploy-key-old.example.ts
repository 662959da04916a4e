import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const key = (scopes: string[], days: number) =>
  ({ type: 'deploy_key', status: 'active', scopes, createdAt: daysAgo(days), resourceId: 'repo' }) as const;

export default example({
  found: ({ github }) => [github.credential('k1', key(['write'], 91))],
  clear: ({ github }) => {
    github.credential('k1', key(['write'], 89));
    github.credential('k2', key(['read'], 900));
    github.credential('k3', { ...key(['write'], 900), status: 'inactive' });
  },
  unknown: ({ github }) => {
    github.credential('k1', key([], 900));
  },
});
