import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        type: 'computer',
        passwordChangedAt: new Date('2025-06-01T00:00:00Z'),
        raw: { sAMAccountName: 'AZUREADSSOACC$' },
      }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      passwordChangedAt: new Date('2026-02-20T00:00:00Z'),
      raw: { sAMAccountName: 'AZUREADSSOACC$' },
    });
    org.directory.account('S-1-5-21-1-2-3-1102', {
      type: 'computer',
      passwordChangedAt: new Date('2020-02-20T00:00:00Z'),
      raw: { sAMAccountName: 'PC1$' },
    });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'computer',
      passwordChangedAt: null,
      raw: { sAMAccountName: 'AZUREADSSOACC$' },
    });
  },
});
