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

type Domain = ReturnType<typeof domainOf>;

/** DC1, the domain controller. Answers its id. */
export const controllerIn = ({ place, sid, member }: Domain): string => {
  place.grant('controllers', {
    ...{ principalKind: 'group', principalId: `${sid}-516`, roleId: 'group:Domain Controllers', privilege: 'highest' },
  });
  const id = place.account(`${sid}-1000`, {
    type: 'computer',
    raw: { cn: 'DC1', dNSHostName: 'dc1.corp.example', decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT'] } },
  });
  member(`${sid}-516`, id);
  return id;
};

/** An account that may hand on tickets to these services. Answers its id. */
export const mayDelegate = ({ place, sid }: Domain, rid: string, to: string[], flags: string[] = []): string =>
  place.account(`${sid}-${rid}`, { raw: { decoded: { userAccountControl: flags }, 'msDS-AllowedToDelegateTo': to } });
