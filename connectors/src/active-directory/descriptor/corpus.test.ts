import { beforeAll, describe, expect, test } from 'vitest';
import { parseDescriptor } from './descriptor.ts';
import { tableOf, toEdges } from './edges.ts';
import { type SchemaNames, toSchemaNames } from './schema-names.ts';
import { serialise } from './test/build.ts';
import { countDescriptorLines, isMissing, type RecordedObject, readCorpus, reason } from './test/corpus.ts';
import { fastLinesOf, linesOf } from './test/rows.ts';

const domain = 'S-1-5-21-2500924315-830707487-3998402438';

describe.skipIf(isMissing)(`descriptors of two real domains${reason}`, () => {
  let objects: readonly RecordedObject[] = [];
  let names: SchemaNames = toSchemaNames([]);
  beforeAll(() => {
    objects = readCorpus();
    names = toSchemaNames(objects.map(({ attributes }) => attributes));
  });

  const described = () =>
    objects.flatMap((object) => (object.descriptor === null ? [] : [{ ...object, bytes: object.descriptor }]));
  const edgesAt = (dn: string) => {
    const object = described().find((one) => one.dn === dn);
    if (object === undefined) throw new Error(`${dn} is not in the recordings`);
    return toEdges(object.bytes, object.objectClass, names).edges;
  };
  /** The trustees of one kind of edge, without their domain. */
  const holders = (dn: string, kind: string) =>
    edgesAt(dn)
      .filter((edge) => edge.kind === kind)
      .map(({ trustee }) => trustee.replace(`${domain}-`, ''))
      .toSorted();

  test('every one is read without a fault, and its bytes come back from what was read', () => {
    expect(described()).toHaveLength(countDescriptorLines());
    for (const { dn, bytes } of described()) {
      const descriptor = parseDescriptor(bytes);
      expect(descriptor.faults, dn).toEqual([]);
      expect(Buffer.compare(serialise(descriptor), bytes), dn).toBe(0);
    }
  });

  test('no entry is lost: as many as the list itself says', () => {
    for (const { dn, bytes } of described()) {
      const { dacl } = parseDescriptor(bytes);
      const count = bytes.readUInt16LE(bytes.readUInt32LE(16) + 4);
      expect(dacl.state === 'present' && dacl.entries.length, dn).toBe(count);
    }
  });

  test('the fast reader finds the edges of the parser, on every object', () => {
    const seen = new Set<string>();
    for (const { dn, bytes, objectClass } of described()) {
      const key = `${objectClass} ${bytes.toString('base64')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      expect(fastLinesOf(bytes, tableOf(objectClass, names)), dn).toEqual(linesOf(toEdges(bytes, objectClass, names)));
    }
    expect(seen.size).toBeGreaterThan(170);
  });

  test('the object types of entries have names in the schema', () => {
    const guids = new Set(
      described().flatMap(({ bytes }) => {
        const { dacl } = parseDescriptor(bytes);
        if (dacl.state !== 'present') return [];
        return dacl.entries.flatMap(({ objectType, inheritedObjectType }) => [objectType, inheritedObjectType]);
      }),
    );
    guids.delete(null);
    expect(guids.size).toBeGreaterThan(30);
    const nameless = [...guids].filter((guid) => names.describe(guid ?? '').length === 0);
    // A real forest holds entries for a class that its schema does not have.
    expect(nameless).toEqual(['736e4812-af31-11d2-b7df-00805f48caeb']);
  });

  // By hand, from the entries as Samba prints them.
  test('the domain head lets controllers and administrators replicate, and nobody else everything', () => {
    const head = 'DC=sevenkingdoms,DC=local';
    expect(holders(head, 'GetChanges')).toEqual(['498', 'S-1-5-9']);
    expect(holders(head, 'GetChangesAll')).toEqual(['516']);
    expect(holders(head, 'GetChangesInFilteredSet')).toEqual(['S-1-5-9']);
    expect(holders(head, 'AllExtendedRights')).toEqual(['512', '519', 'S-1-5-18', 'S-1-5-32-544']);
    expect(holders(head, 'Owns')).toEqual(['S-1-5-32-544']);
    // Enterprise and domain controllers get it through one entry of their own each.
    const [entry] = edgesAt(head).find(({ kind }) => kind === 'GetChangesAll')?.entries ?? [];
    expect(entry).toMatchObject({
      objectType: '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2',
      mask: 0x100,
      type: 'allowObject',
    });
  });

  test('AdminSDHolder and Domain Admins give an account of the lab everything', () => {
    for (const dn of [
      'CN=AdminSDHolder,CN=System,DC=sevenkingdoms,DC=local',
      'CN=Domain Admins,CN=Users,DC=sevenkingdoms,DC=local',
    ]) {
      expect(holders(dn, 'GenericAll'), dn).toEqual(['1122', 'S-1-5-18']);
      expect(holders(dn, 'WriteDacl'), dn).toEqual(['512', '519', 'S-1-5-32-544']);
      expect(holders(dn, 'Owns'), dn).toEqual(['512']);
    }
  });

  test('certificate templates say who enrols', () => {
    const template = (name: string) =>
      `CN=${name},CN=Certificate Templates,CN=Public Key Services,CN=Services,CN=Configuration,DC=sevenkingdoms,DC=local`;
    expect(holders(template('User'), 'Enroll')).toEqual(['512', '513', '519']);
    expect(holders(template('User'), 'AutoEnroll')).toEqual([]);
    expect(holders(template('Machine'), 'Enroll')).toEqual(['512', '515', '519']);
    expect(holders(template('User'), 'GenericWrite')).toEqual(['512', '519']);
  });

  test('the schema tells superclasses and property sets', () => {
    expect(names.lineage('msDS-GroupManagedServiceAccount')).toEqual([
      ...['msDS-GroupManagedServiceAccount', 'computer', 'user', 'organizationalPerson', 'person', 'top'],
    ]);
    expect(names.attributes.find('MEMBER')?.propertySet).toBe(names.rights.find('Membership')?.guid);
    expect(names.faults).toEqual([]);
  });

  test('the well-known GUIDs are those of a real forest', () => {
    const fallback = toSchemaNames([]);
    for (const one of fallback.attributes.values()) expect(names.attributes.find(one.name), one.name).toEqual(one);
    for (const one of fallback.classes.values())
      if (names.classes.find(one.name) !== one && one.name !== delegated)
        expect(names.classes.find(one.name), one.name).toEqual(one);
    for (const one of fallback.rights.values()) expect(names.rights.find(one.name), one.name).toEqual(one);
  });
});

/** Comes with Windows Server 2025, which the recordings are older than. */
const delegated = 'msDS-DelegatedManagedServiceAccount';
