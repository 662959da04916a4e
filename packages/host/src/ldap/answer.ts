import { elements, headAt, Malformed, reader } from './ber.ts';

/** A message of the server (RFC 4511 4.1.1), of the kinds that this client can get. */
export type Message = { readonly id: number } & (
  | { readonly kind: 'entry'; readonly entry: RawEntry }
  | { readonly kind: 'reference'; readonly urls: readonly string[] }
  | { readonly kind: 'result'; readonly operation: Operation; readonly result: Result }
);

type Operation = 'bind' | 'search' | 'modify' | 'extended';

export interface RawEntry {
  readonly dn: string;
  /** By lower-case name; a name that comes twice has the values of both. */
  readonly attributes: Map<string, Buffer[]>;
}

export interface Result {
  readonly code: number;
  readonly matchedDn: string;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
  /** Values of response controls by their OID. */
  readonly controls: ReadonlyMap<string, Buffer>;
  /** The name of an extended answer. */
  readonly name: string | null;
}

/**
 * Parses one whole message. Written here, not taken from ldapts: its parser never ends on elements that claim more bytes
 * than there are, and a directory must not be able to stop this process.
 */
export const parseMessage = (bytes: Buffer): Message => {
  const outer = headAt(bytes, 0, bytes.length);
  if (outer === null || outer.tag !== sequence || outer.end !== bytes.length) throw new Malformed('no message');
  const message = reader(bytes, outer.start, outer.end);
  const id = message.integer(integer);
  if (id < 0) throw new Malformed('a negative message id');
  const tag = message.tag();
  if (tag === searchEntry) {
    const { start, end } = message.next(searchEntry);
    return { id, kind: 'entry', entry: parseEntry(bytes, start, end) };
  }
  if (tag === searchReference) {
    const { start, end } = message.next(searchReference);
    return { id, kind: 'reference', urls: texts(bytes, start, end) };
  }
  const operation = tag === null ? undefined : operations.get(tag);
  if (tag === null || operation === undefined) throw new Malformed(`operation ${tag} from a server`);
  const { start, end } = message.next(tag);
  const result = parseResult(bytes, start, end);
  const controls = message.tag() === controlList ? parseControls(bytes, message.next(controlList)) : new Map();
  return { id, kind: 'result', operation, result: { ...result, controls } };
};

const parseEntry = (bytes: Buffer, start: number, end: number): RawEntry => {
  const entry = reader(bytes, start, end);
  const dn = entry.text(octets);
  const list = entry.next(sequence);
  const attributes = new Map<string, Buffer[]>();
  let count = 0;
  for (const one of elements(bytes, list.start, list.end)) {
    if (one.tag !== sequence) throw new Malformed('an attribute that is no sequence');
    const attribute = reader(bytes, one.start, one.end);
    const name = attribute.text(octets).toLowerCase();
    const set = attribute.next(setOf);
    const values = attributes.get(name) ?? [];
    for (const value of elements(bytes, set.start, set.end)) {
      if (value.tag !== octets) throw new Malformed('a value that is no octet string');
      if (++count > mostValues) throw new Malformed(`an entry with more than ${mostValues} values`);
      values.push(bytes.subarray(value.start, value.end));
    }
    attributes.set(name, values);
  }
  return { dn, attributes };
};

const parseResult = (bytes: Buffer, start: number, end: number): Omit<Result, 'controls'> => {
  const body = reader(bytes, start, end);
  const code = body.integer(enumerated);
  const matchedDn = body.text(octets);
  const diagnostic = body.text(octets);
  let referrals: readonly string[] = [];
  let name: string | null = null;
  for (let tag = body.tag(); tag !== null; tag = body.tag()) {
    if (tag === referral) {
      const list = body.next(referral);
      referrals = texts(bytes, list.start, list.end);
    } else if (tag === responseName) name = body.text(responseName);
    else body.skip();
  }
  return { code, matchedDn, diagnostic, referrals, name };
};

const parseControls = (bytes: Buffer, list: { start: number; end: number }): ReadonlyMap<string, Buffer> => {
  const controls = new Map<string, Buffer>();
  for (const one of elements(bytes, list.start, list.end)) {
    if (one.tag !== sequence) throw new Malformed('a control that is no sequence');
    const control = reader(bytes, one.start, one.end);
    const oid = control.text(octets);
    if (control.tag() === boolean) control.skip();
    controls.set(oid, control.tag() === octets ? control.bytes(octets) : Buffer.alloc(0));
  }
  return controls;
};

const texts = (bytes: Buffer, start: number, end: number): readonly string[] =>
  [...elements(bytes, start, end)].map((one) => {
    if (one.tag !== octets) throw new Malformed('an address that is no octet string');
    return bytes.toString('utf8', one.start, one.end);
  });

/** Empty values are two bytes on the wire and a hundred here. A controller of Active Directory sends at most some thousand. */
const mostValues = 500_000;

const boolean = 0x01;
const integer = 0x02;
const octets = 0x04;
const enumerated = 0x0a;
const sequence = 0x30;
const setOf = 0x31;
const searchEntry = 0x64;
const searchReference = 0x73;
const controlList = 0xa0;
const referral = 0xa3;
const responseName = 0x8a;
const operations: ReadonlyMap<number, Operation> = new Map([
  [0x61, 'bind'],
  [0x65, 'search'],
  [0x67, 'modify'],
  [0x78, 'extended'],
]);
