import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

/** A domain whose quota lets people add computers, and who its policy gives the privilege to. */
const domainWith = ({ directory }: Org, holders: readonly string[]) => {
  const links = [{ policy: '{A}', isEnforced: false, isDisabled: false }];
  directory.resource('policy', { type: 'group_policy', attributes: { policy: '{A}' } });
  directory.policy('policy', {
    type: 'group_policy',
    settings: { policy: '{A}', isRead: true, unread: [], privileges: { SeMachineAccountPrivilege: [...holders] } },
  });
  return directory.resource('domain', {
    type: 'domain',
    attributes: { dn: 'DC=corp,DC=example', machineAccountQuota: 10, links },
  });
};

export default example({
  found: (org) => [domainWith(org, ['S-1-5-21-1-2-3-512', 'S-1-5-11'])],
  clear: (org) => {
    domainWith(org, ['S-1-5-21-1-2-3-512']);
    org.connect('insights-collector').resource('other', { type: 'domain', attributes: { machineAccountQuota: 0 } });
  },
  unknown: (org) => {
    org.directory.resource('domain', { type: 'domain', attributes: { machineAccountQuota: null } });
  },
});
