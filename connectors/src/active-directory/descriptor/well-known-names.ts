/**
 * GUIDs that are the same in every forest, for a forest whose schema could not be read. Names are those of the schema
 * (lDAPDisplayName of attributes and classes, cn of extended rights). LAPS is not here: its GUIDs are each forest's own.
 * Sources: MS-ADA1 to MS-ADA3, MS-ADSC, MS-ADTS 5.1.3.2.1.
 */
export const wellKnownAttributes: readonly (readonly [name: string, guid: string, propertySet: string | null])[] = [
  ['member', 'bf9679c0-0de6-11d0-a285-00aa003049e2', 'bc0ac240-79a9-11d0-9020-00c04fc2d4cf'],
  ['servicePrincipalName', 'f3a64788-5306-11d1-a9c5-0000f80367c1', 'e48d0154-bcf8-11d1-8702-00c04fb96050'],
  ['msDS-KeyCredentialLink', '5b47d60f-6090-40b2-9f37-2a4de88f3063', '9b026da6-0d3c-465c-8bee-5199d7165cba'],
  [
    'msDS-AllowedToActOnBehalfOfOtherIdentity',
    '3f78c3e5-f79a-46bd-a0b8-9d18116ddc79',
    '4c164200-20c0-11d0-a768-00aa006e0529',
  ],
  ['userAccountControl', 'bf967a68-0de6-11d0-a285-00aa003049e2', '4c164200-20c0-11d0-a768-00aa006e0529'],
  ['altSecurityIdentities', '00fbf30c-91fe-11d1-aebc-0000f80367c1', 'e48d0154-bcf8-11d1-8702-00c04fb96050'],
  ['userPrincipalName', '28630ebb-41d5-11d1-a9c1-0000f80367c1', 'e48d0154-bcf8-11d1-8702-00c04fb96050'],
  ['dNSHostName', '72e39547-7b18-11d1-adef-00c04fd8d5cd', '72e39547-7b18-11d1-adef-00c04fd8d5cd'],
  ['gPLink', 'f30e3bbe-9ff0-11d1-b603-0000f80367c1', null],
  ['msPKI-Certificate-Name-Flag', 'ea1dddc4-60ff-416e-8cc0-17cee534bce7', null],
  ['msPKI-Enrollment-Flag', 'd15ef7d8-f226-46db-ae79-b34e560bd12c', null],
];

export const wellKnownClasses: readonly (readonly [name: string, guid: string, superclass: string])[] = [
  ['top', 'bf967ab7-0de6-11d0-a285-00aa003049e2', 'top'],
  ['person', 'bf967aa7-0de6-11d0-a285-00aa003049e2', 'top'],
  ['organizationalPerson', 'bf967aa4-0de6-11d0-a285-00aa003049e2', 'person'],
  ['user', 'bf967aba-0de6-11d0-a285-00aa003049e2', 'organizationalPerson'],
  ['inetOrgPerson', '4828cc14-1437-45bc-9b07-ad6f015e5f28', 'user'],
  ['computer', 'bf967a86-0de6-11d0-a285-00aa003049e2', 'user'],
  ['msDS-ManagedServiceAccount', 'ce206244-5827-4a86-ba1c-1c0c386c1b64', 'computer'],
  ['msDS-GroupManagedServiceAccount', '7b8b558a-93a5-4af7-adca-c017e67f1057', 'computer'],
  ['msDS-DelegatedManagedServiceAccount', '0feb936f-47b3-49f2-9386-1dedc2c23765', 'computer'],
  ['group', 'bf967a9c-0de6-11d0-a285-00aa003049e2', 'top'],
  ['contact', '5cb41ed0-0e4c-11d0-a286-00aa003049e2', 'organizationalPerson'],
  ['container', 'bf967a8b-0de6-11d0-a285-00aa003049e2', 'top'],
  ['organizationalUnit', 'bf967aa5-0de6-11d0-a285-00aa003049e2', 'top'],
  ['domain', '19195a5a-6da0-11d0-afd3-00c04fd930c9', 'top'],
  ['domainDNS', '19195a5b-6da0-11d0-afd3-00c04fd930c9', 'domain'],
  ['site', 'bf967ab3-0de6-11d0-a285-00aa003049e2', 'top'],
  ['groupPolicyContainer', 'f30e3bc2-9ff0-11d1-b603-0000f80367c1', 'container'],
  ['trustedDomain', 'bf967ab8-0de6-11d0-a285-00aa003049e2', 'leaf'],
  ['foreignSecurityPrincipal', '89e31c12-8530-11d0-afda-00c04fd930c9', 'top'],
  ['pKICertificateTemplate', 'e5209ca2-3bba-11d2-90cc-00c04fd91ab1', 'top'],
  ['pKIEnrollmentService', 'ee4aa692-3bba-11d2-90cc-00c04fd91ab1', 'top'],
  ['certificationAuthority', '3fdfee50-47f4-11d1-a9c3-0000f80367c1', 'top'],
  ['msPKI-Enterprise-Oid', '37cfd85c-6719-4ad8-8f9e-8678ba627563', 'top'],
];

export const wellKnownRights: readonly (readonly [name: string, guid: string, displayName: string])[] = [
  ['User-Force-Change-Password', '00299570-246d-11d0-a768-00aa006e0529', 'Reset Password'],
  ['DS-Replication-Get-Changes', '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2', 'Replicating Directory Changes'],
  ['DS-Replication-Get-Changes-All', '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2', 'Replicating Directory Changes All'],
  [
    'DS-Replication-Get-Changes-In-Filtered-Set',
    '89e95b76-444d-4c62-991a-0facbeda640c',
    'Replicating Directory Changes In Filtered Set',
  ],
  ['Certificate-Enrollment', '0e10c968-78fb-11d2-90d4-00c04f79dc55', 'Enroll'],
  ['Certificate-AutoEnrollment', 'a05b8cc2-17bc-4802-a710-e7c15ab866a2', 'AutoEnrollment'],
];

/** Each with its cn and its displayName. */
export const wellKnownPropertySets: readonly (readonly [name: string, guid: string, displayName: string])[] = [
  ['User-Account-Restrictions', '4c164200-20c0-11d0-a768-00aa006e0529', 'Account Restrictions'],
  ['Membership', 'bc0ac240-79a9-11d0-9020-00c04fc2d4cf', 'Group Membership'],
  ['Public-Information', 'e48d0154-bcf8-11d1-8702-00c04fb96050', 'Public Information'],
  ['DNS-Host-Name-Attributes', '72e39547-7b18-11d1-adef-00c04fd8d5cd', 'DNS Host Name Attributes'],
  ['Personal-Information', '77b5b886-944a-11d1-aebd-0000f80367c1', 'Personal Information'],
  ['DS-Validated-Write-Computer', '9b026da6-0d3c-465c-8bee-5199d7165cba', 'Validated write to computer attributes.'],
];
