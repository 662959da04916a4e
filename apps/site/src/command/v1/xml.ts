import { XMLBuilder } from 'fast-xml-parser';

/** One element of an answer: its children, or its text. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Element[] | string;
}

export const element = (
  name: string,
  content: readonly Element[] | string | number = '',
  attributes: Readonly<Record<string, string | number>> = {},
): Element => ({
  name,
  content: typeof content === 'number' ? String(content) : content,
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
});

/** The document that programs expect: a declaration, an empty line, one root in the default namespace. */
export const writeXml = (root: Element, namespace: string): string => {
  const rooted = { ...root, attributes: { xmlns: namespace, ...root.attributes } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n\n${builder.build([toNode(rooted)])}\n`;
};

const builder = new XMLBuilder({
  ...{ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', suppressBooleanAttributes: false },
  ...{ processEntities: true, textNodeName: '#text' },
});

type Node = { readonly [name: string]: unknown };

const toNode = ({ name, attributes, content }: Element): Node => ({
  [name]: typeof content === 'string' ? [{ '#text': allowed(content) }] : content.map(toNode),
  ...(Object.keys(attributes).length > 0 && {
    ':@': Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, allowed(value)])),
  }),
});

/** Characters that no document of XML may hold are shown as what they are: unknown. */
const allowed = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('\r', '\n')
    .toWellFormed();
