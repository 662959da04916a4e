import { accounts } from './accounts.ts';
import { groupDn, groups } from './groups.ts';
import { type Attributes, addEntry, addValues, replaceValues } from './ldif.ts';
import { base, dnsDomain, fileTime, sidOf, uac, units } from './names.ts';
import { daysBefore } from './people.ts';

const ridsOfComputers = 12_000;
const workstationCount = 35;

/** Servers, in the order of their RIDs; those with a part to play have a comment. */
const serverNames = [
  'ca1', // The issuing authority of the domain
  'ca2', // An authority that the domain does not trust for sign-in
  'files1',
  'files2',
  'web1', // May act for anybody on the controller
  'web2',
  'app1', // Anybody may be impersonated on it by svc-portal
  'app2',
  'sql1',
  'sql2',
  'print1', // Unconstrained delegation
  'backup1',
  'sync1',
  'mail1',
  'mail2',
  'proxy1',
  'wiki1',
  'build1',
  'build2',
  'monitor1',
  'vpn1',
  'radius1',
  'legacy1', // Out of support for years
  'test1',
  'test2',
] as const;
export type ServerName = (typeof serverNames)[number];

export const serverDn = (name: ServerName): string => `CN=${name.toUpperCase()},${units.servers}`;
export const serverRid = (name: ServerName): number => ridsOfComputers + serverNames.indexOf(name);
export const workstationDn = (number: number): string =>
  `CN=WS${String(number).padStart(3, '0')},${units.workstations}`;
export const controllerDn = `CN=DC1,OU=Domain Controllers,${base}`;

/** Group and standalone managed service accounts, by sAMAccountName. */
export const managedAccounts = { web: 'gmsa-web$', task: 'gmsa-task$', standalone: 'smsa-scan$' } as const;

export const computerEntries = (now: Date): string =>
  [
    ...serverNames.map((name, index) =>
      computer(serverDn(name), name, serverRid(name), now, {
        ...(name === 'legacy1'
          ? { operatingSystem: 'Windows Server 2008 R2 Standard', operatingSystemVersion: '6.1 (7601)' }
          : { operatingSystem: 'Windows Server 2022 Standard', operatingSystemVersion: '10.0 (20348)' }),
        userAccountControl: uac.workstation | (name === 'print1' ? uac.trustedForDelegation : 0),
        ...(name === 'app1'
          ? { 'msDS-AllowedToActOnBehalfOfOtherIdentity': actingFor(sidOf(accounts.constrained.rid)) }
          : {}),
        // Windows LAPS on the first twenty; the others have none.
        ...(index < 20
          ? {
              'msLAPS-PasswordExpirationTime': fileTime(daysBefore(now, -20)),
              'msLAPS-Password': JSON.stringify({ n: 'Administrator', t: '1db2c5a1f0e4c80', p: `laps-${name}-8Qf!` }),
            }
          : {}),
      }),
    ),
    ...Array.from({ length: workstationCount }, (_, index) => {
      const number = index + 1;
      return computer(workstationDn(number), `ws${String(number).padStart(3, '0')}`, 12_100 + index, now, {
        ...(number > 32
          ? { operatingSystem: 'Windows 7 Professional', operatingSystemVersion: '6.1 (7601)' }
          : { operatingSystem: 'Windows 11 Enterprise', operatingSystemVersion: '10.0 (22631)' }),
        userAccountControl: uac.workstation,
        // The legacy LAPS on the first thirty.
        ...(number <= 30
          ? {
              'ms-Mcs-AdmPwdExpirationTime': fileTime(daysBefore(now, number - 20)),
              'ms-Mcs-AdmPwd': `legacy-laps-${number}-7Zk`,
            }
          : {}),
      });
    }),
    // The computer account that seamless single sign-on of Entra ID leaves, with keys that nobody rolled.
    addEntry(`CN=AZUREADSSOACC,${units.servers}`, {
      objectClass: 'computer',
      objectSid: sidOf(12_200),
      sAMAccountName: 'AZUREADSSOACC$',
      servicePrincipalName: ['HOST/aadg.windows.net.nsatc.net', 'HOST/autologon.microsoftazuread-sso.com'],
      userAccountControl: uac.workstation,
      pwdLastSet: fileTime(daysBefore(now, 700)),
    }),
    managed('gmsa-web', 12_300, 'msDS-GroupManagedServiceAccount', {
      servicePrincipalName: 'HTTP/shop.corp.example',
      'msDS-ManagedPasswordInterval': 30,
      'msDS-GroupMSAMembership': actingFor(sidOf(groups.webServers.rid)),
    }),
    // Readable by every computer of the domain, where one was meant.
    managed('gmsa-task', 12_301, 'msDS-GroupManagedServiceAccount', {
      'msDS-ManagedPasswordInterval': 30,
      'msDS-GroupMSAMembership': actingFor(sidOf(515)),
    }),
    managed('smsa-scan', 12_302, 'msDS-ManagedServiceAccount', {}),
  ].join('');

/** What needs all of them to be there. */
export const computerLinks = (): string =>
  [
    addValues(groupDn(groups.webServers.name), { member: [serverDn('web1'), serverDn('web2')] }),
    addValues(serverDn('monitor1'), { 'msDS-HostServiceAccount': managedDn('smsa-scan') }),
    replaceValues(controllerDn, {
      'msDS-AllowedToActOnBehalfOfOtherIdentity': actingFor(sidOf(serverRid('web1'))),
    }),
  ].join('');

const managedDn = (name: string) => `CN=${name},CN=Managed Service Accounts,${base}`;

/** A descriptor that lets one principal act, in the form that both attributes use. */
const actingFor = (sid: string): string => `O:BAD:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;${sid})`;

const computer = (dn: string, name: string, rid: number, now: Date, more: Attributes): string =>
  addEntry(dn, {
    objectClass: 'computer',
    objectSid: sidOf(rid),
    sAMAccountName: `${name.toUpperCase()}$`,
    dNSHostName: `${name}.${dnsDomain}`,
    servicePrincipalName: [
      `HOST/${name.toUpperCase()}`,
      `HOST/${name}.${dnsDomain}`,
      `RestrictedKrbHost/${name}.${dnsDomain}`,
    ],
    'msDS-SupportedEncryptionTypes': 28,
    pwdLastSet: fileTime(daysBefore(now, rid % 30)),
    lastLogonTimestamp: fileTime(daysBefore(now, rid % 14)),
    ...more,
  });

const managed = (name: string, rid: number, objectClass: string, more: Attributes): string =>
  addEntry(managedDn(name), {
    objectClass,
    objectSid: sidOf(rid),
    sAMAccountName: `${name}$`,
    dNSHostName: `${name}.${dnsDomain}`,
    userAccountControl: uac.workstation,
    ...more,
  });
