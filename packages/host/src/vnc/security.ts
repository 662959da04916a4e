import { createCipheriv } from 'node:crypto';
import { type VncSecurity, vncSecurities } from './vnc.ts';

/** Of RFB itself, where `vencrypt` is followed by a choice of its own. */
export const vencrypt = 19;

/** The numbers of the ways that are spoken here, in RFB and in VeNCrypt alike. */
export const numberOf: Readonly<Record<VncSecurity, number>> = {
  ...{ None: 1, VncAuth: 2 },
  ...{ TLSNone: 257, TLSVnc: 258, TLSPlain: 259 },
  ...{ X509None: 260, X509Vnc: 261, X509Plain: 262 },
};

export const asksForAccount = (security: VncSecurity): boolean => security.endsWith('Plain');
export const hasCertificate = (security: VncSecurity): boolean => security.startsWith('X509');

/** Those of the offered numbers that are spoken here, the strongest first. */
export const spokenOf = (offered: readonly number[]): readonly VncSecurity[] =>
  vncSecurities.filter((security) => offered.includes(numberOf[security]));

/**
 * The answer to a challenge of 16 bytes: DES with the first eight bytes of the password as its key, the bits of each byte
 * in reverse. Single DES is gone from OpenSSL 3, but three times the same key is that.
 */
export const answerOf = (challenge: Buffer, password: string): Buffer => {
  const key = Buffer.alloc(8);
  Buffer.from(password, 'utf8').copy(key);
  const reversed = key.map(reverse);
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([reversed, reversed, reversed]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
};

const reverse = (byte: number): number => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
};

/** Account and password as `Plain` sends them; only ever through TLS. */
export const plainOf = (account: string, password: string): Buffer => {
  const [name, proof] = [Buffer.from(account, 'utf8'), Buffer.from(password, 'utf8')];
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(name.length, 0);
  lengths.writeUInt32BE(proof.length, 4);
  return Buffer.concat([lengths, name, proof]);
};
