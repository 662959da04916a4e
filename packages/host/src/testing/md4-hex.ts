import { md4 } from '../rdp/md4.ts';

/** MD4 of the bytes, in hex: what a host that takes NTLM keeps of a password in UTF-16. */
export const md4Hex = (bytes: Buffer): string => md4(bytes).toString('hex');
