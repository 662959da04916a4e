import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [org.directory.account('S-1-5-21-1-2-3-500', { lastLoginAt: new Date('2026-02-20T00:00:00Z') })];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-500', { lastLoginAt: new Date('2025-02-20T00:00:00Z') });
    org.directory.account('S-1-5-21-1-2-3-1500', { lastLoginAt: new Date('2026-02-20T00:00:00Z') });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-500', { status: null, lastLoginAt: new Date('2026-02-20T00:00:00Z') });
  },
});
