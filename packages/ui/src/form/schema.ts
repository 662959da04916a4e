/** What a form looks at in a JSON Schema, and nothing else. */
export interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly oneOf?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly writeOnly?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

export type FormValues = Readonly<Record<string, unknown>>;
/** Words by field; a field of a choice has its path joined by dots. */
export type FormErrors = Readonly<Record<string, string>>;

/** A secret that the server keeps. It is never sent back; left as it is, it stays. */
export const isKept = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'isSet' in value && value.isSet === true;

/** A secret that is to be taken away: it is sent as an empty one. */
export const removed = { isRemoved: true } as const;
export const isRemoved = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'isRemoved' in value && value.isRemoved === true;

/** The alternatives of a choice: objects that differ in one property with a fixed value. */
export const variantsOf = (schema: FieldSchema): readonly FieldSchema[] =>
  (schema.oneOf ?? schema.anyOf ?? []).filter(({ properties }) => properties !== undefined);

/** The property that tells alternatives apart, for example `method`. */
export const discriminatorOf = (variant: FieldSchema): { name: string; value: string } | null => {
  for (const [name, property] of Object.entries(variant.properties ?? {}))
    if (typeof property.const === 'string') return { name, value: property.const };
  return null;
};

/** The values a form starts with: what is known, else the schema's defaults. */
export const startValues = (schema: FieldSchema, known: FormValues = {}): FormValues =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      if (known[name] !== undefined) return [[name, known[name]]];
      if (property.default !== undefined) return [[name, property.default]];
      if (property.const !== undefined) return [[name, property.const]];
      return property.type === 'boolean' ? [[name, false]] : [];
    }),
  );

/** What is sent: without kept secrets and without empty texts, which mean "not given". */
export const sentValues = (values: FormValues): FormValues =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => !isKept(value) && value !== '' && value !== undefined)
      .map(([name, value]) => [name, isRemoved(value) ? '' : isPlainObject(value) ? sentValues(value) : value]),
  );

const isPlainObject = (value: unknown): value is FormValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The required fields that are still empty. */
export const missingFields = (schema: FieldSchema, values: FormValues): FormErrors =>
  Object.fromEntries(
    (schema.required ?? [])
      .filter((name) => values[name] === undefined || values[name] === '')
      .map((name) => [name, `“${schema.properties?.[name]?.title ?? name}” is needed.`]),
  );
