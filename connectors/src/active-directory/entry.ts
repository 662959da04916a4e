import type { LdapEntry } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { filetimeToDate, generalizedTimeToDate } from './filetime.ts';
import { guidText } from './guid.ts';
import { sidText } from './sid.ts';

/** What an entry says, attribute by attribute, by the names of the schema in whatever case. Absent and empty are null. */
export const textOf = (entry: LdapEntry, name: string): string | null => {
  const text = firstOf(entry, name)?.toString('utf8').trim();
  return text ? text : null;
};

export const textsOf = (entry: LdapEntry, name: string): readonly string[] =>
  valuesOf(entry, name).map((value) => value.toString('utf8'));

/** Integers of LDAP are signed text; `groupType` and other sets of bits are negative where the highest is set. */
export const numberOf = (entry: LdapEntry, name: string): number | null => {
  const text = textOf(entry, name);
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
};

export const sidOf = (entry: LdapEntry, name = 'objectSid'): string | null => {
  const value = firstOf(entry, name);
  return value ? sidText(value) : null;
};

export const guidOf = (entry: LdapEntry, name = 'objectGUID'): string | null => {
  const value = firstOf(entry, name);
  return value?.length === 16 ? guidText(value) : null;
};

/** A FILETIME or a GeneralizedTime, whichever the attribute has; null also for never. */
export const timeOf = (entry: LdapEntry, name: string): Date | null => {
  const text = textOf(entry, name);
  return text === null ? null : (filetimeToDate(text) ?? generalizedTimeToDate(text));
};

export const flagOf = (entry: LdapEntry, name: string): boolean | null => {
  const text = textOf(entry, name)?.toUpperCase();
  return text === 'TRUE' ? true : text === 'FALSE' ? false : null;
};

export const firstOf = (entry: LdapEntry, name: string): Buffer | undefined => valuesOf(entry, name)[0];
export const valuesOf = (entry: LdapEntry, name: string): readonly Buffer[] =>
  entry.attributes.get(name.toLowerCase()) ?? [];

/** A name as the extended-DN control (1.2.840.113556.1.4.529) writes it: `<GUID=…>;<SID=…>;CN=…`. */
export interface Reference {
  readonly dn: string;
  readonly sid: string | null;
  readonly guid: string | null;
}

export const referenceOf = (text: string): Reference => {
  const parts = /^(?:<GUID=([^>]*)>;)?(?:<SID=([^>]*)>;)?([\s\S]*)$/.exec(text);
  const [, guid, sid, dn = text] = parts ?? [];
  return { dn, sid: sid ?? null, guid: guid?.toLowerCase() ?? null };
};

export const referencesOf = (entry: LdapEntry, name: string): readonly Reference[] =>
  textsOf(entry, name).map(referenceOf);

/** The first part of a distinguished name without its type: `CN=Ada\, Dr.,OU=…` is `Ada, Dr.` (RFC 4514). */
export const commonName = (dn: string): string => {
  const first = /^[^=]+=((?:\\.|[^,\\])*)/s.exec(dn)?.[1] ?? dn;
  return first.replace(/\\([0-9a-fA-F]{2}|.)/gs, (_, escaped: string) =>
    escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
  );
};

/** The distinguished name of what an object stands in; null at the top. */
export const parentDn = (dn: string): string | null => /^(?:\\.|[^,\\])*,([\s\S]+)$/.exec(dn)?.[1] ?? null;

/** The object in Active Directory's own words: the attributes asked for, each as its kind of value is read by people. */
export const wordsOf = (entry: LdapEntry, names: readonly string[]): { readonly [name: string]: Json } => {
  const words: Record<string, Json> = { distinguishedName: referenceOf(entry.dn).dn };
  for (const name of names) {
    const values = valuesOf(entry, name);
    if (values.length === 0) continue;
    const read = kinds.get(name.toLowerCase()) ?? asText;
    const all = values.slice(0, mostValues).map(read);
    words[name] = lists.has(name.toLowerCase()) || all.length > 1 ? all : (all[0] ?? null);
  }
  if (entry.incomplete.length > 0) words.incomplete = [...entry.incomplete];
  return words;
};

/** More values than this of one attribute tell nobody more. */
const mostValues = 500;

type Read = (value: Buffer) => Json;
const asText: Read = (value) => value.toString('utf8').slice(0, 4_000);
const asNumber: Read = (value) => (/^-?\d{1,15}$/.test(value.toString()) ? Number(value.toString()) : value.toString());
const asTime: Read = (value) => {
  const text = value.toString();
  return (filetimeToDate(text) ?? generalizedTimeToDate(text))?.toISOString() ?? null;
};
const asDn: Read = (value) => referenceOf(value.toString('utf8')).dn;
const asSid: Read = (value) => sidText(value);
const asGuid: Read = (value) => guidText(value);

const of = (read: Read, names: readonly string[]): [string, Read][] => names.map((name) => [name.toLowerCase(), read]);

const kinds: ReadonlyMap<string, Read> = new Map([
  ...of(asSid, ['objectSid', 'sIDHistory', 'securityIdentifier']),
  ...of(asGuid, ['objectGUID', 'schemaIDGUID', 'mS-DS-ConsistencyGuid', 'invocationId']),
  ...of(asTime, [
    ...['pwdLastSet', 'lastLogonTimestamp', 'lastLogon', 'accountExpires', 'lockoutTime', 'whenCreated', 'whenChanged'],
    ...['ms-Mcs-AdmPwdExpirationTime', 'msLAPS-PasswordExpirationTime', 'msDS-ApproximateLastLogonTimeStamp'],
  ]),
  ...of(asNumber, [
    ...['userAccountControl', 'groupType', 'primaryGroupID', 'adminCount', 'msDS-SupportedEncryptionTypes'],
    ...[
      'trustAttributes',
      'trustDirection',
      'trustType',
      'flags',
      'versionNumber',
      'gPOptions',
      'ms-DS-MachineAccountQuota',
    ],
    ...['msDS-DelegatedMSAState', 'msDS-Behavior-Version', 'msDS-PasswordSettingsPrecedence', 'msDS-LockoutThreshold'],
    ...[
      'msDS-MinimumPasswordLength',
      'msDS-PasswordHistoryLength',
      'minPwdLength',
      'pwdHistoryLength',
      'pwdProperties',
    ],
    ...['lockoutThreshold', 'msPKI-Certificate-Name-Flag', 'msPKI-Enrollment-Flag', 'msPKI-Private-Key-Flag'],
    ...['msPKI-RA-Signature', 'msPKI-Template-Schema-Version', 'msPKI-Minimal-Key-Size', 'revision', 'badPwdCount'],
  ]),
  ...of(asDn, [
    ...['manager', 'managedBy', 'memberOf', 'msDS-PSOAppliesTo', 'msDS-AppliesTo', 'lastKnownParent'],
    ...[
      'msDS-ManagedAccountPrecededByLink',
      'msDS-OIDToGroupLink',
      'msDS-NeverRevealGroup',
      'msDS-RevealOnDemandGroup',
    ],
    ...['msDS-HostServiceAccount', 'serverReference'],
  ]),
]);

/** Attributes that may have several values: a list also where they have one. */
const lists: ReadonlySet<string> = new Set(
  [
    ...['objectClass', 'servicePrincipalName', 'proxyAddresses', 'altSecurityIdentities', 'msDS-AllowedToDelegateTo'],
    ...['sIDHistory', 'memberOf', 'otherMailbox', 'msDS-PSOAppliesTo', 'pKIExtendedKeyUsage', 'certificateTemplates'],
    ...['msPKI-Certificate-Application-Policy', 'msPKI-RA-Application-Policies', 'msPKI-Certificate-Policy'],
    ...['msPKI-RA-Policies', 'msDS-NeverRevealGroup', 'msDS-RevealOnDemandGroup', 'msDS-HostServiceAccount', 'gPLinks'],
  ].map((name) => name.toLowerCase()),
);
