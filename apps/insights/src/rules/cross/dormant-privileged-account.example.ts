import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const privileged = { truePrivilege: 4 };

export default example({
  found: ({ okta, directory }) => [
    okta.account('idle', { ...privileged, lastActiveAt: daysAgo(61) }),
    okta.account('never', { ...privileged, createdAt: daysAgo(200) }),
    directory.account('S-1-5-21-1-2-3-1101', { ...privileged, lastActiveAt: daysAgo(75) }),
  ],
  clear: ({ okta, github, directory }) => {
    // The domain may not have said yet that it was used a few days ago; the built-in Administrator should be idle.
    directory.account('S-1-5-21-1-2-3-1101', { ...privileged, lastActiveAt: daysAgo(73) });
    directory.account('S-1-5-21-1-2-3-500', { ...privileged, lastActiveAt: daysAgo(400) });
    const identityId = crypto.randomUUID();
    okta.account('active', { ...privileged, lastActiveAt: daysAgo(59) });
    okta.account('elsewhere', { ...privileged, lastActiveAt: daysAgo(90), identityId });
    github.account('busy', { lastActiveAt: daysAgo(1), identityId });
    okta.account('disabled', { ...privileged, lastActiveAt: daysAgo(90), status: 'disabled' });
    okta.account('harmless', { truePrivilege: 1, lastActiveAt: daysAgo(90) });
  },
  unknown: ({ github }) => {
    github.account('silent', { ...privileged, createdAt: daysAgo(2_000) });
    github.account('undetermined', { truePrivilege: null, lastActiveAt: daysAgo(90) });
  },
});
