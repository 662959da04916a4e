import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

/** A user of two groups that each have a role on a Smart Group. */
const user = ({ directory }: Org, first: string, second: string, approver: string | null = 'Approver') => {
  directory.role('role:1', { name: 'Requestor' });
  directory.role('role:2', { name: approver });
  directory.group(first, { name: 'Domain administrators', type: 'smart_group' });
  for (const [group, role, on] of [
    ['user-group:1', 'role:1', first],
    ['user-group:2', 'role:2', second],
  ] as const) {
    directory.group(group, { name: group, type: 'group' });
    directory.grant(`${group}/${role}/${on}`, {
      ...{ principalKind: 'group', principalId: group, roleId: role, resourceId: on, privilege: 'moderate' },
    });
    directory.membership(`${group}/user:1`, { groupId: group, memberKind: 'account', memberId: 'user:1' });
  }
  return directory.account('user:1', { login: 'CORP\\ada', truePrivilege: 2 });
};

export default example({
  found: (org) => [user(org, 'smart-group:1', 'smart-group:1')],
  clear: (org) => {
    user(org, 'smart-group:1', 'smart-group:2');
  },
  unknown: (org) => {
    user(org, 'smart-group:1', 'smart-group:1', null);
  },
});
