/** As much of JSON Schema as the official descriptions use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Where `#/components/…` leads. */
export type Resolve = (ref: string) => Schema;

/** Without references, and with the properties of all parts together. */
export const flat = (schema: Schema, resolve: Resolve): Schema => {
  const found = schema.$ref === undefined ? schema : flat(resolve(schema.$ref), resolve);
  const parts = (found.allOf ?? []).map((part) => flat(part, resolve));
  if (parts.length === 0) return found;
  const properties = Object.fromEntries(parts.flatMap((part) => Object.entries(part.properties ?? {})));
  return { ...found, type: 'object', properties, required: parts.flatMap(({ required = [] }) => required) };
};

/** What is wrong with an answer, one line each. A property that the schema does not name is wrong too. */
export const complaints = (schema: Schema, value: unknown, resolve: Resolve, at = 'answer'): readonly string[] => {
  const found = flat(schema, resolve);
  if (found.oneOf) {
    const each = found.oneOf.map((one) => complaints(one, value, resolve, at));
    return each.some((wrong) => wrong.length === 0) ? [] : (each[0] ?? []);
  }
  if (value === null) return found.nullable ? [] : [`${at} is null`];
  const kind = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (found.type !== undefined && found.type !== kind) return [`${at} is ${kind}, not ${found.type}`];
  if (found.enum && !found.enum.includes(value)) return [`${at} is ${String(value)}`];
  if (typeof value === 'number') return ofNumber(found, value, at);
  if (typeof value === 'string') return ofText(found, value, at);
  if (Array.isArray(value))
    return value.flatMap((item, index) => complaints(found.items ?? {}, item, resolve, `${at}[${index}]`));
  return typeof value === 'object' ? ofObject(found, value, resolve, at) : [];
};

const ofNumber = ({ minimum, maximum }: Schema, value: number, at: string): readonly string[] =>
  (minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum) ? [`${at} is ${value}`] : [];

const ofText = (schema: Schema, value: string, at: string): readonly string[] => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema;
  return [
    ...(value.length < minLength || value.length > maxLength ? [`${at} has ${value.length} characters`] : []),
    ...(pattern !== undefined && !new RegExp(pattern).test(value) ? [`${at} does not match ${pattern}`] : []),
    ...(format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(value) ? [`${at} is ${value}`] : []),
  ];
};

const ofObject = (schema: Schema, value: object, resolve: Resolve, at: string): readonly string[] => {
  const { properties = {}, additionalProperties, required = [] } = schema;
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, item]) => {
      const property = properties[name] ?? additionalProperties;
      if (property === undefined) return [`${at}.${name} is not known`];
      if (flat(property, resolve).writeOnly) return [`${at}.${name} is only written`];
      return complaints(property, item, resolve, `${at}.${name}`);
    }),
  ];
};

/** Which end of what a schema allows is taken. */
export type End = 'least' | 'most';

/** A value that a schema allows; undefined: it has no rule to make one by. `turn` takes one enum value after another. */
export const valueFor = (schema: Schema, end: End, turn: number, resolve: Resolve): unknown => {
  const found = flat(schema, resolve);
  if (found.enum) return found.enum[turn % found.enum.length];
  switch (found.type) {
    case 'boolean':
      return turn % 2 === 1;
    case 'integer':
      return end === 'least' ? (found.minimum ?? 0) : (found.maximum ?? 1_000);
    case 'string':
      return textFor(found, end, turn);
    case 'array':
      return [];
    default:
      return undefined;
  }
};

const textFor = ({ minLength = 0, maxLength = 20, pattern, format }: Schema, end: End, turn: number): string => {
  if (format === 'date-time') return turn % 2 ? '2035-10-16T14:46:25.930+00:00' : '2035-10-16T14:46:23Z';
  // Names must differ, also where they are as long as they may be.
  const own = `${end}-${turn}-${Math.random().toString(36).slice(2)}`;
  const sign = pattern === undefined ? 'ß' : 'a';
  return end === 'least'
    ? own.slice(0, Math.max(minLength, Math.min(own.length, maxLength)))
    : own.padEnd(maxLength, sign).slice(0, maxLength);
};
