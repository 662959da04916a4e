import { createCipheriv } from 'node:crypto';
import { accounts, dnOf } from './accounts.ts';
import { groupDn, groups } from './groups.ts';
import { addEntry, replaceValues } from './ldif.ts';
import { base, dnsDomain, sidOf, span, units } from './names.ts';

export const policies = {
  defaultDomain: { id: '{31B2F340-016D-11D2-945F-00C04FB984F9}', name: 'Default Domain Policy' },
  defaultControllers: { id: '{6AC1786C-016F-11D2-945F-00C04FB984F9}', name: 'Default Domain Controllers Policy' },
  /** Linked to the domain controllers, and writable by Policy Editors. */
  controllerHardening: { id: '{3F6C1C52-97B7-4B3C-9A0E-2D1A54C0E701}', name: 'Domain Controller Hardening' },
  /** Sets a local password that everybody can read (MS14-025). */
  localAdministrator: { id: '{5A0D8E13-4C62-4D0F-8E57-7B2F19A3C802}', name: 'Local Administrator' },
  serverBaseline: { id: '{7B1E9F24-5D73-4E1A-9F68-8C3A2AB4D903}', name: 'Server Baseline' },
  /** A link that is switched off. */
  pilot: { id: '{8C2FA035-6E84-4F2B-A079-9D4B3BC5EA04}', name: 'Pilot' },
} as const;

export const policyDn = (id: string): string => `CN=${id},CN=Policies,CN=System,${base}`;
/** The password inside Groups.xml, in clear, for a test that decrypts it. */
export const cpasswordClear = 'Local*P4ssword!';

/** Fine-grained password policies: who has what, MS-ADTS 3.1.1.5.2.2 and 6.1.1.4.11.1. */
const passwordSettings = [
  {
    name: 'Administrators',
    precedence: 10,
    length: 20,
    maxDays: 90,
    lockout: 5,
    reversible: false,
    to: `CN=Domain Admins,CN=Users,${base}`,
  },
  {
    name: 'Service accounts',
    precedence: 20,
    length: 30,
    maxDays: 365,
    lockout: 0,
    reversible: false,
    to: groupDn(groups.backupTeam.name),
  },
  // Weaker than the domain's: short, without lockout, kept so that it can be read back.
  {
    name: 'Kiosk',
    precedence: 30,
    length: 4,
    maxDays: 0,
    lockout: 0,
    reversible: true,
    to: dnOf(accounts.passwordNotRequired),
  },
] as const;

export const policyEntries = (): string =>
  [
    ...added.map(({ id, name }) => policyContainer(id, name)),
    link(`OU=Domain Controllers,${base}`, [
      [policies.controllerHardening.id, 0],
      [policies.defaultControllers.id, 0],
    ]),
    link(units.servers, [[policies.serverBaseline.id, enforced]]),
    link(units.workstations, [
      [policies.localAdministrator.id, 0],
      [policies.pilot.id, disabled],
    ]),
    // Inheritance blocked: what the domain says does not reach Tier 0, unless it is enforced.
    replaceValues(units.tier0, { gPOptions: 1 }),
    ...passwordSettings.map(({ name, precedence, length, maxDays, lockout, reversible, to }) =>
      addEntry(`CN=${name},CN=Password Settings Container,CN=System,${base}`, {
        objectClass: 'msDS-PasswordSettings',
        'msDS-PasswordSettingsPrecedence': precedence,
        'msDS-PasswordReversibleEncryptionEnabled': reversible ? 'TRUE' : 'FALSE',
        'msDS-PasswordHistoryLength': 12,
        'msDS-PasswordComplexityEnabled': length > 4 ? 'TRUE' : 'FALSE',
        'msDS-MinimumPasswordLength': length,
        'msDS-MinimumPasswordAge': span(0),
        'msDS-MaximumPasswordAge': maxDays === 0 ? never : span(maxDays),
        'msDS-LockoutThreshold': lockout,
        'msDS-LockoutObservationWindow': '-18000000000',
        'msDS-LockoutDuration': '-18000000000',
        'msDS-PSOAppliesTo': to,
      }),
    ),
    // Zero days between changes, so that a test may change its own password.
    replaceValues(base, { minPwdAge: '0', 'ms-DS-MachineAccountQuota': 10 }),
  ].join('');

/** What SYSVOL holds, by path below `Policies`. */
export const policyFiles = (): ReadonlyMap<string, Buffer> =>
  new Map([
    ...added.map(({ id }) => file(`${id}/GPT.INI`, Buffer.from('[General]\r\nVersion=3\r\ndisplayName=Policy\r\n'))),
    file(`${policies.defaultDomain.id}/MACHINE/${security}`, inf({ 'System Access': domainAccess })),
    file(
      `${policies.defaultControllers.id}/MACHINE/${security}`,
      inf({ 'Privilege Rights': { ...controllerRights, SeMachineAccountPrivilege: '*S-1-5-11' } }),
    ),
    file(
      `${policies.controllerHardening.id}/MACHINE/${security}`,
      inf({
        'Privilege Rights': {
          SeBackupPrivilege: `*S-1-5-32-544,*${sidOf(groups.backupTeam.rid)}`,
          SeEnableDelegationPrivilege: `*S-1-5-32-544,*${sidOf(groups.policyEditors.rid)}`,
        },
        'Registry Values': {
          // LDAP signing asked for, not demanded; SMB signing not demanded; NTLMv1 allowed.
          'MACHINE\\System\\CurrentControlSet\\Services\\NTDS\\Parameters\\LDAPServerIntegrity': '4,1',
          'MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\RequireSecuritySignature': '4,0',
          'MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\LmCompatibilityLevel': '4,2',
        },
      }),
    ),
    file(
      `${policies.serverBaseline.id}/MACHINE/${security}`,
      inf({ 'Group Membership': { '*S-1-5-32-544__Members': `*${sidOf(512)},*${sidOf(groups.infrastructure.rid)}` } }),
    ),
    file(`${policies.localAdministrator.id}/MACHINE/Preferences/Groups/Groups.xml`, Buffer.from(groupsXml())),
  ]);

const added = [policies.controllerHardening, policies.localAdministrator, policies.serverBaseline, policies.pilot];
const security = 'Microsoft/Windows NT/SecEdit/GptTmpl.inf';
const never = '-9223372036854775808';
/** The options of a link, MS-GPOL 2.2.2. */
const disabled = 1;
const enforced = 2;

const domainAccess = {
  MinimumPasswordAge: '0',
  MaximumPasswordAge: '42',
  MinimumPasswordLength: '7',
  PasswordComplexity: '1',
  PasswordHistorySize: '24',
  LockoutBadCount: '0',
  ClearTextPassword: '0',
};
const controllerRights = {
  SeDebugPrivilege: '*S-1-5-32-544',
  SeRemoteInteractiveLogonRight: `*S-1-5-32-544,*${sidOf(groups.helpDesk.rid)}`,
  SeLoadDriverPrivilege: '*S-1-5-32-544,*S-1-5-32-550',
};

const policyContainer = (id: string, displayName: string): string =>
  [
    addEntry(policyDn(id), {
      objectClass: 'groupPolicyContainer',
      displayName,
      gPCFileSysPath: `\\\\${dnsDomain}\\sysvol\\${dnsDomain}\\Policies\\${id}`,
      gPCFunctionalityVersion: 2,
      flags: 0,
      versionNumber: 3,
      gPCMachineExtensionNames: '[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]',
    }),
    addEntry(`CN=Machine,${policyDn(id)}`, { objectClass: 'container' }),
    addEntry(`CN=User,${policyDn(id)}`, { objectClass: 'container' }),
  ].join('');

const link = (dn: string, links: readonly (readonly [string, number])[]): string =>
  replaceValues(dn, { gPLink: links.map(([id, options]) => `[LDAP://${policyDn(id)};${options}]`).join('') });

const file = (path: string, content: Buffer): [string, Buffer] => [path, content];

/** A security template as the editor saves it: UTF-16 with its mark. */
const inf = (sections: Readonly<Record<string, Readonly<Record<string, string>>>>): Buffer => {
  const text = [
    '[Unicode]',
    'Unicode=yes',
    '[Version]',
    'signature="$CHICAGO$"',
    'Revision=1',
    ...Object.entries(sections).flatMap(([name, values]) => [
      `[${name}]`,
      ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
    ]),
    '',
  ].join('\r\n');
  return Buffer.from(`\ufeff${text}`, 'utf16le');
};

const groupsXml = (): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<Groups clsid="{3125E937-EB16-4b4c-9934-544FC6D24D26}"><User clsid="{DF5F1855-51E5-4d24-8B1A-D9BDE98BA1D1}" name="Administrator (built-in)" image="2" changed="2019-03-11 09:20:14" uid="{0B3D4E5F-6071-4283-94A5-B6C7D8E9FA0B}"><Properties action="U" newName="" fullName="" description="" cpassword="${cpassword()}" changeLogon="0" noChange="0" neverExpires="1" acctDisabled="0" subAuthority="RID_ADMIN" userName="Administrator (built-in)"/></User></Groups>
`;

/** With the key that MS-GPPREF 2.2.1.1.4 publishes, which is the fault. */
const cpassword = (): string => {
  const key = Buffer.from('4e9906e8fcb66cc9faf49310620ffee8f496e806cc057990209b09a433b66c1b', 'hex');
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
  const sealed = Buffer.concat([cipher.update(Buffer.from(cpasswordClear, 'utf16le')), cipher.final()]);
  return sealed.toString('base64').replace(/=+$/, '');
};
