const services = 'system\\currentcontrolset\\services';
const lsa = 'system\\currentcontrolset\\control\\lsa';

/** Values of the registry that policies set and rules read, by their path in lower case without the hive. */
export const knownValues: ReadonlyMap<string, string> = new Map([
  [`${services}\\ntds\\parameters\\ldapserverintegrity`, 'LDAPServerIntegrity'],
  [`${services}\\ntds\\parameters\\ldapenforcechannelbinding`, 'LdapEnforceChannelBinding'],
  [`${services}\\ldap\\ldapclientintegrity`, 'LDAPClientIntegrity'],
  [`${services}\\lanmanserver\\parameters\\requiresecuritysignature`, 'LanmanServer RequireSecuritySignature'],
  [
    `${services}\\lanmanworkstation\\parameters\\requiresecuritysignature`,
    'LanmanWorkstation RequireSecuritySignature',
  ],
  [`${services}\\netlogon\\parameters\\restrictntlmindomain`, 'RestrictNTLMInDomain'],
  [`${services}\\netlogon\\parameters\\auditntlmindomain`, 'AuditNTLMInDomain'],
  [`${lsa}\\lmcompatibilitylevel`, 'LmCompatibilityLevel'],
  [`${lsa}\\nolmhash`, 'NoLMHash'],
  [`${lsa}\\msv1_0\\restrictsendingntlmtraffic`, 'RestrictSendingNTLMTraffic'],
  [`${lsa}\\msv1_0\\restrictreceivingntlmtraffic`, 'RestrictReceivingNTLMTraffic'],
  ['software\\microsoft\\windows\\currentversion\\policies\\laps\\backupdirectory', 'LAPS BackupDirectory'],
  ['software\\policies\\microsoft services\\admpwd\\admpwdenabled', 'AdmPwdEnabled'],
]);
