/** One entry of an LDIF file, its attributes in the file's order and spelling, each value as its bytes. */
export interface LdifEntry {
  readonly dn: string;
  readonly attributes: Map<string, Buffer[]>;
}

/**
 * The entries of an LDIF file (RFC 2849, content records): folded lines, `::` for base64, comments and the `version:`
 * line. An entry without a name is the root DSE. Values by URL (`:<`) and change records are refused, and so is a line
 * without a colon; the error names the line.
 */
export function* readLdif(text: string): Iterable<LdifEntry> {
  let entry: LdifEntry | null = null;
  for (const { line, number } of unfolded(text)) {
    if (line === '') {
      if (entry !== null) yield entry;
      entry = null;
      continue;
    }
    const { name, value } = parseLine(line, number);
    const lower = name.toLowerCase();
    if (lower === 'version' && entry === null) continue;
    if (lower === 'dn' && entry === null) {
      entry = { dn: value.toString('utf8'), attributes: new Map() };
      continue;
    }
    if (lower === 'changetype') throw new Error(`line ${number}: change records are not read`);
    entry ??= { dn: '', attributes: new Map() };
    const values = entry.attributes.get(name);
    if (values === undefined) entry.attributes.set(name, [value]);
    else values.push(value);
  }
  if (entry !== null) yield entry;
}

/** Logical lines with the number of their first line; a comment is left out with its folded rest. */
function* unfolded(text: string): Iterable<{ line: string; number: number }> {
  let parts: string[] = [];
  let first = 0;
  let number = 0;
  for (const physical of text.split(/\r?\n/)) {
    number++;
    if (physical.startsWith(' ') && parts.length > 0) {
      parts.push(physical.slice(1));
      continue;
    }
    if (parts.length > 0 && parts[0]?.startsWith('#') !== true) yield { line: parts.join(''), number: first };
    // An empty line ends an entry and cannot be folded.
    parts = physical === '' ? [] : [physical];
    first = number;
    if (physical === '') yield { line: '', number };
  }
  if (parts.length > 0 && parts[0]?.startsWith('#') !== true) yield { line: parts.join(''), number: first };
}

const parseLine = (line: string, number: number): { name: string; value: Buffer } => {
  const colon = line.indexOf(':');
  if (colon <= 0) throw new Error(`line ${number}: no attribute name before a colon`);
  const name = line.slice(0, colon);
  const mark = line[colon + 1];
  if (mark === '<') throw new Error(`line ${number}: values by URL are not read`);
  const rest = line.slice(colon + (mark === ':' ? 2 : 1)).replace(/^ +/, '');
  return { name, value: Buffer.from(rest, mark === ':' ? 'base64' : 'utf8') };
};
