import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    const lastLoginAt = new Date('2026-02-25T00:00:00Z');
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        type: 'computer',
        lastLoginAt,
        raw: {
          operatingSystem: 'Windows 11 Enterprise',
          decoded: { userAccountControl: ['WORKSTATION_TRUST_ACCOUNT'] },
        },
      }),
    ];
  },
  clear: (org) => {
    const lastLoginAt = new Date('2026-02-25T00:00:00Z');
    const operatingSystem = 'Windows Server 2022';
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      lastLoginAt,
      raw: { operatingSystem, 'msLAPS-PasswordExpirationTime': '2026-04-01T00:00:00Z' },
    });
    org.directory.account('S-1-5-21-1-2-3-1102', {
      type: 'computer',
      lastLoginAt,
      raw: { operatingSystem, decoded: { userAccountControl: ['SERVER_TRUST_ACCOUNT'] } },
    });
    org.directory.account('S-1-5-21-1-2-3-1103', { type: 'computer', lastLoginAt, raw: { operatingSystem: 'Ubuntu' } });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', { type: 'computer', raw: {} });
  },
});
