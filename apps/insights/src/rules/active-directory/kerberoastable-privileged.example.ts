import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    const old = new Date('2025-01-01T00:00:00Z');
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        type: 'service',
        truePrivilege: 4,
        passwordChangedAt: old,
        raw: { servicePrincipalName: ['MSSQLSvc/db1:1433'] },
      }),
    ];
  },
  clear: (org) => {
    const old = new Date('2025-01-01T00:00:00Z');
    const raw = { servicePrincipalName: ['MSSQLSvc/db1:1433'] };
    org.directory.account('S-1-5-21-1-2-3-1101', { type: 'service', truePrivilege: 1, passwordChangedAt: old, raw });
    org.directory.account('S-1-5-21-1-2-3-1102', { type: 'gmsa', truePrivilege: 4, passwordChangedAt: old, raw });
    org.directory.account('S-1-5-21-1-2-3-1103', {
      truePrivilege: 4,
      passwordChangedAt: old,
      raw: { servicePrincipalName: [] },
    });
    org.directory.account('S-1-5-21-1-2-3-1104', {
      truePrivilege: 4,
      passwordChangedAt: new Date('2026-02-20T00:00:00Z'),
      raw,
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'service',
      truePrivilege: null,
      raw: { servicePrincipalName: ['HTTP/x'] },
    });
  },
});
