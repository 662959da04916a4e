import { textAt } from './shapes.ts';

/**
 * By which an account of a directory is known there, for correlation: `sid:`, `ad:<domain>\<sAMAccountName>`, `upn:` and
 * `guid:`. Nothing for an account that Password Safe or a single system keeps for itself.
 */
export const directoryIds = (item: unknown): readonly string[] => {
  const domain = domainOf(item);
  const sid = textAt(item, 'SID', 'ObjectSID')?.toUpperCase();
  const objectId = textAt(item, 'ObjectID')?.toLowerCase() ?? '';
  const name = samNameOf(item);
  const upn = textAt(item, 'UserPrincipalName')?.toLowerCase() ?? loginOf(item).upn;
  return [
    ...(sid !== undefined && isSid(sid) ? [`sid:${sid}`] : []),
    ...(isSid(objectId.toUpperCase()) && sid === undefined ? [`sid:${objectId.toUpperCase()}`] : []),
    ...(domain === null || name === null ? [] : [`ad:${domain.toLowerCase()}\\${name.toLowerCase()}`]),
    ...(domain === null || upn === null ? [] : [`upn:${upn}`]),
    ...(isGuid(objectId) ? [`guid:${objectId}`] : []),
  ];
};

/** Accounts of Windows itself (S-1-5-18 and the like) are the same everywhere, so they identify nobody. */
const isSid = (text: string): boolean => /^S-1-5-21-\d+-\d+-\d+-\d+$/.test(text);

const isGuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** The directory that has the account, as it is written; null for an account of no directory. */
export const domainOf = (item: unknown): string | null => textAt(item, 'DomainName') ?? loginOf(item).domain;

/** Without its domain: `ada` of `CORP\ada` and of `ada@corp.example`, where its directory does not name it apart. */
const samNameOf = (item: unknown): string | null =>
  textAt(item, 'SAMAccountName', 'SamAccountName') ?? loginOf(item).name;

const loginOf = (item: unknown): { domain: string | null; name: string | null; upn: string | null } => {
  const written = textAt(item, 'UserName', 'AccountName');
  if (written === null) return { domain: null, name: null, upn: null };
  const [, domain, name] = /^([^\\]+)\\(.+)$/.exec(written) ?? [];
  if (name !== undefined && domain !== undefined) return { domain, name, upn: null };
  // The first half of a principal name need not be the sAMAccountName.
  return written.includes('@')
    ? { domain: null, name: null, upn: written.toLowerCase() }
    : { domain: null, name: written, upn: null };
};
