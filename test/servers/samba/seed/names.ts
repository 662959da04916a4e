/** The names of the sample forest. Everything in the seed is derived from them, also in the tests that read it. */
export const realm = 'CORP.EXAMPLE';
export const dnsDomain = 'corp.example';
export const netbiosDomain = 'CORP';
export const controller = `dc1.${dnsDomain}`;
export const base = 'DC=corp,DC=example';
export const configuration = `CN=Configuration,${base}`;
export const schema = `CN=Schema,${configuration}`;
export const publicKeyServices = `CN=Public Key Services,CN=Services,${configuration}`;

/** Fixed, so that descriptors can be written before their principals exist and read the same in every copy. */
export const domainSid = 'S-1-5-21-2750423188-1619304733-3410782661';
/** Of a domain that is gone, for SID history and foreign trusts. */
export const formerDomainSid = 'S-1-5-21-917267712-1342860078-1792151419';
export const sidOf = (rid: number): string => `${domainSid}-${rid}`;

/** Where things are. Seeded RIDs start at 10000: the controller's own pool ends far below. */
export const units = {
  tier0: `OU=Tier 0,${base}`,
  servers: `OU=Servers,${base}`,
  workstations: `OU=Workstations,${base}`,
  people: `OU=People,${base}`,
  serviceAccounts: `OU=Service Accounts,${base}`,
  disabled: `OU=Disabled,${base}`,
  groups: `OU=Groups,${base}`,
  contractors: `OU=Contractors,OU=People,${base}`,
} as const;

export const departments = [
  'Finance',
  'Sales',
  'Engineering',
  'Operations',
  'Human Resources',
  'Legal',
  'Support',
] as const;
export type Department = (typeof departments)[number];

/** Of every seeded account that has one; most people have none, because hashing is what seeding spends its time on. */
export const password = 'Corp-Example-1';
export const administratorPassword = 'Corp-Administrator-1';

/** userAccountControl, MS-ADTS 2.2.16. */
export const uac = {
  disabled: 0x2,
  passwordNotRequired: 0x20,
  reversible: 0x80,
  normal: 0x200,
  workstation: 0x1000,
  neverExpires: 0x1_0000,
  smartcard: 0x4_0000,
  trustedForDelegation: 0x8_0000,
  notDelegated: 0x10_0000,
  desOnly: 0x20_0000,
  noPreauthentication: 0x40_0000,
  trustedToAuthenticate: 0x100_0000,
} as const;

/** Rights and classes as access control entries name them. */
export const guids = {
  getChanges: '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2',
  getChangesAll: '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2',
  forceChangePassword: '00299570-246d-11d0-a768-00aa006e0529',
  enroll: '0e10c968-78fb-11d2-90d4-00c04f79dc55',
  autoEnroll: 'a05b8cc2-17bc-4802-a710-e7c15ab866a2',
  user: 'bf967aba-0de6-11d0-a285-00aa003049e2',
  computer: 'bf967a86-0de6-11d0-a285-00aa003049e2',
  altSecurityIdentities: '00fbf30c-91fe-11d1-aebc-0000f80367c1',
  publicInformation: 'e48d0154-bcf8-11d1-8702-00c04fb96050',
  keyCredentialLink: '5b47d60f-6090-40b2-9f37-2a4de88f3063',
  delegatedManagedServiceAccount: '0feb936f-47b3-49f2-9386-1dedc2c23765',
  // Forests draw these at random when the schema of LAPS is installed; ours drew once.
  lapsLegacyPassword: '6f4d0a51-7a0c-4f0e-9a3b-1f5d7c2e8b90',
  lapsPassword: 'e1c3b6d4-52f7-4a86-8c0d-3b9e6a17f245',
} as const;

/** A GUID in the byte order of a directory, MS-DTYP 2.3.4.2. */
export const guidBytes = (guid: string): Buffer => {
  const raw = Buffer.from(guid.replaceAll('-', ''), 'hex');
  raw.subarray(0, 4).reverse();
  raw.subarray(4, 6).reverse();
  raw.subarray(6, 8).reverse();
  return raw;
};

/** 100-nanosecond steps since 1601, as the directory writes times. */
export const fileTime = (at: Date): string => String((BigInt(at.getTime()) + 11_644_473_600_000n) * 10_000n);
/** A span as the directory writes it: negative. */
export const span = (days: number): string => String(BigInt(days) * -864_000_000_000n);
