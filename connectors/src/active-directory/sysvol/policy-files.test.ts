import { describe, expect, test } from 'vitest';
import { policyText } from './policy-text.ts';
import { parseRegistryPolicy, policyNumbers } from './registry-policy.ts';
import { parseSecurityTemplate } from './security-template.ts';
import { storedLogons } from './stored-logons.ts';
import { pol, utf16 } from './testing/write-policy.ts';

const template = `[Unicode]
Unicode=yes
[Version]
signature="$CHICAGO$"
[System Access]
MinimumPasswordLength = 7
NewAdministratorName = "Boss"
ClearTextPassword = 0
[Privilege Rights]
SeDebugPrivilege = *S-1-5-32-544,*S-1-5-21-1-2-3-1101
SeMachineAccountPrivilege = *S-1-5-11
SeEnableDelegationPrivilege = CORP\\help desk, Administrators
SeTcbPrivilege =
[Registry Values]
MACHINE\\System\\CurrentControlSet\\Services\\NTDS\\Parameters\\LDAPServerIntegrity=4,1
MACHINE\\Software\\X\\Text=1,"some, text"
[Group Membership]
*S-1-5-32-544__Memberof =
*S-1-5-32-544__Members = CORP\\ops,*S-1-5-21-1-2-3-512
CORP\\ops__Memberof = *S-1-5-32-544
`;

describe('a security template', () => {
  test.each([
    ['UTF-16 with its mark', utf16(template)],
    ['UTF-16 without one', utf16(template).subarray(2)],
    ['UTF-16 the other way round', utf16(template).swap16()],
    ['UTF-8', Buffer.from(template)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${template}`)],
  ])('in %s says who has which privilege', (_, bytes) => {
    const { privileges, systemAccess, values, groups, isWhole } = parseSecurityTemplate(Buffer.from(bytes));
    expect(Object.fromEntries(privileges)).toEqual({
      SeDebugPrivilege: ['S-1-5-32-544', 'S-1-5-21-1-2-3-1101'],
      SeMachineAccountPrivilege: ['S-1-5-11'],
      SeEnableDelegationPrivilege: ['CORP\\help desk', 'Administrators'],
      SeTcbPrivilege: [],
    });
    expect(Object.fromEntries(systemAccess)).toEqual({ MinimumPasswordLength: 7, ClearTextPassword: 0 });
    expect(Object.fromEntries(values)).toEqual({
      'machine\\system\\currentcontrolset\\services\\ntds\\parameters\\ldapserverintegrity': 1,
      'machine\\software\\x\\text': 'some, text',
    });
    expect(groups).toEqual([
      { group: 'S-1-5-32-544', members: ['CORP\\ops', 'S-1-5-21-1-2-3-512'], memberOf: [] },
      { group: 'CORP\\ops', members: null, memberOf: ['S-1-5-32-544'] },
    ]);
    expect(isWhole).toBe(true);
  });

  test('with more principals or lines than are taken in says that it is not whole', () => {
    const many = `[Privilege Rights]\nSeDebugPrivilege = ${Array.from({ length: 501 }, (_, i) => `*S-1-5-21-1-2-3-${i}`)}`;
    expect(parseSecurityTemplate(Buffer.from(many)).isWhole).toBe(false);
    expect(parseSecurityTemplate(Buffer.from('\n'.repeat(20_001))).isWhole).toBe(false);
  });
});

describe('a registry.pol', () => {
  const ntds = 'SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters';

  test('says which numbers a policy sets, and what it deletes is not among them', () => {
    const parsed = parseRegistryPolicy(
      pol(
        [ntds, 'LDAPServerIntegrity', 4, Buffer.from([2, 0, 0, 0])],
        [ntds, 'LdapEnforceChannelBinding', 4, Buffer.from([1, 0, 0, 0])],
        ['Software\\X', 'Text', 1, Buffer.from('a]b;[\u0000', 'utf16le')],
        ['Software\\X', 'Wide', 11, Buffer.alloc(8, 1)],
        ['Software\\X', 'Odd', 4, Buffer.alloc(3)],
        [ntds, '**del.LdapEnforceChannelBinding', 1, Buffer.from(' \u0000', 'utf16le')],
        ['Software\\Y', 'On', 4, Buffer.from([1, 0, 0, 0])],
        ['Software\\Y', '**DelVals.', 1, Buffer.alloc(2)],
      ),
    );
    expect(parsed.isWhole).toBe(true);
    expect(parsed.values).toHaveLength(8);
    expect(Object.fromEntries(policyNumbers(parsed))).toEqual({ [`${ntds}\\ldapserverintegrity`.toLowerCase()]: 2 });
  });

  test('that is cut off, of another kind or damaged says what it had, and that it is not whole', () => {
    const whole = pol(['A', 'B', 4, Buffer.from([1, 0, 0, 0])], ['A', 'C', 4, Buffer.from([1, 0, 0, 0])]);
    expect(parseRegistryPolicy(whole.subarray(0, whole.length - 1))).toMatchObject({
      isWhole: false,
      values: [{ name: 'B' }],
    });
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('PReg'),
      Buffer.from('PReg\u0002\0\0\0'),
      Buffer.from('[General]'),
    ])
      expect(parseRegistryPolicy(bytes)).toEqual({ isWhole: false, values: [] });
    const claims = pol(['A', 'B', 4, Buffer.from([1, 0, 0, 0])]);
    claims.writeUInt32LE(0xffff_fff0, claims.length - 12);
    expect(parseRegistryPolicy(claims)).toMatchObject({ isWhole: false, values: [] });
  });
});

describe('a preference file', () => {
  const cpassword = 'j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw';
  const user = (more: string) =>
    `<?xml version="1.0" encoding="utf-8"?><Groups clsid="{3125E937}"><User clsid="{DF5F1855}" name="local" changed="2013-07-04 00:07:13"><Properties action="U" newName="" ${more}/></User></Groups>`;

  test('shows whose password stands in it and since when, and never the password', () => {
    const found = storedLogons(user(`cpassword="${cpassword}" userName="Admin &amp; Co"`));
    expect(found).toEqual([{ account: 'Admin & Co', changedOn: '2013-07-04' }]);
    expect(JSON.stringify(found)).not.toContain(cpassword.slice(0, 8));
  });

  test.each([
    ['a task', `<Task><Properties runAs="CORP\\svc" cpassword='${cpassword}'/></Task>`, 'CORP\\svc'],
    [
      'a service',
      `<NTService><Properties accountName="CORP\\sql" cpassword = "${cpassword}"></NTService>`,
      'CORP\\sql',
    ],
    ['a drive', `<Drive><Properties CPASSWORD="${cpassword}" USERNAME="map"/></Drive>`, 'map'],
    ['a comment', `<!-- <Properties cpassword="${cpassword}" userName="old"/> -->`, 'old'],
    ['what is no XML', `<<<x =<Properties a="<" <b cpassword="${cpassword}" userName="odd"`, 'odd'],
    ['one without a name', `<Properties cpassword="${cpassword}"/>`, null],
  ])('shows it in %s', (_, xml, account) => {
    expect(storedLogons(xml)).toEqual([{ account, changedOn: null }]);
  });

  test('with an empty password or none has nothing to show', () => {
    expect(storedLogons(user('cpassword="" userName="Admin"'))).toEqual([]);
    expect(storedLogons(user('userName="cpassword=x"'))).toEqual([]);
  });
});

test('no input crashes or stalls the readers of policies', () => {
  let seed = 11;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const all = (bytes: Buffer) => {
    parseSecurityTemplate(bytes);
    policyNumbers(parseRegistryPolicy(bytes));
    storedLogons(policyText(bytes));
  };
  const sound = [
    utf16(template),
    pol(['A', 'B', 4, Buffer.from([1, 0, 0, 0])], ['C', 'D', 1, Buffer.from('text', 'utf16le')]),
    Buffer.from(
      '<Groups><User changed="2013-07-04"><Properties cpassword="x" userName="&#x41;&#9999999;"/></User></Groups>',
    ),
  ];
  for (let i = 0; i < 3_000; i++) {
    const bytes = Buffer.from(sound[next(sound.length)] ?? []);
    for (let damage = next(6); damage >= 0; damage--) bytes[next(bytes.length)] = next(256);
    all(bytes.subarray(0, next(4) === 0 ? next(bytes.length) : bytes.length));
  }
  const begun = performance.now();
  for (const piece of [
    '<',
    '<!--',
    '<a ',
    '<a b="',
    "<a b='x' ",
    ' = ',
    '[;',
    '\u0000',
    '&#x',
    '<a / / ',
    'a',
    '"',
    '[Privilege Rights]\nA=,,',
  ])
    all(Buffer.from(piece.repeat(2_000_000 / piece.length)));
  expect(performance.now() - begun).toBeLessThan(20_000);
});
