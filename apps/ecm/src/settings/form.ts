import { describe } from '@gatehouse/fields';
import type { z } from 'zod';

/** What JSON can hold, as settings are entered and stored. */
export type Entered = { readonly [name: string]: z.core.util.JSONType };

/** One place to enter something, wherever in the settings it stands. */
export interface FormField {
  /** `signIn.apiKey`: the names on the way to it. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'text' | 'secret' | 'lines' | 'choice' | 'toggle' | 'number';
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly choices: readonly { readonly value: string; readonly title: string }[];
  readonly standard: z.core.util.JSONType | undefined;
  /** Titles of what it stands in, outermost first. */
  readonly group: readonly string[];
  /** Shown only while another one has this value. */
  readonly when: { readonly path: string; readonly value: string } | null;
}

type Schema = z.core.JSONSchema._JSONSchema;
type Shape = z.core.JSONSchema.BaseSchema;

/** The form of settings: what a terminal asks and a page shows. The schema is its only description. */
export const formOf = (config: z.ZodType): readonly FormField[] => within(describe(config), [], [], null);

const within = (
  schema: Schema,
  path: readonly string[],
  group: readonly string[],
  when: FormField['when'],
): readonly FormField[] => {
  if (typeof schema === 'boolean') return [];
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return alternative(alternatives, schema, path, group, when);
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean' || property.const !== undefined) return [];
    const here = [...path, name];
    if (property.properties !== undefined || property.oneOf !== undefined || property.anyOf !== undefined)
      return within(property, here, [...group, property.title ?? name], when);
    return [fieldOf(property, here, group, when, required.includes(name))];
  });
};

/** A choice between objects, told apart by the one member that is a constant in each. */
const alternative = (
  all: readonly Schema[],
  { title }: Shape,
  path: readonly string[],
  group: readonly string[],
  when: FormField['when'],
): readonly FormField[] => {
  const shapes = all.filter((one): one is Shape => typeof one === 'object');
  const tag = Object.entries(shapes[0]?.properties ?? {}).find(([, one]) => isConstant(one))?.[0];
  if (tag === undefined) return [];
  const choices = shapes.flatMap((shape) => {
    const own = shape.properties?.[tag];
    return isConstant(own) ? [{ value: String(own.const), title: own.title ?? shape.title ?? String(own.const) }] : [];
  });
  const here = [...path, tag].join('.');
  const choose: FormField = {
    ...{ path: here, title: title ?? tag, description: '', kind: 'choice', isSecret: false, isRequired: true },
    ...{ choices, standard: undefined, group: group.slice(0, -1), when },
  };
  return [
    choose,
    ...shapes.flatMap((shape, index) => within(shape, path, group, { path: here, value: choices[index]?.value ?? '' })),
  ];
};

const isConstant = (schema: Schema | undefined): schema is Shape =>
  typeof schema === 'object' && schema.const !== undefined;

const fieldOf = (
  property: Shape,
  path: readonly string[],
  group: readonly string[],
  when: FormField['when'],
  isRequired: boolean,
): FormField => ({
  ...{ path: path.join('.'), group, when },
  ...{ title: property.title ?? path.at(-1) ?? '', description: property.description ?? '' },
  ...{ kind: kindOf(property), isSecret: property.writeOnly === true },
  ...{ isRequired: isRequired && property.default === undefined },
  choices: (property.enum ?? []).map((value) => ({ value: String(value), title: String(value) })),
  // A default of JSON Schema is JSON.
  standard: property.default as z.core.util.JSONType | undefined,
});

const kindOf = ({ type, writeOnly, format, enum: choices }: Shape): FormField['kind'] => {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean') return 'toggle';
  if (type === 'integer' || type === 'number') return 'number';
  if (format === 'pem' || format === 'textarea') return 'lines';
  return writeOnly === true ? 'secret' : 'text';
};

/** The paths of everything secret in settings of this kind. */
export const secretPaths = (config: z.ZodType): readonly string[] => [
  ...new Set(formOf(config).flatMap(({ isSecret, path }) => (isSecret ? [path] : []))),
];

export const valueAt = (values: Entered, path: string): z.core.util.JSONType | undefined => {
  let here: z.core.util.JSONType | undefined = values;
  for (const name of path.split('.')) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  return here;
};

/** A copy with one value changed; undefined takes it out. */
export const withValue = (values: Entered, path: string, value: z.core.util.JSONType | undefined): Entered => {
  const [name = '', ...rest] = path.split('.');
  const { [name]: own, ...others } = values;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  const inner = withValue(isObject(own) ? own : {}, rest.join('.'), value);
  return { ...others, [name]: inner };
};

const isObject = (value: unknown): value is Entered =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
