import type { Part, Shape } from '../binxml.ts';
import { valueType } from '../binxml-values.ts';
import { crc32 } from '../crc32.ts';

/** A value of a template's instance: text that is encoded by its type, bytes as they are, or another instance. */
export type Filling =
  | { readonly type: number; readonly text: string }
  | { readonly type: number; readonly bytes: Uint8Array }
  | { readonly instance: Filled };

/** A template, told apart by its key, with what fills its holes. */
export interface Filled {
  readonly key: string;
  readonly shape: Shape;
  readonly values: readonly Filling[];
}

export interface WrittenRecord {
  readonly recordId: number;
  /** An element without templates, or a template with values. */
  readonly content: Shape | Filled;
}

const chunkSize = 65_536;
const headerSize = 4096;

/** An .evtx file as its format's description tells; see the reader. Templates and names are written once for each chunk. */
export const writeEvtx = (records: readonly WrittenRecord[], flags = 0): Uint8Array<ArrayBuffer> => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < records.length; ) {
    const chunk = new ChunkWriter();
    const first = at;
    while (at < records.length && chunk.add(records[at] as WrittenRecord)) at++; // below its length
    if (at === first) throw new Error('a record does not fit into a chunk');
    chunks.push(chunk.finish(first + 1, at, records[first]?.recordId ?? 0, records[at - 1]?.recordId ?? 0));
  }
  const file = new Uint8Array(headerSize + chunks.length * chunkSize);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('ElfFile\0'));
  view.setBigUint64(16, BigInt(Math.max(0, chunks.length - 1)), true);
  view.setBigUint64(24, BigInt((records.at(-1)?.recordId ?? 0) + 1), true);
  view.setUint32(32, 128, true);
  view.setUint16(36, 1, true);
  view.setUint16(38, 3, true);
  view.setUint16(40, headerSize, true);
  view.setUint16(42, chunks.length, true);
  view.setUint32(120, flags, true);
  view.setUint32(124, crc32(file.subarray(0, 120)), true);
  for (const [i, chunk] of chunks.entries()) file.set(chunk, headerSize + i * chunkSize);
  return file;
};

class ChunkWriter {
  readonly #bytes = new Uint8Array(4 * chunkSize);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<string, number>();
  #at = 512;
  #last = 512;

  /** False where the record does not fit, which ends the chunk. */
  add({ recordId, content }: WrittenRecord): boolean {
    const start = this.#at;
    this.u32(0x2a2a);
    this.u32(0);
    this.u64(BigInt(recordId));
    this.u64(132_000_000_000_000_000n);
    this.#raw(0x0f, 1, 1, 0);
    if ('key' in content) this.#instance(content);
    else this.#element(content);
    this.#raw(0);
    while ((this.#at - start) % 8 !== 4) this.#raw(0);
    const size = this.#at - start + 4;
    this.u32(size);
    this.#view.setUint32(start + 4, size, true);
    if (this.#at > chunkSize) {
      this.#bytes.fill(0, start);
      this.#at = start;
      return false;
    }
    this.#last = start;
    return true;
  }

  finish(firstNumber: number, lastNumber: number, firstId: number, lastId: number): Uint8Array {
    const chunk = this.#bytes.slice(0, chunkSize);
    const view = new DataView(chunk.buffer);
    chunk.set(new TextEncoder().encode('ElfChnk\0'));
    for (const [i, number] of [firstNumber, lastNumber, firstId, lastId].entries())
      view.setBigUint64(8 + 8 * i, BigInt(number), true);
    view.setUint32(40, 128, true);
    view.setUint32(44, this.#last, true);
    view.setUint32(48, this.#at, true);
    sign(chunk);
    return chunk;
  }

  #raw(...bytes: readonly number[]): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  u16(value: number): void {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  u64(value: bigint): void {
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  #utf16(text: string): void {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i));
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    const place = known ?? this.#at + 4;
    this.u32(place);
    if (known !== undefined) return;
    this.#names.set(name, place);
    this.u32(0);
    this.u16(0);
    this.u16(name.length);
    this.#utf16(`${name}\0`);
  }

  #element({ name, attributes, children }: Shape): void {
    this.#raw(attributes.length === 0 ? 0x01 : 0x41);
    this.u16(0xffff);
    const sizeAt = this.#at;
    this.u32(0);
    this.#name(name);
    if (attributes.length > 0) {
      const listAt = this.#at;
      this.u32(0);
      attributes.forEach(([attribute, parts], i) => {
        this.#raw(i === attributes.length - 1 ? 0x06 : 0x46);
        this.#name(attribute);
        this.#parts(parts);
      });
      this.#view.setUint32(listAt, this.#at - listAt - 4, true);
    }
    if (children.length === 0) this.#raw(0x03);
    else {
      this.#raw(0x02);
      this.#parts(children);
      this.#raw(0x04);
    }
    this.#view.setUint32(sizeAt, this.#at - sizeAt - 4, true);
  }

  #parts(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === 'element') this.#element(part.element);
      else if (part.kind === 'text') {
        this.#raw(0x05, 0x01);
        this.u16(part.text.length);
        this.#utf16(part.text);
      } else if (part.kind === 'hole') {
        this.#raw(part.isOptional ? 0x0e : 0x0d);
        this.u16(part.index);
        this.#raw(0x01);
      }
    }
  }

  #instance({ key, shape, values }: Filled): void {
    this.#raw(0x0c, 0x01);
    this.u32(0x1234);
    const known = this.#templates.get(key);
    const place = known ?? this.#at + 4;
    this.u32(place);
    if (known === undefined) {
      this.#templates.set(key, place);
      this.u32(0);
      this.#at += 16;
      const sizeAt = this.#at;
      this.u32(0);
      this.#raw(0x0f, 1, 1, 0);
      this.#element(shape);
      this.#raw(0);
      this.#view.setUint32(sizeAt, this.#at - sizeAt - 4, true);
    }
    this.u32(values.length);
    const kindsAt = this.#at;
    this.#at += 4 * values.length;
    values.forEach((value, i) => {
      const start = this.#at;
      if ('instance' in value) {
        this.#raw(0x0f, 1, 1, 0);
        this.#instance(value.instance);
        this.#raw(0);
      } else {
        const bytes = 'bytes' in value ? value.bytes : encoded(value.type, value.text);
        this.#bytes.set(bytes, this.#at);
        this.#at += bytes.length;
      }
      this.#view.setUint16(kindsAt + 4 * i, this.#at - start, true);
      this.#view.setUint8(kindsAt + 4 * i + 2, 'instance' in value ? valueType.binXml : value.type);
    });
  }
}

/** Sets both checksums of a chunk, after a test changed something on purpose. */
export const sign = (chunk: Uint8Array): void => {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  view.setUint32(52, crc32(chunk.subarray(512, view.getUint32(48, true))), true);
  view.setUint32(124, crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), true);
};

/** The bytes of a value from its text. */
export const encoded = (type: number, text: string): Uint8Array => {
  const number = (size: number) => {
    const bytes = new Uint8Array(size);
    let rest = BigInt.asUintN(8 * size, BigInt(text));
    for (let i = 0; i < size; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
    return bytes;
  };
  switch (type) {
    case valueType.null:
      return new Uint8Array(0);
    case valueType.string:
      return Uint8Array.from(
        Array.from({ length: 2 * text.length }, (_, i) => (text.charCodeAt(i >> 1) >> (8 * (i & 1))) & 0xff),
      );
    case valueType.uint8:
      return number(1);
    case valueType.uint16:
      return number(2);
    case valueType.uint32:
    case valueType.hex32:
      return number(4);
    case valueType.uint64:
    case valueType.hex64:
      return number(8);
    case valueType.guid: {
      const hex = text.replaceAll(/[{}-]/g, '');
      const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
      return Uint8Array.from(order, (i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
    }
    case valueType.fileTime: {
      const ms = BigInt(Date.parse(`${text.slice(0, 19)}Z`));
      text = String(ms * 10_000n + BigInt(text.slice(20, 27)) + 116_444_736_000_000_000n);
      return number(8);
    }
    case valueType.sid: {
      const [revision = 0, authority = 0, ...rest] = text.split('-').slice(1).map(Number);
      const bytes = new Uint8Array(8 + 4 * rest.length);
      const view = new DataView(bytes.buffer);
      bytes[0] = revision;
      bytes[1] = rest.length;
      view.setUint32(4, authority);
      for (const [i, part] of rest.entries()) view.setUint32(8 + 4 * i, part, true);
      return bytes;
    }
    default:
      throw new Error(`the writer knows no type ${type}`);
  }
};
