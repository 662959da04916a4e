import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

const superAdmins = (org: Org, count: number) => {
  org.settings({ maximumSuperAdmins: 3 });
  org.okta.role('SUPER_ADMIN', { type: 'builtin_role', name: 'Super Administrator', privilege: 'highest' });
  for (let n = 0; n < count; n++) {
    org.okta.account(`u${n}`, { login: `u${n}@acme.example` });
    org.okta.grant(`g${n}`, { principalId: `u${n}`, roleId: 'SUPER_ADMIN', privilege: 'highest' });
  }
};

export default example({
  found: (org) => {
    superAdmins(org, 3);
    org.okta.account('member', { login: 'member@acme.example' });
    org.okta.membership('m', { groupId: 'admins', memberKind: 'account', memberId: 'member' });
    org.okta.grant('g', { principalKind: 'group', principalId: 'admins', roleId: 'SUPER_ADMIN' });
    return ['SUPER_ADMIN'];
  },
  clear: (org) => {
    superAdmins(org, 3);
    org.okta.account('left', { status: 'disabled' });
    org.okta.grant('g', { principalId: 'left', roleId: 'SUPER_ADMIN' });
  },
  unknown: (org) => {
    superAdmins(org, 9);
    org.okta.unreadable('role-assignments');
  },
});
