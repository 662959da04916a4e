/** Text as Windows writes it. */
export const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le');

/** A `registry.pol` of these values: key, name, type, data. */
export const pol = (...values: readonly (readonly [string, string, number, Uint8Array])[]): Buffer => {
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  return Buffer.concat([
    Buffer.from('PReg\u0001\0\0\0', 'latin1'),
    ...values.flatMap(([key, name, type, data]) => [
      ...[wide(`[${key}\0;${name}\0;`), number(type), wide(';'), number(data.length), wide(';'), data, wide(']')],
    ]),
  ]);
};
