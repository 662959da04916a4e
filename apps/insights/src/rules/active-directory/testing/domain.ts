import type { Grant } from '@gatehouse/connector-kit';
import { daysAgo, type Org } from '../../testing/world.ts';

/** A domain with one member of Domain Admins, for examples of rules about directories. */
export const domainOf = ({ directory: place }: Org) => {
  const sid = 'S-1-5-21-1-2-3';
  const domainAdmins = place.group(`${sid}-512`, { name: 'Domain Admins', type: 'group' });
  place.role('group:Domain Admins', { name: 'Domain Admins', type: 'builtin_role', privilege: 'highest' });
  place.grant(`${domainAdmins}/role`, {
    ...{
      principalKind: 'group',
      principalId: domainAdmins,
      roleId: 'group:Domain Admins',
      privilege: 'highest',
      via: 'default',
    },
  });
  place.grant('S-1-5-32-544/role', {
    ...{ principalKind: 'group', principalId: 'S-1-5-32-544', roleId: 'group:Administrators', privilege: 'highest' },
    via: 'default',
  });
  const domainAdmin = place.account(`${sid}-1001`, {
    ...{ login: 'CORP\\admin', truePrivilege: 4, effectivePrivilege: 4, passwordChangedAt: daysAgo(10) },
    raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT', 'NOT_DELEGATED'] } },
  });
  const member = (groupId: string, memberId: string, memberKind: 'account' | 'group' = 'account') =>
    place.membership(`${groupId}/${memberId}`, { groupId, memberId, memberKind });
  member(domainAdmins, domainAdmin);
  const domain = place.resource('domain', {
    type: 'domain',
    name: 'corp.example',
    attributes: { sid, dn: 'DC=corp,DC=example', hasDelegatedAccounts: false },
  });
  return {
    place,
    sid,
    domain,
    domainAdmins,
    domainAdmin,
    member,
    /** An access entry: what a principal may do to an object. Answers its id. */
    may: (principalId: string, right: string, resourceId: string, more: Partial<Grant> = {}) =>
      place.grant(`${resourceId}/${principalId}/acl:${right}`, {
        principalKind: /^S-1-(1|5-11|5-32)/.test(principalId) ? 'group' : 'account',
        ...{ principalId, roleId: `acl:${right}`, resourceId, privilege: 'low', via: 'direct', ...more },
      }),
  };
};
