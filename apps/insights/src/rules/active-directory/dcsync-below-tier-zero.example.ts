import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domain, may } = domainOf(org);
    may('S-1-5-21-1-2-3-1101', 'GetChanges', domain);
    return [may('S-1-5-21-1-2-3-1101', 'GetChangesAll', domain)];
  },
  clear: (org) => {
    const { domain, may, domainAdmin } = domainOf(org);
    // One of the two rights reads no secret.
    may('S-1-5-21-1-2-3-1101', 'GetChanges', domain);
    may('S-1-5-21-1-2-3-1102', 'GetChangesAll', domain);
    for (const right of ['GetChanges', 'GetChangesAll']) may(domainAdmin, right, domain);
  },
  unknown: (org) => {
    const { domain, may } = domainOf(org);
    may('S-1-5-21-1-2-3-1101', 'GenericAll', domain, { state: 'eligible' });
  },
});
