import type { DirectoryClient } from './client.ts';
import { type RawObject, type SchemaNames, toSchemaNames } from './descriptor/index.ts';

const attributes = [
  ...['objectClass', 'cn', 'lDAPDisplayName', 'schemaIDGUID', 'attributeSecurityGUID', 'subClassOf'],
  ...['rightsGuid', 'displayName', 'validAccesses'],
];

/** What GUIDs mean in this forest, read once for all streams: some thousand attributes, classes and rights. */
export const readSchemaNames = (client: DirectoryClient): Promise<SchemaNames> =>
  client.once('schema', async () => {
    const { root } = await client.forest();
    const objects: RawObject[] = [];
    const schema = {
      base: root.schemaNamingContext,
      filter: '(|(objectClass=attributeSchema)(objectClass=classSchema))',
    };
    for await (const entry of client.entries({ ...schema, scope: 'one', attributes }))
      objects.push(copied(entry.attributes));
    const rights = {
      base: `CN=Extended-Rights,${root.configurationNamingContext}`,
      filter: '(objectClass=controlAccessRight)',
    };
    for await (const entry of client.entries({ ...rights, scope: 'one', attributes }))
      objects.push(copied(entry.attributes));
    return remembering(toSchemaNames(objects));
  });

/** Describing searches the whole schema, and the same few GUIDs stand in every descriptor of a domain. */
const remembering = (names: SchemaNames): SchemaNames => {
  const known = new Map<string, readonly string[]>();
  const describe = (guid: string) => {
    const found = known.get(guid) ?? names.describe(guid);
    // GUIDs come from outside, so their number has no end.
    if (known.size < mostKnown) known.set(guid, found);
    return found;
  };
  return { ...names, describe };
};

const mostKnown = 10_000;

/** Values are views into what was received, which would all stay. */
const copied = (values: RawObject): RawObject =>
  new Map([...values].map(([name, all]) => [name, all.map((value) => new Uint8Array(value))]));
