import { all, textIn, type XmlElement } from '../wire/xml.ts';

// Sites of different versions leave things out. What is not there is empty, and never a reason to lose the rest.

/** Elements of a list, which may be missing, come more than once, or have one element. */
export const within = (element: XmlElement, list: string, name: string): readonly XmlElement[] =>
  all(element, list).flatMap((one) => all(one, name));

export const textOr = (element: XmlElement, name: string): string => textIn(element, name) ?? '';

const toNumber = (text: string | null | undefined): number | null =>
  text !== null && text !== undefined && /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : null;

export const numberIn = (element: XmlElement, name: string): number | null => toNumber(textIn(element, name));
export const numberAt = (element: XmlElement, name: string): number | null => toNumber(element.attributes.get(name));

/** By its attribute in seconds since 1970, which does not depend on a zone; else by its words. */
export const timeOf = (element: XmlElement, name: string): Date | null => {
  const [one] = all(element, name);
  if (one === undefined) return null;
  return secondsAt(one) === null ? toTime(one.text) : timeAt(one);
};

export const timeAt = (element: XmlElement): Date | null => {
  const seconds = secondsAt(element);
  return seconds === null ? null : valid(new Date(seconds * 1_000));
};

const secondsAt = (element: XmlElement): number | null => numberAt(element, 'timestamp') ?? numberAt(element, 'ts');

/** A time without a zone could be any. */
const toTime = (text: string): Date | null =>
  /(Z|[+-]\d\d:?\d\d)\s*$/.test(text) ? valid(new Date(text.trim())) : null;

const valid = (at: Date): Date | null => (Number.isNaN(at.getTime()) ? null : at);

/** As an attribute or as an element, by whichever a version has it. */
export const flag = (element: XmlElement, name: string): boolean =>
  /^(1|true|yes)$/i.test(element.attributes.get(name) ?? textOr(element, name));
