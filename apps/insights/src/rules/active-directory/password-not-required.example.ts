import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        truePrivilege: 3,
        raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT', 'PASSWD_NOTREQD'] } },
      }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      truePrivilege: 3,
      raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT'] } },
    });
    org.directory.account('S-1-5-21-1-2-3-1102', {
      status: 'disabled',
      truePrivilege: 3,
      raw: { decoded: { userAccountControl: ['PASSWD_NOTREQD'] } },
    });
    org.directory.account('S-1-5-21-1-2-3-1103', {
      raw: { decoded: { userAccountControl: ['PASSWD_NOTREQD', 'INTERDOMAIN_TRUST_ACCOUNT'] } },
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', { raw: { decoded: {} } });
  },
});
