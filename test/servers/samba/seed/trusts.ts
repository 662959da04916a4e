import { addEntry } from './ldif.ts';
import { base } from './names.ts';

/** trustDirection and trustAttributes, MS-ADTS 6.1.6.7.12 and 6.1.6.7.9. */
const inbound = 1;
const outbound = 2;
const both = 3;
const quarantined = 0x4;
const forest = 0x8;
const treatAsExternal = 0x40;
const noTgtDelegation = 0x200;
const tgtDelegation = 0x800;

export const trusts = {
  /** External, without SID filtering. */
  unfiltered: {
    partner: 'legacy.example',
    flat: 'LEGACY',
    sid: 'S-1-5-21-917267712-1342860078-1792151419',
    direction: both,
    attributes: 0,
  },
  /** A forest whose services may be handed tickets of ours. */
  delegating: {
    partner: 'partner.example',
    flat: 'PARTNER',
    sid: 'S-1-5-21-1715567821-492894223-725345543',
    direction: inbound,
    attributes: forest | tgtDelegation,
  },
  /** A forest whose SID history we accept. */
  history: {
    partner: 'subsidiary.example',
    flat: 'SUBSIDIARY',
    sid: 'S-1-5-21-3623811015-3361044348-30300820',
    direction: outbound,
    attributes: forest | treatAsExternal,
  },
  /** As they should be. */
  filtered: {
    partner: 'supplier.example',
    flat: 'SUPPLIER',
    sid: 'S-1-5-21-2025429265-1563985344-1801674531',
    direction: outbound,
    attributes: quarantined,
  },
  guardedForest: {
    partner: 'group.example',
    flat: 'GROUP',
    sid: 'S-1-5-21-1085031214-1563985344-725345543',
    direction: both,
    attributes: forest | noTgtDelegation,
  },
} as const;

export const trustDn = (partner: string): string => `CN=${partner},CN=System,${base}`;

export const trustEntries = (): string =>
  Object.values(trusts)
    .map(({ partner, flat, sid, direction, attributes }) =>
      addEntry(trustDn(partner), {
        objectClass: 'trustedDomain',
        trustPartner: partner,
        flatName: flat,
        securityIdentifier: sid,
        trustDirection: direction,
        // Windows, with Active Directory.
        trustType: 2,
        trustAttributes: attributes,
      }),
    )
    .join('');
