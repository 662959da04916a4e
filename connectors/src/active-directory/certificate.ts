/** What the directory needs to know of a certificate (RFC 5280). */
export interface CertificateFacts {
  /** Names as the bytes of their DER in hexadecimal: only compared with each other. */
  readonly subject: string;
  readonly issuer: string;
  readonly notAfter: Date | null;
  /** SHA-1 in hexadecimal, as Windows shows it. */
  readonly thumbprint: string;
}

/** Null for what is no certificate. */
export const certificateFacts = async (der: Uint8Array): Promise<CertificateFacts | null> => {
  const bytes = new Uint8Array(der);
  const digest = await crypto.subtle.digest('SHA-1', bytes);
  try {
    const [body] = children(bytes, read(bytes, 0));
    if (!body) return null;
    const parts = children(bytes, body);
    // The version is optional, and everything after it counts from the serial number.
    const first = parts[0]?.tag === 0xa0 ? 1 : 0;
    const [issuer, validity, subject] = [parts[first + 2], parts[first + 3], parts[first + 4]];
    if (!issuer || !validity || !subject) return null;
    const end = children(bytes, validity)[1];
    return {
      issuer: hex(bytes.subarray(issuer.start, issuer.end)),
      subject: hex(bytes.subarray(subject.start, subject.end)),
      notAfter: end ? timeOf(end.tag, new TextDecoder().decode(bytes.subarray(end.start, end.end))) : null,
      thumbprint: hex(new Uint8Array(digest)),
    };
  } catch {
    // Cut off, or another format: `read` and `children` say so by throwing.
    return null;
  }
};

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const read = (bytes: Uint8Array, at: number): Element => {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new RangeError('cut off');
  let start = at + 2;
  let length = first;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new RangeError('a length that is none');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  if (start + length > bytes.length) throw new RangeError('cut off');
  return { tag, start, end: start + length };
};

const children = (bytes: Uint8Array, { start, end }: Element): readonly Element[] => {
  const found: Element[] = [];
  for (let at = start; at < end && found.length < 100; ) {
    const child = read(bytes, at);
    if (child.end > end) throw new RangeError('longer than what it stands in');
    found.push(child);
    at = child.end;
  }
  return found;
};

/** UTCTime counts its years from 1950 to 2049. */
const timeOf = (tag: number, text: string): Date | null => {
  const [, year = '', rest = ''] = (tag === 0x17 ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/).exec(text) ?? [];
  if (rest === '') return null;
  const full = tag === 0x17 ? (Number(year) < 50 ? `20${year}` : `19${year}`) : year;
  const time = new Date(
    `${full}-${rest.slice(0, 2)}-${rest.slice(2, 4)}T${rest.slice(4, 6)}:${rest.slice(6, 8)}:${rest.slice(8)}Z`,
  );
  return Number.isNaN(time.getTime()) ? null : time;
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
