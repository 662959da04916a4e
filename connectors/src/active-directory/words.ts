import type { LdapEntry } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { decode } from './decode.ts';
import { referenceOf, valuesOf } from './entry.ts';
import { filetimeToDate, generalizedTimeToDate } from './filetime.ts';
import { guidText } from './guid.ts';
import { sidText } from './sid.ts';

/**
 * The object in Active Directory's own words: the attributes asked for, each as its kind of value is read by people.
 * `decoded` names what numbers and identifiers among them stand for, by attribute.
 */
export const wordsOf = (entry: LdapEntry, names: readonly string[]): { readonly [name: string]: Json } => {
  const words: Record<string, Json> = { distinguishedName: referenceOf(entry.dn).dn };
  for (const name of names) {
    const values = valuesOf(entry, name);
    if (values.length === 0) continue;
    const read = kinds.get(name.toLowerCase()) ?? asText;
    const all = values.slice(0, mostValues).map(read);
    words[name] = lists.has(name.toLowerCase()) || all.length > 1 ? all : (all[0] ?? null);
  }
  const decoded = decode(entry, names);
  if (Object.keys(decoded).length > 0) words.decoded = decoded;
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
