import { type KeptEntry, lineOf, syslogHeader } from '../audit/index.ts';
import type { Way } from './model.ts';

/** Every receiver takes this much (RFC 5425 asks for 8,192 octets); datagrams of 64 KiB and more cannot be sent. */
const mostOctets = 32_768;

/** An entry as one line of syslog, whatever its message is. One that is too long loses its arguments, and says so. */
export const lineFor = ({ format }: Pick<Way, 'format'>, entry: KeptEntry): string => {
  const line = written(format, entry);
  if (Buffer.byteLength(line) <= mostOctets) return line;
  return written(format, { ...entry, arguments: { leftOut: 'too long for a line of syslog' } });
};

const written = (format: Way['format'], entry: KeptEntry): string =>
  format === 'syslog' ? lineOf.syslog(entry) : `${syslogHeader(entry)} - ${lineOf[format](entry)}`;
