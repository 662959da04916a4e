import { Fault } from '@gatehouse/kernel';

export interface EventTime {
  /** To the millisecond, rounded down. */
  readonly time: Date;
  /** ISO 8601 in UTC with at least the seven digits of a FILETIME: `2020-07-22T20:29:36.4148270Z`. */
  readonly text: string;
}

/**
 * The times that event logs write: `2020-07-22T20:29:36.4148270Z`, `2020-07-22 20:29:36.414827+00:00`, and without a
 * zone, which `zone` then gives: a name (`Europe/Zurich`) or an offset (`+02:00`). Where no `zone` is asked for, a time
 * without one is damaged. Null: not a time.
 * @throws Fault `misconfigured` for a time without a zone where it is null, and for a zone that is unknown.
 */
export const readTime = (given: string, zone?: string | null): EventTime | null => {
  const match = pattern.exec(given.trim());
  if (match === null) return null;
  const [, year, month, day, hours, minutes, seconds, fraction = '', offset] = match;
  const local = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  // `Date.parse` takes the 31st of April for the 1st of May.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return null;
  if (offset === undefined && zone === undefined) return null;
  const at = offset === undefined ? toUtc(local, zone ?? null, given) : local - offsetOf(offset);
  const digits = fraction.replace(/0+$/, '');
  return {
    time: new Date(at + Number(digits.padEnd(3, '0').slice(0, 3))),
    text: `${new Date(at).toISOString().slice(0, -5)}.${digits.padEnd(7, '0')}Z`,
  };
};

const pattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?$/i;

/** Milliseconds. */
const offsetOf = (offset: string): number => {
  if (offset.toUpperCase() === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
};

const dayMs = 86_400_000;

/** An hour that the change to winter time makes twice is taken as the first of the two; one that never was, as before it. */
const toUtc = (local: number, zone: string | null, given: string): number => {
  if (zone === null)
    throw new Fault(
      'misconfigured',
      'Set the time zone of the computers whose events arrive with local times, or let their sender write times with a zone (NXLog: to_json with a DateFormat of “YYYY-MM-DDThh:mm:ss.sUTC”).',
      `the time “${given.slice(0, 50)}” has no zone`,
    );
  if (/^(?:Z|[+-]\d\d:?\d\d)$/i.test(zone)) return local - offsetOf(zone);
  const [before, after] = [zoneOffset(local - dayMs, zone), zoneOffset(local + dayMs, zone)];
  const found = [local - before, local - after].find((at) => local - at === zoneOffset(at, zone));
  return found ?? local - before;
};

const formats = new Map<string, Intl.DateTimeFormat>();
/** Asking `Intl` takes microseconds, and all events of a quarter of an hour have the same answer. */
const offsets = new Map<string, number>();
const quarterMs = 15 * 60_000;

const zoneOffset = (at: number, zone: string): number => {
  const quarter = Math.floor(at / quarterMs) * quarterMs;
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(quarter)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter;
  if (offsets.size >= 10_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
};

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size < 100) formats.set(zone, format);
    return format;
  } catch (cause) {
    throw new Fault(
      'misconfigured',
      `“${zone.slice(0, 50)}” is not a time zone. Write it like Europe/Zurich, or like +02:00.`,
      undefined,
      { cause },
    );
  }
};
