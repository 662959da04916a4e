import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        type: 'computer',
        raw: { decoded: { userAccountControl: ['WORKSTATION_TRUST_ACCOUNT', 'TRUSTED_FOR_DELEGATION'] } },
      }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      raw: { decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT', 'TRUSTED_FOR_DELEGATION'] } },
    });
    org.directory.account('S-1-5-21-1-2-3-1102', {
      type: 'computer',
      raw: { decoded: { userAccountControl: ['WORKSTATION_TRUST_ACCOUNT'] } },
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', { raw: { decoded: {} } });
  },
});
