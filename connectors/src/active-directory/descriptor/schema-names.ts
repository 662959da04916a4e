import { guidBytes, guidText } from '../guid.ts';
import { wellKnownAttributes, wellKnownClasses, wellKnownPropertySets, wellKnownRights } from './well-known-names.ts';

/** What the GUIDs of access entries mean in one forest. Names are found without regard to case. */
export interface SchemaNames {
  readonly attributes: Named<SchemaAttribute>;
  readonly classes: Named<SchemaClass>;
  /** Extended rights, validated writes and property sets, by their cn. */
  readonly rights: Named<AccessRight>;
  /** Everything that a GUID stands for, for people: one GUID may be an attribute, its property set and its right. */
  describe(guid: string): readonly string[];
  /** The class itself and its superclasses up to `top`; only itself where the class is not known. */
  lineage(className: string): readonly string[];
  /** Names of objects of the schema that could not be used, with the reason. */
  readonly faults: readonly string[];
}

interface Named<T> {
  find(name: string): T | null;
  values(): Iterable<T>;
}

export interface SchemaAttribute {
  /** lDAPDisplayName. */
  readonly name: string;
  readonly guid: string;
  /** The GUID of its property set, from attributeSecurityGUID. */
  readonly propertySet: string | null;
}

export interface SchemaClass {
  /** lDAPDisplayName. */
  readonly name: string;
  readonly guid: string;
  readonly superclass: string;
}

export interface AccessRight {
  /** The cn, which no administrator translates; displayName is for people. */
  readonly name: string;
  readonly displayName: string;
  readonly guid: string;
}

/** An object as LDAP gives it: attribute names with the bytes of their values. */
export type RawObject = ReadonlyMap<string, readonly Uint8Array[]>;

/**
 * The names of a forest from the attributeSchema and classSchema objects of its schema partition and the
 * controlAccessRight objects of its CN=Extended-Rights container; other objects are passed over. What the forest does
 * not say is taken from the well-known GUIDs, so an empty list gives names that are right for everything but LAPS and
 * other extensions of the schema.
 */
export const toSchemaNames = (objects: Iterable<RawObject>): SchemaNames => {
  const attributes = named<SchemaAttribute>(
    wellKnownAttributes.map(([name, guid, propertySet]) => ({ name, guid, propertySet })),
  );
  const classes = named<SchemaClass>(wellKnownClasses.map(([name, guid, superclass]) => ({ name, guid, superclass })));
  const rights = named<AccessRight>(
    [...wellKnownRights, ...wellKnownPropertySets].map(([name, guid, displayName]) => ({ name, guid, displayName })),
  );
  const faults: string[] = [];
  for (const object of objects) {
    const kinds = textsOf(object, 'objectClass').map((kind) => kind.toLowerCase());
    if (kinds.includes('attributeschema')) keep(attributes, toAttribute(object), object, faults);
    else if (kinds.includes('classschema')) keep(classes, toClass(object), object, faults);
    else if (kinds.includes('controlaccessright')) keep(rights, toRight(object), object, faults);
  }
  return {
    ...{ attributes, classes, rights, faults },
    describe: (guid) => [
      ...[...attributes.values(), ...classes.values()].filter((one) => one.guid === guid).map(({ name }) => name),
      ...[...rights.values()].filter((one) => one.guid === guid).map(({ displayName }) => displayName),
    ],
    lineage: (className) => lineage(classes, className),
  };
};

const keep = <T extends { name: string }>(to: Kept<T>, one: T | null, object: RawObject, faults: string[]): void => {
  if (one !== null) to.set(one);
  else faults.push(`${textsOf(object, 'cn')[0] ?? 'an object without cn'} has no name or no GUID`);
};

const toAttribute = (object: RawObject): SchemaAttribute | null => {
  const [name, guid] = [textsOf(object, 'lDAPDisplayName')[0], guidOf(object, 'schemaIDGUID')];
  if (name === undefined || guid === null) return null;
  return { name, guid, propertySet: guidOf(object, 'attributeSecurityGUID') };
};

const toClass = (object: RawObject): SchemaClass | null => {
  const [name, guid] = [textsOf(object, 'lDAPDisplayName')[0], guidOf(object, 'schemaIDGUID')];
  if (name === undefined || guid === null) return null;
  return { name, guid, superclass: textsOf(object, 'subClassOf')[0] ?? 'top' };
};

const toRight = (object: RawObject): AccessRight | null => {
  const name = textsOf(object, 'cn')[0];
  const bytes = guidBytes(textsOf(object, 'rightsGuid')[0] ?? '');
  const guid = bytes === null ? null : guidText(bytes);
  if (name === undefined || guid === null) return null;
  return { name, guid, displayName: textsOf(object, 'displayName')[0] ?? name };
};

const lineage = (classes: Named<SchemaClass>, className: string): readonly string[] => {
  const names: string[] = [];
  let name = className;
  // The superclass of top is top itself; a schema that goes in circles ends here too.
  while (!names.includes(name)) {
    names.push(name);
    name = classes.find(name)?.superclass ?? name;
  }
  return names;
};

interface Kept<T> extends Named<T> {
  set(one: T): void;
}

const named = <T extends { name: string }>(initial: readonly T[]): Kept<T> => {
  const byName = new Map(initial.map((one) => [one.name.toLowerCase(), one]));
  return {
    find: (name) => byName.get(name.toLowerCase()) ?? null,
    values: () => byName.values(),
    set: (one) => void byName.set(one.name.toLowerCase(), one),
  };
};

const valuesOf = (object: RawObject, name: string): readonly Uint8Array[] => {
  const found = object.get(name);
  if (found !== undefined) return found;
  // Servers spell attributes as the schema does or as they were asked for.
  for (const [key, values] of object) if (key.toLowerCase() === name.toLowerCase()) return values;
  return [];
};

const textsOf = (object: RawObject, name: string): readonly string[] =>
  valuesOf(object, name).map((value) => decoder.decode(value));

const guidOf = (object: RawObject, name: string): string | null => {
  const [bytes] = valuesOf(object, name);
  return bytes?.length === 16 ? guidText(bytes) : null;
};

const decoder = new TextDecoder();
