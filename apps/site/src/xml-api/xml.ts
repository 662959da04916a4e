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

/** What every document begins with: a declaration and an empty line, as programs expect. */
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n\n';

/** The document that programs expect: a declaration, an empty line, one root in the default namespace. */
export const writeXml = (root: Element, namespace: string): string => {
  const { name, content, attributes } = root;
  return `${declaration}${writeElement({ name, content, attributes: { xmlns: namespace, ...attributes } })}\n`;
};

export const writeElement = ({ name, attributes, content }: Element): string =>
  `${openTag(name, attributes)}${typeof content === 'string' ? escaped(content) : content.map(writeElement).join('')}${closeTag(name)}`;

/** For elements whose content is written as it comes. */
export const openTag = (name: string, attributes: Readonly<Record<string, string>> = {}): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapedInAttribute(value)}"`)
    .join('')}>`;

export const closeTag = (name: string): string => `</${name}>`;

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\t': '&#9;', '\n': '&#10;' },
};
const entityOf = (character: string): string => entities[character] ?? character;

const escaped = (text: string): string => allowed(text).replaceAll(/[&<>"']/g, entityOf);
/** Readers make spaces of lines and tabs in attributes, unless they are written as numbers. */
const escapedInAttribute = (text: string): string => allowed(text).replaceAll(/[&<>"'\t\n]/g, entityOf);

/** Characters that no document of XML may hold are shown as what they are: unknown. */
const allowed = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('\r', '\n')
    .toWellFormed();
