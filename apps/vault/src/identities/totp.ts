import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';

/** As every authenticator app reads it (RFC 6238 with the usual choices). */
const stepSeconds = 30;
const digits = 6;
/** Steps before and after the present one whose codes count, because clocks differ. */
const drift = 1;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A key of 160 bits in Base32. */
export const newTotpKey = (): Secret =>
  new Secret([...randomBytes(32)].map((byte) => letters[byte % letters.length]).join(''));

/** What an authenticator app scans or takes. */
export const totpAddress = (key: Secret, name: string): Secret =>
  new Secret(
    `otpauth://totp/${encodeURIComponent(`Gatehouse Vault:${name}`)}?secret=${key.reveal()}&issuer=Gatehouse%20Vault&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`,
  );

/** The step whose code this is; null: of none that counts now, or of one that was used before. */
export const stepOf = (key: Secret, code: string, now: Date, usedStep: number): number | null => {
  if (!/^\d{6}$/.test(code)) return null;
  const present = Math.floor(now.getTime() / 1_000 / stepSeconds);
  for (let step = present - drift; step <= present + drift; step++)
    if (step > usedStep && timingSafeEqual(Buffer.from(codeAt(key, step)), Buffer.from(code))) return step;
  return null;
};

const codeAt = (key: Secret, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(key.reveal())).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
};

const fromBase32 = (text: string): Buffer => {
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};
