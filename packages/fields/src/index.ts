import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';

/**
 * Setting builders. The metadata is plain JSON Schema, so forms and docs need no second vocabulary:
 * a form looks only at `type`, `format`, `enum`, `oneOf`, `properties`, `title`, `description`, `default` and `writeOnly`.
 */
export const fields = {
  object: <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape),
  text: (title: string, description: string) => z.string().trim().min(1).max(1_000).meta({ title, description }),
  url: (title: string, description: string) =>
    z
      .url({ protocol: /^https?$/, error: 'Enter an address that starts with https://.' })
      .max(2_000)
      .meta({ title, description, format: 'uri' }),
  /** One line; parses to a `Secret`. */
  secret: (title: string, description: string) =>
    z
      .string()
      .min(1)
      .max(10_000)
      .meta({ title, description, writeOnly: true, format: 'password' })
      .transform((value) => new Secret(value)),
  /** One that is not always needed; parses to null where it is left out or was emptied again. */
  secretOrNone: (title: string, description: string) =>
    z
      .string()
      .max(10_000)
      .meta({ title, description, writeOnly: true, format: 'password' })
      .optional()
      .transform((value) => (value === undefined || value === '' ? null : new Secret(value))),
  /** Certificates in PEM form, which are meant to be shown; null where there are none. */
  certificates: (title: string, description: string) =>
    z
      .string()
      .trim()
      .max(100_000)
      .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), 'Paste certificates in PEM form.')
      .meta({ title, description, format: 'textarea' })
      .optional()
      .transform((text) => (text === undefined || text === '' ? null : text)),
  /** Text that is not always needed; null where it is left out or was emptied again. */
  textOrNone: (title: string, description: string) =>
    z
      .string()
      .trim()
      .max(1_000)
      .meta({ title, description })
      .optional()
      .transform((text) => (text === undefined || text === '' ? null : text)),
  /** Several lines, such as a private key in PEM form; parses to a `Secret`. */
  secretText: (title: string, description: string) =>
    z
      .string()
      .trim()
      .min(1)
      .max(20_000)
      .meta({ title, description, writeOnly: true, format: 'pem' })
      .transform((value) => new Secret(value)),
  toggle: (title: string, description: string) => z.boolean().meta({ title, description }),
  /** Several lines of plain text, such as pairs of names; may be empty. */
  lines: (title: string, description: string) =>
    z.string().trim().max(20_000).meta({ title, description, format: 'textarea' }),
  /** A table of two columns: a row for each name in `rows`, titled by its words, with one optional cell each. */
  table: <const R extends Readonly<Record<string, string>>, C extends z.ZodType>(
    title: string,
    description: string,
    rows: R,
    cell: C,
  ) => {
    const shape = Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [name, cell.meta({ ...cell.meta(), title: row }).optional()]),
    ) as { [K in keyof R]: z.ZodOptional<C> }; // one entry for each row
    return z.strictObject(shape).meta({ title, description, format: 'table' });
  },
  number: (title: string, description: string, range: { min: number; max: number }) =>
    z.number().int().min(range.min).max(range.max).meta({ title, description }),
  /** Several texts, each of one line; may be empty. */
  list: (title: string, description: string) =>
    z.array(z.string().trim().min(1).max(300)).max(200).meta({ title, description }),
  choice: <const V extends readonly [string, ...string[]]>(title: string, description: string, values: V) =>
    z.enum(values).meta({ title, description }),
  oneOf: z.discriminatedUnion,
};

/** The schema the console renders, the docs print and the API publishes. */
export const describe = (config: z.ZodType) => z.toJSONSchema(config, { io: 'input' });

/**
 * The names of the settings that are secret: what must never be sent back and may be left out of an update. Those inside
 * an alternative or a group have the names on the way to them in front: `signIn.apiKey`.
 */
export const secretNames = (config: z.ZodType): readonly string[] => [...new Set(secretsWithin(describe(config)))];

const secretsWithin = (schema: z.core.JSONSchema._JSONSchema): readonly string[] => {
  if (typeof schema !== 'object') return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'object' && property.writeOnly === true
      ? [name]
      : secretsWithin(property).map((inner) => `${name}.${inner}`),
  );
  const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [...own, ...alternatives.flatMap(secretsWithin)];
};
