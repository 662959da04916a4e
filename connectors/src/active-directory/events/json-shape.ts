/** An object out of JSON.parse. */
export type JsonObject = { readonly [name: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value's text. A list of one stands for its item, as Elasticsearch's `fields` writes every value. */
export const textOfJson = (value: unknown): string | null => {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      break;
  }
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((item) => textOfJson(item) ?? '').join('\n');
  return isObject(value) ? textOfJson(value['#text']) : null;
};

/** A property by its way, whether objects are nested or names are dotted: `winlog.event_id`. */
export const atPath = (object: JsonObject, path: string): unknown => {
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const outer = path.slice(0, dot);
    const inner = Object.hasOwn(object, outer) ? firstOf(object[outer]) : null;
    if (!isObject(inner)) continue;
    const found = atPath(inner, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
};

const firstOf = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);

/** All texts below a way, nested or dotted, in order: `fieldsAt(event, 'winlog.event_data')`. */
export const fieldsAt = (object: JsonObject, path: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const nested = firstOf(atPath(object, path));
  if (isObject(nested)) addFields(found, nested, '');
  for (const [name, value] of dottedBelow(object, path)) if (!found.has(name)) found.set(name, textOfJson(value) ?? '');
  return found;
};

const addFields = (found: Map<string, string>, object: JsonObject, way: string): void => {
  for (const [name, value] of Object.entries(object)) {
    if (isObject(value) && !Object.hasOwn(value, '#text')) addFields(found, value, `${way}${name}.`);
    else found.set(`${way}${name}`, textOfJson(value) ?? '');
  }
};

function* dottedBelow(object: JsonObject, path: string): Iterable<readonly [string, unknown]> {
  const start = `${path}.`;
  for (const [name, value] of Object.entries(object)) {
    if (name.startsWith(start)) yield [name.slice(start.length), value];
    else if (start.startsWith(`${name}.`) && isObject(value)) yield* dottedBelow(value, path.slice(name.length + 1));
  }
}
