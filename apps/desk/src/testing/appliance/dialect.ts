/** How the answers of one kind of appliance look: versions and products differ in namespaces, and proxies in prefixes. */
export interface Dialect {
  readonly name: string;
  readonly namespace: (api: 'command' | 'reporting') => string;
  /** Before every name; empty: the namespace is the default one. */
  readonly prefix: string;
  /** Sites of 24.3 and later leave it out. */
  readonly company: string | null;
  /** Ids of sessions in capitals, as some databases print them. */
  readonly capitals: boolean;
  /** Whether lists of sessions say their external keys. */
  readonly listsKeys: boolean;
}

const old: Dialect = {
  ...{ name: 'an appliance of 2019', prefix: '', company: 'acme', capitals: false, listsKeys: true },
  namespace: (api) => `http://www.bomgar.com/namespaces/API/${api}`,
};
/** What the public documents and recordings show. */
export const dialects: readonly Dialect[] = [
  old,
  {
    ...{ ...old, name: 'a site in the cloud', company: null, listsKeys: false },
    namespace: (api) => `http://www.beyondtrust.com/sra/namespaces/API/${api}`,
  },
  {
    ...{ name: 'a site behind a proxy that rewrites', prefix: 'bt:', company: 'acme', capitals: true, listsKeys: true },
    namespace: (api) => `https://www.beyondtrust.com/namespaces/API/${api}`,
  },
];

type Content = string | number | readonly Element[];
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: Content;
}

/** An element; text is escaped when it is written. */
export const element = (name: string, content: Content = '', attributes: Element['attributes'] = {}): Element => ({
  ...{ name, attributes, content },
});

/** A document as such sites write one: a blank line after the declaration, and white space where it means nothing. */
export const write = ({ namespace, prefix }: Dialect, api: 'command' | 'reporting', root: Element): string => {
  const declared = `xmlns${prefix === '' ? '' : `:${prefix.slice(0, -1)}`}="${namespace(api)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n\n${draw(prefix, root, ` ${declared}`)}\n`;
};

const draw = (prefix: string, { name, attributes, content }: Element, more = ''): string => {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const inner = Array.isArray(content)
    ? `\n${content.map((one: Element) => draw(prefix, one)).join('\n')}\n`
    : escaped(String(content));
  return `<${prefix}${name}${more}${words.join('')}>${inner}</${prefix}${name}>`;
};

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
