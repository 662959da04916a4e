/** LDIF (RFC 2849) as the seed writes it. Descriptors stand as SDDL and SIDs as text: the local ldb tools read both. */
export type Value = string | number | Buffer;
export type Attributes = Readonly<Record<string, Value | readonly Value[]>>;

export const addEntry = (dn: string, attributes: Attributes): string =>
  `${line('dn', dn)}changetype: add\n${lines(attributes)}\n`;

export const replaceValues = (dn: string, attributes: Attributes): string => change(dn, 'replace', attributes);
export const addValues = (dn: string, attributes: Attributes): string => change(dn, 'add', attributes);
export const deleteEntry = (dn: string): string => `${line('dn', dn)}changetype: delete\n\n`;

const change = (dn: string, how: 'add' | 'replace', attributes: Attributes): string =>
  `${line('dn', dn)}changetype: modify\n${Object.entries(attributes)
    .map(([name, value]) => `${how}: ${name}\n${lines({ [name]: value })}-\n`)
    .join('')}\n`;

const lines = (attributes: Attributes): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => [value].flat().map((one) => line(name, one)))
    .join('');

const line = (name: string, value: Value): string => {
  const text = String(value);
  const plain = !Buffer.isBuffer(value) && /^(?![ :<])[\x20-\x7e]*(?<! )$/.test(text);
  return plain ? `${name}: ${text}\n` : `${name}:: ${Buffer.from(value as string | Buffer).toString('base64')}\n`;
};

/** The value of unicodePwd that sets a password, MS-ADTS 3.1.1.3.1.5. */
export const passwordValue = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le');

/** An object as a search printed it: values by attribute. */
export type LdifRecord = ReadonlyMap<string, readonly Buffer[]>;

/** The records of what `ldbsearch` or `ldapsearch` printed. */
export const parseRecords = (text: string): readonly LdifRecord[] =>
  text
    .replaceAll('\n ', '')
    .split('\n\n')
    .map((block) => {
      const record = new Map<string, Buffer[]>();
      for (const [, name = '', encoded, value = ''] of block.matchAll(/^([^\s:#]+):(:?) ?(.*)$/gm))
        record.set(name, [...(record.get(name) ?? []), Buffer.from(value, encoded ? 'base64' : 'utf8')]);
      return record;
    })
    .filter((record) => record.has('dn'));
