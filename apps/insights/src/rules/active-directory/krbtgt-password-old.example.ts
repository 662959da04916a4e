import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-502', {
        status: 'disabled',
        passwordChangedAt: new Date('2023-01-01T00:00:00Z'),
      }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-502', {
      status: 'disabled',
      passwordChangedAt: new Date('2026-01-01T00:00:00Z'),
    });
    org.directory.account('S-1-5-21-1-2-3-1502', { passwordChangedAt: new Date('2020-01-01T00:00:00Z') });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-502', { status: 'disabled', passwordChangedAt: null });
  },
});
