import { BerWriter, Filter, FilterParser } from 'ldapts';

/** A value for the text of a filter (RFC 4515 3), so that nothing in it counts as syntax. Bytes are kept as they are. */
export const filterValue = (value: string | Uint8Array): string =>
  typeof value === 'string'
    ? value.replace(/[\p{Cc}()*\\]/gu, (found) => filterValue(Buffer.from(found)))
    : Array.from(value, escaped).join('');

const escaped = (byte: number): string => `\\${byte.toString(16).padStart(2, '0')}`;

/**
 * A filter out of its text. ldapts reads `\e4` as the character ä and would send two bytes for it, which finds no GUID:
 * here every character of a value stands for one byte until it is written.
 */
export const toFilter = (text: string): Filter => {
  const plain = text.replace(/\P{ASCII}+/gu, (found) => filterValue(Buffer.from(found)));
  const writer = new ByteWriter();
  FilterParser.parseString(plain).write(writer);
  return new Written(writer.buffer);
};

class ByteWriter extends BerWriter {
  override writeString(value: string, tag = 0x04): void {
    this.writeBuffer(Buffer.from(value, 'latin1'), tag);
  }
}

/** A filter that is written already. */
class Written extends Filter {
  readonly type = 0xa0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }

  override write(writer: BerWriter): void {
    for (const byte of this.#bytes) writer.writeByte(byte);
  }

  override toString(): string {
    return `(${this.#bytes.length} bytes)`;
  }
}
