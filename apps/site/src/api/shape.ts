import { z } from 'zod';

/** What is said about a field beside its type; all of it words of JSON Schema. */
interface About {
  /** What a new object has when nothing is said. */
  readonly default?: unknown;
  /** Answered, and never taken. */
  readonly readOnly?: true;
  /** Taken, and never answered. */
  readonly writeOnly?: true;
  readonly format?: string;
}

/** One field: its type, its name on forms, and a sentence about it. */
export const field = <S extends z.ZodType>(type: S, title: string, description: string, about: About = {}): S =>
  type.meta({ title, description, ...about });

export const Id = z.int('Enter a whole number.').min(1, 'Ids begin at 1.').max(2_147_483_647, 'This is no id.');
/** An id, or 0 for what the description of the field says. */
export const IdOrZero = z.int('Enter a whole number.').min(0).max(2_147_483_647, 'This is no id.');
export const Flag = z.boolean('Enter true or false.');
/** What a database keeps as it is: no zero byte, and no half of a character. */
export const isText = (value: string): boolean => !value.includes('\0') && value.isWellFormed();
export const text = (max: number, min = 0) =>
  z
    .string('Enter a text.')
    .refine(isText, 'There is a character in it that cannot be kept.')
    .min(min, min === 1 ? 'This may not be empty.' : `Enter at least ${min} characters.`)
    .max(max, `Enter at most ${max} characters.`);
/** RFC 3339 in UTC, `Z` or `+00:00`; answered with `+00:00`. */
export const Time = z.iso
  .datetime({ offset: true, error: 'Enter a time such as 2026-10-16T14:46:23Z.' })
  .refine((at) => /(Z|\+00:00)$/i.test(at), 'Enter the time in UTC, with Z or +00:00 at the end.');
export const CodeName = text(64).regex(/^[a-zA-Z0-9_\\-]*$/, 'Use letters, digits, _ and - only.');

/** A kind of object as both faces of the API have it: the Configuration API of programs and the API of the pages. */
export interface Shape {
  /** In the description of the API: `JumpGroup`. */
  readonly name: string;
  /** For people: `Jump group`, `Jump groups`. */
  readonly one: string;
  readonly many: string;
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** What a new one must have. */
  readonly required: readonly string[];
  /** The field that names one to people. */
  readonly label: string;
}

export type ObjectRow = { readonly [field: string]: unknown };

const about = (type: z.ZodType): About => (type.meta() ?? {}) as About;

export const fieldsWith = (shape: Shape, mark: 'readOnly' | 'writeOnly'): readonly string[] =>
  Object.entries(shape.fields)
    .filter(([, type]) => about(type)[mark] === true)
    .map(([name]) => name);

/** What a new object has when nothing is said. */
export const defaultsOf = (shape: Shape): ObjectRow =>
  Object.fromEntries(
    Object.entries(shape.fields)
      .filter(([, type]) => about(type).default !== undefined)
      .map(([name, type]) => [name, about(type).default]),
  );

/** What is sent to make one; unknown fields are errors. */
export const newOf = (shape: Shape) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(shape.fields).map(([name, type]) => [
        name,
        shape.required.includes(name) ? type : type.optional(),
      ]),
    ),
  );

/** What is sent to change one: what is left out stays. */
export const changeOf = (shape: Shape) =>
  z.strictObject(Object.fromEntries(Object.entries(shape.fields).map(([name, type]) => [name, type.optional()])));

/** What is answered. Fields that have no value are left out, except those that may be null. */
export const answerOf = (shape: Shape) =>
  z.object(
    Object.fromEntries(
      Object.entries(shape.fields)
        .filter(([name]) => !fieldsWith(shape, 'writeOnly').includes(name))
        .map(([name, type]) => [name, type.optional()]),
    ),
  );

/** A stored row as it is answered. */
export const present = (shape: Shape, row: ObjectRow): ObjectRow => {
  const hidden = fieldsWith(shape, 'writeOnly');
  return Object.fromEntries(
    Object.entries(shape.fields).flatMap(([name, type]): [string, unknown][] => {
      const value = row[name];
      if (hidden.includes(name) || value === undefined) return [];
      if (value === null) return type.safeParse(null).success ? [[name, null]] : [];
      return [[name, value instanceof Date ? writeTime(value) : value]];
    }),
  );
};

/** `2026-10-16T14:46:23+00:00`: whole seconds, and never `Z`. */
export const writeTime = (at: Date): string => `${at.toISOString().slice(0, 19)}+00:00`;
