/** Bits of an access mask on a directory object (MS-ADTS 5.1.3.2, without RIGHT_DS_). */
export const accessMask = {
  CREATE_CHILD: 0x1,
  DELETE_CHILD: 0x2,
  LIST_CONTENTS: 0x4,
  WRITE_PROPERTY_EXTENDED: 0x8,
  READ_PROPERTY: 0x10,
  WRITE_PROPERTY: 0x20,
  DELETE_TREE: 0x40,
  LIST_OBJECT: 0x80,
  CONTROL_ACCESS: 0x100,
  DELETE: 0x1_0000,
  READ_CONTROL: 0x2_0000,
  WRITE_DAC: 0x4_0000,
  WRITE_OWNER: 0x8_0000,
  GENERIC_ALL: 0x1000_0000,
  GENERIC_EXECUTE: 0x2000_0000,
  GENERIC_WRITE: 0x4000_0000,
  GENERIC_READ: 0x8000_0000,
} as const;

/** Bits of an access mask in the descriptor of a certification authority: they mean something else there. */
export const authorityMask = { MANAGE_CA: 0x1, MANAGE_CERTIFICATES: 0x2, READ: 0x100, ENROLL: 0x200 } as const;

/** The mask with its generic rights replaced by what they mean for a directory object (MS-ADTS 5.1.3.2). */
export const withoutGeneric = (mask: number): number => {
  let plain = mask & 0x0fff_ffff;
  if ((mask & accessMask.GENERIC_ALL) !== 0) plain |= everything;
  if ((mask & accessMask.GENERIC_EXECUTE) !== 0) plain |= accessMask.READ_CONTROL | accessMask.LIST_CONTENTS;
  if ((mask & accessMask.GENERIC_WRITE) !== 0)
    plain |= accessMask.READ_CONTROL | accessMask.WRITE_PROPERTY | accessMask.WRITE_PROPERTY_EXTENDED;
  if ((mask & accessMask.GENERIC_READ) !== 0) plain |= readEverything;
  return plain;
};

export const readEverything =
  accessMask.READ_CONTROL | accessMask.LIST_CONTENTS | accessMask.READ_PROPERTY | accessMask.LIST_OBJECT;

/** What GENERIC_ALL means for a directory object. */
const everything = 0xf_01ff;
