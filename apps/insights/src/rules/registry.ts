import { adminCanBeDelegated } from './active-directory/admin-can-be-delegated.ts';
import { adminSdHolderTampered } from './active-directory/admin-sd-holder-tampered.ts';
import { asRepRoastable } from './active-directory/as-rep-roastable.ts';
import { azureSsoKeyOld } from './active-directory/azure-sso-key-old.ts';
import { badSuccessor } from './active-directory/bad-successor.ts';
import { builtinAdministratorInUse } from './active-directory/builtin-administrator-in-use.ts';
import { constrainedDelegationToTierZero } from './active-directory/constrained-delegation-to-tier-zero.ts';
import { dcsyncBelowTierZero } from './active-directory/dcsync-below-tier-zero.ts';
import { delegationToMissingHost } from './active-directory/delegation-to-missing-host.ts';
import { desOnly } from './active-directory/des-only.ts';
import { dnsAdminsNotEmpty } from './active-directory/dns-admins-not-empty.ts';
import { kerberoastablePrivileged } from './active-directory/kerberoastable-privileged.ts';
import { keyCredentialOnTierZero } from './active-directory/key-credential-on-tier-zero.ts';
import { krbtgtPasswordOld } from './active-directory/krbtgt-password-old.ts';
import { lapsAbsent } from './active-directory/laps-absent.ts';
import { lapsOverReadable } from './active-directory/laps-over-readable.ts';
import { ldapChannelBindingOff } from './active-directory/ldap-channel-binding-off.ts';
import { ldapSigningOff } from './active-directory/ldap-signing-off.ts';
import { machineAccountQuota } from './active-directory/machine-account-quota.ts';
import { operatorsNotEmpty } from './active-directory/operators-not-empty.ts';
import { passwordInPolicy } from './active-directory/password-in-policy.ts';
import { passwordNotRequired } from './active-directory/password-not-required.ts';
import { passwordReversible } from './active-directory/password-reversible.ts';
import { policyReachingTierZeroWritable } from './active-directory/policy-reaching-tier-zero-writable.ts';
import { privilegeOnControllersBelowTierZero } from './active-directory/privilege-on-controllers-below-tier-zero.ts';
import { privilegedPasswordNeverExpires } from './active-directory/privileged-password-never-expires.ts';
import { privilegedPasswordOld } from './active-directory/privileged-password-old.ts';
import { protocolTransitionToTierZero } from './active-directory/protocol-transition-to-tier-zero.ts';
import { rbcdOnTierZero } from './active-directory/rbcd-on-tier-zero.ts';
import { rodcRevealsPrivileged } from './active-directory/rodc-reveals-privileged.ts';
import { schemaAdminsNotEmpty } from './active-directory/schema-admins-not-empty.ts';
import { serviceAccountInTierZero } from './active-directory/service-account-in-tier-zero.ts';
import { serviceAccountWithRc4 } from './active-directory/service-account-with-rc4.ts';
import { sidHistoryPrivileged } from './active-directory/sid-history-privileged.ts';
import { smbSigningOff } from './active-directory/smb-signing-off.ts';
import { syncAccountCanBeTakenOver } from './active-directory/sync-account-can-be-taken-over.ts';
import { tooManyDomainAdmins } from './active-directory/too-many-domain-admins.ts';
import { trustWithTicketDelegation } from './active-directory/trust-with-ticket-delegation.ts';
import { trustWithoutSidFiltering } from './active-directory/trust-without-sid-filtering.ts';
import { unconstrainedDelegation } from './active-directory/unconstrained-delegation.ts';
import { esc1RequesterSuppliesSubject } from './certificate-services/esc1-requester-supplies-subject.ts';
import { esc2AnyPurpose } from './certificate-services/esc2-any-purpose.ts';
import { esc3EnrolmentAgent } from './certificate-services/esc3-enrolment-agent.ts';
import { esc4WritableTemplate } from './certificate-services/esc4-writable-template.ts';
import { esc5WritablePkiObject } from './certificate-services/esc5-writable-pki-object.ts';
import { esc6SubjectInAttributes } from './certificate-services/esc6-subject-in-attributes.ts';
import { esc7AuthorityManagedBelowTierZero } from './certificate-services/esc7-authority-managed-below-tier-zero.ts';
import { esc9NoSecurityExtension } from './certificate-services/esc9-no-security-extension.ts';
import { esc10WeakMappingOnController } from './certificate-services/esc10-weak-mapping-on-controller.ts';
import { esc11UnencryptedRequests } from './certificate-services/esc11-unencrypted-requests.ts';
import { esc13PolicyLinkedToGroup } from './certificate-services/esc13-policy-linked-to-group.ts';
import { esc14WeakCertificateMapping } from './certificate-services/esc14-weak-certificate-mapping.ts';
import { esc15Version1Subject } from './certificate-services/esc15-version-1-subject.ts';
import { esc16SecurityExtensionDisabled } from './certificate-services/esc16-security-extension-disabled.ts';
import { esc17ServerCertificate } from './certificate-services/esc17-server-certificate.ts';
import { dormantPrivilegedAccount } from './cross/dormant-privileged-account.ts';
import { escalationPath } from './cross/escalation-path.ts';
import { everyoneGroupPrivileged } from './cross/everyone-group-privileged.ts';
import { leaverWithAccess } from './cross/leaver-with-access.ts';
import { privilegedWithPhishableMfa } from './cross/privileged-with-phishable-mfa.ts';
import { privilegedWithoutMfa } from './cross/privileged-without-mfa.ts';
import { secretOlderThanAllowed } from './cross/secret-older-than-allowed.ts';
import { secretUnused } from './cross/secret-unused.ts';
import { secretWithoutExpiry } from './cross/secret-without-expiry.ts';
import { standingHighestPrivilege } from './cross/standing-highest-privilege.ts';
import { unownedPrivilegedAccount } from './cross/unowned-privileged-account.ts';
import { administratorsBypassProtection } from './github/administrators-bypass-protection.ts';
import { appOnAllRepositories } from './github/app-on-all-repositories.ts';
import { basePermissionWrite } from './github/base-permission-write.ts';
import { credentialAuthorizationUnused } from './github/credential-authorization-unused.ts';
import { defaultBranchUnprotected } from './github/default-branch-unprotected.ts';
import { memberWithout2fa } from './github/member-without-2fa.ts';
import { organization2faNotRequired } from './github/organization-2fa-not-required.ts';
import { outsideCollaboratorAdmin } from './github/outside-collaborator-admin.ts';
import { ownerWithout2fa } from './github/owner-without-2fa.ts';
import { ownerWithoutSso } from './github/owner-without-sso.ts';
import { pushProtectionOff } from './github/push-protection-off.ts';
import { reviewsNotRequired } from './github/reviews-not-required.ts';
import { runnersForPublicRepositories } from './github/runners-for-public-repositories.ts';
import { secretScanningOff } from './github/secret-scanning-off.ts';
import { tokenOnAllRepositories } from './github/token-on-all-repositories.ts';
import { writeDeployKeyOld } from './github/write-deploy-key-old.ts';
import { adminConsoleOneFactor } from './okta/admin-console-one-factor.ts';
import { adminConsolePhishable } from './okta/admin-console-phishable.ts';
import { apiTokenFromAnywhere } from './okta/api-token-from-anywhere.ts';
import { apiTokenOfDormantOwner } from './okta/api-token-of-dormant-owner.ts';
import { apiTokenOfInactiveOwner } from './okta/api-token-of-inactive-owner.ts';
import { apiTokenOfSuperAdmin } from './okta/api-token-of-super-admin.ts';
import { groupRuleEscalation } from './okta/group-rule-escalation.ts';
import { helpDeskReachesPrivileged } from './okta/help-desk-reaches-privileged.ts';
import { idpAutoLink } from './okta/idp-auto-link.ts';
import { idpJit } from './okta/idp-jit.ts';
import { serviceAppClientSecret } from './okta/service-app-client-secret.ts';
import { serviceAppManageScope } from './okta/service-app-manage-scope.ts';
import { serviceAppSuperAdmin } from './okta/service-app-super-admin.ts';
import { sessionIdleTooLong } from './okta/session-idle-too-long.ts';
import { sessionLifetimeTooLong } from './okta/session-lifetime-too-long.ts';
import { superAdminByGroup } from './okta/super-admin-by-group.ts';
import { superAdminByRule } from './okta/super-admin-by-rule.ts';
import { tooManySuperAdmins } from './okta/too-many-super-admins.ts';
import { apiRegistrationFromAnywhere } from './password-safe/api-registration-from-anywhere.ts';
import { functionalAccountInTierZero } from './password-safe/functional-account-in-tier-zero.ts';
import { tierZeroWithoutApproval } from './password-safe/tier-zero-without-approval.ts';
import { vaultSelfApproval } from './password-safe/vault-self-approval.ts';
import { vaultedCredentialNotRotated } from './password-safe/vaulted-credential-not-rotated.ts';
import type { Rule } from './rule.ts';

/** Every rule. A test proves that no file beside this one is left out. */
export const rules: readonly Rule[] = [
  dormantPrivilegedAccount,
  escalationPath,
  everyoneGroupPrivileged,
  leaverWithAccess,
  privilegedWithPhishableMfa,
  privilegedWithoutMfa,
  secretOlderThanAllowed,
  secretUnused,
  secretWithoutExpiry,
  standingHighestPrivilege,
  unownedPrivilegedAccount,
  adminConsoleOneFactor,
  adminConsolePhishable,
  apiTokenFromAnywhere,
  apiTokenOfDormantOwner,
  apiTokenOfInactiveOwner,
  apiTokenOfSuperAdmin,
  groupRuleEscalation,
  helpDeskReachesPrivileged,
  idpAutoLink,
  idpJit,
  serviceAppClientSecret,
  serviceAppManageScope,
  serviceAppSuperAdmin,
  sessionIdleTooLong,
  sessionLifetimeTooLong,
  superAdminByGroup,
  superAdminByRule,
  tooManySuperAdmins,
  administratorsBypassProtection,
  appOnAllRepositories,
  basePermissionWrite,
  credentialAuthorizationUnused,
  defaultBranchUnprotected,
  memberWithout2fa,
  organization2faNotRequired,
  outsideCollaboratorAdmin,
  ownerWithout2fa,
  ownerWithoutSso,
  pushProtectionOff,
  reviewsNotRequired,
  runnersForPublicRepositories,
  secretScanningOff,
  tokenOnAllRepositories,
  writeDeployKeyOld,
  asRepRoastable,
  syncAccountCanBeTakenOver,
  rodcRevealsPrivileged,
  privilegedPasswordOld,
  serviceAccountInTierZero,
  dnsAdminsNotEmpty,
  operatorsNotEmpty,
  schemaAdminsNotEmpty,
  tooManyDomainAdmins,
  builtinAdministratorInUse,
  badSuccessor,
  azureSsoKeyOld,
  trustWithTicketDelegation,
  trustWithoutSidFiltering,
  policyReachingTierZeroWritable,
  keyCredentialOnTierZero,
  privilegedPasswordNeverExpires,
  desOnly,
  passwordReversible,
  passwordNotRequired,
  sidHistoryPrivileged,
  lapsOverReadable,
  lapsAbsent,
  machineAccountQuota,
  krbtgtPasswordOld,
  adminSdHolderTampered,
  rbcdOnTierZero,
  delegationToMissingHost,
  protocolTransitionToTierZero,
  constrainedDelegationToTierZero,
  adminCanBeDelegated,
  unconstrainedDelegation,
  serviceAccountWithRc4,
  kerberoastablePrivileged,
  dcsyncBelowTierZero,
  esc1RequesterSuppliesSubject,
  esc14WeakCertificateMapping,
  esc5WritablePkiObject,
  esc4WritableTemplate,
  esc9NoSecurityExtension,
  esc17ServerCertificate,
  esc15Version1Subject,
  esc13PolicyLinkedToGroup,
  esc3EnrolmentAgent,
  esc2AnyPurpose,
  ldapChannelBindingOff,
  ldapSigningOff,
  passwordInPolicy,
  privilegeOnControllersBelowTierZero,
  smbSigningOff,
  esc6SubjectInAttributes,
  esc7AuthorityManagedBelowTierZero,
  esc10WeakMappingOnController,
  esc11UnencryptedRequests,
  esc16SecurityExtensionDisabled,
  tierZeroWithoutApproval,
  vaultedCredentialNotRotated,
  functionalAccountInTierZero,
  apiRegistrationFromAnywhere,
  vaultSelfApproval,
];

export const findRule = (id: string): Rule | null => rules.find((rule) => rule.id === id) ?? null;
