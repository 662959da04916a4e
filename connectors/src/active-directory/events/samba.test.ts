import { describe, expect, test } from 'vitest';
import { eventsOfJson } from './json.ts';
import { toEvent } from './to-event.ts';

// Lines that Samba 4.17 wrote for a test domain, its names kept.
const admin = 'S-1-5-21-3268605136-1107049593-3569485254-500';
const version = { major: 1, minor: 2 };
const at = '2026-11-27T23:31:24.667153+0000';
const line = (type: string, content: Record<string, unknown>) => ({
  timestamp: at,
  type,
  [type]: { version, ...content },
});

const failure = {
  eventId: 4625,
  logonId: '0',
  logonType: 8,
  status: 'NT_STATUS_WRONG_PASSWORD',
  localAddress: 'ipv4:127.0.0.77:389',
  remoteAddress: 'ipv4:127.0.0.1:48408',
  serviceDescription: 'LDAP',
  authDescription: 'simple bind',
  clientDomain: 'EVENTS',
  clientAccount: 'administrator@events.example',
  workstation: 'DC9',
  becameAccount: null,
  becameDomain: null,
  becameSid: null,
  mappedAccount: 'Administrator',
  mappedDomain: 'EVENTS',
  passwordType: 'Plaintext',
  duration: 3104,
};
const wrongPassword = line('Authentication', failure);
const signIn = line('Authentication', {
  ...failure,
  eventId: 4624,
  logonType: 3,
  logonId: '0075ac6136f348fa',
  status: 'NT_STATUS_OK',
  becameAccount: 'Administrator',
  becameDomain: 'EVENTS',
  becameSid: admin,
  passwordType: 'NTLMv2',
});
const change = {
  statusCode: 0,
  status: 'Success',
  remoteAddress: 'ipv4:127.0.0.1:48372',
  userSid: admin,
  transactionId: 'ac33074f-10a5-4247-b07f-c4c7638dadd0',
  sessionId: 'b4b6ff15-a8d8-42e7-a64e-48c023d1b018',
};
const alice = 'CN=alice,CN=Users,DC=events,DC=example';
const admins = 'CN=Domain Admins,CN=Users,DC=events,DC=example';

const recordsOf = (json: unknown) =>
  eventsOfJson(json, { zone: null, computer: 'dc9.events.example' }).map((event) => ({
    event,
    record: toEvent(event),
  }));
const only = (json: unknown) => recordsOf(json)[0] ?? expect.fail('no event');

describe('lines of Samba’s audit', () => {
  test('a wrong password is event 4625 with what Samba tells, and names what it does not', () => {
    const { event, record } = only(wrongPassword);
    expect(record).toMatchObject({
      time: new Date('2026-11-27T23:31:24.667Z'),
      action: '4625',
      classUid: 3002,
      activityId: 1,
      outcome: 'failure',
      reason: 'wrong password (0xc000006a)',
      actorId: null,
      actorLogin: 'EVENTS\\Administrator',
      ip: '127.0.0.1',
      targets: ['computer:dc9.events.example'],
    });
    expect(event.recordId).toBeNull();
    expect(event.lacks).toEqual(expect.arrayContaining(['EventRecordID', 'SubStatus', 'SubjectUserSid']));
    expect(record.raw).toMatchObject({
      EventData: { LogonType: '8', WorkstationName: 'DC9' },
      lacks: event.lacks,
      Samba: { type: 'Authentication' },
    });
  });

  test('a sign-in is event 4624 of the account that it became', () => {
    expect(only(signIn).record).toMatchObject({
      action: '4624',
      outcome: 'success',
      reason: null,
      actorId: admin,
      actorLogin: 'EVENTS\\Administrator',
      sessionId: 'dc9.events.example/0x75ac6136f348fa',
    });
  });

  test.each([
    [4728, 'Added', 3],
    [4729, 'Removed', 4],
    [4732, 'Added', 3],
  ])('a change of a group is event %i: %s', (eventId, action, activityId) => {
    const { record } = only(line('groupChange', { eventId, action, group: admins, user: alice, ...change }));
    expect(record).toMatchObject({
      action: String(eventId),
      classUid: 3006,
      activityId,
      actorId: admin,
      targets: [`group:${admins}`, `member:${alice}`],
      outcome: 'success',
    });
  });

  test('a reset password is event 4724, and one that was refused is a failure', () => {
    const reset = { eventId: 4724, action: 'Reset', dn: alice, ...change };
    expect(only(line('passwordChange', reset)).record).toMatchObject({
      action: '4724',
      classUid: 3001,
      activityId: 4,
      actorId: admin,
      targets: [`dn:${alice}`],
      outcome: 'success',
    });
    expect(
      only(line('passwordChange', { ...reset, statusCode: 19, status: 'Constraint violation' })).record,
    ).toMatchObject({
      outcome: 'failure',
      reason: 'Constraint violation',
    });
  });

  test('a change of the directory is one event 5136 for each value, as Windows writes it', () => {
    const found = recordsOf(
      line('dsdbChange', {
        ...change,
        operation: 'Modify',
        performedAsSystem: false,
        dn: alice,
        attributes: {
          userAccountControl: {
            actions: [
              { action: 'delete', values: [{ value: '512' }] },
              { action: 'add', values: [{ value: '514' }] },
            ],
          },
          unicodePwd: { actions: [{ action: 'replace', redacted: true }] },
        },
      }),
    );
    expect(
      found.map(({ event: { eventId, data } }) => [
        eventId,
        data.get('AttributeLDAPDisplayName'),
        data.get('AttributeValue'),
        data.get('OperationType'),
      ]),
    ).toEqual([
      [5136, 'userAccountControl', '512', '%%14675'],
      [5136, 'userAccountControl', '514', '%%14674'],
      [5136, 'unicodePwd', undefined, '%%14674'],
    ]);
    expect(found[0]?.record.targets).toEqual([`dn:${alice}`, 'attribute:userAccountControl']);
    expect(new Set(found.map(({ record }) => record.id)).size).toBe(3);
  });

  test.each([
    ['Add', '5137', 1],
    ['Delete', '5141', 4],
  ])('%s of an object is event %s', (operation, action, activityId) => {
    expect(only(line('dsdbChange', { ...change, operation, dn: alice })).record).toMatchObject({
      action,
      classUid: 3004,
      activityId,
    });
  });

  test('what Windows has no event for keeps its words and its own name', () => {
    const { record } = only(line('dsdbTransaction', { action: 'commit', transactionId: 'x', duration: 5 }));
    expect(record).toMatchObject({ action: 'Samba dsdbTransaction', classUid: 0 });
    expect(record.raw).toMatchObject({ Samba: { dsdbTransaction: { action: 'commit' } } });
    expect(only(line('Authorization', { account: 'Administrator', domain: 'EVENTS', sid: admin })).record.action).toBe(
      'Samba Authorization',
    );
  });

  test('without the name of the controller it says what to set', () => {
    expect(() => eventsOfJson(signIn, { zone: null, computer: null })).toThrow(/Set the name of the domain controller/);
  });

  test('the same line has the same id each time, and two lines have two', () => {
    expect(only(signIn).record.id).toBe(only(structuredClone(signIn)).record.id);
    expect(only(signIn).record.id).not.toBe(only(wrongPassword).record.id);
  });
});
