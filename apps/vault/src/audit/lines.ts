import { hostname } from 'node:os';
import type { exportFormats } from '../api/audit.ts';
import type { Entry } from './entry.ts';

export type KeptEntry = Entry & { readonly hash: Buffer };

/** One line for an entry, without its end. */
export const lineOf: Readonly<Record<(typeof exportFormats)[number], (entry: KeptEntry) => string>> = {
  json: (entry) => JSON.stringify(toAnswer(entry)),
  cef: (entry) => toCef(entry),
  syslog: (entry) => toSyslog(entry),
};

/** An entry as the API and JSON lines have it. */
export const toAnswer = ({ at, hash, ...entry }: KeptEntry) => ({
  ...entry,
  at: at.toISOString(),
  hash: hash.toString('hex'),
});

/**
 * Common Event Format. Product and fields are those that parsers of Privileged Identity's audit look for: `cs1` says
 * Success or Failure, `cs3` the source address.
 */
const toCef = (entry: KeptEntry): string => {
  const severity = entry.succeeded ? 3 : 6;
  const heading = [
    'CEF:0',
    'Gatehouse',
    'Privileged Identity',
    '0.1.0',
    String(entry.eventId),
    entry.event,
    String(severity),
  ];
  const { actor, impersonator, address, target, message, correlationId } = entry;
  const fields: readonly (readonly [string, string | null])[] = [
    ['rt', String(entry.at.getTime())],
    ['externalId', String(entry.seq)],
    ['suser', actor],
    ['src', address],
    ['outcome', entry.succeeded ? 'success' : 'failure'],
    ...labelled(1, 'Result', entry.succeeded ? 'Success' : 'Failure'),
    ...labelled(2, 'CorrelationId', correlationId),
    ...labelled(3, 'SourceIP', address),
    ...labelled(4, 'Impersonator', impersonator),
    ...labelled(5, 'Target', target),
    ...labelled(6, 'Arguments', JSON.stringify(entry.arguments)),
    ['deviceFacility', entry.through],
    ['msg', message],
  ];
  const written = fields
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${escapeValue(value ?? '')}`);
  return `${heading.map(escapeHeading).join('|')}|${written.join(' ')}`;
};

const labelled = (
  number: number,
  label: string,
  value: string | null,
): readonly (readonly [string, string | null])[] =>
  value === null ? [] : [[`cs${number}Label`, label] as const, [`cs${number}`, value] as const];

/** A heading has neither an escape for line breaks nor room for them. */
const escapeHeading = (text: string) => oneLine(text).replace(/[\\|]/g, '\\$&');
const escapeValue = (text: string) =>
  text.replace(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replace(control, ' ');

/** RFC 5424. Facility 13 (log audit); the number under @ is the one kept for examples, as Gatehouse has none of its own. */
const toSyslog = (entry: KeptEntry): string => {
  const { actor, impersonator, address, target, correlationId, through, event, seq, succeeded } = entry;
  const values = { seq: String(seq), event, outcome: succeeded ? 'success' : 'failure', actor, impersonator, address };
  const data = Object.entries({ ...values, through, target, correlationId, arguments: JSON.stringify(entry.arguments) })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}="${oneLine(value ?? '').replace(/["\\\]]/g, '\\$&')}"`);
  return `${syslogHeader(entry)} [audit@32473 ${data.join(' ')}] \ufeff${oneLine(entry.message)}`;
};

/** Of an entry, up to what was said: the structured data and the message. */
export const syslogHeader = ({ at, eventId, succeeded }: KeptEntry): string =>
  `<${13 * 8 + (succeeded ? 5 : 4)}>1 ${at.toISOString()} ${host} gatehouse-vault - ${eventId}`;

const host =
  hostname()
    .replace(/[^!-~]/g, '')
    .slice(0, 255) || '-';
const control = /[\p{Cc}\u2028\u2029]/gu;
const oneLine = (text: string) => text.replace(control, ' ');
