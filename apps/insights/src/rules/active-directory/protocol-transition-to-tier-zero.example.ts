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
    return [
      place.account('S-1-5-21-1-2-3-1101', {
        raw: {
          decoded: { userAccountControl: ['TRUSTED_TO_AUTH_FOR_DELEGATION'] },
          'msDS-AllowedToDelegateTo': ['ldap/DC1'],
        },
      }),
    ];
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
    place.account('S-1-5-21-1-2-3-1101', {
      raw: { decoded: { userAccountControl: [] }, 'msDS-AllowedToDelegateTo': ['ldap/DC1'] },
    });
    place.account('S-1-5-21-1-2-3-1102', {
      raw: {
        decoded: { userAccountControl: ['TRUSTED_TO_AUTH_FOR_DELEGATION'] },
        'msDS-AllowedToDelegateTo': ['http/web1'],
      },
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      status: null,
      raw: { 'msDS-AllowedToDelegateTo': ['cifs/dc1.corp.example'] },
    });
  },
});
