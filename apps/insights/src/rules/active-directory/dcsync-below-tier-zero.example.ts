import { example } from '../testing/example.ts';
import { domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const { domain, may, place, sid, member } = domainOf(org);
    may('S-1-5-21-1-2-3-1101', 'GetChanges', domain);
    // One half by a group, the other by another.
    const [outer, inner] = [place.group(`${sid}-1201`), place.group(`${sid}-1202`)];
    member(outer, inner, 'group');
    member(inner, place.account(`${sid}-1103`));
    member(place.group(`${sid}-1203`), `${sid}-1103`);
    may(`${sid}-1203`, 'GetChanges', domain, { principalKind: 'group' });
    return [
      may('S-1-5-21-1-2-3-1101', 'GetChangesAll', domain),
      may(outer, 'GetChangesAll', domain, { principalKind: 'group' }),
    ];
  },
  clear: (org) => {
    const { domain, may, domainAdmin, place, sid, member } = domainOf(org);
    // One of the two rights reads no secret.
    may('S-1-5-21-1-2-3-1101', 'GetChanges', domain);
    may('S-1-5-21-1-2-3-1102', 'GetChangesAll', domain);
    // Two groups that have nobody in common but a domain administrator.
    const groups = [place.group(`${sid}-1201`), place.group(`${sid}-1202`)] as const;
    for (const group of groups) member(group, domainAdmin);
    member(groups[0], place.account(`${sid}-1104`));
    may(groups[0], 'GetChanges', domain, { principalKind: 'group' });
    may(groups[1], 'GetChangesAll', domain, { principalKind: 'group' });
    for (const right of ['GetChanges', 'GetChangesAll']) may(domainAdmin, right, domain);
  },
  unknown: (org) => {
    const { domain, may } = domainOf(org);
    may('S-1-5-21-1-2-3-1101', 'GenericAll', domain, { state: 'eligible' });
  },
});
