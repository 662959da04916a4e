import { Fault } from '@gatehouse/kernel';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element by its local name: sites differ in namespaces, and in prefixes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The root of a document. There are no document types here, so nothing is declared, fetched or expanded. @throws Fault */
export const readXml = (text: string): XmlElement => {
  if (/<!DOCTYPE/i.test(text)) throw unreadable('has a document type');
  let nodes: unknown;
  try {
    // The parser alone lets elements end that never began.
    if (XMLValidator.validate(text) !== true) throw unreadable('is not well-formed');
    nodes = parser.parse(text);
  } catch (error) {
    throw error instanceof Fault ? error : unreadable('is not well-formed, or nests too deep');
  }
  const roots = nodesIn(nodes).filter((node) => !('#text' in node) && !nameOf(node).startsWith('?'));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw unreadable('has not one root');
  return toElement(root);
};

const parser = new XMLParser({
  ...{ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', trimValues: false, maxNestedTags: 32 },
  ...{ removeNSPrefix: true, textNodeName: '#text', cdataPropName: '#cdata' },
  ...{ parseTagValue: false, parseAttributeValue: false },
  // Read below, so that everything is decoded once.
  ...{ processEntities: false, htmlEntities: false },
});

const unreadable = (words: string) =>
  new Fault('unexpected', 'The site answered something that cannot be read.', `an answer in XML ${words}`);

type Node = Readonly<Record<string, unknown>>;
const nodesIn = (held: unknown): readonly Node[] => (Array.isArray(held) ? held : []);
const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';

const toElement = (node: Node): XmlElement => {
  const name = nameOf(node);
  const nodes = nodesIn(node[name]);
  return {
    name,
    attributes: new Map(Object.entries(node[':@'] ?? {}).map(([key, value]) => [key, decoded(String(value))])),
    children: nodes.filter((one) => !isText(one)).map(toElement),
    text: nodes.filter(isText).map(textOf).join(''),
  };
};

const isText = (node: Node): boolean => '#text' in node || '#cdata' in node;
const textOf = (node: Node): string =>
  '#text' in node
    ? decoded(String(node['#text']))
    : nodesIn(node['#cdata'])
        .map((one) => keepable(String(one['#text'] ?? '')))
        .join('');

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  keepable(
    text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,10}));/gi, (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }),
  );

/** Neither a zero byte nor half of a letter, of which no database keeps the rest either. */
const keepable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

/** All children of a name, of which there may be one or none. */
export const all = ({ children }: XmlElement, name: string): readonly XmlElement[] =>
  children.filter((child) => child.name === name);

/** The text of the first child of a name, without space around it; null: there is none. */
export const textIn = (element: XmlElement, name: string): string | null => {
  const [child] = all(element, name);
  return child === undefined ? null : child.text.trim();
};

/** @throws Fault where it is missing */
export const requiredText = (element: XmlElement, name: string): string => {
  const text = textIn(element, name);
  if (text === null) throw missing(element, name);
  return text;
};

/** @throws Fault where there is none, or it is no whole number */
export const requiredNumber = (element: XmlElement, name: string): number =>
  toNumber(element, name, requiredText(element, name));

/** Of an attribute. @throws Fault */
export const attributeOf = (element: XmlElement, name: string): string => {
  const value = element.attributes.get(name);
  if (value === undefined) throw missing(element, `@${name}`);
  return value;
};
export const numberOf = (element: XmlElement, name: string): number =>
  toNumber(element, name, attributeOf(element, name));

const toNumber = ({ name: element }: XmlElement, name: string, text: string): number => {
  if (!/^-?\d{1,15}$/.test(text)) throw unreadable(`has no number in ${element}/${name}`);
  return Number(text);
};
const missing = ({ name: element }: XmlElement, name: string) => unreadable(`has no ${element}/${name}`);
