import type { BinXml, Instance, Part, Shape, Value } from './binxml.ts';
import { listOf, textOfValue, valueType } from './binxml-values.ts';
import type { XmlElement } from './element.ts';
import { longestEvent } from './pieces.ts';
import { unreadable } from './windows-event.ts';

/**
 * The element that stands between two places of a chunk, with its templates filled. A few bytes can make a template repeat
 * a long value without end, so an event may take no more characters and elements than text may.
 * @throws Fault `unexpected`
 */
export const elementAt = (xml: BinXml, start: number, end: number): XmlElement => {
  const renderer = rendererOf(xml);
  const found = renderer.fill(xml.read(start, end, false), [], 0).filter((child) => typeof child !== 'string');
  const root = found.at(0);
  if (root === undefined || found.length > 1) throw unreadable('its binary XML has not one root');
  return root;
};

/** Values that are binary XML and hold templates whose values are binary XML. */
const deepest = 8;
const costOfElement = 16;

const rendererOf = (xml: BinXml) => {
  let left = longestEvent;
  const spend = (characters: number) => {
    left -= characters;
    xml.charge(characters);
    if (left < 0) throw unreadable(`it is longer than ${longestEvent} characters`);
  };

  const fill = (parts: readonly Part[], values: readonly Value[], depth: number): readonly (XmlElement | string)[] =>
    parts.flatMap((part) => {
      switch (part.kind) {
        case 'text':
          spend(part.text.length);
          return [part.text];
        case 'hole':
          return textsOf(values[part.index], depth);
        case 'element':
          return elementsOf(part.element, values, depth);
        case 'instance':
          return instanceOf(part.instance, depth);
        default:
          return part satisfies never;
      }
    });

  const instanceOf = ({ template, values }: Instance, depth: number): readonly (XmlElement | string)[] => {
    if (depth >= deepest) throw unreadable('its templates are nested too deeply');
    return fill(template, values, depth + 1);
  };

  /** One element; none where its only content is optional and missing; several where its only content is a list. */
  const elementsOf = (shape: Shape, values: readonly Value[], depth: number): readonly XmlElement[] => {
    spend(costOfElement + shape.name.length);
    const attributes = new Map(
      shape.attributes.flatMap(([name, parts]) => {
        if (isMissing(parts, values)) return [];
        return [
          [
            name,
            fill(parts, values, depth)
              .filter((part) => typeof part === 'string')
              .join(''),
          ] as const,
        ];
      }),
    );
    const { name, children } = shape;
    if (isMissing(children, values)) return [];
    const only = children.length === 1 ? children[0] : undefined;
    const value = only?.kind === 'hole' ? values[only.index] : undefined;
    if (value !== undefined && (value.type & listOf) !== 0) {
      const items = textsOf(value, depth);
      return (items.length === 0 ? [''] : items).map((item) => ({ name, attributes, children: [item] }));
    }
    return [{ name, attributes, children: fill(children, values, depth) }];
  };

  const textsOf = (value: Value | undefined, depth: number): readonly (XmlElement | string)[] => {
    if (value === undefined || value.type === valueType.null) return [];
    if (value.type === valueType.binXml) {
      if (depth >= deepest) throw unreadable('its binary XML is nested too deeply');
      return fill(partsOfValue(xml, value), [], depth + 1);
    }
    spend(value.bytes.length);
    const text = textOfValue(value.type, value.bytes);
    const texts = typeof text === 'string' ? [text] : text;
    spend(texts.length * costOfElement);
    return texts;
  };

  return { fill };
};

/**
 * The format's description says that elements directly inside a value have no dependency id; Windows itself puts templates
 * there, whose elements have one. What cannot be read the one way is read the other.
 */
const partsOfValue = (xml: BinXml, { at, bytes }: Value): readonly Part[] => {
  try {
    return xml.read(at, at + bytes.length, true);
  } catch {
    return xml.read(at, at + bytes.length, false);
  }
};

const isMissing = (parts: readonly Part[], values: readonly Value[]): boolean => {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only?.kind !== 'hole' || !only.isOptional) return false;
  const value = values[only.index];
  return value === undefined || value.type === valueType.null;
};
