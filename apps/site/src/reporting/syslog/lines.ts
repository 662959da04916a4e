import type { Json } from '@gatehouse/kernel';
import type { AuditRow } from '@gatehouse/server';

/** What lines of a site have in common. */
export interface Source {
  /** Letters alone, in lower case: programs take nothing else. */
  readonly host: string;
  /** At most five digits. */
  readonly siteId: number;
  /** Where people find the site. */
  readonly site: string;
}

/** Bytes of a line behind its prefix; longer messages are split. */
const mostBytes = 900;
/** Two digits say how many there are. */
const mostSegments = 99;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** One entry of the audit as lines; `number` joins those of one message. */
export const linesOf = (entry: AuditRow, number: number, { host, siteId, site }: Source): string => {
  const at = entry.at.toISOString();
  const day = entry.at.getUTCDate();
  const prefix = `${months[entry.at.getUTCMonth()]} ${day < 10 ? ' ' : ''}${day} ${at.slice(11, 19)} ${host} BG[${number % 10_000_000}]:`;
  const segments = split(payloadOf(entry, site));
  const count = twoDigits(segments.length);
  return segments.map((text, index) => `${prefix} ${siteId}:${twoDigits(index + 1)}:${count}:${text}\n`).join('');
};

const twoDigits = (value: number) => String(value).padStart(2, '0');

const payloadOf = (entry: AuditRow, site: string): string => {
  const { address } = entry.change;
  const pairs: readonly (readonly [string, string])[] = [
    ...([
      ['site', site],
      ['when', String(Math.floor(entry.at.getTime() / 1_000))],
      ['who', who(entry.actor)],
    ] as const),
    ...(typeof address === 'string' ? [['who_ip', address] as const] : []),
    ['event', eventOf(entry.action)],
    ['target', entry.target],
    ['correlation_id', entry.correlationId],
    ...changes(entry),
  ];
  return pairs.map(([name, value]) => `${name}=${escaped(value)}`).join(';');
};

/** `Ada Keller <ada@example.com>` as programs read it: `Ada Keller (ada@example.com)`. */
const who = (actor: string): string => actor.replace(/^(.*) <(.*)>$/s, '$1 ($2)');

/** Names of real sites, where what happened is the same. */
const known: Readonly<Record<string, string>> = {
  'options.change': 'setting_changed',
  'retention.change': 'setting_changed',
  'syslog-report.generate': 'syslog_report_generated',
};
const past: Readonly<Record<string, string>> = { create: 'added', change: 'changed', delete: 'removed' };

const eventOf = (action: string): string => {
  const [noun = '', verb = ''] = action.split('.');
  return known[action] ?? `${noun}_${past[verb] ?? verb}`.replaceAll('-', '_');
};

/** What was before and is now, and what else is said, each with the noun, so that no name of them is one of ours. */
function* changes({ action, change }: AuditRow): Generator<readonly [string, string]> {
  const noun = (action.split('.')[0] ?? '').replaceAll('-', '_');
  const named = (name: string) => `${noun}:${name.replaceAll(/[^\w.-]+/g, '_')}`;
  const { before, after, ...rest } = change;
  for (const [prefix, fields] of [
    ['old_', before],
    ['new_', after],
  ] as const)
    if (isFields(fields))
      for (const [name, value] of Object.entries(fields)) yield [`${prefix}${named(name)}`, said(value)];
  for (const [name, value] of Object.entries(rest)) yield [named(name), said(value)];
}

const isFields = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const said = (value: Json): string => (typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));

/** A value never ends its line or its pair. A backslash at its end would make the next semicolon a part of it. */
const escaped = (value: string): string =>
  value
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replaceAll(';', '\\;')
    .replace(/\\$/, '\\ ')
    .toWellFormed();

/** Never within a letter. What does not fit into as many segments as there are numbers for ends with dots. */
const split = (text: string): readonly string[] => {
  if (Buffer.byteLength(text) <= mostBytes) return [text];
  const segments: string[] = [];
  let segment = '';
  let bytes = 0;
  for (const letter of text) {
    const more = Buffer.byteLength(letter);
    if (bytes + more > mostBytes) {
      segments.push(segment);
      if (segments.length === mostSegments)
        return [...segments.slice(0, -1), `${segment.slice(0, -3).toWellFormed()}...`];
      [segment, bytes] = ['', 0];
    }
    segment += letter;
    bytes += more;
  }
  return [...segments, segment];
};
