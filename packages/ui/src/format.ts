const whole = new Intl.NumberFormat(undefined);
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });

const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** 12,345 */
export const formatNumber = (value: number) => whole.format(value);
/** 12.3K, for axes and narrow places. */
export const formatShort = (value: number) => short.format(value);
/** The exact time in the reader's own zone. */
export const formatTime = (at: Date) => moment.format(at);
/** "4 Mar" of an ISO day. */
export const formatDay = (isoDay: string) => day.format(new Date(isoDay));
/** "1 record", "2 records". */
export const count = (value: number, one: string, many = `${one}s`) =>
  `${whole.format(value)} ${value === 1 ? one : many}`;

/** "3 hours ago", "in 2 minutes", "just now". */
export const formatAgo = (at: Date, now: Date): string => {
  const distance = at.getTime() - now.getTime();
  for (const [position, [unit, length]] of units.entries()) {
    // Half of the next smaller unit early: 59.8 minutes are an hour, not 60 minutes.
    const smaller = units[position + 1]?.[1] ?? 0;
    if (Math.abs(distance) >= length - smaller / 2) return relative.format(Math.round(distance / length), unit);
  }
  return distance > 15_000 ? 'in less than a minute' : 'just now';
};

/** "1 h 20 min", "45 s". */
export const formatDuration = (exact: number): string => {
  const seconds = Math.max(0, Math.round(exact));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return count(Math.round(seconds / 86_400), 'day');
};

const exact = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const sizes = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
/** What a large number of a form is, where its field says of what: "2 GiB", "1 day". Null: it says nothing. */
export const amountWords = (value: unknown, format: string | undefined): string | null => {
  if (typeof value !== 'number' || value <= 0) return null;
  if (format === 'seconds') {
    const [unit = '', length = 1] = exact.find(([, one]) => value % one === 0) ?? [];
    return unit === '' ? formatDuration(value) : count(value / length, unit);
  }
  if (format !== 'bytes') return null;
  const power = Math.min(sizes.length - 1, Math.floor(Math.log2(value) / 10));
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(value / 1_024 ** power)} ${sizes[power]}`;
};

/** Words from a name in code: `phishing_resistant` → "Phishing resistant". */
export const wordsOf = (value: string): string => {
  const spelled = inCapitals[value.toLowerCase()];
  if (spelled !== undefined) return spelled;
  const words = value.replaceAll(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Values that are names of standards. */
const inCapitals: Readonly<Record<string, string>> = {
  ...{ tls: 'TLS', starttls: 'STARTTLS', ssh: 'SSH', rdp: 'RDP', vnc: 'VNC', oidc: 'OIDC', saml: 'SAML', json: 'JSON' },
};

const abbreviations: Readonly<Record<string, string>> = {
  ...{ cn: 'Common name', dn: 'Distinguished name', sid: 'SID', oid: 'OID', id: 'ID', url: 'URL', ip: 'IP address' },
};

/** Words from the name of a property: `minPasswordLength` → "Min password length", `groupSid` → "Group SID". */
export const nameInWords = (name: string): string => {
  const [first = '', ...others] = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[ _-]+/);
  if (others.length === 0 && abbreviations[first.toLowerCase()] !== undefined)
    return abbreviations[first.toLowerCase()] ?? '';
  const later = others.map((word) => {
    const short = abbreviations[word.toLowerCase()];
    return short === undefined || short.includes(' ') ? word.toLowerCase() : short;
  });
  return wordsOf([first, ...later].join(' '));
};
