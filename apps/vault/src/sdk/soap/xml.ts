import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Refusal } from '../../refusal.ts';

/** An element with its names resolved. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  /** By `namespace name`; without a prefix ` name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/**
 * The root of a document in UTF-8. There are no document types here, so nothing is declared, fetched or expanded.
 * @throws Refusal `invalid` that holds nothing of the document
 */
export const readXml = (bytes: Uint8Array): XmlElement => {
  const text = withoutDeclaration(decoded(bytes));
  if (!isXmlText(text)) throw unreadable('has a character that XML does not allow');
  refuseMarkup(text);
  let nodes: unknown;
  try {
    // The parser alone lets elements end that never began.
    if (XMLValidator.validate(text) !== true) throw unreadable('is not well-formed');
    nodes = parser.parse(text);
  } catch (error) {
    // What the parser says may hold a part of the body.
    throw error instanceof Refusal ? error : unreadable('is not well-formed, or nests too deep');
  }
  const roots = Array.isArray(nodes) ? nodes.filter((node) => !('#text' in node) && !('#cdata' in node)) : [];
  if (roots.length !== 1) throw unreadable('has not one root');
  return toElement(roots[0], new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]));
};

const parser = new XMLParser({
  ...{ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', trimValues: false },
  ...{ textNodeName: '#text', cdataPropName: '#cdata', parseTagValue: false, parseAttributeValue: false },
  // Read below, so that text, CDATA and attributes are each decoded once and an unknown entity is refused.
  ...{ processEntities: false, htmlEntities: false },
  maxNestedTags: 32,
});

const unreadable = (words: string) => new Refusal('invalid', `The body must be an envelope of SOAP: its XML ${words}.`);

const decoded = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('is not written in UTF-8');
  }
};

const declaration =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']([\w.-]{1,40})["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/;

const withoutDeclaration = (text: string): string => {
  const [whole = '', encoding = 'utf-8'] = declaration.exec(text) ?? [];
  if (encoding.toLowerCase() !== 'utf-8') throw unreadable('is not written in UTF-8');
  return text.slice(whole.length);
};

/** A job may name 500 systems. What reads a document takes time for each of these. */
const mostTags = 4_000;
const mostPrefixes = 100;

/** Document types and processing instructions, which SOAP forbids; comments and CDATA may hold what looks like one. */
const refuseMarkup = (text: string): void => {
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : null;
    if (end === null && /[!?]/.test(text.charAt(at + 1)))
      throw unreadable('has a document type or a processing instruction');
    const closed = end === null ? at + 1 : text.indexOf(end, at + 4);
    if (closed === -1) throw unreadable('is not well-formed');
    tags += 1;
    if (tags > mostTags) throw unreadable('has too many elements');
    at = closed;
  }
};

/** The parser's ordered form: `{ Data: [children], ':@': { Name: 'x' } }`, `{ '#text': 'x' }`, `{ '#cdata': [{ '#text': 'x' }] }`. */
type Node = Readonly<Record<string, unknown>>;

const toElement = (node: Node, outer: ReadonlyMap<string, string>): XmlElement => {
  const written = nameOf(node);
  const given = Object.entries(node[':@'] ?? {}).map(([key, value]) => [key, unescaped(String(value))] as const);
  const declared = given.flatMap(([key, value]) =>
    key === 'xmlns' ? [['', value] as const] : key.startsWith('xmlns:') ? [[key.slice(6), value] as const] : [],
  );
  const scope = declared.length === 0 ? outer : new Map([...outer, ...declared]);
  if (scope.size > mostPrefixes) throw unreadable('declares too many prefixes');
  const attributes = given.flatMap(([key, value]) => {
    if (key === 'xmlns' || key.startsWith('xmlns:')) return [];
    const [namespace, name] = key.includes(':') ? resolved(key, scope) : ['', key];
    return [[`${namespace} ${name}`, value] as const];
  });
  const nodes = nodesIn(node[written]);
  const [namespace, name] = resolved(written, scope);
  return {
    ...{ name, namespace, attributes: new Map(attributes) },
    children: nodes.filter((one) => !isText(one)).map((one) => toElement(one, scope)),
    text: nodes.filter(isText).map(textOf).join(''),
  };
};

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
const nodesIn = (held: unknown): readonly Node[] => (Array.isArray(held) ? held : []);
const isText = (node: Node): boolean => '#text' in node || '#cdata' in node;
const textOf = (node: Node): string =>
  '#text' in node
    ? unescaped(String(node['#text']))
    : nodesIn(node['#cdata'])
        .map((one) => String(one['#text'] ?? ''))
        .join('');

const resolved = (written: string, scope: ReadonlyMap<string, string>): readonly [string, string] => {
  const colon = written.indexOf(':');
  const namespace = scope.get(written.slice(0, Math.max(0, colon)));
  if (colon > 0 && !namespace) throw unreadable('has a prefix that is not declared');
  return [namespace ?? '', written.slice(colon + 1)];
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities of XML and characters by number; everything else would need a declaration. */
const unescaped = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{1,4}));|&/gi, (_, hex, decimal, name) => {
        const letter =
          name === undefined ? characterOf(hex, decimal) : Object.hasOwn(entities, name) ? entities[name] : null;
        if (letter == null) throw unreadable('has an entity that is not one of XML');
        return letter;
      })
    : text;

const characterOf = (hex: string | undefined, decimal: string | undefined): string | null => {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const letter = code <= 0x10_ffff ? String.fromCodePoint(code) : '';
  return isXmlText(letter) && letter !== '' ? letter : null;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 cannot hold.
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const isXmlText = (text: string): boolean => !notXml.test(text) && text.isWellFormed();
/** For words that people read. */
export const toXmlText = (text: string): string => text.toWellFormed().replace(new RegExp(notXml, 'g'), '\ufffd');

/** @throws Refusal `unavailable` for a character that XML 1.0 has no form for */
export const escaped = (text: string): string => {
  if (!isXmlText(text))
    throw new Refusal('unavailable', 'The answer has a character that XML cannot hold. Ask for it by JSON.');
  return text.replace(/[&<>"\r]/g, (letter) => escapes[letter] ?? letter);
};
const escapes: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' },
};

/** An element as text; `content` is markup already. */
export const element = (name: string, attributes: Readonly<Record<string, string>>, content = ''): string => {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return content === '' ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${content}</${name}>`;
};
