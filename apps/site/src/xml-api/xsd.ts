import { type Element, element, writeXml } from './xml.ts';

/** A schema of answers, in the namespace that they are in. */
export const writeSchema = (roots: readonly Element[], namespace: string): string =>
  writeXml(
    xs('schema', roots, {
      ...{
        'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
        targetNamespace: namespace,
        elementFormDefault: 'qualified',
      },
    }),
    namespace,
  );

export const xs = (
  name: string,
  content: readonly Element[],
  attributes: Readonly<Record<string, string>> = {},
): Element => element(`xs:${name}`, content, attributes);
export const attribute = (name: string, type = 'xs:string', use: 'required' | 'optional' = 'required') =>
  xs('attribute', [], { name, type, use });

/** How often: once, perhaps, or any number of times. */
export const often = { one: {}, maybe: { minOccurs: '0' }, many: { minOccurs: '0', maxOccurs: 'unbounded' } } as const;
type Often = keyof typeof often;

/** An element with text. */
export const textElement = (name: string, type = 'xs:string', times: Often = 'one') =>
  xs('element', [], { name, type, ...often[times] });

/** An element with text and attributes. */
export const marked = (name: string, type: string, attributes: readonly Element[], times: Often = 'one') =>
  xs('element', [xs('complexType', [xs('simpleContent', [xs('extension', attributes, { base: type })])])], {
    ...{ name, ...often[times] },
  });

/** An element with elements, in this order, and attributes. */
export const tree = (
  name: string,
  children: readonly Element[],
  attributes: readonly Element[] = [],
  times: Often = 'one',
) =>
  xs('element', [xs('complexType', [...(children.length > 0 ? [xs('sequence', children)] : []), ...attributes])], {
    ...{ name, ...often[times] },
  });
