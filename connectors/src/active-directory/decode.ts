import type { LdapEntry } from '@gatehouse/host';
import { numberOf, textsOf } from './entry.ts';
import { userAccountControl } from './user-account-control.ts';

/** Names of bits; `mask` leaves out bits that are a number of their own. */
interface Bits {
  readonly bits: Readonly<Record<string, number>>;
  readonly mask?: number;
}

/** By the names of Microsoft's documentation, without their prefixes (ADS_UF_, GROUP_TYPE_, TRUST_ATTRIBUTE_, CT_FLAG_). */
const bits: Readonly<Record<string, Bits>> = {
  // MS-ADTS 2.2.16
  userAccountControl: { bits: userAccountControl },
  // MS-ADTS 2.2.12
  groupType: {
    bits: {
      ...{ BUILTIN_LOCAL_GROUP: 0x1, ACCOUNT_GROUP: 0x2, RESOURCE_GROUP: 0x4, UNIVERSAL_GROUP: 0x8 },
      ...{ APP_BASIC_GROUP: 0x10, APP_QUERY_GROUP: 0x20, SECURITY_ENABLED: 0x8000_0000 },
    },
  },
  // MS-ADTS 6.1.6.7.9
  trustAttributes: {
    bits: {
      ...{ NON_TRANSITIVE: 0x1, UPLEVEL_ONLY: 0x2, QUARANTINED_DOMAIN: 0x4, FOREST_TRANSITIVE: 0x8 },
      ...{ CROSS_ORGANIZATION: 0x10, WITHIN_FOREST: 0x20, TREAT_AS_EXTERNAL: 0x40, USES_RC4_ENCRYPTION: 0x80 },
      ...{ CROSS_ORGANIZATION_NO_TGT_DELEGATION: 0x200, PIM_TRUST: 0x400 },
      ...{ CROSS_ORGANIZATION_ENABLE_TGT_DELEGATION: 0x800, DISABLE_AUTH_TARGET_VALIDATION: 0x1000 },
    },
  },
  // MS-KILE 2.2.7
  'msDS-SupportedEncryptionTypes': {
    bits: {
      ...{ DES_CBC_CRC: 0x1, DES_CBC_MD5: 0x2, RC4_HMAC: 0x4, AES128_CTS_HMAC_SHA1_96: 0x8 },
      ...{ AES256_CTS_HMAC_SHA1_96: 0x10, AES256_CTS_HMAC_SHA1_96_SK: 0x20, FAST_SUPPORTED: 0x1_0000 },
      ...{ COMPOUND_IDENTITY_SUPPORTED: 0x2_0000, CLAIMS_SUPPORTED: 0x4_0000 },
      ...{ RESOURCE_SID_COMPRESSION_DISABLED: 0x8_0000 },
    },
  },
  // MS-SAMR 2.2.4.1
  pwdProperties: {
    bits: {
      ...{ DOMAIN_PASSWORD_COMPLEX: 0x1, DOMAIN_PASSWORD_NO_ANON_CHANGE: 0x2, DOMAIN_PASSWORD_NO_CLEAR_CHANGE: 0x4 },
      ...{ DOMAIN_LOCKOUT_ADMINS: 0x8, DOMAIN_PASSWORD_STORE_CLEARTEXT: 0x10, DOMAIN_REFUSE_PASSWORD_CHANGE: 0x20 },
    },
  },
  // MS-CRTD 2.28
  'msPKI-Certificate-Name-Flag': {
    bits: {
      ...{ ENROLLEE_SUPPLIES_SUBJECT: 0x1, OLD_CERT_SUPPLIES_SUBJECT_AND_ALT_NAME: 0x8 },
      ...{ ENROLLEE_SUPPLIES_SUBJECT_ALT_NAME: 0x1_0000, SUBJECT_ALT_REQUIRE_DOMAIN_DNS: 0x40_0000 },
      ...{ SUBJECT_ALT_REQUIRE_SPN: 0x80_0000, SUBJECT_ALT_REQUIRE_DIRECTORY_GUID: 0x100_0000 },
      ...{ SUBJECT_ALT_REQUIRE_UPN: 0x200_0000, SUBJECT_ALT_REQUIRE_EMAIL: 0x400_0000 },
      ...{ SUBJECT_ALT_REQUIRE_DNS: 0x800_0000, SUBJECT_REQUIRE_DNS_AS_CN: 0x1000_0000 },
      ...{ SUBJECT_REQUIRE_EMAIL: 0x2000_0000, SUBJECT_REQUIRE_COMMON_NAME: 0x4000_0000 },
      ...{ SUBJECT_REQUIRE_DIRECTORY_PATH: 0x8000_0000 },
    },
  },
  // MS-CRTD 2.26
  'msPKI-Enrollment-Flag': {
    bits: {
      ...{ INCLUDE_SYMMETRIC_ALGORITHMS: 0x1, PEND_ALL_REQUESTS: 0x2, PUBLISH_TO_KRA_CONTAINER: 0x4 },
      ...{ PUBLISH_TO_DS: 0x8, AUTO_ENROLLMENT_CHECK_USER_DS_CERTIFICATE: 0x10, AUTO_ENROLLMENT: 0x20 },
      ...{ PREVIOUS_APPROVAL_VALIDATE_REENROLLMENT: 0x40, USER_INTERACTION_REQUIRED: 0x100 },
      ...{ REMOVE_INVALID_CERTIFICATE_FROM_PERSONAL_STORE: 0x400, ALLOW_ENROLL_ON_BEHALF_OF: 0x800 },
      ...{ ADD_OCSP_NOCHECK: 0x1000, ENABLE_KEY_REUSE_ON_NT_TOKEN_KEYSET_STORAGE_FULL: 0x2000 },
      ...{ NOREVOCATIONINFOINISSUEDCERTS: 0x4000, INCLUDE_BASIC_CONSTRAINTS_FOR_EE_CERTS: 0x8000 },
      ...{ ALLOW_PREVIOUS_APPROVAL_KEYBASEDRENEWAL_VALIDATE_REENROLLMENT: 0x1_0000 },
      ...{ ISSUANCE_POLICIES_FROM_REQUEST: 0x2_0000, SKIP_AUTO_RENEWAL: 0x4_0000, NO_SECURITY_EXTENSION: 0x8_0000 },
    },
  },
  // MS-CRTD 2.27; the third and the seventh digit are versions.
  'msPKI-Private-Key-Flag': {
    mask: 0xf0f0_ffff,
    bits: {
      ...{ REQUIRE_PRIVATE_KEY_ARCHIVAL: 0x1, EXPORTABLE_KEY: 0x10, STRONG_KEY_PROTECTION_REQUIRED: 0x20 },
      ...{ REQUIRE_ALTERNATE_SIGNATURE_ALGORITHM: 0x40, REQUIRE_SAME_KEY_RENEWAL: 0x80, USE_LEGACY_PROVIDER: 0x100 },
      ...{ EK_TRUST_ON_USE: 0x200, EK_VALIDATE_CERT: 0x400, EK_VALIDATE_KEY: 0x800 },
      ...{ ATTEST_PREFERRED: 0x1000, ATTEST_REQUIRED: 0x2000, ATTESTATION_WITHOUT_POLICY: 0x4000 },
      HELLO_LOGON_KEY: 0x20_0000,
    },
  },
};

/** Attributes that hold one of a few numbers. */
const numbers: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  trustDirection: { 0: 'DISABLED', 1: 'INBOUND', 2: 'OUTBOUND', 3: 'BIDIRECTIONAL' },
  trustType: { 1: 'DOWNLEVEL', 2: 'UPLEVEL', 3: 'MIT', 4: 'DCE', 5: 'AAD' },
  'msDS-Behavior-Version': {
    ...{ 0: 'Windows 2000', 1: 'Windows Server 2003 interim', 2: 'Windows Server 2003', 3: 'Windows Server 2008' },
    ...{ 4: 'Windows Server 2008 R2', 5: 'Windows Server 2012', 6: 'Windows Server 2012 R2' },
    ...{ 7: 'Windows Server 2016', 10: 'Windows Server 2025' },
  },
  primaryGroupID: {
    ...{ 512: 'Domain Admins', 513: 'Domain Users', 514: 'Domain Guests', 515: 'Domain Computers' },
    ...{ 516: 'Domain Controllers', 521: 'Read-only Domain Controllers' },
  },
};

/** Purposes of certificates (extended key usages) by their object identifiers. */
const purposes = {
  '2.5.29.37.0': 'Any Purpose',
  '1.3.6.1.5.5.7.3.1': 'Server Authentication',
  '1.3.6.1.5.5.7.3.2': 'Client Authentication',
  '1.3.6.1.5.5.7.3.3': 'Code Signing',
  '1.3.6.1.5.5.7.3.4': 'Secure Email',
  '1.3.6.1.5.5.7.3.8': 'Time Stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP Signing',
  '1.3.6.1.5.2.3.4': 'PKINIT Client Authentication',
  '1.3.6.1.5.2.3.5': 'KDC Authentication',
  '1.3.6.1.4.1.311.20.2.1': 'Certificate Request Agent',
  '1.3.6.1.4.1.311.20.2.2': 'Smart Card Logon',
  '1.3.6.1.4.1.311.21.5': 'CA Encryption Certificate',
  '1.3.6.1.4.1.311.21.6': 'Key Recovery Agent',
  '1.3.6.1.4.1.311.10.3.4': 'Encrypting File System',
  '1.3.6.1.4.1.311.10.3.4.1': 'File Recovery',
  '1.3.6.1.4.1.311.10.3.1': 'Microsoft Trust List Signing',
  '1.3.6.1.4.1.311.21.19': 'Directory Service Email Replication',
  '1.3.6.1.5.5.8.2.2': 'IP security IKE intermediate',
} as const;
const purposeNames: Readonly<Record<string, string>> = purposes;

/** A purpose of certificates by Microsoft's name for it. */
export type Purpose = (typeof purposes)[keyof typeof purposes];

/** What a certificate is for in words; an identifier that nobody knows stays what it is. */
export const purposeName = (oid: string): string => purposeNames[oid] ?? oid;

const ofPurposes: readonly string[] = [
  ...['pKIExtendedKeyUsage', 'msPKI-Certificate-Application-Policy', 'msPKI-RA-Application-Policies'],
];

/** The names of the bits that are set, in their order; a bit without a name is written as its number ("0x8000000"). */
export const bitNames = (value: number, { bits: known, mask = 0xffff_ffff }: Bits): string[] => {
  const byBit = new Map(Object.entries(known).map(([name, bit]) => [bit, name]));
  const found: string[] = [];
  for (let place = 0; place < 32; place++) {
    // LDAP integers are signed: the highest bit arrives as a negative number.
    const bit = (1 << place) >>> 0;
    if ((value & mask & bit) >>> 0 !== 0) found.push(byBit.get(bit) ?? `0x${bit.toString(16)}`);
  }
  return found;
};

/** What numbers and identifiers among the attributes stand for, in the words of Microsoft's documentation, by attribute. */
export const decode = (entry: LdapEntry, names: readonly string[]): Readonly<Record<string, string[]>> => {
  const decoded: Record<string, string[]> = {};
  for (const name of names) {
    const value = numberOf(entry, name);
    const [asBits, asNumber] = [bits[name], numbers[name]];
    if (asBits && value !== null) decoded[name] = bitNames(value, asBits);
    else if (asNumber && value !== null && asNumber[value] !== undefined) decoded[name] = [asNumber[value]];
    else if (ofPurposes.includes(name)) {
      const said = textsOf(entry, name);
      if (said.some((oid) => oid in purposes)) decoded[name] = said.map(purposeName);
    }
  }
  return decoded;
};
