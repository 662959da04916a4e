import { describe, expect, test } from 'vitest';
import type { EdgeKind } from './edge-kinds.ts';
import { toAuthorityEdges, toQuestionEdges } from './edges.ts';
import { build, type Given } from './test/build.ts';
import { alice, bob, control, create, edgesOf, guid, kindsOf, laps, staff, validated, write } from './test/edges-of.ts';

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
