import { X509Certificate } from 'node:crypto';
import { createAuthority, createDirectory, type Directory, type Given, makeDescriptor } from '../fake/index.ts';
import { sidBytes } from '../sid.ts';

export const dn = 'DC=corp,DC=example';
const configuration = `CN=Configuration,${dn}`;
export const publicKeyServices = `CN=Public Key Services,CN=Services,${configuration}`;
export const passwordSettings = `CN=Password Settings Container,CN=System,${dn}`;
export const deletedObjects = `CN=Deleted Objects,${dn}`;
const domainSid = 'S-1-5-21-1-2-3';
export const sid = (rid: number) => `${domainSid}-${rid}`;
const bytes = (text: string) => Buffer.from(sidBytes(text) ?? []);

/** Machines with a registry: enough for several pages of them. */
export const controllers = ['dc1', 'dc2', 'dc3', 'dc4', 'dc5'];
export const enrolmentServer = 'ca.corp.example';
export const policies = [
  ['{31B2F340-016D-11D2-945F-00C04FB984F9}', 'Default Domain Policy'],
  ['{6AC1786C-016F-11D2-945F-00C04FB984F9}', 'Default Domain Controllers Policy'],
] as const;
/** Readable by whoever may read it; nobody ever asks for it. */
export const localPassword = 'LAPS-3fQ!vv81-of-a-workstation';

const authority = Buffer.from(new X509Certificate(createAuthority('CORP-CA').certificate).raw);
const descriptor = makeDescriptor(sid(512), [
  { trustee: sid(1_110), mask: 0x4_0000 },
  { trustee: sid(1_101), mask: 0x100, objectType: '00299570-246d-11d0-a768-00aa006e0529' },
]);

/** A domain with several of everything that the connector reads, all of it readable. */
export const wholeDomain = (): Directory => {
  const directory = createDirectory('corp.example');
  const add = (name: string, classes: readonly string[], more: Readonly<Record<string, Given>> = {}) =>
    directory.add(name, { objectClass: ['top', ...classes], nTSecurityDescriptor: descriptor, ...more });
  directory.change(dn, {
    ...{ objectSid: bytes(domainSid), objectCategory: 'CN=Domain-DNS', nTSecurityDescriptor: descriptor },
    ...{ 'ms-DS-MachineAccountQuota': '10', minPwdLength: '8' },
  });
  directory.change(deletedObjects, { nTSecurityDescriptor: descriptor });
  let above = configuration;
  for (const name of ['CN=Sites', 'CN=Site', 'CN=Servers', 'CN=DC1', 'CN=NTDS Settings']) {
    above = `${name},${above}`;
    add(above, ['container'], { invocationId: Buffer.from('0123456789abcdef') });
  }
  add(`CN=Extended-Rights,${configuration}`, ['container']);
  for (const name of ['People', 'Machines']) add(`OU=${name},${dn}`, ['organizationalUnit']);
  addAccounts(add);
  addSystem(add);
  addCertificateServices(add);
  for (const rid of [1_190, 1_191]) {
    addPerson(add, rid);
    directory.remove(personDn(rid));
  }
  return directory;
};

type Add = (name: string, classes: readonly string[], more?: Readonly<Record<string, Given>>) => void;

const personDn = (rid: number) => `CN=Person ${rid},OU=People,${dn}`;
const addPerson = (add: Add, rid: number) =>
  add(personDn(rid), ['person', 'organizationalPerson', 'user'], {
    ...{ objectCategory: 'CN=Person', objectSid: bytes(sid(rid)), sAMAccountName: `person${rid}` },
    ...{ userAccountControl: '512', primaryGroupID: '513', displayName: `Person ${rid}`, department: 'Quay' },
  });

/** More people, until there are so many. */
export const growPeople = (directory: Directory, count: number): void => {
  const add: Add = (name, classes, more) =>
    directory.add(name, { objectClass: ['top', ...classes], nTSecurityDescriptor: descriptor, ...more });
  for (let at = 0; at < count; at++) if (!directory.find(personDn(10_000 + at))) addPerson(add, 10_000 + at);
};

const addAccounts = (add: Add) => {
  for (const rid of [1_101, 1_102, 1_103, 1_104, 1_105]) addPerson(add, rid);
  const computer = (name: string, rid: number, control: string, more: Readonly<Record<string, Given>> = {}) =>
    add(`CN=${name.toUpperCase()},OU=Machines,${dn}`, ['person', 'organizationalPerson', 'user', 'computer'], {
      ...{ objectCategory: 'CN=Computer', objectSid: bytes(sid(rid)), sAMAccountName: `${name.toUpperCase()}$` },
      ...{ userAccountControl: control, primaryGroupID: '516', dNSHostName: `${name}.corp.example`, ...more },
    });
  for (const [at, name] of controllers.entries()) computer(name, 1_000 + at, '532480');
  computer('ws1', 1_050, '4096', {
    'ms-Mcs-AdmPwd': localPassword,
    'ms-Mcs-AdmPwdExpirationTime': '133000000000000000',
  });
  for (const rid of [1_060, 1_061, 1_062]) {
    add(`CN=svc ${rid},OU=Machines,${dn}`, ['person', 'user', 'computer', 'msDS-GroupManagedServiceAccount'], {
      ...{ objectCategory: 'CN=ms-DS-Group-Managed-Service-Account', objectSid: bytes(sid(rid)) },
      ...{ sAMAccountName: `svc${rid}$`, userAccountControl: '4096', primaryGroupID: '515' },
    });
  }
  const group = (rid: number, name: string, member: readonly string[]) =>
    add(`CN=${name},OU=People,${dn}`, ['group'], {
      ...{ objectCategory: 'CN=Group', objectSid: bytes(sid(rid)), sAMAccountName: name, groupType: '-2147483646' },
      member: [...member],
    });
  group(512, 'Domain Admins', [personDn(1_101)]);
  group(513, 'Domain Users', []);
  group(1_110, 'Crew', [1_101, 1_102, 1_103, 1_104].map(personDn));
  group(1_111, 'Watch', [personDn(1_105), `CN=Crew,OU=People,${dn}`]);
};

const addSystem = (add: Add) => {
  add(`CN=System,${dn}`, ['container']);
  add(`CN=Policies,CN=System,${dn}`, ['container']);
  for (const [policy, displayName] of policies)
    add(`CN=${policy},CN=Policies,CN=System,${dn}`, ['container', 'groupPolicyContainer'], { displayName, flags: '0' });
  for (const partner of ['north.example', 'south.example', 'west.example'])
    add(`CN=${partner},CN=System,${dn}`, ['leaf', 'trustedDomain'], {
      ...{ trustPartner: partner, trustDirection: '2', trustType: '2', trustAttributes: '8' },
    });
  add(passwordSettings, ['msDS-PasswordSettingsContainer']);
  for (const name of ['Administrators', 'Services', 'Visitors'])
    add(`CN=${name},${passwordSettings}`, ['msDS-PasswordSettings'], {
      ...{ 'msDS-PasswordSettingsPrecedence': '10', 'msDS-MinimumPasswordLength': '20' },
    });
};

const addCertificateServices = (add: Add) => {
  add(`CN=Services,${configuration}`, ['container']);
  add(publicKeyServices, ['container']);
  for (const name of ['Certificate Templates', 'Enrollment Services', 'Certification Authorities', 'OID'])
    add(`CN=${name},${publicKeyServices}`, ['container']);
  add(`CN=NTAuthCertificates,${publicKeyServices}`, ['certificationAuthority'], { cACertificate: authority });
  add(`CN=CORP-CA,CN=Certification Authorities,${publicKeyServices}`, ['certificationAuthority'], {
    cACertificate: authority,
  });
  for (const name of ['User', 'Machine', 'WebServer'])
    add(`CN=${name},CN=Certificate Templates,${publicKeyServices}`, ['pKICertificateTemplate'], {
      ...{ displayName: name, 'msPKI-Certificate-Name-Flag': '1', 'msPKI-Enrollment-Flag': '0' },
      pKIExtendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
    });
  add(`CN=CORP-CA,CN=Enrollment Services,${publicKeyServices}`, ['pKIEnrollmentService'], {
    ...{ dNSHostName: enrolmentServer, certificateTemplates: ['User', 'WebServer'], cACertificate: authority },
  });
  for (const at of [1, 2, 3])
    add(`CN=${at}.1F,CN=OID,${publicKeyServices}`, ['msPKI-Enterprise-Oid'], {
      ...{ displayName: `Assurance ${at}`, 'msPKI-Cert-Template-OID': `1.3.6.1.4.1.311.21.8.${at}` },
    });
};
