import { z } from 'zod';
import { text } from '../api/shape.ts';

/** Types of parameters, which are texts. Messages stand behind the name of the parameter. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'Enter a whole number.')
    .transform(Number)
    .pipe(z.int().min(least, `Enter at least ${least}.`).max(most, `Enter at most ${most}.`));
export const id = whole(1, 2_147_483_647);
export const lsid = z.string().regex(/^[0-9a-fA-F]{32}$/, 'This is no id of a session: it has 32 hexadecimal digits.');
export const words = (most: number, least = 0) => text(most, least);
/** `1` and nothing else is yes, as programs send it. */
export const flag = z
  .string()
  .transform((value) => value === '1' || value.toLowerCase() === 'true')
  .default(false);

const attributePrefix = 'session.custom.';

/** What a request asks: its parameters, and attributes of a session among them. */
export interface Given {
  readonly parameters: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
}

export class BadParameters extends Error {
  override readonly name = 'BadParameters';
}

/** Whoever names a switch and says nothing wants it; all else that has no value is empty. */
const parse = (text: string): URLSearchParams =>
  new URLSearchParams(text.replaceAll(/(^|&)(showmembers|summary_only|include_connections)(?=&|$)/g, '$1$2=1'));

/**
 * Of an address and of a form that was posted. Programs send all that they know, and a parameter that is empty is none; an
 * attribute that is empty is cleared. Of several with one name the first counts, where they are the same; else nobody
 * knows which was meant. @throws BadParameters
 */
export const readGiven = (query: string, body: string): Given => {
  const parameters = new Map<string, string>();
  const attributes = new Map<string, string>();
  for (const [name, value] of [...parse(query), ...parse(body)]) {
    const isAttribute = name.startsWith(attributePrefix);
    if (!isAttribute && value === '') continue;
    const kept = isAttribute ? attributes : parameters;
    const key = isAttribute ? name.slice(attributePrefix.length) : name;
    const before = kept.get(key);
    if (before !== undefined && before !== value)
      throw new BadParameters(`The parameter ${name.slice(0, 100)} is there twice, with different values.`);
    kept.set(key, value);
  }
  return { parameters: Object.fromEntries(parameters), attributes: Object.fromEntries(attributes) };
};

/** In one sentence for each parameter. */
export const toSentence = (error: z.ZodError, given: Readonly<Record<string, string>>): string => {
  const sentences = error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    if (name === '') return message;
    return given[name] === undefined ? `The parameter ${name} is missing.` : `${name}: ${message}`;
  });
  // Of a list each part may be wrong in the same way.
  return [...new Set(sentences)].slice(0, 10).join(' ');
};
