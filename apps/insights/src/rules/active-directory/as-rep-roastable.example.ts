import { example } from '../testing/example.ts';

export default example({
  found: ({ directory }) => [
    directory.account('S-1-5-21-1-2-3-1101', {
      raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT', 'DONT_REQ_PREAUTH'] } },
    }),
  ],
  clear: ({ directory }) => {
    directory.account('S-1-5-21-1-2-3-1101', { raw: { decoded: { userAccountControl: ['NORMAL_ACCOUNT'] } } });
    directory.account('S-1-5-21-1-2-3-1102', {
      status: 'disabled',
      raw: { decoded: { userAccountControl: ['DONT_REQ_PREAUTH'] } },
    });
  },
  unknown: ({ directory }) => void directory.account('S-1-5-21-1-2-3-1101', { raw: { decoded: {} } }),
});
