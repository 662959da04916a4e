import { type Account, empty } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import type { Forest } from './client.ts';
import { firstOf, guidOf, numberOf, referencesOf, sidOf, textOf, textsOf, timeOf } from './entry.ts';
import { guidBytes } from './guid.ts';
import { keyCredentials } from './key-credentials.ts';
import { userAccountControl as bits } from './user-account-control.ts';
import { wordsOf } from './words.ts';

/** Attributes of every kind of account. Passwords that can be read (LAPS) are never asked for, only when they expire. */
export const accountAttributes: readonly string[] = [
  ...[
    'objectClass',
    'objectSid',
    'objectGUID',
    'sAMAccountName',
    'userPrincipalName',
    'cn',
    'displayName',
    'description',
  ],
  ...[
    'userAccountControl',
    'msDS-User-Account-Control-Computed',
    'whenCreated',
    'whenChanged',
    'pwdLastSet',
    'lastLogonTimestamp',
  ],
  ...[
    'lastLogon',
    'accountExpires',
    'lockoutTime',
    'primaryGroupID',
    'adminCount',
    'sIDHistory',
    'servicePrincipalName',
  ],
  ...['msDS-AllowedToDelegateTo', 'msDS-SupportedEncryptionTypes', 'altSecurityIdentities', 'msDS-KeyCredentialLink'],
  ...['mS-DS-ConsistencyGuid', 'isCriticalSystemObject'],
];

export const personAttributes: readonly string[] = [
  ...accountAttributes,
  ...[
    'givenName',
    'sn',
    'mail',
    'proxyAddresses',
    'otherMailbox',
    'employeeID',
    'employeeNumber',
    'department',
    'title',
    'manager',
  ],
  ...['userWorkstations', 'scriptPath', 'homeDirectory', 'info'],
];

/**
 * A user, computer or managed service account.
 *
 * - `id`: the SID, which access entries, events and other systems name it by.
 * - `status`: disabled by ACCOUNTDISABLE; locked while the domain says so (LOCKOUT of the computed control), since
 *   `lockoutTime` stays behind when the lockout is over; expired accounts are disabled, with `expired` as reason.
 * - `lastLoginAt`: `lastLogonTimestamp`, which all controllers share and which is up to 14 days late; `lastLogon` of the
 *   controller that was asked where that is later.
 * - `externalIds`: `sid:`, `guid:`, `immutable-id:` (base64 of `mS-DS-ConsistencyGuid`, else of `objectGUID`),
 *   `ad:<domain>\<sAMAccountName>` for both names of the domain, `upn:`.
 * - `raw`: the attributes, `decoded.userAccountControl` with the names of its bits, `keys` for what msDS-KeyCredentialLink holds.
 */
export const toAccount = (
  entry: LdapEntry,
  {
    type,
    attributes,
    forest,
    now,
  }: { type: Account['type']; attributes: readonly string[]; forest: Forest; now: Date },
): Account | null => {
  const sid = sidOf(entry);
  if (sid === null) return null;
  const control = numberOf(entry, 'userAccountControl');
  const sam = textOf(entry, 'sAMAccountName');
  const upn = textOf(entry, 'userPrincipalName');
  const mail = textOf(entry, 'mail')?.toLowerCase() ?? null;
  const expiresAt = timeOf(entry, 'accountExpires');
  const { status, reason } = statusOf(entry, control, expiresAt, now);
  const lastLoginAt = latest(timeOf(entry, 'lastLogonTimestamp'), timeOf(entry, 'lastLogon'));
  const { 'msDS-KeyCredentialLink': _, 'mS-DS-ConsistencyGuid': __, ...words } = wordsOf(entry, attributes);
  const keys = keyCredentials(entry);
  return {
    ...empty('accounts'),
    id: sid,
    raw: {
      ...words,
      ...(keys.length > 0 && { keys: [...keys] }),
    },
    type,
    login: sam === null ? upn : forest.netbiosName === null ? sam : `${forest.netbiosName}\\${sam}`,
    displayName: textOf(entry, 'displayName') ?? textOf(entry, 'cn') ?? sam,
    email: mail,
    emails: addresses(entry, mail),
    status,
    statusReason: reason,
    createdAt: timeOf(entry, 'whenCreated'),
    lastLoginAt,
    lastActivityAt: lastLoginAt,
    passwordChangedAt: timeOf(entry, 'pwdLastSet'),
    // A card is asked for, but whoever has the hash of the password needs none: strong for people, not for programs.
    mfa: control !== null && control & bits.SMARTCARD_REQUIRED ? 'strong' : null,
    ssoOnly: false,
    employeeId: textOf(entry, 'employeeID') ?? textOf(entry, 'employeeNumber'),
    department: textOf(entry, 'department'),
    title: textOf(entry, 'title'),
    managerLogin: referencesOf(entry, 'manager')[0]?.dn ?? null,
    owners: referencesOf(entry, 'managedBy').flatMap((owner) => owner.sid ?? []),
    externalIds: externalIds(entry, sid, forest, sam, upn),
  };
};

const statusOf = (entry: LdapEntry, control: number | null, expiresAt: Date | null, now: Date) => {
  const named = (reason: string) => ({ reason });
  if (control === null) return { status: null, ...named('userAccountControl may not be read') };
  if (control & bits.ACCOUNTDISABLE) return { status: 'disabled', ...named('ACCOUNTDISABLE') } as const;
  if (expiresAt !== null && expiresAt <= now) return { status: 'disabled', ...named('expired') } as const;
  const computed = numberOf(entry, 'msDS-User-Account-Control-Computed') ?? 0;
  if (computed & bits.LOCKOUT) return { status: 'locked', ...named('LOCKOUT') } as const;
  return { status: 'enabled', reason: null } as const;
};

/** The primary address first; Exchange marks it with capital letters, others are aliases. */
const addresses = (entry: LdapEntry, mail: string | null): readonly string[] => {
  const proxies = textsOf(entry, 'proxyAddresses')
    .filter((address) => /^smtp:/i.test(address))
    .toSorted((a, b) => Number(b.startsWith('SMTP:')) - Number(a.startsWith('SMTP:')))
    .map((address) => address.slice(5).toLowerCase());
  const others = textsOf(entry, 'otherMailbox').map((address) => address.toLowerCase());
  return [...new Set([...(mail === null ? [] : [mail]), ...proxies, ...others])];
};

const externalIds = (
  entry: LdapEntry,
  sid: string,
  { dnsName, netbiosName }: Forest,
  sam: string | null,
  upn: string | null,
): readonly string[] => {
  const guid = guidOf(entry);
  const anchor = firstOf(entry, 'mS-DS-ConsistencyGuid') ?? (guid === null ? null : guidBytes(guid));
  const domains = [dnsName, ...(netbiosName === null ? [] : [netbiosName.toLowerCase()])];
  return [
    `sid:${sid}`,
    ...(guid === null ? [] : [`guid:${guid}`]),
    ...(anchor ? [`immutable-id:${toBase64(anchor)}`] : []),
    ...(sam === null ? [] : domains.map((domain) => `ad:${domain}\\${sam.toLowerCase()}`)),
    ...(upn === null ? [] : [`upn:${upn.toLowerCase()}`]),
  ];
};

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const latest = (a: Date | null, b: Date | null): Date | null => (a && b ? (a > b ? a : b) : (a ?? b));
