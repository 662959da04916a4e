import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { eventOfElement, type XmlElement } from './element.ts';
import { unreadable, type WindowsEvent } from './windows-event.ts';

/**
 * The event of one `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">`, as wevtutil, Get-WinEvent
 * and Windows Event Forwarding write it. What declares entities is refused, so nothing can expand.
 * @throws Fault `unexpected`
 */
export const eventOfXml = (text: string): WindowsEvent => {
  return eventOfElement(toElement(text));
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: '#text',
  cdataPropName: '#cdata',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Read below, so that text, CDATA and attributes are each decoded once and an unknown entity is a fault.
  processEntities: false,
  htmlEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 32,
});

const toElement = (text: string): XmlElement => {
  if (/<!(?!\[CDATA\[|--)/.test(text)) throw unreadable('its XML has a declaration');
  let nodes: unknown;
  try {
    // The parser alone lets elements end that never began.
    const valid = XMLValidator.validate(text);
    if (valid !== true) throw new Error(valid.err.msg);
    nodes = parser.parse(text);
  } catch (cause) {
    throw unreadable(`its XML is damaged: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
  const roots = Array.isArray(nodes) ? nodes.map(ofNode).filter((node) => typeof node !== 'string') : [];
  const root = roots.at(0);
  if (root === undefined || roots.length > 1) throw unreadable('its XML has not one root');
  return root;
};

/** The parser's ordered form: `{ Data: [children], ':@': { Name: 'x' } }`, `{ '#text': 'x' }`, `{ '#cdata': [{ '#text': 'x' }] }`. */
const ofNode = (node: Readonly<Record<string, unknown>>): XmlElement | string => {
  const name = Object.keys(node).find((key) => key !== ':@') ?? '';
  const held = node[name];
  if (name === '#text') return decoded(String(held));
  const nodes: readonly Readonly<Record<string, unknown>>[] = Array.isArray(held) ? held : [];
  if (name === '#cdata') return nodes.map((inner) => String(inner['#text'] ?? '')).join('');
  return {
    name,
    attributes: new Map(Object.entries(node[':@'] ?? {}).map(([key, value]) => [key, decoded(String(value))])),
    children: nodes.map(ofNode),
  };
};

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities of XML and characters by number; everything else would need a declaration. */
const decoded = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,10}));|&/gi, (entity, hex, decimal, name) => {
        const letter = name === undefined ? characterOf(hex, decimal) : Object.hasOwn(named, name) ? named[name] : null;
        if (letter == null) throw unreadable(`its XML has the entity ${entity}`);
        return letter;
      })
    : text;

const characterOf = (hex: string | undefined, decimal: string | undefined): string | null => {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : null;
};
