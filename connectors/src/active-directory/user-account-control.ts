/** The bits of userAccountControl by the names of Microsoft's documentation (MS-ADTS 2.2.16, without ADS_UF_). */
export const userAccountControl = {
  SCRIPT: 0x1,
  ACCOUNTDISABLE: 0x2,
  HOMEDIR_REQUIRED: 0x8,
  LOCKOUT: 0x10,
  PASSWD_NOTREQD: 0x20,
  PASSWD_CANT_CHANGE: 0x40,
  ENCRYPTED_TEXT_PWD_ALLOWED: 0x80,
  TEMP_DUPLICATE_ACCOUNT: 0x100,
  NORMAL_ACCOUNT: 0x200,
  INTERDOMAIN_TRUST_ACCOUNT: 0x800,
  WORKSTATION_TRUST_ACCOUNT: 0x1000,
  SERVER_TRUST_ACCOUNT: 0x2000,
  DONT_EXPIRE_PASSWORD: 0x1_0000,
  MNS_LOGON_ACCOUNT: 0x2_0000,
  SMARTCARD_REQUIRED: 0x4_0000,
  TRUSTED_FOR_DELEGATION: 0x8_0000,
  NOT_DELEGATED: 0x10_0000,
  USE_DES_KEY_ONLY: 0x20_0000,
  DONT_REQ_PREAUTH: 0x40_0000,
  PASSWORD_EXPIRED: 0x80_0000,
  TRUSTED_TO_AUTH_FOR_DELEGATION: 0x100_0000,
  NO_AUTH_DATA_REQUIRED: 0x200_0000,
  PARTIAL_SECRETS_ACCOUNT: 0x400_0000,
} as const;

export type UserAccountControl = keyof typeof userAccountControl;

/** The names of the bits that are set, in their order; a bit without a name is written as its number ("0x8000000"). */
export const userAccountControlNames = (value: number): readonly (UserAccountControl | `0x${string}`)[] => {
  const found: (UserAccountControl | `0x${string}`)[] = [];
  for (let place = 0; place < 32; place++) {
    // LDAP integers are signed: the highest bit arrives as a negative number.
    const bit = (1 << place) >>> 0;
    if ((value & bit) >>> 0 !== 0) found.push(byBit.get(bit) ?? `0x${bit.toString(16)}`);
  }
  return found;
};

const byBit = new Map<number, UserAccountControl>(
  // Object.entries widens the keys of a constant to text.
  (Object.entries(userAccountControl) as [UserAccountControl, number][]).map(([name, bit]) => [bit, name]),
);
