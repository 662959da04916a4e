import { isSecretShaped } from '@gatehouse/host';

/** Stands where a secret was. */
export const masked = '[secret]';

/** PostgreSQL stores neither NUL nor half a character; both become U+FFFD. Costs next to nothing where there is none. */
export const storable = (text: string): string => {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
};

/** At most `length` UTF-16 units, never ending in half a character. */
export const clip = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? length - 1 : length);
};

/** Text as it may be kept: storable, and masked where it is a private key or a token by its shape. */
export const safeText = (text: string): string => (isSecretShaped(text) ? masked : storable(text));
