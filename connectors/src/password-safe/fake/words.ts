import type {
  FakeAccessPolicy,
  FakeAccount,
  FakeAudit,
  FakeGroup,
  FakeRegistration,
  FakeSession,
  FakeSmartRule,
  FakeSystem,
  FakeUser,
} from './organisation.ts';

/** As Password Safe writes them, with the properties that its documentation names. */
export const userWords = (user: FakeUser) => ({
  UserID: user.id,
  UserName: user.name,
  DomainName: user.domain,
  ...(user.sid === undefined ? {} : { SID: user.sid }),
  DistinguishedName: user.domain === null ? null : `CN=${user.name},DC=corp,DC=example`,
  FirstName: user.firstName,
  LastName: user.lastName,
  EmailAddress: user.email,
  LastLoginDate: user.lastLogin,
  LastLoginAuthenticationType: user.lastLogin === null ? null : 'Forms',
  IsQuarantined: user.isQuarantined,
  IsActive: user.isActive,
  ...(user.type === undefined ? {} : { UserType: user.type, ClientID: 'c1', ClientSecret: null, AccessPolicyID: 3 }),
});

export const groupWords = (group: FakeGroup) => ({
  GroupID: group.id,
  Name: group.name,
  DistinguishedName: group.dn,
  Description: group.description,
  GroupType: group.type,
  AccountAttribute: null,
  ApplicationRegistrationIDs: group.registrationIds,
  MembershipAttribute: null,
  IsActive: true,
});

export const ruleWords = (rule: FakeSmartRule) => ({
  SmartRuleID: rule.id,
  OrganizationID: null,
  Title: rule.title,
  Description: `What is in ${rule.title}`,
  Category: 'Assets and Devices',
  Status: 1,
  LastProcessedDate: '2026-11-01T04:05:06.7',
  IsReadOnly: true,
  RuleType: rule.type,
});

export const policyWords = ({ id, name, approvers }: FakeAccessPolicy) => ({
  AccessPolicyID: id,
  Name: name,
  Description: '',
  Schedules: [
    {
      ScheduleID: id * 10,
      RequireReason: true,
      RequireTicketSystem: false,
      TicketSystemID: null,
      AccessTypes: [
        { AccessType: 'View', IsSession: false, RecordSession: false, MinApprovers: approvers, MaxConcurrent: 1 },
        { AccessType: 'RDP', IsSession: true, RecordSession: true, MinApprovers: approvers + 1, MaxConcurrent: 0 },
      ],
    },
  ],
});

export const systemWords = (system: FakeSystem) => ({
  WorkgroupID: 1,
  HostName: system.name,
  IPAddress: '192.0.2.31',
  DnsName: `${system.name}.corp.example`,
  ManagedSystemID: system.id,
  EntityTypeID: system.entity,
  AssetID: system.assetId,
  SystemName: system.name,
  PlatformID: system.platformId,
  NetBiosName: null,
  Description: '',
  Port: 22,
  AutoManagementFlag: true,
  FunctionalAccountID: system.functionalAccountId,
  CheckPasswordFlag: true,
  ChangePasswordAfterAnyReleaseFlag: false,
  ChangeFrequencyType: 'xdays',
  ChangeFrequencyDays: 30,
});

export const accountWords = (account: FakeAccount, systemId: number) => ({
  ManagedAccountID: account.id,
  ManagedSystemID: systemId,
  DomainName: account.domain,
  AccountName: account.name,
  DistinguishedName: null,
  ...(account.sid === undefined ? {} : { SID: account.sid }),
  UserPrincipalName: account.upn ?? null,
  SAMAccountName: account.domain === null ? null : account.name,
  Description: '',
  ApiEnabled: true,
  ReleaseDuration: 120,
  MaxReleaseDuration: 525_600,
  ISAReleaseDuration: 120,
  MaxConcurrentRequests: 1,
  AutoManagementFlag: account.isAutomatic,
  DSSAutoManagementFlag: false,
  CheckPasswordFlag: true,
  ResetPasswordOnMismatchFlag: false,
  ChangePasswordAfterAnyReleaseFlag: true,
  ChangeFrequencyType: 'xdays',
  ChangeFrequencyDays: 30,
  ParentAccountID: null,
  LastChangeDate: account.changed,
  NextChangeDate: null,
  IsChanging: false,
  ChangeState: 0,
  ObjectID: account.objectId ?? null,
});

export const registrationWords = (registration: FakeRegistration) => ({
  Id: registration.id,
  Name: registration.name,
  RegistrationType: 'ApiKeyPolicy',
  Active: true,
  Visible: true,
  AccessTokenDuration: 60,
  MultiFactorAuthenticationEnforced: false,
  ClientCertificateRequired: false,
  UserPasswordRequired: registration.requiresPassword,
  VerifyPsrunSignature: false,
  IPAuthenticationRules: registration.addresses.map((address) => ({ Type: 'Single', Value: address, Description: '' })),
  PSRUNRules: [],
  XForwardedForAuthenticationRules: [],
});

export const sessionWords = (session: FakeSession) => ({
  SessionID: session.id,
  UserID: session.userId,
  NodeID: 'a1b2',
  Status: session.status,
  ArchiveStatus: 0,
  Protocol: session.protocol,
  StartTime: session.start,
  EndTime: session.end,
  Duration: 600,
  AssetName: 'srv-1',
  ManagedSystemID: session.systemId,
  ManagedAccountID: session.accountId,
  ManagedAccountName: 'ada-adm',
  RecordKey: session.recordKey,
  Token: session.token,
});

export const auditWords = (audit: FakeAudit) => ({
  AuditID: audit.id,
  ActionType: audit.action,
  Section: audit.section,
  UserID: audit.userId,
  UserName: audit.userName,
  IPAddress: audit.ip,
  CreateDate: audit.at,
});
