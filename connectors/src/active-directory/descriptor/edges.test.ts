import { describe, expect, test } from 'vitest';
import { tableOf, toEdges } from './edges.ts';
import { build, type Given } from './test/build.ts';
import {
  alice,
  authenticated,
  bob,
  control,
  create,
  deny,
  denyObject,
  edgesOf,
  everyone,
  guid,
  inherited,
  inheritOnly,
  kindsOf,
  laps,
  names,
  self,
  staff,
  validated,
  write,
} from './test/edges-of.ts';
import { fastLinesOf, linesOf } from './test/rows.ts';

describe('a better name', () => {
  test('stands for what it contains', () => {
    expect(kindsOf([{ mask: 0xf01ff, to: alice }], 'group')).toEqual(['GenericAll']);
    expect(kindsOf([{ mask: write | validated, to: alice }], 'group')).toEqual(['GenericWrite']);
    expect(kindsOf([{ mask: write | validated, of: guid.member, to: alice }], 'group')).toEqual(['AddMember']);
    expect(
      kindsOf(
        [
          { mask: create, to: alice },
          { mask: create, of: guid.user, to: alice },
        ],
        'container',
      ),
    ).toEqual(['CreateChild']);
  });

  test('comes together from several entries, which all are its evidence', () => {
    const edges = edgesOf([
      { mask: 0xf_00ff, to: alice },
      { mask: 0x1_0110, to: alice, flags: inherited },
    ]);
    expect(edges).toMatchObject([{ kind: 'GenericAll', trustee: alice, isInherited: true }]);
    expect(edges[0]?.entries.map(({ mask }) => mask)).toEqual([0xf_00ff, 0x1_0110]);
  });

  test('falls apart where a deny takes one of its rights', () => {
    const dacl = [
      { type: denyObject, mask: write, of: guid.member, to: alice },
      { mask: 0xf01ff, to: alice },
    ];
    expect(kindsOf(dacl, 'group')).toEqual([
      ...['AllExtendedRights', 'CreateChild', 'WriteDacl', 'WriteOwner', 'Delete', 'DeleteChild', 'AddSelf'],
    ]);
    // Members play no part on a user.
    expect(kindsOf(dacl, 'user')).toEqual(['GenericAll']);
  });
});

describe('a deny', () => {
  const addMember = { mask: write, of: guid.member, to: alice };
  const denied = (to: string, more: Partial<Given> = {}) => ({
    type: denyObject,
    mask: write,
    of: guid.member,
    to,
    ...more,
  });

  test.each([alice, everyone, authenticated])('of %s takes the edge away', (to) => {
    expect(kindsOf([denied(to), addMember], 'group')).toEqual([]);
    expect(kindsOf([{ type: deny, mask: write, to }, addMember], 'group')).toEqual([]);
    expect(kindsOf([denied(to, { of: guid.membership }), addMember], 'group')).toEqual([]);
  });

  test('of somebody else may take it away from who is both, and is named', () => {
    expect(edgesOf([denied(staff), addMember], 'group')).toMatchObject([
      { kind: 'AddMember', isDenied: 'maybe', deniedBy: [staff] },
    ]);
  });

  test('of Authenticated Users only may count for those who need not be in it', () => {
    for (const to of [everyone, 'S-1-5-32-546', 'S-1-5-32-554', 'S-1-5-21-1-2-3-501', 'S-1-5-7'])
      expect(kindsOf([denied(authenticated), { ...addMember, to }], 'group', to), to).toEqual(['AddMember?']);
    for (const to of ['S-1-5-18', 'S-1-5-9', 'S-1-5-32-544', 'S-1-5-21-1-2-3-513'])
      expect(kindsOf([denied(authenticated), { ...addMember, to }], 'group', to), to).toEqual([]);
  });

  test('of anonymous takes nothing from those who signed in', () => {
    expect(kindsOf([denied('S-1-5-7'), addMember], 'group')).toEqual(['AddMember']);
  });

  test('that comes after the allow, is for children or for another right takes nothing', () => {
    expect(kindsOf([addMember, denied(alice)], 'group')).toEqual(['AddMember']);
    expect(kindsOf([denied(everyone, { flags: inheritOnly }), addMember], 'group')).toEqual(['AddMember']);
    expect(kindsOf([denied(alice, { of: guid.spn }), addMember], 'group')).toEqual(['AddMember']);
    expect(kindsOf([denied(alice, { mask: 0x10 }), addMember], 'group')).toEqual(['AddMember']);
  });

  test('after an allow of its own trustee takes nothing from others either', () => {
    expect(kindsOf([{ ...addMember, to: staff }, denied(staff), addMember], 'group')).toEqual(['AddMember']);
  });

  test('with a condition only may count, and an allow with a condition is conditional', () => {
    const condition = Buffer.from('6172747800000000', 'hex');
    expect(edgesOf([denied(alice, { type: 12, condition }), addMember], 'group')).toMatchObject([
      { isDenied: 'maybe', deniedBy: [alice], isConditional: false },
    ]);
    expect(edgesOf([{ ...addMember, type: 11, condition }], 'group')).toMatchObject([
      { isDenied: 'no', isConditional: true },
    ]);
  });

  test('of reading keeps a confidential password from being read', () => {
    const dacl = [
      { type: denyObject, mask: 0x10, of: laps.old, to: alice },
      { mask: control, of: laps.old, to: alice },
    ];
    expect(kindsOf(dacl, 'computer')).toEqual([]);
    expect(kindsOf([...dacl, { mask: control, of: laps.now, to: alice }], 'computer')).toEqual(['ReadLAPSPassword']);
  });

  test('maybe of a better name leaves the lesser one that is sure', () => {
    const dacl = [
      addMember,
      denied(staff, { of: guid.spn, mask: 0 }),
      { type: deny, mask: write, to: staff },
      { mask: write, to: alice },
    ];
    expect(kindsOf(dacl, 'group')).toEqual(['GenericWrite?', 'AddMember']);
  });

  test('against deletion takes Delete from everybody and so GenericAll apart', () => {
    const kinds = kindsOf(
      [
        { type: deny, mask: 0x1_0040, to: everyone },
        { mask: 0xf01ff, to: alice },
      ],
      'organizationalUnit',
    );
    expect(kinds).toEqual([
      'GenericWrite',
      'AllExtendedRights',
      'CreateChild',
      'WriteDacl',
      'WriteOwner',
      'DeleteChild',
    ]);
  });
});

describe('inheritance', () => {
  test('an entry for children only says nothing of the object', () => {
    expect(kindsOf([{ mask: 0xf01ff, to: alice, flags: inheritOnly | 0x2 }])).toEqual([]);
    expect(kindsOf([{ mask: 0xf01ff, to: alice, flags: 0x2 }])).toEqual(['GenericAll']);
  });

  test('an inherited entry for one class counts on objects of this class only', () => {
    const entry = { mask: control, of: guid.resetPassword, inheritedBy: guid.user, flags: inherited, to: alice };
    expect(kindsOf([entry], 'user')).toEqual(['ForceChangePassword']);
    // A computer is a kind of user, but what is for users does not go to computers.
    expect(kindsOf([entry], 'computer')).toEqual([]);
    expect(kindsOf([{ ...entry, inheritedBy: guid.nil }], 'computer')).toEqual(['ForceChangePassword']);
    expect(
      kindsOf([{ mask: 0xf01ff, inheritedBy: guid.group, flags: inherited, to: alice }], 'aClassOfSomebody'),
    ).toEqual(['GenericAll']);
  });

  test('an explicit entry counts whatever class its children are of', () => {
    expect(kindsOf([{ mask: 0xf01ff, inheritedBy: guid.group, flags: 0x2, to: alice }], 'user')).toEqual([
      'GenericAll',
    ]);
  });

  test('is told, unless explicit entries are enough', () => {
    const entry = { mask: write, of: guid.spn, to: alice };
    expect(edgesOf([{ ...entry, flags: inherited }])).toMatchObject([
      { isInherited: true, entries: [{ flags: { isInherited: true } }] },
    ]);
    expect(edgesOf([entry, { ...entry, flags: inherited }])).toMatchObject([{ isInherited: false }]);
  });
});

describe('special trustees', () => {
  test('CREATOR OWNER is nobody on the object itself', () => {
    expect(
      edgesOf([
        { mask: 0xf01ff, to: 'S-1-3-0' },
        { mask: 0xf01ff, to: 'S-1-3-1' },
      ]),
    ).toEqual([]);
  });

  test('OWNER RIGHTS says what the owner gets, in place of owning', () => {
    expect(edgesOf([{ mask: 0x2_0000, to: 'S-1-3-4' }], 'user', alice)).toEqual([]);
    expect(kindsOf([{ mask: 0x4_0000, to: 'S-1-3-4' }])).toEqual([]);
    const edges = edgesOf(
      [
        { mask: 0x4_0000, to: 'S-1-3-4' },
        { mask: write, of: guid.spn, to: alice },
      ],
      'user',
      alice,
    );
    expect(edges.map(({ kind, trustee }) => [kind, trustee])).toEqual([
      ['WriteDacl', alice],
      ['WriteSPN', alice],
    ]);
    expect(edges[0]?.entries).toMatchObject([{ trustee: 'S-1-3-4' }]);
    expect(edgesOf([{ mask: 0x2_0000, to: 'S-1-3-4', flags: inheritOnly }], 'user', alice)).toMatchObject([
      { kind: 'Owns' },
    ]);
  });

  test('SELF is reported as itself, and a deny of it only may count for others', () => {
    expect(edgesOf([{ mask: write, of: guid.member, to: self }], 'group')).toMatchObject([
      { kind: 'AddMember', trustee: self },
    ]);
    expect(
      kindsOf(
        [
          { type: deny, mask: write, to: self },
          { mask: write, of: guid.member, to: alice },
        ],
        'group',
      ),
    ).toEqual(['AddMember?']);
  });
});

describe('object types', () => {
  test('of zeros and none at all are everything', () => {
    expect(kindsOf([{ mask: write, of: guid.nil, to: alice }], 'group')).toEqual(['GenericWrite']);
    expect(kindsOf([{ type: 5, mask: write, to: alice }], 'group')).toEqual(['GenericWrite']);
  });

  test('that are the class of the object are everything but children of another class', () => {
    expect(kindsOf([{ mask: 0xf01ff & ~create, of: guid.user, to: alice }])).toEqual([
      ...['GenericWrite', 'AllExtendedRights', 'WriteDacl', 'WriteOwner', 'Delete', 'DeleteChild'],
    ]);
  });

  test('that nobody knows give nothing that has a name', () => {
    expect(kindsOf([{ mask: 0xf01ff, of: '11111111-2222-3333-4444-555555555555', to: alice }])).toEqual([]);
  });
});

describe('the list itself', () => {
  test('null lets everybody do everything, empty nobody anything', () => {
    expect(edgesOf(null)).toMatchObject([{ kind: 'GenericAll', trustee: everyone, entries: [] }]);
    expect(edgesOf([])).toEqual([]);
  });

  test('absent is unknown: no edges, not complete, and owning only maybe', () => {
    const bytes = build([{ mask: 0xf01ff, to: bob }], alice);
    bytes[2] = 0;
    const found = toEdges(bytes, 'user', names);
    expect(found).toMatchObject({ isComplete: false, edges: [{ kind: 'Owns', isDenied: 'maybe' }] });
    expect(fastLinesOf(bytes, tableOf('user', names))).toEqual(linesOf(found));
  });

  test('with an entry that nobody can read may deny what comes after it', () => {
    const bytes = build([
      { mask: write, of: guid.spn, to: alice },
      { type: 99, mask: 0, to: bob },
      { mask: control, to: alice },
    ]);
    const { edges, isComplete } = toEdges(bytes, 'user', names);
    expect(isComplete).toBe(false);
    expect(edges.filter(({ trustee }) => trustee === alice)).toMatchObject([
      { kind: 'AllExtendedRights', isDenied: 'maybe', deniedBy: [] },
      { kind: 'WriteSPN', isDenied: 'no' },
    ]);
  });
});
