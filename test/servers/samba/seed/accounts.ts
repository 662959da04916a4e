import { type Attributes, addEntry, passwordValue } from './ldif.ts';
import { controller, dnsDomain, domainSid, fileTime, formerDomainSid, password, sidOf, uac, units } from './names.ts';
import { daysBefore } from './people.ts';

/** An account with a part to play; its comment says which. */
export interface SeededAccount {
  readonly rid: number;
  readonly name: string;
  readonly unit: string;
  readonly passwordAgeDays: number;
  /** Bits of userAccountControl beside that of an ordinary user. */
  readonly flags?: number;
  readonly attributes?: Attributes;
  /** With the seed's password; the others have none that anybody knows. */
  readonly signsIn?: true;
}

const { tier0, serviceAccounts } = units;
const asUsual = { unit: serviceAccounts, passwordAgeDays: 20 };

export const accounts = {
  /** Domain Users only, and may read deleted objects. */
  reader: { ...asUsual, rid: 10_001, name: 'svc-gatehouse', passwordAgeDays: 0, signsIn: true },
  /** Domain Users only. */
  plainReader: { ...asUsual, rid: 10_002, name: 'svc-directory', passwordAgeDays: 0, signsIn: true },

  /** A domain administrator as one should be: not delegated, in Protected Users. */
  guardedAdmin: { unit: tier0, passwordAgeDays: 30, rid: 10_010, name: 'adm-hale', flags: uac.notDelegated },
  /** A domain administrator whose sign-in can be delegated, with a password that never expires. */
  delegableAdmin: { unit: tier0, passwordAgeDays: 400, rid: 10_011, name: 'adm-berg', flags: uac.neverExpires },
  /** A domain administrator that certificates of anyone with the right subject or mail open (ESC14). */
  mappedAdmin: {
    unit: tier0,
    passwordAgeDays: 60,
    rid: 10_012,
    name: 'adm-moreau',
    attributes: {
      altSecurityIdentities: [
        'X509:<RFC822>adm-moreau@corp.example',
        'X509:<I>DC=example,DC=corp,CN=Corp Issuing CA 1<S>CN=adm-moreau',
      ],
    },
  },
  /** Mapped by issuer and serial number: strong, nothing to find. */
  strongMappedAdmin: {
    unit: tier0,
    passwordAgeDays: 60,
    rid: 10_013,
    name: 'adm-singh',
    flags: uac.notDelegated,
    attributes: { altSecurityIdentities: 'X509:<I>DC=example,DC=corp,CN=Corp Issuing CA 1<SR>1a2b3c4d5e6f' },
  },
  /** A domain administrator with two keys of no registered device. */
  shadowedAdmin: { unit: tier0, passwordAgeDays: 60, rid: 10_014, name: 'adm-novak', flags: uac.notDelegated },
  /** Disabled, and a domain administrator still. */
  disabledAdmin: { unit: units.disabled, passwordAgeDays: 800, rid: 10_015, name: 'adm-quinn', flags: uac.disabled },

  /** Kerberoastable and, through three groups, a domain administrator. */
  kerberoastableAdmin: {
    ...asUsual,
    rid: 10_020,
    name: 'svc-backup',
    passwordAgeDays: 900,
    attributes: { servicePrincipalName: 'backup/backup1.corp.example' },
    signsIn: true,
  },
  kerberoastable: {
    ...asUsual,
    rid: 10_021,
    name: 'svc-sql',
    passwordAgeDays: 500,
    attributes: {
      servicePrincipalName: ['MSSQLSvc/sql1.corp.example:1433', 'MSSQLSvc/sql1.corp.example'],
      'msDS-SupportedEncryptionTypes': 4,
    },
    signsIn: true,
  },
  asRepRoastable: { ...asUsual, rid: 10_022, name: 'svc-scanner', flags: uac.noPreauthentication, signsIn: true },
  /** In Backup Operators. */
  asRepRoastableOperator: { ...asUsual, rid: 10_023, name: 'svc-monitor', flags: uac.noPreauthentication },

  unconstrained: {
    ...asUsual,
    rid: 10_030,
    name: 'svc-intranet',
    flags: uac.trustedForDelegation,
    attributes: { servicePrincipalName: 'HTTP/intranet.corp.example' },
  },
  constrained: {
    ...asUsual,
    rid: 10_031,
    name: 'svc-portal',
    attributes: {
      servicePrincipalName: 'HTTP/portal.corp.example',
      'msDS-AllowedToDelegateTo': ['cifs/files1.corp.example', 'cifs/FILES1'],
    },
  },
  /** Constrained, but to the controller and for anybody (protocol transition). */
  constrainedToController: {
    ...asUsual,
    rid: 10_032,
    name: 'svc-report',
    flags: uac.trustedToAuthenticate,
    attributes: {
      servicePrincipalName: 'HTTP/report.corp.example',
      'msDS-AllowedToDelegateTo': [`ldap/${controller}`, `ldap/${controller}/${dnsDomain}`],
    },
  },
  /** Constrained to a name that no object has. */
  ghostTarget: {
    ...asUsual,
    rid: 10_033,
    name: 'svc-archive',
    attributes: {
      servicePrincipalName: 'HTTP/archive.corp.example',
      'msDS-AllowedToDelegateTo': 'HOST/retired7.corp.example',
    },
  },

  neverExpires: { ...asUsual, rid: 10_040, name: 'svc-print', flags: uac.neverExpires, passwordAgeDays: 1_600 },
  reversible: { ...asUsual, rid: 10_041, name: 'svc-radius', flags: uac.reversible },
  desOnly: { ...asUsual, rid: 10_042, name: 'svc-sap', flags: uac.desOnly },
  passwordNotRequired: { ...asUsual, rid: 10_043, name: 'svc-kiosk', flags: uac.passwordNotRequired },

  /** Administrators of a former and of the own domain, by SID history. */
  historyOfFormerAdmins: {
    ...asUsual,
    rid: 10_050,
    name: 'migrated.admin',
    attributes: { sIDHistory: [`${formerDomainSid}-512`, `${formerDomainSid}-1187`] },
  },
  historyOfOwnDomain: {
    ...asUsual,
    rid: 10_051,
    name: 'migrated.shadow',
    attributes: { sIDHistory: `${domainSid}-519` },
  },
  /** As migrations leave it: nothing to find. */
  harmlessHistory: {
    ...asUsual,
    rid: 10_052,
    name: 'migrated.clerk',
    attributes: { sIDHistory: `${formerDomainSid}-2214` },
  },
  /** Was an operator once. */
  adminCountLeftover: { ...asUsual, rid: 10_053, name: 'former.operator', attributes: { adminCount: 1 } },

  /** May replicate every password, and is no controller. */
  dcSync: { ...asUsual, rid: 10_060, name: 'svc-dirsync', passwordAgeDays: 700 },
  /** May replicate, but no passwords. */
  changesOnly: { ...asUsual, rid: 10_061, name: 'svc-addressbook' },
  /** May write AdminSDHolder. */
  sdHolderWriter: { ...asUsual, rid: 10_062, name: 'svc-provision' },
  /** Its names may be written by the help desk (the victim of ESC9), its key credentials too. */
  writableNames: { ...asUsual, rid: 10_063, name: 'svc-mailbox' },

  /** A member of the help desk, of no other group. */
  clerk: { unit: units.contractors, passwordAgeDays: 5, rid: 10_070, name: 'clerk.keller', signsIn: true },
  /** Whose password and groups `makeActivity` changes. */
  subject: { unit: units.contractors, passwordAgeDays: 5, rid: 10_071, name: 'temp.olsen', signsIn: true },
} as const satisfies Readonly<Record<string, SeededAccount>>;

export const dnOf = ({ name, unit }: Pick<SeededAccount, 'name' | 'unit'>): string => `CN=${name},${unit}`;

export const accountEntries = (now: Date): string =>
  Object.values<SeededAccount>(accounts)
    .map((account) =>
      addEntry(dnOf(account), {
        objectClass: 'user',
        objectSid: sidOf(account.rid),
        sAMAccountName: account.name,
        userPrincipalName: `${account.name}@${dnsDomain}`,
        displayName: account.name,
        userAccountControl: uac.normal | (account.flags ?? 0),
        pwdLastSet: fileTime(daysBefore(now, account.passwordAgeDays)),
        lastLogonTimestamp: fileTime(daysBefore(now, 3)),
        ...account.attributes,
        ...(account.signsIn ? { unicodePwd: passwordValue(password) } : {}),
      }),
    )
    .join('');
