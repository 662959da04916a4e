import { describe, expect, test } from 'vitest';
import { guidBytes } from '../guid.ts';
import type { EdgeKind } from './edge-kinds.ts';
import { tableOf, toAuthorityEdges, toEdges, toQuestionEdges } from './edges.ts';
import { type RawObject, toSchemaNames } from './schema-names.ts';
import { build, type Given } from './test/build.ts';
import { fastLinesOf, linesOf } from './test/rows.ts';

const lapsAttribute = (name: string, guid: string): RawObject =>
  new Map([
    ['objectClass', [Buffer.from('top'), Buffer.from('attributeSchema')]],
    ['cn', [Buffer.from(name)]],
    ['lDAPDisplayName', [Buffer.from(name)]],
    ['schemaIDGUID', [guidBytes(guid) ?? new Uint8Array()]],
  ]);
/** GUIDs that only this forest has. */
const laps = { old: '6ea8a2a5-1111-4222-8333-944455556666', now: '7ea8a2a5-1111-4222-8333-944455556666' };
const names = toSchemaNames([lapsAttribute('ms-Mcs-AdmPwd', laps.old), lapsAttribute('msLAPS-Password', laps.now)]);

const guid = {
  member: 'bf9679c0-0de6-11d0-a285-00aa003049e2',
  membership: 'bc0ac240-79a9-11d0-9020-00c04fc2d4cf',
  spn: 'f3a64788-5306-11d1-a9c5-0000f80367c1',
  publicInformation: 'e48d0154-bcf8-11d1-8702-00c04fb96050',
  keyCredentialLink: '5b47d60f-6090-40b2-9f37-2a4de88f3063',
  allowedToAct: '3f78c3e5-f79a-46bd-a0b8-9d18116ddc79',
  accountRestrictions: '4c164200-20c0-11d0-a768-00aa006e0529',
  altSecurityIdentities: '00fbf30c-91fe-11d1-aebc-0000f80367c1',
  userPrincipalName: '28630ebb-41d5-11d1-a9c1-0000f80367c1',
  dNSHostName: '72e39547-7b18-11d1-adef-00c04fd8d5cd',
  gPLink: 'f30e3bbe-9ff0-11d1-b603-0000f80367c1',
  nameFlag: 'ea1dddc4-60ff-416e-8cc0-17cee534bce7',
  enrollmentFlag: 'd15ef7d8-f226-46db-ae79-b34e560bd12c',
  resetPassword: '00299570-246d-11d0-a768-00aa006e0529',
  getChanges: '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2',
  getChangesAll: '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2',
  getChangesInFilteredSet: '89e95b76-444d-4c62-991a-0facbeda640c',
  enroll: '0e10c968-78fb-11d2-90d4-00c04f79dc55',
  autoEnroll: 'a05b8cc2-17bc-4802-a710-e7c15ab866a2',
  computer: 'bf967a86-0de6-11d0-a285-00aa003049e2',
  user: 'bf967aba-0de6-11d0-a285-00aa003049e2',
  group: 'bf967a9c-0de6-11d0-a285-00aa003049e2',
  delegated: '0feb936f-47b3-49f2-9386-1dedc2c23765',
  nil: '00000000-0000-0000-0000-000000000000',
};
const [write, control, validated, create] = [0x20, 0x100, 0x8, 0x1];
const [alice, bob, staff] = ['S-1-5-21-1-2-3-1105', 'S-1-5-21-1-2-3-1106', 'S-1-5-21-1-2-3-1200'];
const [everyone, authenticated, self] = ['S-1-1-0', 'S-1-5-11', 'S-1-5-10'];
const deny = 1;
const denyObject = 6;
const inherited = 0x10;
const inheritOnly = 0x08;

/** What one trustee may do; both ways of reading are asked each time and must agree. */
const edgesOf = (dacl: readonly Given[] | null, objectClass = 'user', owner: string | null = null) => {
  const bytes = build(dacl, owner);
  const found = toEdges(bytes, objectClass, names);
  expect(found.faults).toEqual([]);
  expect(fastLinesOf(bytes, tableOf(objectClass, names))).toEqual(linesOf(found));
  return found.edges;
};
const kindsOf = (dacl: readonly Given[] | null, objectClass = 'user', trustee = alice): readonly string[] =>
  edgesOf(dacl, objectClass)
    .filter((edge) => edge.trustee === trustee)
    .map(
      ({ kind, childClass, isDenied }) =>
        `${kind}${childClass === null ? '' : ` ${childClass}`}${isDenied === 'maybe' ? '?' : ''}`,
    );

describe('each kind of edge', () => {
  /** The kind, the class, what gives it, and something close that does not. */
  const examples: readonly (readonly [EdgeKind, string, Omit<Given, 'to'>, Omit<Given, 'to'>])[] = [
    ['GenericAll', 'user', { mask: 0xf01ff }, { mask: 0xe01ff }],
    ['GenericAll', 'user', { mask: 0x1000_0000 }, { mask: 0x2000_0000 }],
    ['GenericWrite', 'group', { mask: write }, { mask: 0x8000_0000 }],
    ['GenericWrite', 'group', { mask: 0x4000_0000 }, { mask: write, of: guid.spn }],
    ['AllExtendedRights', 'user', { mask: control }, { mask: control, of: guid.resetPassword }],
    ['WriteDacl', 'contact', { mask: 0x4_0000 }, { mask: 0x2_0000 }],
    ['WriteOwner', 'contact', { mask: 0x8_0000 }, { mask: 0x4_0000 }],
    ['Delete', 'contact', { mask: 0x1_0000 }, { mask: 0x40 }],
    ['DeleteChild', 'container', { mask: 0x2 }, { mask: 0x1_0000 }],
    ['CreateChild', 'container', { mask: create }, { mask: 0x2 }],
    ['AddMember', 'group', { mask: write, of: guid.member }, { mask: validated, of: guid.member }],
    ['AddMember', 'group', { mask: write, of: guid.membership }, { mask: 0x10, of: guid.membership }],
    ['AddSelf', 'group', { mask: validated, of: guid.member }, { mask: validated, of: guid.spn }],
    ['WriteSPN', 'user', { mask: write, of: guid.spn }, { mask: validated, of: guid.spn }],
    ['WriteSPN', 'computer', { mask: write, of: guid.publicInformation }, { mask: write, of: guid.membership }],
    [
      'AddKeyCredentialLink',
      'user',
      { mask: write, of: guid.keyCredentialLink },
      { mask: 0x10, of: guid.keyCredentialLink },
    ],
    ['AddAllowedToAct', 'computer', { mask: write, of: guid.allowedToAct }, { mask: write, of: guid.spn }],
    [
      'AddAllowedToAct',
      'computer',
      { mask: write, of: guid.accountRestrictions },
      { mask: write, of: guid.publicInformation },
    ],
    [
      'WriteAccountRestrictions',
      'computer',
      { mask: write, of: guid.accountRestrictions },
      { mask: write, of: guid.allowedToAct },
    ],
    [
      'WriteAltSecurityIdentities',
      'user',
      { mask: write, of: guid.altSecurityIdentities },
      { mask: control, of: guid.altSecurityIdentities },
    ],
    [
      'WriteUserPrincipalName',
      'user',
      { mask: write, of: guid.userPrincipalName },
      { mask: write, of: guid.allowedToAct },
    ],
    ['WriteDNSHostName', 'computer', { mask: write, of: guid.dNSHostName }, { mask: validated, of: guid.dNSHostName }],
    ['WriteGPLink', 'organizationalUnit', { mask: write, of: guid.gPLink }, { mask: 0x10, of: guid.gPLink }],
    [
      'WritePKINameFlag',
      'pKICertificateTemplate',
      { mask: write, of: guid.nameFlag },
      { mask: write, of: guid.enrollmentFlag },
    ],
    [
      'WritePKIEnrollmentFlag',
      'pKICertificateTemplate',
      { mask: write, of: guid.enrollmentFlag },
      { mask: write, of: guid.nameFlag },
    ],
    ['ForceChangePassword', 'user', { mask: control, of: guid.resetPassword }, { mask: write, of: guid.resetPassword }],
    ['GetChanges', 'domainDNS', { mask: control, of: guid.getChanges }, { mask: control, of: guid.getChangesAll }],
    ['GetChangesAll', 'domainDNS', { mask: control, of: guid.getChangesAll }, { mask: control, of: guid.getChanges }],
    [
      'GetChangesInFilteredSet',
      'domainDNS',
      { mask: control, of: guid.getChangesInFilteredSet },
      { mask: control, of: guid.getChanges },
    ],
    ['Enroll', 'pKICertificateTemplate', { mask: control, of: guid.enroll }, { mask: control, of: guid.autoEnroll }],
    ['Enroll', 'pKIEnrollmentService', { mask: control, of: guid.enroll }, { mask: 0x10, of: guid.enroll }],
    [
      'AutoEnroll',
      'pKICertificateTemplate',
      { mask: control, of: guid.autoEnroll },
      { mask: control, of: guid.enroll },
    ],
    ['ReadLAPSPassword', 'computer', { mask: control, of: laps.old }, { mask: 0x10, of: laps.old }],
    ['ReadLAPSPassword', 'computer', { mask: control | 0x10, of: laps.now }, { mask: control, of: guid.resetPassword }],
  ];
  test.each(examples)('%s on %s', (kind, objectClass, gives, doesNot) => {
    expect(kindsOf([{ ...gives, to: alice }], objectClass)).toContain(kind);
    expect(kindsOf([{ ...doesNot, to: alice }], objectClass)).not.toContain(kind);
  });

  test('is only on objects of its class and subclasses of it', () => {
    expect(kindsOf([{ mask: write, of: guid.member, to: alice }], 'user')).toEqual([]);
    expect(kindsOf([{ mask: control, of: guid.getChanges, to: alice }], 'organizationalUnit')).toEqual([]);
    expect(kindsOf([{ mask: control, of: laps.old, to: alice }], 'group')).toEqual([]);
    expect(kindsOf([{ mask: write, of: guid.spn, to: alice }], 'msDS-GroupManagedServiceAccount')).toEqual([
      'WriteSPN',
    ]);
  });

  test('CreateChild names the class, where it is one class', () => {
    expect(kindsOf([{ mask: create, of: guid.computer, to: alice }], 'container')).toEqual(['CreateChild computer']);
    expect(kindsOf([{ mask: create, of: guid.delegated, to: alice }], 'organizationalUnit')).toEqual([
      'CreateChild msDS-DelegatedManagedServiceAccount',
    ]);
    expect(kindsOf([{ mask: create, of: guid.member, to: alice }], 'container')).toEqual([]);
  });

  test('Owns is the owner, and nobody without one', () => {
    expect(edgesOf([], 'user', alice)).toMatchObject([{ kind: 'Owns', trustee: alice, isDenied: 'no', entries: [] }]);
    expect(edgesOf([], 'user', null)).toEqual([]);
  });

  test('a certification authority has masks of its own', () => {
    const of = (mask: number) => toAuthorityEdges(build([{ mask, to: alice }], bob)).edges.map(({ kind }) => kind);
    expect(of(0x1)).toEqual(['ManageCA']);
    expect(of(0x2)).toEqual(['ManageCertificates']);
    expect(of(0x200)).toEqual(['Enroll']);
    expect(of(0x203)).toEqual(['ManageCA', 'ManageCertificates', 'Enroll']);
    expect(of(0x100)).toEqual([]);
  });

  test('msDS-GroupMSAMembership says who reads the password, and the other attribute who acts for others', () => {
    const bytes = build(
      [
        { mask: 0xf01ff, to: alice },
        { mask: 0x2_0000, to: bob },
      ],
      staff,
    );
    expect(toQuestionEdges(bytes, 'ReadGMSAPassword').edges).toMatchObject([
      { kind: 'ReadGMSAPassword', trustee: alice },
    ]);
    expect(toQuestionEdges(bytes, 'AllowedToAct').edges).toMatchObject([{ kind: 'AllowedToAct', trustee: alice }]);
    expect(toQuestionEdges(build([{ mask: 0x100, to: alice }]), 'ReadGMSAPassword').edges).toEqual([]);
  });
});

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
