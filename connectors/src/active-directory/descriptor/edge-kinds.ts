/** What a trustee may do, by the names that BloodHound gave it. Each is described by `edgeRules`. */
export type EdgeKind =
  | 'Owns'
  | 'GenericAll'
  | 'GenericWrite'
  | 'AllExtendedRights'
  | 'WriteDacl'
  | 'WriteOwner'
  | 'Delete'
  | 'DeleteChild'
  | 'CreateChild'
  | 'AddMember'
  | 'AddSelf'
  | 'WriteSPN'
  | 'AddKeyCredentialLink'
  | 'AddAllowedToAct'
  | 'WriteAccountRestrictions'
  | 'WriteAltSecurityIdentities'
  | 'WriteUserPrincipalName'
  | 'WriteDNSHostName'
  | 'WriteGPLink'
  | 'WritePKINameFlag'
  | 'WritePKIEnrollmentFlag'
  | 'ForceChangePassword'
  | 'GetChanges'
  | 'GetChangesAll'
  | 'GetChangesInFilteredSet'
  | 'Enroll'
  | 'AutoEnroll'
  | 'ReadLAPSPassword'
  | 'ReadGMSAPassword'
  | 'AllowedToAct'
  | 'ManageCA'
  | 'ManageCertificates';

/** An edge that one attribute, extended right or validated write gives, on objects of a class and of its subclasses. */
export interface EdgeDefinition {
  readonly kind: EdgeKind;
  readonly by: 'attribute' | 'right' | 'validatedWrite' | 'confidentialAttribute' | 'propertySet';
  /** As the schema names them. Where there are several, each of them alone gives the edge. */
  readonly names: readonly string[];
  readonly classes: readonly string[];
}

export const edgeDefinitions: readonly EdgeDefinition[] = [
  { kind: 'AddMember', by: 'attribute', names: ['member'], classes: ['group'] },
  { kind: 'AddSelf', by: 'validatedWrite', names: ['member'], classes: ['group'] },
  { kind: 'WriteSPN', by: 'attribute', names: ['servicePrincipalName'], classes: ['user'] },
  { kind: 'AddKeyCredentialLink', by: 'attribute', names: ['msDS-KeyCredentialLink'], classes: ['user'] },
  {
    kind: 'AddAllowedToAct',
    by: 'attribute',
    names: ['msDS-AllowedToActOnBehalfOfOtherIdentity'],
    classes: ['user'],
  },
  {
    kind: 'WriteAccountRestrictions',
    by: 'propertySet',
    names: ['User-Account-Restrictions'],
    classes: ['user'],
  },
  { kind: 'WriteAltSecurityIdentities', by: 'attribute', names: ['altSecurityIdentities'], classes: ['user'] },
  { kind: 'WriteUserPrincipalName', by: 'attribute', names: ['userPrincipalName'], classes: ['user'] },
  { kind: 'WriteDNSHostName', by: 'attribute', names: ['dNSHostName'], classes: ['computer'] },
  { kind: 'WriteGPLink', by: 'attribute', names: ['gPLink'], classes: ['organizationalUnit', 'domainDNS', 'site'] },
  {
    kind: 'WritePKINameFlag',
    by: 'attribute',
    names: ['msPKI-Certificate-Name-Flag'],
    classes: ['pKICertificateTemplate'],
  },
  {
    kind: 'WritePKIEnrollmentFlag',
    by: 'attribute',
    names: ['msPKI-Enrollment-Flag'],
    classes: ['pKICertificateTemplate'],
  },
  { kind: 'ForceChangePassword', by: 'right', names: ['User-Force-Change-Password'], classes: ['user'] },
  { kind: 'GetChanges', by: 'right', names: ['DS-Replication-Get-Changes'], classes: ['domainDNS'] },
  { kind: 'GetChangesAll', by: 'right', names: ['DS-Replication-Get-Changes-All'], classes: ['domainDNS'] },
  {
    kind: 'GetChangesInFilteredSet',
    by: 'right',
    names: ['DS-Replication-Get-Changes-In-Filtered-Set'],
    classes: ['domainDNS'],
  },
  {
    kind: 'Enroll',
    by: 'right',
    names: ['Certificate-Enrollment'],
    classes: ['pKICertificateTemplate', 'pKIEnrollmentService'],
  },
  { kind: 'AutoEnroll', by: 'right', names: ['Certificate-AutoEnrollment'], classes: ['pKICertificateTemplate'] },
  {
    kind: 'ReadLAPSPassword',
    by: 'confidentialAttribute',
    classes: ['computer'],
    names: ['ms-Mcs-AdmPwd', 'msLAPS-Password', 'msLAPS-EncryptedPassword', 'msLAPS-EncryptedDSRMPassword'],
  },
];

/** Classes of which the creation alone is worth an edge; the creation of any class is one too. */
export const childClasses = [
  'computer',
  'msDS-DelegatedManagedServiceAccount',
  'msDS-GroupManagedServiceAccount',
  'user',
  'group',
  'organizationalUnit',
] as const;
