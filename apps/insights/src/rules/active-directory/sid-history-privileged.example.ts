import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', { raw: { sIDHistory: ['S-1-5-21-9-9-9-512'] } }),
      org.directory.account('S-1-5-21-1-2-3-1102', { raw: { sIDHistory: ['S-1-5-21-1-2-3-1500'] } }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', { raw: { sIDHistory: ['S-1-5-21-9-9-9-1234'] } });
    org.directory.account('S-1-5-21-1-2-3-1102', { raw: {} });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', { raw: { sIDHistory: [null] } });
  },
});
