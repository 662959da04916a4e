import { describe, expect, test } from 'vitest';
import { type Descriptor, parseDescriptor } from './descriptor.ts';
import { build, serialise } from './test/build.ts';

const alice = 'S-1-5-21-1-2-3-1105';
const member = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
const user = 'bf967aba-0de6-11d0-a285-00aa003049e2';
const entriesOf = ({ dacl }: Descriptor) => (dacl.state === 'present' ? dacl.entries : []);

test('an entry is read with its flags, mask, trustee and GUIDs', () => {
  const descriptor = parseDescriptor(
    build([{ mask: 0x8000_0020, to: alice, of: member, inheritedBy: user, flags: 0x1a }]),
  );
  expect(descriptor).toMatchObject({
    revision: 1,
    control: ['DP', 'SR'],
    owner: 'S-1-5-32-544',
    group: 'S-1-5-32-544',
    faults: [],
  });
  expect(entriesOf(descriptor)).toMatchObject([
    {
      ...{
        type: 'allowObject',
        typeNumber: 5,
        mask: 0x8000_0020,
        trustee: alice,
        objectType: member,
        inheritedObjectType: user,
      },
      flags: {
        isInherited: true,
        isInheritOnly: true,
        isContainerInherit: true,
        isObjectInherit: false,
        isNoPropagate: false,
      },
      ...{ offset: 28, size: 72 },
    },
  ]);
});

test('a null, an empty and an absent DACL are three things', () => {
  expect(parseDescriptor(build(null)).dacl).toEqual({ state: 'null' });
  expect(parseDescriptor(build([])).dacl).toEqual({ state: 'present', revision: 4, entries: [], isWhole: true });
  const absent = build([{ mask: 1, to: alice }]);
  absent[2] = 0;
  expect(parseDescriptor(absent).dacl).toEqual({ state: 'absent' });
});

test('conditions and types that are not known are kept as bytes, and come back', () => {
  const bytes = build([
    { type: 9, mask: 1, to: alice, condition: Buffer.from('61727478deadbeef', 'hex') },
    { type: 4, mask: 1, to: alice },
    { type: 200, mask: 7, to: alice },
  ]);
  const descriptor = parseDescriptor(bytes);
  expect(descriptor.faults).toEqual([]);
  expect(
    entriesOf(descriptor).map(({ type, typeNumber, applicationData }) => [type, typeNumber, applicationData.length]),
  ).toEqual([
    ['allowCallback', 9, 8],
    ['unknown', 4, 32],
    ['unknown', 200, 32],
  ]);
  expect(Buffer.from(serialise(descriptor))).toEqual(Buffer.from(bytes));
});

describe('damage is named with its offset, and what can be read is kept', () => {
  const sound = () =>
    Buffer.from(
      build([
        { mask: 1, to: alice },
        { mask: 2, to: alice, of: member },
      ]),
    );
  /** The DACL stands at 20, its first entry at 28 (36 bytes), its second at 64 (56 bytes), the owner at 120. */
  const cases: readonly (readonly [string, (bytes: Buffer) => Buffer, string, number])[] = [
    ['no bytes', () => Buffer.alloc(0), 'the header is cut off: 20 bytes are needed and 0 are there', 0],
    [
      'a cut header',
      (bytes) => bytes.subarray(0, 19),
      'the header is cut off: 20 bytes are needed and 19 are there',
      0,
    ],
    ['a revision', (bytes) => set(bytes, 0, 2), 'the revision at offset 0 is 2 instead of 1', 2],
    [
      'an absolute form',
      (bytes) => set(bytes, 3, 0),
      'the control flags at offset 2 say that it is not self-relative',
      2,
    ],
    ['an owner outside', (bytes) => set(bytes, 5, 9), 'the owner would begin at offset 2424, after the end at 152', 2],
    [
      'a list inside the header',
      (bytes) => set(bytes, 16, 4),
      'the DACL would begin at offset 4, inside the header',
      0,
    ],
    ['a list that is too long', (bytes) => set(bytes, 23, 3), 'the DACL at offset 20 says 868 bytes, 132 are there', 2],
    [
      'a list that is too short',
      (bytes) => set(bytes, 22, 4),
      'the DACL at offset 20 says 4 bytes, which is less than its header',
      0,
    ],
    [
      'a revision of a list',
      (bytes) => set(bytes, 20, 3),
      'the revision of the DACL at offset 20 is 3 instead of 2 or 4',
      2,
    ],
    [
      'too many entries',
      (bytes) => set(bytes, 24, 3),
      'entry 3 of 3 of the DACL at offset 120 is missing: the list ends at offset 120',
      2,
    ],
    [
      'an entry of no size',
      (bytes) => set(bytes, 66, 0),
      'entry 2 of 2 of the DACL at offset 64 says 0 bytes, 4 are the least',
      1,
    ],
    [
      'an odd size',
      (bytes) => set(bytes, 66, 55),
      'entry 2 of 2 of the DACL at offset 64 says 55 bytes, which is no multiple of 4',
      2,
    ],
    [
      'a size that is too large',
      (bytes) => set(bytes, 66, 60),
      'entry 2 of 2 of the DACL at offset 64 says 60 bytes, 56 are left in the list',
      1,
    ],
    [
      'too many sub-authorities',
      (bytes) => set(bytes, 37, 16),
      'a SID has 16 sub-authorities, 15 are the most in an access entry at offset 36',
      2,
    ],
    [
      'a revision of a SID',
      (bytes) => set(bytes, 36, 0),
      'a SID has revision 0 instead of 1 in an access entry at offset 36',
      2,
    ],
    ['a cut SID', (bytes) => set(bytes, 37, 15), 'a SID is cut off in an access entry at offset 36', 2],
    ['an entry without mask', (bytes) => set(bytes, 30, 4), 'an access entry ends before its mask at offset 32', 1],
    [
      'flags that are not defined',
      (bytes) => set(bytes, 72, 5),
      'an object entry has flags that are not defined at offset 72',
      2,
    ],
    ['an owner inside the list', (bytes) => set(bytes, 4, 36), 'the owner at offset 36 overlaps the DACL', 2],
  ];
  test.each(cases)('%s', (_, damage, fault, entries) => {
    const descriptor = parseDescriptor(damage(sound()));
    expect(descriptor.faults).toContain(fault);
    expect(entriesOf(descriptor)).toHaveLength(entries);
  });
  const set = (bytes: Buffer, at: number, value: number) => {
    bytes[at] = value;
    return bytes;
  };
});

test('owner and group may share one SID', () => {
  const bytes = Buffer.from(build([]));
  bytes.writeUInt32LE(bytes.readUInt32LE(4), 8);
  expect(parseDescriptor(bytes)).toMatchObject({ owner: 'S-1-5-32-544', group: 'S-1-5-32-544', faults: [] });
});
