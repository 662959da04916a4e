import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const token = { type: 'api_token', status: 'active' } as const;

export default example({
  found: ({ okta }) => {
    okta.account('asleep', { lastActiveAt: daysAgo(61) });
    return [okta.credential('t1', { ...token, ownerId: 'asleep' })];
  },
  clear: (org) => {
    org.settings({ dormantDays: 90 });
    org.okta.account('resting', { lastActiveAt: daysAgo(61) });
    org.okta.credential('t1', { ...token, ownerId: 'resting' });
  },
  unknown: ({ okta }) => {
    okta.account('untold', { lastActiveAt: null, createdAt: null });
    okta.credential('t1', { ...token, ownerId: 'untold' });
  },
});
