import type { Event } from '@gatehouse/connector-kit';
import { describe, expect, test } from 'vitest';
import { reasonOf } from './status.ts';
import { reason, recordedIn, whereRecorded } from './test/corpus.ts';
import { eventOf, made, target } from './test/made-event.ts';
import { toEvent } from './to-event.ts';

const subject = {
  SubjectUserSid: 'S-1-5-21-1-2-3-500',
  SubjectUserName: 'admin',
  SubjectDomainName: 'CORP',
  SubjectLogonId: '0x3E4F',
};

whereRecorded(`records of real events, checked by hand${reason}`, () => {
  const nth = (file: string, index: number): Event => toEvent(eventOf(recordedIn(file)[index]?.json));

  test('a ticket refused because the certificate is another account’s says so and keeps the certificate', () => {
    const record = nth('ad-cs/Security_4768', 0);
    expect(record).toMatchObject({
      id: 'meereen.essos.local/Security/60818/2025-07-28T18:20:02Z',
      time: new Date('2025-07-28T18:20:02.499Z'),
      action: '4768',
      classUid: 3002,
      activityId: 3,
      outcome: 'failure',
      reason: 'the certificate does not match the account (0x42)',
      actorId: null,
      actorLogin: 'administrator@essos.local',
      targets: ['service:krbtgt/ESSOS.LOCAL'],
      ip: '192.168.56.101',
      sessionId: null,
    });
    expect(record.raw).toMatchObject({
      System: { EventID: 4768, Version: 2, TimeCreated: '2025-07-28T18:20:02.4990942Z' },
      EventData: {
        CertThumbprint: '9DAE1287FD1479E3E90340B66C626DCC9FB9D5FB',
        PreAuthType: '-',
        TicketEncryptionType: '0xffffffff',
      },
    });
  });

  test('a ticket without pre-authentication names the account by its SID and keeps the encryption', () => {
    const record = nth('security/Security_4768', 12);
    expect(record).toMatchObject({
      outcome: 'success',
      reason: null,
      actorId: 'S-1-5-21-2662618741-3450174888-1698379039-1103',
      actorLogin: 'Alice@labcorp.local',
      ip: '192.168.1.2',
    });
    expect(record.targets).toContain('service:krbtgt');
    expect(record.raw).toMatchObject({ EventData: { PreAuthType: '0', TicketEncryptionType: '0x17' } });
  });

  test('a wrong password at pre-authentication, an unknown name and a service ticket', () => {
    expect(nth('security/Security_4771', 0)).toMatchObject({
      activityId: 6,
      outcome: 'failure',
      reason: 'wrong password or failed pre-authentication (0x18)',
      actorId: 'S-1-5-21-308926384-506822093-3341789130-500',
      actorLogin: 'Administrator',
      ip: '172.16.66.1',
    });
    expect(nth('security/Security_4768', 0)).toMatchObject({
      outcome: 'failure',
      reason: 'no account has this name (0x6)',
      actorId: null,
      actorLogin: 'HD01@threebeesco.com',
    });
    expect(nth('security/Security_4769', 0)).toMatchObject({
      activityId: 4,
      actorLogin: 'lgrove@threebeesco.com',
      targets: ['service:01566S-WIN16-IR$', 'computer:S-1-5-21-308926384-506822093-3341789130-35103'],
      ip: '172.16.66.19',
    });
    expect(nth('security/Security_4769', 5).ip).toBe('::1');
  });

  test('an issued certificate names requester, template, serial number and for whom it is', () => {
    expect(nth('ad-cs/Security_4887', 0)).toMatchObject({
      classUid: 3004,
      activityId: 1,
      outcome: 'success',
      actorLogin: 'ESSOS\\viserys.targaryen',
      targets: [
        'request:20',
        'template:User',
        'certificate:20000000149241a5d99e294fd6000000000014',
        'user:administrator',
      ],
    });
    expect(nth('ad-cs/Security_4886', 0)).toMatchObject({
      targets: ['request:20', 'template:User'],
      outcome: 'success',
    });
  });

  test('a sign-in has as actor who signs in, and its session', () => {
    expect(nth('security/Security_4624', 0)).toMatchObject({
      id: 'sans-tbt570/Security/23135/2019-05-03T15:20:27Z',
      actorId: 'S-1-5-21-1552841522-3835366585-4197357653-1004',
      actorLogin: 'SANS-TBT570\\tbt570',
      targets: ['computer:SANS-TBT570'],
      ip: '127.0.0.1',
      sessionId: 'sans-tbt570/0x1861f7',
    });
    expect(nth('security/Security_4625', 0)).toMatchObject({
      outcome: 'failure',
      reason: 'wrong password (0xc000006a)',
      actorId: null,
      actorLogin: 'MSEDGEWIN10\\IEUser',
      ip: null,
    });
  });

  test('a sign-in with explicit credentials names who used them, for whom and where', () => {
    expect(nth('security/Security_4648', 0)).toMatchObject({
      actorId: 'S-1-5-21-979008924-657238111-836329461-1002',
      actorLogin: 'DESKTOP-JR78RLP\\jwrig',
      targets: ['user:DOMAIN\\Administrator', 'computer:DESKTOP-JR78RLP'],
      ip: '172.16.144.128',
    });
  });

  test('changes of accounts, groups, names and the directory name who did them and to what', () => {
    expect(nth('security/Security_4732', 0)).toMatchObject({
      classUid: 3006,
      activityId: 3,
      actorId: 'S-1-5-18',
      targets: ['group:S-1-5-32-545', 'member:S-1-5-21-3463664321-2923530833-3546627382-1000'],
    });
    expect(nth('security/Security_4781', 0)).toMatchObject({
      actorLogin: '3B\\lgrove',
      targets: ['computer:S-1-5-21-308926384-506822093-3341789130-220105', 'name:DC012$', 'name:01566s-win16-ir'],
    });
    expect(nth('security/Security_5136', 0)).toMatchObject({
      classUid: 3004,
      activityId: 3,
      actorId: 'S-1-5-21-738609754-2819869699-4189121830-1108',
      targets: [
        'object:6cdecdb5-7515-4511-8141-c34a7c3d4a0a',
        'dn:CN={6AC1786C-016F-11D2-945F-00C04FB984F9},CN=POLICIES,CN=SYSTEM,DC=INSECUREBANK,DC=LOCAL',
        'attribute:versionNumber',
      ],
      sessionId: 'dc1.insecurebank.local/0x8d7099',
    });
    expect(nth('security/Security_4662', 0)).toMatchObject({
      activityId: 99,
      targets: ['object:c6faf700-bfe4-452a-a766-424f84c29583'],
    });
    expect(nth('security/Security_1102', 0)).toMatchObject({
      classUid: 1008,
      activityId: 1,
      outcome: 'success',
      actorLogin: 'IE10WIN7\\IEUser',
      targets: ['log:Security'],
    });
    expect(nth('security/Security_5145', 0)).toMatchObject({
      targets: ['share:\\\\*\\IPC$', 'file:protected_storage'],
      ip: '172.16.66.1',
    });
    expect(nth('security/Security_4719', 0).targets).toEqual(['policy:0cce9215-69ae-11d9-bed3-505054503030']);
  });
});

describe('classes and outcomes', () => {
  test('a locked account names the computer from which the wrong passwords came', () => {
    const record = made(4740, {
      ...subject,
      TargetUserName: 'ada',
      TargetDomainName: 'WS7',
      TargetSid: target.TargetSid,
    });
    expect(record).toMatchObject({
      classUid: 3001,
      activityId: 9,
      targets: [`user:${target.TargetSid}`, 'computer:WS7'],
    });
  });

  test.each([
    [4720, 3001, 1],
    [4722, 3001, 2],
    [4723, 3001, 3],
    [4724, 3001, 4],
    [4725, 3001, 5],
    [4726, 3001, 6],
    [4738, 3001, 99],
    [4765, 3001, 99],
    [4766, 3001, 99],
  ])('event %i is a change of an account by its subject', (eventId, classUid, activityId) => {
    expect(made(eventId, { ...subject, ...target })).toMatchObject({
      classUid,
      activityId,
      actorId: subject.SubjectUserSid,
      actorLogin: 'CORP\\admin',
      targets: [`user:${target.TargetSid}`],
      sessionId: 'dc1.corp.example/0x3e4f',
    });
  });

  test.each([
    [4741, 1],
    [4742, 99],
    [4743, 6],
  ])('event %i is a change of a computer, whatever its name', (eventId, activityId) => {
    expect(made(eventId, { ...subject, ...target })).toMatchObject({
      classUid: 3001,
      activityId,
      targets: [`computer:${target.TargetSid}`],
    });
  });

  test.each([4729, 4733, 4757])('event %i takes a member out of a group', (eventId) => {
    const record = made(eventId, { ...subject, ...target, MemberSid: 'S-1-5-21-1-2-3-9', MemberName: '-' });
    expect(record).toMatchObject({ classUid: 3006, activityId: 4 });
    expect(record.targets).toEqual([`group:${target.TargetSid}`, 'member:S-1-5-21-1-2-3-9']);
  });

  test('a right that was given names who has it now', () => {
    const record = made(4704, {
      ...subject,
      TargetSid: 'S-1-5-21-1-2-3-9',
      PrivilegeList: 'SeEnableDelegationPrivilege\n\t\tSeDebugPrivilege',
    });
    expect(record).toMatchObject({ classUid: 3005, activityId: 1 });
    expect(record.targets).toEqual([
      'account:S-1-5-21-1-2-3-9',
      'right:SeEnableDelegationPrivilege',
      'right:SeDebugPrivilege',
    ]);
  });

  test.each<[number, Record<string, string>, number, number, readonly string[]]>([
    [
      4706,
      { DomainName: 'PARTNER', DomainSid: 'S-1-5-21-9-9-9' },
      3004,
      1,
      ['domain:PARTNER', 'account:S-1-5-21-9-9-9'],
    ],
    [4713, { KerberosPolicyChange: 'KerMaxT: 0x1' }, 3004, 3, ['policy:kerberos']],
    [
      4716,
      { DomainName: 'PARTNER', DomainSid: 'S-1-5-21-9-9-9' },
      3004,
      3,
      ['domain:PARTNER', 'account:S-1-5-21-9-9-9'],
    ],
    [4794, { Workstation: 'DC1', Status: '0x0' }, 3001, 4, ['computer:DC1.corp.example']],
    [4882, { SecuritySettings: 'Allow(0x1)' }, 3004, 3, ['computer:DC1.corp.example']],
    [4890, { EnableRestrictedPermissions: '0' }, 3004, 3, ['computer:DC1.corp.example']],
    [
      4892,
      { PropertyName: 'EditFlags', PropertyValue: '1' },
      3004,
      3,
      ['computer:DC1.corp.example', 'policy:EditFlags'],
    ],
    [4898, { TemplateInternalName: 'Web' }, 3004, 2, ['template:Web']],
    [4899, { TemplateInternalName: 'Web', NewTemplateContent: 'x' }, 3004, 3, ['template:Web']],
    [4900, { TemplateInternalName: 'Web', NewSecurityDescriptor: 'D:' }, 3004, 3, ['template:Web']],
    [5137, { ObjectDN: 'CN=x', ObjectGUID: '{AB}', ObjectClass: 'nTDSDSA' }, 3004, 1, ['object:ab', 'dn:CN=x']],
    [5141, { ObjectDN: 'CN=x', ObjectGUID: '{AB}', ObjectClass: 'nTDSDSA' }, 3004, 4, ['object:ab', 'dn:CN=x']],
  ])('event %i of the directory and its certification authority', (eventId, data, classUid, activityId, targets) => {
    expect(made(eventId, { ...subject, ...data })).toMatchObject({
      classUid,
      activityId,
      targets,
      actorLogin: 'CORP\\admin',
    });
  });

  test('a refused certificate request and a renewed ticket', () => {
    expect(made(4888, { RequestId: '4', Requester: 'CORP\\eve', Attributes: 'CertificateTemplate:Web' })).toMatchObject(
      {
        outcome: 'failure',
        actorLogin: 'CORP\\eve',
        targets: ['request:4', 'template:Web'],
      },
    );
    expect(made(4770, { TargetUserName: 'ada@CORP.EXAMPLE', ServiceName: 'krbtgt' })).toMatchObject({
      activityId: 5,
      actorLogin: 'ada@corp.example',
      targets: ['service:krbtgt'],
    });
  });

  test('what happens to an object follows from the strongest right that was used', () => {
    const used = (AccessMask: string) => made(4662, { ...subject, AccessMask, ObjectName: '%{AB-1}' }).activityId;
    expect(['0x10', '0x20', '0x40000', '0x10000', '0x1', '0x100', '0x30'].map(used)).toEqual([2, 3, 3, 4, 1, 99, 3]);
  });

  test('a status of NTLM decides over the keyword', () => {
    const validated = (Status: string) => made(4776, { TargetUserName: 'ada', Workstation: 'WS1', Status });
    expect(validated('0x0')).toMatchObject({ outcome: 'success', reason: null, actorLogin: 'ada', targets: [] });
    expect(validated('0xC0000064')).toMatchObject({
      outcome: 'failure',
      reason: 'no account has this name (0xc0000064)',
    });
    expect(validated('0xc0000234').reason).toBe('the account is locked (0xc0000234)');
    expect(validated('0xc0009999').reason).toBe('status 0xc0009999');
  });

  test.each([
    ['0x0', null],
    ['0x6', 'no account has this name (0x6)'],
    ['0x12', 'the account is disabled, expired, locked or out of its hours (0x12)'],
    ['0x17', 'the password has expired (0x17)'],
    ['0x18', 'wrong password or failed pre-authentication (0x18)'],
    ['0x25', 'the clocks differ too much (0x25)'],
    ['3221225578', 'wrong password (0xc000006a)'],
    ['-1073741718', 'wrong password (0xc000006a)'],
  ])('status %s in words', (status, words) => {
    expect(reasonOf(status)).toBe(words);
  });

  test('an id that is not known keeps its words and is given no class', () => {
    const record = made(4999, { ...subject, Something: 'else' });
    expect(record).toMatchObject({
      action: '4999',
      classUid: 0,
      activityId: 0,
      outcome: 'success',
      actorLogin: 'CORP\\admin',
    });
    expect(record.raw).toMatchObject({ EventData: { Something: 'else' } });
  });

  test('an id of another provider is not taken for one of the audit', () => {
    const record = made(4768, target, { Provider: { Name: 'Contoso-App' }, Channel: 'Application' });
    expect(record).toMatchObject({ action: 'Contoso-App 4768', classUid: 0, outcome: 'unknown' });
  });

  test('an address is written one way, and what is none is left out', () => {
    const ip = (IpAddress: string) => made(4769, { IpAddress }).ip;
    expect(['::ffff:10.0.0.1', '10.0.0.1', '-', '', '::1', '127.0.0.1', 'fe80::1%5', 'LOCAL'].map(ip)).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      null,
      null,
      '::1',
      '127.0.0.1',
      'fe80::1',
      null,
    ]);
  });

  test('a certificate request before Windows Server 2022 tells template and wished name in its attributes', () => {
    const record = made(4886, {
      RequestId: '3',
      Requester: 'CORP\\eve',
      Attributes: 'CertificateTemplate:Web\nSAN:upn=ada@corp.example&dns=x',
    });
    expect(record.targets).toEqual(['request:3', 'template:Web', 'user:ada@corp.example']);
  });
});
