import { empty, type Resource } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { numberOf, sidOf, textOf, timeOf } from './entry.ts';
import { nothingAround, objects } from './objects.ts';
import { wordsOf } from './words.ts';

const attributes = [
  ...['name', 'trustPartner', 'flatName', 'trustDirection', 'trustType', 'trustAttributes', 'securityIdentifier'],
  ...['whenCreated', 'whenChanged', 'msDS-SupportedEncryptionTypes'],
];

/** trustAttributes (MS-ADTS 6.1.6.7.9). */
const bits = {
  nonTransitive: 0x1,
  uplevelOnly: 0x2,
  quarantined: 0x4,
  forestTransitive: 0x8,
  crossOrganization: 0x10,
  withinForest: 0x20,
  treatAsExternal: 0x40,
  usesRc4: 0x80,
  noTgtDelegation: 0x200,
  pim: 0x400,
  enableTgtDelegation: 0x800,
} as const;

const directions: Readonly<Record<number, string>> = { 0: 'disabled', 1: 'inbound', 2: 'outbound', 3: 'both' };
const types: Readonly<Record<number, string>> = { 1: 'Windows NT', 2: 'Active Directory', 3: 'Kerberos', 4: 'DCE' };

/**
 * A trust, seen from this domain: `outbound` means that it trusts the other. `attributes`: `partner`, `flatName`, `sid`,
 * `direction`, `kind`, `isTransitive`, `isForest`, `isWithinForest`, `hasSelectiveAuthentication`, `usesRc4`,
 * `filtersSids` (whether SIDs of other domains are taken out of what comes from there: by quarantine, or as all forest
 * trusts do that are not treated as external), `delegatesTickets` (whether tickets may be handed on).
 */
const toResource = (entry: LdapEntry, id: string): Resource => {
  const value = numberOf(entry, 'trustAttributes');
  const has = (bit: number) => (value === null ? null : (value & bit) !== 0);
  const direction = numberOf(entry, 'trustDirection');
  const isForest = has(bits.forestTransitive);
  return {
    ...empty('resources'),
    id,
    raw: wordsOf(entry, attributes),
    type: 'trust',
    name: textOf(entry, 'trustPartner') ?? textOf(entry, 'name'),
    status: direction === 0 ? 'disabled' : 'enabled',
    createdAt: timeOf(entry, 'whenCreated'),
    attributes: {
      partner: textOf(entry, 'trustPartner'),
      flatName: textOf(entry, 'flatName'),
      sid: sidOf(entry, 'securityIdentifier'),
      direction: direction === null ? null : (directions[direction] ?? String(direction)),
      kind: types[numberOf(entry, 'trustType') ?? 0] ?? null,
      isTransitive: value === null ? null : !has(bits.nonTransitive),
      isForest,
      isWithinForest: has(bits.withinForest),
      hasSelectiveAuthentication: has(bits.crossOrganization),
      usesRc4: has(bits.usesRc4),
      filtersSids:
        value === null ? null : has(bits.quarantined) === true || (isForest === true && !has(bits.treatAsExternal)),
      delegatesTickets: value === null ? null : has(bits.enableTgtDelegation) === true && !has(bits.noTgtDelegation),
    },
  };
};

export const trusts = objects({
  record: 'resources',
  title: 'Trusts',
  everyMs: 30 * 60_000,
  base: ({ root }) => `CN=System,${root.defaultNamingContext}`,
  filter: '(objectClass=trustedDomain)',
  tombstones: '(objectClass=trustedDomain)',
  attributes,
  around: nothingAround,
  toRecord: toResource,
});
