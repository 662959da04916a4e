import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.account('S-1-5-21-1-2-3-1101', {
        type: 'service',
        raw: { servicePrincipalName: ['HTTP/intranet'] },
      }),
    ];
  },
  clear: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'service',
      raw: { servicePrincipalName: ['HTTP/intranet'], 'msDS-SupportedEncryptionTypes': 24 },
    });
    org.directory.account('S-1-5-21-1-2-3-1102', { raw: {} });
  },
  unknown: (org) => {
    org.directory.account('S-1-5-21-1-2-3-1101', {
      type: 'service',
      status: null,
      raw: { servicePrincipalName: ['HTTP/intranet'] },
    });
  },
});
