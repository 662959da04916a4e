import type { Descriptor } from './descriptor.ts';
import { type AccessEntry, entryFlag } from './entry.ts';
import { rightsOfMask } from './mask-rights.ts';
import { nil, type RightTable } from './right-table.ts';
import { allowIn, denyIn, denyUnread, rowOf } from './tally.ts';
import { place, recordWords, type Trustees } from './trustees.ts';

/** What the owner has by nature, besides the entries of the list. */
export type Ownership =
  /** Nothing: there is no owner, or OWNER RIGHTS says what it gets, which the tally holds. */
  | 'none'
  | 'owns'
  /** The list, or a part of it, could not be read, and OWNER RIGHTS may stand there. */
  | 'maybe';

/** Puts a parsed descriptor into the tally, which has been begun for it. */
export const weigh = (descriptor: Descriptor, table: RightTable, sids: Trustees): Ownership => {
  const { dacl } = descriptor;
  const put = (trustee: number, effect: Effect, isInherited: boolean): void => {
    const row = rowOf(sids.store.records, recordWords * trustee);
    if (effect.isAllow) allowIn(row, effect.rights, isInherited, effect.hasCondition);
    else denyIn(row, effect.rights, effect.hasCondition);
  };
  const owner = descriptor.owner === null ? null : sids.ofText(descriptor.owner);
  if (dacl.state === 'null') put(sids.ofText('S-1-1-0'), everything(table), false);
  let hasOwnerRights = false;
  let isUnread = dacl.state === 'absent';
  if (dacl.state === 'present') {
    isUnread = !dacl.isWhole;
    for (const entry of dacl.entries) {
      const effect = effectOf(entry, table);
      if (effect === null) continue;
      const named = entry.trustee === null ? null : sids.ofText(entry.trustee);
      if (named === null) {
        if (!effect.isAllow) denyUnread(effect.rights);
        isUnread = true;
        continue;
      }
      const standing = sids.placeOf(named);
      if ((standing & place.isCreator) !== 0) continue;
      const isOwnerRights = (standing & place.isOwnerRights) !== 0;
      if (isOwnerRights) hasOwnerRights = true;
      const trustee = isOwnerRights ? owner : named;
      // OWNER RIGHTS without an owner to have them.
      if (trustee !== null) put(trustee, effect, entry.flags.isInherited);
    }
  }
  if (owner === null || hasOwnerRights) return 'none';
  return isUnread ? 'maybe' : 'owns';
};

const everything = ({ all }: RightTable): Effect => ({ isAllow: true, rights: all, hasCondition: false });

/** What an entry means for the object itself; null where it means nothing to it. */
export interface Effect {
  readonly isAllow: boolean;
  readonly rights: number;
  readonly hasCondition: boolean;
}

export const effectOf = (entry: AccessEntry, table: RightTable): Effect | null => {
  const { typeNumber, flagBits, mask, objectType, inheritedObjectType } = entry;
  // Whatever an unknown entry is, it might take anything away.
  const form = forms[entry.type] ?? null;
  if (form === null)
    return entry.type === 'unknown' ? { isAllow: false, rights: table.all, hasCondition: false } : null;
  if (!applies(flagBits, inheritedObjectType, table)) return null;
  if (mask === null) return { isAllow: form.isAllow, rights: form.isAllow ? 0 : table.all, hasCondition: false };
  const byMask = rightsOfMask(table.byMask, mask, form.isAllow ? 0 : 1);
  const byType = objectType === null || objectType === nil ? table.all : (table.covered.get(objectType) ?? 0);
  return { isAllow: form.isAllow, rights: byMask & byType, hasCondition: typeNumber >= 9 };
};

/**
 * Inherit-only entries are for children. An inherited entry for one class stands on objects of other classes only on
 * its way to their children; a class that nobody knows cannot be told from it.
 */
const applies = (flagBits: number, inheritedObjectType: string | null, table: RightTable): boolean => {
  if ((flagBits & entryFlag.inheritOnly) !== 0) return false;
  if ((flagBits & entryFlag.inherited) === 0 || inheritedObjectType === null || inheritedObjectType === nil)
    return true;
  return table.classGuid === null || table.classGuid === inheritedObjectType;
};

/** The types that allow or deny; all others (audit, labels, …) give and take nothing. */
const forms: { readonly [T in AccessEntry['type']]?: { readonly isAllow: boolean } } = {
  allow: { isAllow: true },
  allowObject: { isAllow: true },
  allowCallback: { isAllow: true },
  allowCallbackObject: { isAllow: true },
  deny: { isAllow: false },
  denyObject: { isAllow: false },
  denyCallback: { isAllow: false },
  denyCallbackObject: { isAllow: false },
};
