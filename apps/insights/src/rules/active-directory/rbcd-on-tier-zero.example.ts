import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { place, sid } = domainOf(org);
    place.role('group:Domain Controllers', { privilege: 'highest' });
    place.grant('dcs', {
      principalKind: 'group',
      principalId: `${sid}-516`,
      roleId: 'group:Domain Controllers',
      privilege: 'highest',
    });
    place.account(`${sid}-1000`, {
      type: 'computer',
      raw: { cn: 'DC1', dNSHostName: 'dc1.corp.example', decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT'] } },
    });
    place.membership(`${sid}-1000`, { groupId: `${sid}-516`, memberId: `${sid}-1000`, memberKind: 'account' });
    place.grant('x', { principalId: 'S-1-5-21-1-2-3-1101', roleId: 'acl:AllowedToAct', resourceId: `${sid}-1000` });
    return [`${sid}-1000`];
  },
  clear: (org) => {
    const { place, sid } = domainOf(org);
    place.role('group:Domain Controllers', { privilege: 'highest' });
    place.grant('dcs', {
      principalKind: 'group',
      principalId: `${sid}-516`,
      roleId: 'group:Domain Controllers',
      privilege: 'highest',
    });
    place.account(`${sid}-1000`, {
      type: 'computer',
      raw: { cn: 'DC1', dNSHostName: 'dc1.corp.example', decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT'] } },
    });
    place.membership(`${sid}-1000`, { groupId: `${sid}-516`, memberId: `${sid}-1000`, memberKind: 'account' });
    place.account('S-1-5-21-1-2-3-1200', { type: 'computer' });
    place.grant('x', {
      principalId: 'S-1-5-21-1-2-3-1101',
      roleId: 'acl:AllowedToAct',
      resourceId: 'S-1-5-21-1-2-3-1200',
    });
    place.grant('y', {
      principalId: `${sid}-512`,
      principalKind: 'group',
      roleId: 'acl:AllowedToAct',
      resourceId: `${sid}-1000`,
    });
  },
  unknown: (org) => {
    const { place, sid } = domainOf(org);
    place.role('group:Domain Controllers', { privilege: 'highest' });
    place.grant('dcs', {
      principalKind: 'group',
      principalId: `${sid}-516`,
      roleId: 'group:Domain Controllers',
      privilege: 'highest',
    });
    place.account(`${sid}-1000`, {
      type: 'computer',
      raw: { cn: 'DC1', dNSHostName: 'dc1.corp.example', decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT'] } },
    });
    place.membership(`${sid}-1000`, { groupId: `${sid}-516`, memberId: `${sid}-1000`, memberKind: 'account' });
    place.grant('x', {
      principalId: 'S-1-5-21-1-2-3-1101',
      roleId: 'acl:AllowedToAct',
      resourceId: `${sid}-1000`,
      state: 'eligible',
    });
  },
});
