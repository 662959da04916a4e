import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [org.directory.resource('domain', { type: 'domain', attributes: { machineAccountQuota: 10 } })];
  },
  clear: (org) => {
    org.directory.resource('domain', { type: 'domain', attributes: { machineAccountQuota: 0 } });
  },
  unknown: (org) => {
    org.directory.resource('domain', { type: 'domain', attributes: { machineAccountQuota: null } });
  },
});
