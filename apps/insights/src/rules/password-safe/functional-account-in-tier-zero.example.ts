import { randomUUID } from 'node:crypto';
import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';

/** A functional account and the account of the directory that it is. */
const functional = ({ directory }: Org, truePrivilege: number | null) => {
  const identityId = randomUUID();
  directory.account('S-1-5-21-1-2-3-1200', { login: 'CORP\\svc-psafe', identityId, truePrivilege });
  directory.resource('managed-system:1', {
    ...{ type: 'managed_system', name: 'srv-1', attributes: { functionalAccountId: 'functional-account:1' } },
  });
  return directory.account('functional-account:1', {
    ...{ login: 'corp\\svc-psafe', type: 'service', identityId, externalIds: ['ad:corp\\svc-psafe'] },
  });
};

export default example({
  found: (org) => [functional(org, 4)],
  clear: (org) => {
    functional(org, 2);
    org.directory.account('functional-account:2', { login: 'psafe', type: 'service', identityId: randomUUID() });
  },
  unknown: (org) => {
    functional(org, null);
  },
});
