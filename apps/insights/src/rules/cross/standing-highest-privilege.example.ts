import { example } from '../testing/example.ts';
import { daysAgo } from '../testing/world.ts';

const later = daysAgo(-1);

export default example({
  found: ({ okta }) => {
    okta.grant('g1', { principalId: 'standing', roleId: 'SUPER_ADMIN', privilege: 'highest' });
    okta.grant('g2', { principalId: 'other', roleId: 'SUPER_ADMIN', privilege: 'highest', expiresAt: later });
    okta.account('other');
    return [okta.account('standing', { truePrivilege: 4 })];
  },
  clear: ({ okta }) => {
    okta.account('timed');
    okta.grant('g1', { principalId: 'timed', roleId: 'SUPER_ADMIN', privilege: 'highest', expiresAt: later });
    okta.account('lower');
    okta.grant('g2', { principalId: 'lower', roleId: 'ORG_ADMIN', privilege: 'high' });
  },
  unknown: ({ okta }) => {
    okta.account('ada');
    okta.grant('g1', { principalId: 'ada', roleId: 'NEW_ROLE', privilege: null });
  },
});
