/** What is no BER, or not the BER that LDAP allows (RFC 4511 5.1). */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** One element: where its content starts and ends. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The element at `at`, which must end at `end` or before. Lengths need not be the shortest: Active Directory writes
 * most of them in five bytes.
 */
export const elementAt = (bytes: Buffer, at: number, end: number): Element => {
  const head = headAt(bytes, at, end);
  if (head === null || head.end > end) throw new Malformed(`an element at ${at} ends beyond ${end}`);
  return head;
};

/** Null when the bytes end before tag and length do. `end` of the element may lie beyond `end`. */
export const headAt = (bytes: Buffer, at: number, end: number): Element | null => {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end) return null;
  if ((tag & 0x1f) === 0x1f) throw new Malformed('a tag of several bytes');
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  if (size === 0 || size > 4) throw new Malformed(size === 0 ? 'a length without end' : `a length of ${size} bytes`);
  const start = at + 2 + size;
  if (start > end) return null;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, size) };
};

/** The elements from `start` to `end`, which they must fill. */
export function* elements(bytes: Buffer, start: number, end: number): Iterable<Element> {
  for (let at = start; at < end; ) {
    const element = elementAt(bytes, at, end);
    yield element;
    at = element.end;
  }
}

/** Reads one element after the other out of a piece of bytes. */
export const reader = (bytes: Buffer, start: number, end: number) => {
  let at = start;
  const next = (tag: number): Element => {
    const element = elementAt(bytes, at, end);
    if (element.tag !== tag) throw new Malformed(`tag ${element.tag} where ${tag} was expected`);
    at = element.end;
    return element;
  };
  return {
    next,
    /** The tag of what comes next; null at the end. */
    tag: (): number | null => (at < end ? elementAt(bytes, at, end).tag : null),
    skip(): void {
      at = elementAt(bytes, at, end).end;
    },
    bytes(tag: number): Buffer {
      const element = next(tag);
      return bytes.subarray(element.start, element.end);
    },
    text(tag: number): string {
      const element = next(tag);
      return bytes.toString('utf8', element.start, element.end);
    },
    /** An INTEGER or ENUMERATED of at most four bytes, signed. */
    integer(tag: number): number {
      const element = next(tag);
      const size = element.end - element.start;
      if (size < 1 || size > 4) throw new Malformed(`an integer of ${size} bytes`);
      return bytes.readIntBE(element.start, size);
    },
  };
};
