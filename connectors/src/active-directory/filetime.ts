/**
 * The time of a FILETIME: 100-nanosecond steps since 1601 in UTC, as LDAP's decimal text, a bigint, or eight
 * little-endian bytes. Null means never: 0, 0x7FFF_FFFF_FFFF_FFFF, and everything that is no point in time (negative
 * values are intervals; text that is no number is nothing). Source: MS-DTYP 2.3.3, MS-ADA1 accountExpires.
 */
export const filetimeToDate = (value: bigint | string | Uint8Array): Date | null => {
  const steps = toSteps(value);
  if (steps === null || steps <= 0n || steps >= never) return null;
  return toDate(Number(steps / 10_000n) - sinceFiletimeMs);
};

const toSteps = (value: bigint | string | Uint8Array): bigint | null => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string') return /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
  if (value.length !== 8) return null;
  return new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0, true);
};

/**
 * The time of a GeneralizedTime (RFC 4517 3.3.13), for example "20240103131155.0Z". Null where the text is none, and
 * for the year 1601, with which Active Directory says never.
 */
export const generalizedTimeToDate = (text: string): Date | null => {
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] =
    generalizedTime.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined || hour === undefined) return null;
  const unitMs = minute === undefined ? 3_600_000 : second === undefined ? 60_000 : 1000;
  const atMs = Date.UTC(+year, +month - 1, +day, +hour, +(minute ?? 0), +(second ?? 0));
  // The 31st of February rolls over to March: a day that does not come back was none.
  if (new Date(Date.UTC(+year, +month - 1, +day)).getUTCDate() !== +day || +year <= 1601) return null;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (+(zoneHour ?? 0) * 60 + +(zoneMinute ?? 0));
  return toDate(atMs + Math.floor(Number(`0.${fraction ?? 0}`) * unitMs) - offsetMinutes * 60_000);
};

const toDate = (ms: number): Date | null => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date;
};

const never = 0x7fff_ffff_ffff_ffffn;
/** Milliseconds from 1601 to 1970. */
const sinceFiletimeMs = 11_644_473_600_000;
const generalizedTime =
  /^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])(?:([0-5]\d)([0-5]\d|60)?)?(?:[.,](\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3])([0-5]\d)?)$/;
