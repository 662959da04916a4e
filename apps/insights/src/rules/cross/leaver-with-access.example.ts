import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

export default example({
  found: ({ okta, github }) => {
    const identityId = crypto.randomUUID();
    okta.account('00u1', { identityId, status: 'disabled', statusReason: 'DEPROVISIONED' });
    const today = crypto.randomUUID();
    const raw = { statusChanged: daysAgo(3).toISOString() };
    okta.account('00u2', { identityId: today, status: 'disabled', firstSeenAt: daysAgo(0.1), raw });
    return [github.account('ada', { identityId }), github.account('bob', { identityId: today })];
  },
  clear: ({ okta, github }) => {
    const [today, working, both] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    okta.account('00u1', { identityId: today, status: 'disabled', firstSeenAt: daysAgo(0.5) });
    github.account('ada', { identityId: today });
    okta.account('00u2', { identityId: working });
    github.account('bob', { identityId: working });
    okta.account('00u3', { identityId: both, status: 'disabled' });
    okta.account('00u4', { identityId: both });
    github.account('cy', { identityId: both });
  },
  unknown: ({ okta, github }) => {
    const identityId = crypto.randomUUID();
    okta.account('00u1', { identityId, status: null });
    github.account('ada', { identityId });
  },
});
