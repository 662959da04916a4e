import { randomUUID } from 'node:crypto';
import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

/** A group with a role on a Smart Group with one managed account, and the account of the directory that it is. */
const vault = ({ directory }: Org, role: string, truePrivilege: number | null, fewestApprovers = 1) => {
  const identityId = randomUUID();
  directory.account('S-1-5-21-1-2-3-1105', { login: 'CORP\\ada-adm', identityId, truePrivilege });
  directory.account('managed-account:103', {
    ...{ login: 'corp\\ada-adm', type: null, status: null, identityId, externalIds: ['ad:corp\\ada-adm'] },
  });
  directory.group('smart-group:12', { name: 'Domain administrators', type: 'smart_group' });
  directory.membership('smart-group:12/managed-account:103', {
    ...{ groupId: 'smart-group:12', memberKind: 'account', memberId: 'managed-account:103', via: 'rule' },
  });
  directory.group('user-group:2', { name: 'Server admins', type: 'group' });
  directory.role('role:1', { name: role });
  directory.policy('access-policy:1', { type: 'pam_access', name: 'Usual', settings: { fewestApprovers } });
  return directory.grant('user-group:2/role:1/smart-group:12', {
    ...{ principalKind: 'group', principalId: 'user-group:2', roleId: 'role:1', resourceId: 'smart-group:12' },
    ...{ privilege: 'high', raw: { accessPolicy: 'access-policy:1' } },
  });
};

export default example({
  found: (org) => {
    const grant = vault(org, 'Information Systems Security Administrator', 4);
    const { directory } = org;
    // The same account, in Smart Groups of the managed system that it is on, and of the asset which that is.
    directory.resource('managed-system:22', { type: 'managed_system', name: 'corp', parentId: 'asset:31' });
    directory.credential('vault-item:103', {
      ...{ type: 'vault_item', ownerKind: 'account', ownerId: 'managed-account:103', resourceId: 'managed-system:22' },
    });
    const others = [
      ['smart-group:13', 'managed-system:22'],
      ['smart-group:10', 'asset:31'],
    ].map(([group = '', member = '']) => {
      directory.group(group, { name: group, type: 'smart_group' });
      directory.membership(`${group}/${member}`, {
        groupId: group,
        memberKind: 'resource',
        memberId: member,
        via: 'rule',
      });
      return directory.grant(`user-group:2/role:1/${group}`, {
        ...{
          principalKind: 'group',
          principalId: 'user-group:2',
          roleId: 'role:1',
          resourceId: group,
          privilege: 'high',
        },
      });
    });
    return [grant, ...others];
  },
  clear: (org) => {
    vault(org, 'Requestor', 4);
  },
  unknown: (org) => {
    vault(org, 'ISA', null);
  },
});
