/** One element of an answer: its children, or its text. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Element[] | string;
}

const noAttributes: Element['attributes'] = {};

export const element = (
  name: string,
  content: readonly Element[] | string | number = '',
  attributes?: Readonly<Record<string, string | number>>,
): Element => ({
  name,
  content: typeof content === 'number' ? String(content) : content,
  attributes: attributes === undefined ? noAttributes : inText(attributes),
});

const inText = (attributes: Readonly<Record<string, string | number>>): Element['attributes'] => {
  const texts: Record<string, string> = {};
  for (const name in attributes) texts[name] = String(attributes[name]);
  return texts;
};

/** What every document begins with: a declaration and an empty line, as programs expect. */
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n\n';

/** The document that programs expect: a declaration, an empty line, one root in the default namespace. */
export const writeXml = (root: Element, namespace: string): string => {
  const { name, content, attributes } = root;
  return `${declaration}${writeElement({ name, content, attributes: { xmlns: namespace, ...attributes } })}\n`;
};

export const writeElement = (root: Element): string => {
  const { name, attributes, content } = root;
  let inner = '';
  if (typeof content === 'string') inner = escaped(content);
  else for (const child of content) inner += writeElement(child);
  return `${openTag(name, attributes)}${inner}${closeTag(name)}`;
};

/** For elements whose content is written as it comes. */
export const openTag = (name: string, attributes: Element['attributes'] = noAttributes): string => {
  let tag = `<${name}`;
  for (const key in attributes) tag += ` ${key}="${escapedInAttribute(attributes[key] ?? '')}"`;
  return `${tag}>`;
};

export const closeTag = (name: string): string => `</${name}>`;

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\t': '&#9;', '\n': '&#10;' },
};
const entityOf = (character: string): string => entities[character] ?? character;

const escaped = (text: string): string => (isPlain(text) ? text : allowed(text).replaceAll(/[&<>"']/g, entityOf));
/** Readers make spaces of lines and tabs in attributes, unless they are written as numbers. */
const escapedInAttribute = (text: string): string =>
  isPlain(text) ? text : allowed(text).replaceAll(/[&<>"'\t\n]/g, entityOf);

/** Most texts are: a report has a hundred of them for each session. */
const isPlain = (text: string): boolean => !special.test(text);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const special = /[&<>"'\u0000-\u001f\ud800-\udfff\ufffe\uffff]/;

/** Whether a document holds all of a text as it is. */
export const isHeld = (text: string): boolean => isPlain(text) || (text.isWellFormed() && !forbidden.test(text));
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Characters that no document of XML may hold are shown as what they are: unknown. */
const allowed = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll(new RegExp(forbidden, 'g'), '\ufffd').replaceAll('\r', '\n').toWellFormed();
