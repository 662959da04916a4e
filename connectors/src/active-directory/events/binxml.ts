import { type Cursor, cursorAt } from './binxml-cursor.ts';
import { unreadable } from './windows-event.ts';

/** What stands in a text or an attribute. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hole'; readonly index: number; readonly isOptional: boolean }
  | { readonly kind: 'element'; readonly element: Shape }
  | { readonly kind: 'instance'; readonly instance: Instance };

/** An element with holes that an instance fills. */
export interface Shape {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, parts: readonly Part[]])[];
  readonly children: readonly Part[];
}

/** A template with its values. */
export interface Instance {
  readonly template: readonly Part[];
  readonly values: readonly Value[];
}

export interface Value {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where the bytes are in the chunk: a value that is binary XML itself points into the chunk. */
  readonly at: number;
}

/** Tokens (MS-EVEN6 2.2.12); 0x40 says that more of the same follows. */
const token = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  template: 0x0c,
  hole: 0x0d,
  optionalHole: 0x0e,
  fragment: 0x0f,
} as const;

const deepest = 40;
/** Templates that overlap or repeat can make a chunk of 64 KiB into any amount of work; Windows' own take about a tenth of this. */
const mostWork = 16 * 1024 * 1024;
const workOfToken = 16;

/** Reads the binary XML of one chunk of an .evtx file. Templates are kept: most events of a chunk have the same few. */
export interface BinXml {
  /** What stands between two places of the chunk. @throws Fault `unexpected` */
  read(start: number, end: number, isValue: boolean): readonly Part[];
  /** Counts work on the chunk. @throws Fault `unexpected` where it is many times what a chunk of Windows takes */
  charge(work: number): void;
}

export const binXml = (chunk: Uint8Array): BinXml => {
  const templates = new Map<number, readonly Part[]>();
  let work = 0;

  const charge = (more: number) => {
    work += more;
    if (work > mostWork) throw unreadable('its chunk takes too much work');
  };

  /**
   * Parts until the end of their element or of the bytes. An element directly inside a value has no dependency id, which
   * is why `isValue` is handed down, and not into templates.
   */
  const partsOf = (cursor: Cursor, depth: number, isValue: boolean): Part[] => {
    if (depth > deepest) throw unreadable('its elements are nested too deeply');
    const parts: Part[] = [];
    while (cursor.at < cursor.end) {
      charge(workOfToken);
      const kind = cursor.peek() & ~0x40;
      if (kind === token.end || kind === token.endElement || kind === token.attribute) return parts;
      if (kind === token.closeStart || kind === token.closeEmpty) return parts;
      const part = partOf(kind, cursor, depth, isValue);
      if (part !== null) parts.push(part);
    }
    return parts;
  };

  const partOf = (kind: number, cursor: Cursor, depth: number, isValue: boolean): Part | null => {
    switch (kind) {
      case token.openElement:
        return { kind: 'element', element: shapeOf(cursor, depth, isValue) };
      case token.template:
        return { kind: 'instance', instance: instanceOf(cursor, depth) };
      case token.fragment:
        cursor.skip(4);
        return null;
      case token.value:
        cursor.skip(1);
        if (cursor.u8() !== 0x01) throw unreadable('a text in it is not a text');
        return { kind: 'text', text: cursor.text() };
      case token.cdata:
        cursor.skip(1);
        return { kind: 'text', text: cursor.text() };
      case token.characterReference:
        cursor.skip(1);
        return { kind: 'text', text: String.fromCharCode(cursor.u16()) };
      case token.entityReference:
        cursor.skip(1);
        return { kind: 'text', text: entityOf(cursor.name()) };
      case token.hole:
      case token.optionalHole: {
        cursor.skip(1);
        const index = cursor.u16();
        cursor.skip(1);
        return { kind: 'hole', index, isOptional: kind === token.optionalHole };
      }
      case token.instructionTarget:
        cursor.skip(1);
        cursor.name();
        return null;
      case token.instructionData:
        cursor.skip(1);
        cursor.text();
        return null;
      default:
        throw unreadable(`its binary XML has the token ${kind} at ${cursor.at}`);
    }
  };

  const shapeOf = (cursor: Cursor, depth: number, isValue: boolean): Shape => {
    const hasAttributes = (cursor.u8() & 0x40) !== 0;
    if (!isValue) cursor.skip(2);
    cursor.skip(4);
    const name = cursor.name();
    const attributes: [string, Part[]][] = [];
    if (hasAttributes) {
      cursor.skip(4);
      while ((cursor.peek() & ~0x40) === token.attribute) {
        charge(workOfToken);
        cursor.skip(1);
        attributes.push([cursor.name(), partsOf(cursor, depth + 1, isValue)]);
      }
    }
    const close = cursor.u8();
    if (close === token.closeEmpty) return { name, attributes, children: [] };
    if (close !== token.closeStart) throw unreadable(`<${name}> does not end its start`);
    const children = partsOf(cursor, depth + 1, isValue);
    if (cursor.u8() !== token.endElement) throw unreadable(`<${name}> does not end`);
    return { name, attributes, children };
  };

  const instanceOf = (cursor: Cursor, depth: number): Instance => {
    cursor.skip(6);
    const at = cursor.u32();
    const template = templateAt(at, depth);
    // A template stands where it is first used, and later uses point back to it.
    if (at === cursor.at) cursor.skip(24 + cursorAt(chunk, at + 20, chunk.length).u32());
    const count = cursor.u32();
    if (count * 4 > cursor.end - cursor.at)
      throw unreadable(`it has ${count} values in ${cursor.end - cursor.at} bytes`);
    const kinds = Array.from({ length: count }, () => {
      const size = cursor.u16();
      const type = cursor.u8();
      cursor.skip(1);
      return { size, type };
    });
    const values = kinds.map(({ size, type }) => ({ type, at: cursor.at, bytes: cursor.bytes(size) }));
    return { template, values };
  };

  const templateAt = (at: number, depth: number): readonly Part[] => {
    const known = templates.get(at);
    if (known !== undefined) return known;
    const header = cursorAt(chunk, at, chunk.length);
    header.skip(20);
    const size = header.u32();
    if (size > chunk.length - header.at) throw unreadable('a template is longer than its chunk');
    const parts = partsOf(cursorAt(chunk, header.at, header.at + size), depth + 1, false);
    templates.set(at, parts);
    return parts;
  };

  return { charge, read: (start, end, isValue) => partsOf(cursorAt(chunk, start, end), 0, isValue) };
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const entityOf = (name: string): string => {
  const letter = Object.hasOwn(entities, name) ? entities[name] : undefined;
  if (letter === undefined) throw unreadable(`its XML has the entity &${name.slice(0, 50)};`);
  return letter;
};
