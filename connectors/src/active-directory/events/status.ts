/** What a status of Kerberos or of NTLM means, in plain words; the number where it is not known. Null for success. */
export const reasonOf = (status: string): string | null => {
  const code = codeOf(status);
  if (code === null) return status.slice(0, 200);
  if (code === 0) return null;
  const words = code <= 0xff ? kerberos[code] : ntStatus[code]?.[1];
  const hex = `0x${code.toString(16)}`;
  return words === undefined ? `status ${hex}` : `${words} (${hex})`;
};

/** `0x…` or decimal, also the signed numbers of some senders. */
export const codeOf = (status: string): number | null =>
  /^(?:0x[\da-f]{1,8}|-?\d{1,10})$/i.test(status.trim()) ? Number(status) >>> 0 : null;

/** `NT_STATUS_WRONG_PASSWORD` or `STATUS_…` → `0xc000006a`, in the form in which Windows events have it. */
export const ntStatusOf = (name: string): string | null => {
  const bare = name.replace(/^(?:NT_)?STATUS_/, '');
  if (bare === 'OK' || bare === 'SUCCESS') return '0x0';
  const found = Object.entries(ntStatus).find(([, [known]]) => known === bare);
  return found === undefined ? null : `0x${Number(found[0]).toString(16)}`;
};

/** Error codes of RFC 4120, 7.5.9, RFC 4556 and RFC 6113, as events 4768, 4769, 4770 and 4771 have them. */
const kerberos: Readonly<Record<number, string>> = {
  1: 'the client’s entry in the directory has expired',
  2: 'the server’s entry in the directory has expired',
  3: 'the version of the protocol is not supported',
  4: 'the client’s key is encrypted with an old master key',
  5: 'the server’s key is encrypted with an old master key',
  6: 'no account has this name',
  7: 'no service has this name',
  8: 'several principals have this name',
  9: 'the account has no key',
  10: 'the ticket may not be postdated',
  11: 'the asked time is not possible',
  12: 'the policy forbids it: a restriction of workstation, time or sign-in',
  13: 'the domain controller cannot grant the asked option',
  14: 'the encryption type is not supported',
  15: 'the checksum type is not supported',
  16: 'the kind of pre-authentication is not supported, for a smart card often a missing certificate of the controller',
  17: 'the transit path is not supported',
  18: 'the account is disabled, expired, locked or out of its hours',
  19: 'the service is revoked',
  20: 'the ticket was revoked',
  21: 'the account is not yet valid',
  22: 'the service is not yet valid',
  23: 'the password has expired',
  24: 'wrong password or failed pre-authentication',
  25: 'pre-authentication is required',
  26: 'the service does not match the ticket',
  27: 'the service accepts user-to-user tickets only',
  28: 'the path of trust was refused',
  29: 'a service needed for the answer is not available',
  31: 'the ticket’s integrity check failed',
  32: 'the ticket has expired',
  33: 'the ticket is not yet valid',
  34: 'the request is a repetition of an earlier one',
  35: 'the ticket is for another service',
  36: 'ticket and authenticator do not match',
  37: 'the clocks differ too much',
  38: 'the network address does not match',
  39: 'the protocol’s versions do not match',
  40: 'the kind of message is wrong',
  41: 'the message was changed on its way',
  42: 'the message is out of order',
  44: 'the version of the key is not available',
  45: 'the service’s key is not available',
  46: 'mutual authentication failed',
  47: 'the direction of the message is wrong',
  48: 'another way of authentication is required',
  49: 'the sequence number is wrong',
  50: 'the checksum is of an unsuitable type',
  51: 'the policy refused the path of trust',
  52: 'the answer is too large for UDP; the client asks again over TCP',
  60: 'an error without a code of its own',
  61: 'the field is too long for this implementation',
  62: 'the client’s certificate is not trusted',
  63: 'the controller’s certificate is not trusted',
  64: 'the signature is not valid',
  65: 'a stronger key is needed',
  66: 'the certificate does not match the account',
  67: 'the client has no ticket for user-to-user authentication',
  68: 'the realm is another one',
  69: 'user-to-user authentication is required',
  70: 'the client’s certificate cannot be verified',
  71: 'the client’s certificate is not valid',
  72: 'the client’s certificate was revoked',
  73: 'it is not known whether the client’s certificate was revoked',
  74: 'the place that says whether the certificate was revoked cannot be reached',
  75: 'the name of the client does not match its certificate',
  76: 'the name of the controller does not match its certificate',
};

/** Values of MS-ERREF 2.3.1 that sign-ins end with: name and words. */
const ntStatus: Readonly<Record<number, readonly [name: string, words: string]>> = {
  3221225473: ['UNSUCCESSFUL', 'it failed for no reason that is told'],
  3221225485: ['INVALID_PARAMETER', 'a parameter is not valid'],
  3221225506: ['ACCESS_DENIED', 'access denied'],
  3221225566: ['NO_LOGON_SERVERS', 'no domain controller was reached'],
  3221225572: ['NO_SUCH_USER', 'no account has this name'],
  3221225578: ['WRONG_PASSWORD', 'wrong password'],
  3221225580: ['PASSWORD_RESTRICTION', 'the new password breaks the password policy'],
  3221225581: ['LOGON_FAILURE', 'wrong name or password'],
  3221225582: ['ACCOUNT_RESTRICTION', 'a restriction of the account'],
  3221225583: ['INVALID_LOGON_HOURS', 'outside of the allowed hours'],
  3221225584: ['INVALID_WORKSTATION', 'not from this workstation'],
  3221225585: ['PASSWORD_EXPIRED', 'the password has expired'],
  3221225586: ['ACCOUNT_DISABLED', 'the account is disabled'],
  3221225600: ['TOO_MANY_LUIDS_REQUESTED', 'too many identifiers were asked for'],
  3221225692: ['INVALID_SERVER_STATE', 'the server was in a state that allows no sign-in'],
  3221225779: ['TIME_DIFFERENCE_AT_DC', 'the clocks differ too much'],
  3221225819: ['LOGON_TYPE_NOT_GRANTED', 'the account may not sign in this way to this computer'],
  3221225866: ['NO_TRUST_LSA_SECRET', 'the computer has no secret for its trust'],
  3221225867: ['NO_TRUST_SAM_ACCOUNT', 'the domain has no account for this computer'],
  3221225868: ['TRUSTED_DOMAIN_FAILURE', 'the trust between the domains failed'],
  3221225869: ['TRUSTED_RELATIONSHIP_FAILURE', 'the trust between computer and domain failed'],
  3221225872: ['TRUST_FAILURE', 'the trust failed'],
  3221225874: ['NETLOGON_NOT_STARTED', 'the Netlogon service was not started'],
  3221225875: ['ACCOUNT_EXPIRED', 'the account has expired'],
  3221225881: ['NOLOGON_WORKSTATION_TRUST_ACCOUNT', 'the account is a computer’s'],
  3221225882: ['NOLOGON_SERVER_TRUST_ACCOUNT', 'the account is a domain controller’s'],
  3221225883: ['DOMAIN_TRUST_INCONSISTENT', 'the domain’s name or identifier does not match its trust'],
  3221226020: ['PASSWORD_MUST_CHANGE', 'the password must be changed first'],
  3221226021: ['NOT_FOUND', 'not found'],
  3221226036: ['ACCOUNT_LOCKED_OUT', 'the account is locked'],
  3221226222: ['UNFINISHED_CONTEXT_DELETED', 'the sign-in was broken off'],
  3221226203: ['DS_NO_ATTRIBUTE_OR_VALUE', 'the attribute has no such value'],
  3221226376: ['DOWNGRADE_DETECTED', 'a weaker protocol was forced'],
  3221226515: ['AUTHENTICATION_FIREWALL_FAILED', 'selective authentication keeps the account from this computer'],
  3221226520: ['NTLM_BLOCKED', 'NTLM is blocked'],
};
