import { expect } from 'vitest';
import { guidBytes } from '../../guid.ts';
import { tableOf, toEdges } from '../edges.ts';
import { type RawObject, toSchemaNames } from '../schema-names.ts';
import { build, type Given } from './build.ts';
import { fastLinesOf, linesOf } from './rows.ts';

const lapsAttribute = (name: string, guid: string): RawObject =>
  new Map([
    ['objectClass', [Buffer.from('top'), Buffer.from('attributeSchema')]],
    ['cn', [Buffer.from(name)]],
    ['lDAPDisplayName', [Buffer.from(name)]],
    ['schemaIDGUID', [guidBytes(guid) ?? new Uint8Array()]],
  ]);
/** GUIDs that only this forest has. */
export const laps = { old: '6ea8a2a5-1111-4222-8333-944455556666', now: '7ea8a2a5-1111-4222-8333-944455556666' };
export const names = toSchemaNames([
  lapsAttribute('ms-Mcs-AdmPwd', laps.old),
  lapsAttribute('msLAPS-Password', laps.now),
]);

export const guid = {
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
export const [write, control, validated, create] = [0x20, 0x100, 0x8, 0x1];
export const [alice, bob, staff] = ['S-1-5-21-1-2-3-1105', 'S-1-5-21-1-2-3-1106', 'S-1-5-21-1-2-3-1200'];
export const [everyone, authenticated, self] = ['S-1-1-0', 'S-1-5-11', 'S-1-5-10'];
export const deny = 1;
export const denyObject = 6;
export const inherited = 0x10;
export const inheritOnly = 0x08;

/** What one trustee may do; both ways of reading are asked each time and must agree. */
export const edgesOf = (dacl: readonly Given[] | null, objectClass = 'user', owner: string | null = null) => {
  const bytes = build(dacl, owner);
  const found = toEdges(bytes, objectClass, names);
  expect(found.faults).toEqual([]);
  expect(fastLinesOf(bytes, tableOf(objectClass, names))).toEqual(linesOf(found));
  return found.edges;
};
export const kindsOf = (dacl: readonly Given[] | null, objectClass = 'user', trustee = alice): readonly string[] =>
  edgesOf(dacl, objectClass)
    .filter((edge) => edge.trustee === trustee)
    .map(
      ({ kind, childClass, isDenied }) =>
        `${kind}${childClass === null ? '' : ` ${childClass}`}${isDenied === 'maybe' ? '?' : ''}`,
    );
