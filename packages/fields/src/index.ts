import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';

/**
 * Setting builders. The metadata is plain JSON Schema, so forms and docs need no second vocabulary:
 * a form looks only at `type`, `format`, `enum`, `oneOf`, `title`, `description`, `default` and `writeOnly`.
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
  number: (title: string, description: string, range: { min: number; max: number }) =>
    z.number().int().min(range.min).max(range.max).meta({ title, description }),
  choice: <const V extends readonly [string, ...string[]]>(title: string, description: string, values: V) =>
    z.enum(values).meta({ title, description }),
  oneOf: z.discriminatedUnion,
};

/** The schema the console renders, the docs print and the API publishes. */
export const describe = (config: z.ZodType) => z.toJSONSchema(config, { io: 'input' });

/** The names of the settings that are secret: what must never be sent back and may be left out of an update. */
export const secretNames = (config: z.ZodType): readonly string[] => {
  const { properties = {} } = describe(config);
  return Object.entries(properties)
    .filter(([, property]) => typeof property === 'object' && property.writeOnly === true)
    .map(([name]) => name);
};
