import type { Candidate, Holder } from './rule.ts';

/** No connection has the key twice: a number or an address that two accounts of one system share identifies neither. */
export const isUniqueInEachConnection = (holders: readonly Holder[]): boolean =>
  new Set(holders.map((holder) => holder.connection)).size === holders.length;

/** Exactly one account is the one that the others point to. */
export const hasOneLeft = (holders: readonly Holder[]): boolean =>
  holders.filter((holder) => holder.side === 'left').length === 1;

/** Services and bots are owned by people, but are not people: no rule about people speaks of them. */
export const isPerson = (account: Candidate): boolean => account.type === 'user' || account.type === 'guest';

/** Systems whose accounts other systems refer to. */
export const isIdentityProvider = (account: Candidate): boolean => account.connector === 'okta';

/**
 * Directories that give their accounts identifiers which other systems take over. A collector reads other systems too:
 * of what it reports, accounts of a directory are those that are named by their SID.
 */
export const isDirectory = (account: Candidate): boolean =>
  account.connector === 'active-directory' ||
  (account.connector === 'insights-collector' && account.id.startsWith('S-1-'));

/** The values of one kind among `kind:value` identifiers. */
export const external = (account: Candidate, kind: string): readonly string[] =>
  account.externalIds
    .filter((one) => one.startsWith(`${kind}:`))
    .map((one) => one.slice(kind.length + 1).trim())
    .filter((value) => value !== '');
