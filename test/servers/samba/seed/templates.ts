/** A certificate template, by what an attacker looks at (MS-CRTD). */
export interface Template {
  readonly name: string;
  readonly displayName?: string;
  /** OIDs; none at all means that the certificate is good for anything. */
  readonly extendedKeyUsage: readonly string[];
  /** SIDs or their SDDL names. */
  readonly enroll: readonly string[];
  readonly autoEnroll?: readonly string[];
  readonly writers?: readonly string[];
  readonly nameFlag?: number;
  readonly enrollmentFlag?: number;
  /** 2 unless said otherwise. */
  readonly schemaVersion?: 1 | 2 | 3 | 4;
  /** Signatures of registration authorities that a request needs, and the policy they must carry. */
  readonly signatures?: number;
  readonly signaturePolicy?: string;
  readonly issuancePolicy?: string;
  /** On the trusted authority unless said otherwise. */
  readonly published?: 'trusted' | 'both' | 'nowhere';
}

const clientAuthentication = '1.3.6.1.5.5.7.3.2';
const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const smartcardLogon = '1.3.6.1.4.1.311.20.2.2';
const enrollmentAgent = '1.3.6.1.4.1.311.20.2.1';
const anyPurpose = '2.5.29.37.0';
const codeSigning = '1.3.6.1.5.5.7.3.3';
const encryptingFiles = '1.3.6.1.4.1.311.10.3.4';
const fileRecovery = '1.3.6.1.4.1.311.10.3.4.1';
const secureMail = '1.3.6.1.5.5.7.3.4';
const kerberos = '1.3.6.1.5.2.3.5';
const ocspSigning = '1.3.6.1.5.5.7.3.9';

/** msPKI-Certificate-Name-Flag and msPKI-Enrollment-Flag, MS-CRTD 2.28 and 2.26. */
const enrolleeSuppliesSubject = 0x1;
const pendAllRequests = 0x2;
const noSecurityExtension = 0x8_0000;
const dnsRequired = 0x0800_0000;

const root = '1.3.6.1.4.1.311.21.8.4127461.9310284.7714182.1190047.15022317.201';
export const templateOid = (index: number): string => `${root}.${10_000_000 + index * 137}.1.${index + 1}`;

/** The first is linked to a group: who holds a certificate with it is a member. */
export const issuancePolicies = [
  { cn: '401.5A1F00C2D4E6B8A0C3E5F7091B2D4F60', oid: `${root}.1.401`, name: 'Smartcard Admins Assurance' },
  { cn: '402.6B2A11D3E5F7C9B1D4F6081A2C3E5071', oid: `${root}.1.402`, name: 'Medium Assurance' },
] as const;

const admins = ['DA', 'EA'];
const everyUser = ['DU'];
const everyComputer = ['DC'];
const controllers = ['DD', 'ED'];

/** Each of the first group has the fault of its name; those below have none, some by a hair. */
export const templates: readonly Template[] = [
  {
    name: 'ESC1-UserSubject',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
  },
  { name: 'ESC2-AnyPurpose', extendedKeyUsage: [anyPurpose], enroll: everyUser },
  { name: 'ESC2-NoUsage', extendedKeyUsage: [], enroll: everyUser },
  { name: 'ESC3-Agent', extendedKeyUsage: [enrollmentAgent], enroll: everyUser },
  {
    name: 'ESC3-Target',
    extendedKeyUsage: [clientAuthentication, secureMail],
    enroll: everyUser,
    signatures: 1,
    signaturePolicy: enrollmentAgent,
  },
  { name: 'ESC4-Writable', extendedKeyUsage: [clientAuthentication], enroll: admins, writers: ['AU'] },
  {
    name: 'ESC9-NoSecurityExtension',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    enrollmentFlag: noSecurityExtension,
  },
  {
    name: 'ESC13-IssuancePolicy',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    issuancePolicy: issuancePolicies[0].oid,
  },
  {
    name: 'ESC15-VersionOne',
    extendedKeyUsage: [serverAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
    schemaVersion: 1,
  },
  {
    name: 'ESC17-ServerSubject',
    extendedKeyUsage: [serverAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
  },

  // Faulty, but nobody can use them: approval, a signature, administrators only, or not published where it matters.
  {
    name: 'PartnerPortal',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
    enrollmentFlag: pendAllRequests,
  },
  {
    name: 'CountersignedUser',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
    signatures: 2,
    signaturePolicy: codeSigning,
  },
  { name: 'AdminSubject', extendedKeyUsage: [clientAuthentication], enroll: admins, nameFlag: enrolleeSuppliesSubject },
  {
    name: 'RetiredSubject',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    nameFlag: enrolleeSuppliesSubject,
    published: 'nowhere',
  },
  {
    name: 'AssuredUser',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    issuancePolicy: issuancePolicies[1].oid,
  },

  // As they are everywhere.
  {
    name: 'User',
    extendedKeyUsage: [clientAuthentication, secureMail, encryptingFiles],
    enroll: ['DU', 'DA'],
    schemaVersion: 1,
    published: 'both',
  },
  {
    name: 'Machine',
    displayName: 'Computer',
    extendedKeyUsage: [clientAuthentication, serverAuthentication],
    enroll: everyComputer,
    schemaVersion: 1,
    nameFlag: dnsRequired,
    published: 'both',
  },
  {
    name: 'DomainController',
    extendedKeyUsage: [clientAuthentication, serverAuthentication],
    enroll: controllers,
    schemaVersion: 1,
    nameFlag: dnsRequired,
  },
  {
    name: 'KerberosAuthentication',
    extendedKeyUsage: [clientAuthentication, serverAuthentication, smartcardLogon, kerberos],
    enroll: controllers,
    autoEnroll: controllers,
    nameFlag: dnsRequired,
  },
  {
    name: 'WebServer',
    extendedKeyUsage: [serverAuthentication],
    enroll: admins,
    schemaVersion: 1,
    nameFlag: enrolleeSuppliesSubject,
  },
  { name: 'SubCA', extendedKeyUsage: [], enroll: admins, schemaVersion: 1, nameFlag: enrolleeSuppliesSubject },
  {
    name: 'Administrator',
    extendedKeyUsage: [clientAuthentication, secureMail, encryptingFiles],
    enroll: admins,
    schemaVersion: 1,
  },
  { name: 'EFS', extendedKeyUsage: [encryptingFiles], enroll: everyUser, schemaVersion: 1 },
  { name: 'EFSRecovery', extendedKeyUsage: [fileRecovery], enroll: admins, schemaVersion: 1 },
  { name: 'CodeSigning', extendedKeyUsage: [codeSigning], enroll: admins, schemaVersion: 1 },
  {
    name: 'SmartcardLogon',
    extendedKeyUsage: [clientAuthentication, smartcardLogon],
    enroll: admins,
    schemaVersion: 1,
  },
  { name: 'EnrollmentAgent', extendedKeyUsage: [enrollmentAgent], enroll: admins, schemaVersion: 1 },
  { name: 'OCSPResponseSigning', extendedKeyUsage: [ocspSigning], enroll: admins, schemaVersion: 3 },
  {
    name: 'Workstation',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyComputer,
    autoEnroll: everyComputer,
    nameFlag: dnsRequired,
  },
  {
    name: 'CorpUserAuthentication',
    extendedKeyUsage: [clientAuthentication],
    enroll: everyUser,
    autoEnroll: everyUser,
    schemaVersion: 4,
  },
  { name: 'CorpMail', extendedKeyUsage: [secureMail], enroll: everyUser },
];
