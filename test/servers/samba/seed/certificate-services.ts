import { groupDn, groups } from './groups.ts';
import { addEntry, addValues } from './ldif.ts';
import { dnsDomain, guids, publicKeyServices } from './names.ts';
import { issuancePolicies, type Template, templateOid, templates } from './templates.ts';

/** The certificates of the authorities, DER. The first is in NTAuth, the second only a root that nobody trusts for sign-in. */
export interface AuthorityCertificates {
  readonly root: Buffer;
  readonly issuing: Buffer;
  readonly legacy: Buffer;
}

export const enrolmentServices = ['Corp Issuing CA 1', 'Corp Legacy CA'] as const;
export const enrolmentServiceDn = (name: (typeof enrolmentServices)[number]): string =>
  `CN=${name},CN=Enrollment Services,${publicKeyServices}`;
export const templateDn = (name: string): string => `CN=${name},CN=Certificate Templates,${publicKeyServices}`;

export const certificateServiceEntries = ({ root, issuing, legacy }: AuthorityCertificates): string =>
  [
    authority(`CN=NTAuthCertificates,${publicKeyServices}`, issuing),
    authority(`CN=Corp Root CA,CN=Certification Authorities,${publicKeyServices}`, root),
    authority(`CN=Corp Legacy CA,CN=Certification Authorities,${publicKeyServices}`, legacy),
    authority(`CN=Corp Issuing CA 1,CN=AIA,${publicKeyServices}`, issuing),
    ...issuancePolicies.map(({ cn, oid, name }) =>
      addEntry(`CN=${cn},CN=OID,${publicKeyServices}`, {
        objectClass: 'msPKI-Enterprise-Oid',
        displayName: name,
        flags: 2,
        'msPKI-Cert-Template-OID': oid,
      }),
    ),
    ...templates.map(templateEntry),
    ...templates.map((template, index) =>
      addEntry(`CN=${index + 1}.${template.name},CN=OID,${publicKeyServices}`, {
        objectClass: 'msPKI-Enterprise-Oid',
        displayName: template.displayName ?? template.name,
        flags: 1,
        'msPKI-Cert-Template-OID': templateOid(index),
      }),
    ),
    enrolmentEntry(
      'Corp Issuing CA 1',
      `ca1.${dnsDomain}`,
      issuing,
      templates.filter(({ published }) => published !== 'nowhere'),
    ),
    enrolmentEntry(
      'Corp Legacy CA',
      `ca2.${dnsDomain}`,
      legacy,
      templates.filter(({ published }) => published === 'both'),
    ),
    addValues(`CN=${issuancePolicies[0].cn},CN=OID,${publicKeyServices}`, {
      'msDS-OIDToGroupLink': groupDn(groups.smartcardAdmins.name),
    }),
  ].join('');

const authority = (dn: string, certificate: Buffer): string =>
  addEntry(dn, {
    objectClass: 'certificationAuthority',
    cACertificate: certificate,
    // Compulsory, and empty where an authority publishes its lists elsewhere.
    authorityRevocationList: Buffer.from([0]),
    certificateRevocationList: Buffer.from([0]),
  });

const enrolmentEntry = (
  name: (typeof enrolmentServices)[number],
  host: string,
  certificate: Buffer,
  published: readonly Template[],
): string =>
  addEntry(enrolmentServiceDn(name), {
    objectClass: 'pKIEnrollmentService',
    displayName: name,
    dNSHostName: host,
    flags: 10,
    cACertificate: certificate,
    cACertificateDN: `CN=${name},DC=corp,DC=example`,
    certificateTemplates: published.map((template) => template.name),
    // Language, authentication, renewal only, address, priority: Kerberos over HTTPS.
    'msPKI-Enrollment-Servers': `1\n2\n0\nhttps://${host}/${name.replaceAll(' ', '%20')}_CES_Kerberos/service.svc/CES\n0`,
    nTSecurityDescriptor: `O:EAG:EAD:(OA;;CR;${guids.enroll};;AU)(A;;LCRPLORC;;;AU)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;EA)`,
  });

const templateEntry = (template: Template, index: number): string => {
  const { extendedKeyUsage, schemaVersion = 2, signatures = 0 } = template;
  const modern = schemaVersion > 1;
  return addEntry(templateDn(template.name), {
    objectClass: 'pKICertificateTemplate',
    displayName: template.displayName ?? template.name,
    flags: 131_680,
    revision: 100,
    pKIDefaultKeySpec: 1,
    pKIMaxIssuingDepth: 0,
    pKIKeyUsage: Buffer.from([0xa0, 0x00]),
    pKICriticalExtensions: '2.5.29.15',
    pKIExpirationPeriod: period(365),
    pKIOverlapPeriod: period(42),
    pKIDefaultCSPs: '1,Microsoft RSA SChannel Cryptographic Provider',
    'msPKI-RA-Signature': signatures,
    'msPKI-Enrollment-Flag': template.enrollmentFlag ?? 0,
    'msPKI-Private-Key-Flag': 16,
    'msPKI-Certificate-Name-Flag': template.nameFlag ?? subjectFromDirectory,
    'msPKI-Minimal-Key-Size': 2048,
    'msPKI-Template-Schema-Version': schemaVersion,
    'msPKI-Template-Minor-Revision': 1,
    'msPKI-Cert-Template-OID': templateOid(index),
    ...(extendedKeyUsage.length > 0 ? { pKIExtendedKeyUsage: extendedKeyUsage } : {}),
    ...(modern && extendedKeyUsage.length > 0 ? { 'msPKI-Certificate-Application-Policy': extendedKeyUsage } : {}),
    ...(template.signaturePolicy ? { 'msPKI-RA-Application-Policies': template.signaturePolicy } : {}),
    ...(template.issuancePolicy ? { 'msPKI-Certificate-Policy': template.issuancePolicy } : {}),
    nTSecurityDescriptor: [
      'O:EAG:EAD:PAI(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;EA)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;DA)(A;;LCRPLORC;;;AU)',
      ...template.enroll.map((who) => `(OA;;CR;${guids.enroll};;${who})`),
      ...(template.autoEnroll ?? []).map((who) => `(OA;;CR;${guids.autoEnroll};;${who})`),
      ...(template.writers ?? []).map((who) => `(A;;LCRPWPLORCWDWO;;;${who})`),
    ].join(''),
  });
};

/** CT_FLAG_SUBJECT_ALT_REQUIRE_UPN and CT_FLAG_SUBJECT_REQUIRE_DIRECTORY_PATH, MS-CRTD 2.28. */
const subjectFromDirectory = 0x8200_0000 | 0;

const period = (days: number): Buffer => {
  const value = Buffer.alloc(8);
  value.writeBigInt64LE(BigInt(days) * -864_000_000_000n, 0);
  return value;
};
