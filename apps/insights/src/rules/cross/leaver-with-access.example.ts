import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

export default example({
  found: ({ okta, github, directory }) => {
    const identityId = crypto.randomUUID();
    okta.account('00u1', { identityId, status: 'disabled', statusReason: 'DEPROVISIONED' });
    const today = crypto.randomUUID();
    const raw = { statusChanged: daysAgo(3).toISOString() };
    okta.account('00u2', { identityId: today, status: 'disabled', firstSeenAt: daysAgo(0.1), raw });
    // Whoever has no account at the provider is managed in the directory.
    const local = crypto.randomUUID();
    directory.account('S-1-5-21-1-2-3-1102', { identityId: local, status: 'disabled', statusReason: 'ACCOUNTDISABLE' });
    return [
      github.account('ada', { identityId }),
      directory.account('S-1-5-21-1-2-3-1101', { identityId }),
      github.account('bob', { identityId: today }),
      github.account('eve', { identityId: local }),
    ];
  },
  clear: ({ okta, github, directory }) => {
    const [today, working, both] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    okta.account('00u1', { identityId: today, status: 'disabled', firstSeenAt: daysAgo(0.5) });
    github.account('ada', { identityId: today });
    okta.account('00u2', { identityId: working });
    github.account('bob', { identityId: working });
    directory.account('S-1-5-21-1-2-3-1103', { identityId: working, status: 'disabled' });
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
