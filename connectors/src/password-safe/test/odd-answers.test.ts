import type { Account, Event, Grant, Policy } from '@gatehouse/connector-kit';
import type { FakeAnswer } from '@gatehouse/connector-kit/fake';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toAccessPolicy } from '../access-policies.ts';
import { toAddress } from '../address.ts';
import { toRegistration } from '../api-registrations.ts';
import { directoryIds } from '../directory.ts';
import { toResource } from '../managed-systems.ts';
import { flagAt, numberAt, timeAt } from '../shapes.ts';
import { toAuditEvent } from '../user-audits.ts';
import { toUser } from '../users.ts';
import { openAnswering } from './answering.ts';
import { openBench } from './bench.ts';

const ok = (body: unknown): FakeAnswer => ({ body });

/** Runs streams over these answers by path below the API; what is not among them is not there. */
const readOver = async (
  streams: readonly string[],
  answers: Readonly<Record<string, FakeAnswer | ((query: URLSearchParams) => FakeAnswer)>>,
) => {
  await using server = await openAnswering((path, query) => {
    const found = answers[path];
    return typeof found === 'function' ? found(query) : (found ?? (path === '/Roles' ? ok([]) : undefined));
  });
  await using bench = await openBench();
  const outcome = await bench.run({ streams, settings: { url: server.origin } });
  return { outcome, only: outcome.streams[0], store: bench.store, asked: server.asked };
};

describe('an odd item', () => {
  test('of a list is left out and said, and the others are read', async () => {
    const { only, store } = await readOver(['users'], {
      '/Users': ok([
        { UserID: 1 },
        null,
        { UserName: 'x' },
        'text',
        { userid: '7', username: 'eve' },
        { UserID: 1.5 },
        { UserID: 2 },
        { UserID: 3 },
      ]),
    });
    expect(only).toMatchObject({ state: 'done', fault: null, health: 'warning', caveats: [{ code: 'unreadable' }] });
    expect([...store.records('users').keys()]).toEqual(['user:1', 'user:7', 'user:2', 'user:3']);
    expect(store.records('users').get('user:7')).toMatchObject({ login: 'eve', status: null });
  });

  test('among the roles of a group costs neither the others nor other groups', async () => {
    const { only, store } = await readOver(['smart-group-roles'], {
      '/UserGroups': ok([{ GroupID: 1, Name: 'A' }, {}, { GroupID: 2, Name: 'B' }]),
      '/UserGroups/1/SmartRules': ok([{ SmartRuleID: 9, AccessLevelID: 0 }, { Title: 'no number' }]),
      '/UserGroups/1/SmartRules/9/Roles': ok([{ RoleID: 2, Name: 'Requestor' }, { Name: 'x' }]),
      '/UserGroups/2/SmartRules': ok([{ SmartRuleID: 9, AccessLevelID: 3 }]),
    });
    expect(only).toMatchObject({ state: 'done', fault: null, caveats: [{ code: 'unreadable' }] });
    const found = [...store.records('smart-group-roles').values()] as Grant[]; // grants
    expect(found.map(({ id }) => id)).toEqual([
      'user-group:1/role:2/smart-group:9',
      'user-group:2/access-level:3/smart-group:9',
    ]);
  });

  test('of another kind of list is still a fault: strangers delete nothing', async () => {
    const { only } = await readOver(['users'], { '/Users': ok([{ a: 1 }, { b: 2 }]) });
    expect(only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    expect(only?.fault?.detail).toContain('UserID');
  });
});

describe('a list', () => {
  test('that an old version does not divide is read whole', async () => {
    const systems = Array.from({ length: 1_500 }, (_, i) => ({ ManagedSystemID: i + 1 }));
    const { only, store, asked } = await readOver(['managed-systems'], { '/ManagedSystems': ok(systems) });
    expect(only).toMatchObject({ state: 'done', fault: null });
    expect(store.records('managed-systems').size).toBe(1_500);
    expect(asked.filter((path) => path.includes('/ManagedSystems'))).toHaveLength(1);
  });

  test('that an old version does not divide ends, also where it is as long as a stretch', async () => {
    const systems = Array.from({ length: 1_000 }, (_, i) => ({ ManagedSystemID: i + 1 }));
    const { only, store, asked } = await readOver(['managed-systems'], { '/ManagedSystems': ok(systems) });
    expect(only).toMatchObject({ state: 'done', fault: null });
    expect(store.records('managed-systems').size).toBe(1_000);
    expect(asked.filter((path) => path.includes('offset=')).length).toBeLessThan(5);
  });

  test('that is divided without a count is read to its end', async () => {
    const systems = Array.from({ length: 2_300 }, (_, i) => ({ ManagedSystemID: i + 1 }));
    const { only, store } = await readOver(['managed-systems'], {
      '/ManagedSystems': (query) => {
        const offset = Number(query.get('offset'));
        return ok(systems.slice(offset, offset + Number(query.get('limit'))));
      },
    });
    expect(only).toMatchObject({ state: 'done', fault: null });
    expect(store.records('managed-systems').size).toBe(2_300);
  });

  test('that has everything twice is read as if it did not', async () => {
    const systems = Array.from({ length: 300 }, (_, i) => ({ ManagedSystemID: i + 1 }));
    const { only, store } = await readOver(['managed-systems'], {
      '/ManagedSystems': ok({ TotalCount: 300, Data: [...systems, ...systems] }),
    });
    expect(only).toMatchObject({ state: 'done', fault: null, health: 'connected' });
    expect(store.records('managed-systems').size).toBe(300);
  });

  test('that ends before its end is a fault rather than a short list', async () => {
    const { only } = await readOver(['managed-systems'], {
      '/ManagedSystems': ok({ TotalCount: 5, Data: [] }),
    });
    expect(only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    const cut = await readOver(['users'], { '/Users': ok({ TotalCount: 2, Data: [{ UserID: 1 }] }) });
    expect(cut.only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
  });

  test('of nothing may be null', async () => {
    const { only } = await readOver(['managed-systems'], { '/ManagedSystems': ok({ TotalCount: 0, Data: null }) });
    expect(only).toMatchObject({ state: 'done', fault: null, records: 0 });
  });

  test('longer than a page is handed on in pages', async () => {
    const users = Array.from({ length: 12_000 }, (_, i) => ({ UserID: i + 1, UserName: `u${i}` }));
    const { only, store } = await readOver(['users'], { '/Users': ok(users) });
    expect(only).toMatchObject({ state: 'done', fault: null, pages: 12 });
    expect(store.records('users').size).toBe(12_000);
  });

  test('that the version does not know is a fault that says so, and empties nothing', async () => {
    const { only } = await readOver(['api-registrations'], {});
    expect(only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    expect(only?.fault?.advice).toContain('/ApiRegistrations');
  });
});

test('what belongs to something that went away meanwhile is nothing, and the rest is read', async () => {
  const { only, store } = await readOver(['memberships'], {
    '/UserGroups': ok([{ GroupID: 1 }, { GroupID: 2 }]),
    '/UserGroups/2/Users': ok([{ UserID: 5 }]),
  });
  expect(only).toMatchObject({ state: 'done', fault: null });
  expect([...store.records('memberships').keys()]).toEqual(['user-group:2/user:5']);
});

test('so many sessions that some are missing are said', async () => {
  const now = new Date().toISOString();
  const many = Array.from({ length: 100_000 }, (_, i) => ({
    SessionID: i,
    StartTime: i < 3 ? now : '2020-01-01T00:00:00',
  }));
  const { only, store } = await readOver(['sessions'], { '/Sessions': ok(many) });
  expect(only).toMatchObject({ state: 'done', fault: null, health: 'warning' });
  expect(store.records('sessions').size).toBe(3);
});

test('audits of a version that does not heed the date are read no further back than asked for', async () => {
  const day = 24 * 3_600_000;
  const all = Array.from({ length: 5_000 }, (_, i) => ({
    ...{ AuditID: i, ActionType: 'Login', CreateDate: new Date(Date.now() - i * (day / 200)).toISOString() },
  }));
  const { only, store, asked } = await readOver(['user-audits'], {
    '/UserAudits': (query) => {
      const offset = Number(query.get('offset'));
      return ok({ TotalCount: all.length, Data: all.slice(offset, offset + Number(query.get('limit'))) });
    },
  });
  expect(only).toMatchObject({ state: 'done', fault: null });
  // A week is 1,400 of them; the stretch that reaches past it is the last one that is kept.
  expect(store.records('user-audits').size).toBe(2_000);
  expect(asked.filter((path) => path.includes('offset'))).toHaveLength(3);
});

describe('values', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('of time mean UTC wherever this runs, and the first day of the first year is none', () => {
    vi.stubEnv('TZ', 'America/New_York');
    const at = (text: unknown) => timeAt({ At: text }, 'At')?.toISOString() ?? null;
    expect(new Date('2026-01-01T00:00:00').toISOString()).toBe('2026-01-01T05:00:00.000Z');
    expect(at('2026-01-01T00:00:00')).toBe('2026-01-01T00:00:00.000Z');
    expect(at('2026-01-01 10:00:00.1234567')).toBe('2026-01-01T10:00:00.123Z');
    expect(at('2026-01-01T00:00:00+02:00')).toBe('2025-12-31T22:00:00.000Z');
    expect(at('2025-02-27T22:57:27.127Z')).toBe('2025-02-27T22:57:27.127Z');
    for (const none of ['0001-01-01T00:00:00', '', 'soon', null, 7, {}]) expect(at(none)).toBeNull();
  });

  test('are found whatever the capitals of their names, and are null when of another kind', () => {
    expect(numberAt({ systemid: '7' }, 'ManagedSystemID', 'SystemID')).toBe(7);
    expect(numberAt({ SystemID: 'x' }, 'SystemID')).toBeNull();
    expect(flagAt({ isactive: 'True' }, 'IsActive')).toBe(true);
    expect(flagAt({ IsActive: 0 }, 'IsActive')).toBe(false);
    expect(flagAt({ IsActive: 'perhaps' }, 'IsActive')).toBeNull();
    expect(numberAt(null, 'x')).toBeNull();
  });

  test('that refer to nothing are none', () => {
    expect(toResource({ ManagedSystemID: 1, AssetID: 0, FunctionalAccountID: null }, new Map())).toMatchObject({
      ...{ parentId: null, attributes: { functionalAccountId: null } },
    });
  });

  test('of a policy without schedules are unknown, not zero approvers', () => {
    const { settings } = toAccessPolicy({ AccessPolicyID: 1, Schedules: null }) as Policy;
    expect(settings).toMatchObject({ fewestApprovers: null, schedules: [] });
  });

  test('of a rule without an address limit nothing', () => {
    const { attributes } = toRegistration({ Id: 1, IPAuthenticationRules: [{ Type: 'Single', Value: '' }] });
    expect(attributes).toMatchObject({ allowedAddresses: [] });
  });

  test('of an audit that says neither what nor where are an event all the same', () => {
    const event: Event = toAuditEvent({ AuditID: 1 });
    expect(event).toMatchObject({ action: 'unknown', time: null, actorId: null, classUid: 3004, activityId: 99 });
    expect(toAuditEvent({ AuditID: 2, ActionType: 'Login Failed', Section: 'Login' }).outcome).toBe('failure');
  });

  test('of an application user never hold its secret', () => {
    const user: Account = toUser({ UserID: 1, UserType: 'Application', ClientID: 'c', ClientSecret: 's3cret' });
    expect(JSON.stringify(user)).not.toContain('s3cret');
  });
});

test('identifiers of a directory are taken from what is certain alone', () => {
  const ids = (item: object) => directoryIds(item);
  expect(ids({ UserName: 'CORP\\ada' })).toEqual(['ad:corp\\ada']);
  // The first half of a principal name need not be the sAMAccountName.
  expect(ids({ UserName: 'Ada@corp.example', DomainName: 'corp.example' })).toEqual(['upn:ada@corp.example']);
  expect(ids({ AccountName: 'root' })).toEqual([]);
  expect(ids({ AccountName: 'SYSTEM', SID: 'S-1-5-18' })).toEqual([]);
  expect(ids({ AccountName: 'a', DomainName: 'CORP', ObjectID: 's-1-5-21-1-2-3-500' })).toEqual([
    'sid:S-1-5-21-1-2-3-500',
    'ad:corp\\a',
  ]);
  expect(ids({ AccountName: 'a', ObjectID: 'None' })).toEqual([]);
});

test('an address is read from any page of Password Safe, and another name of the API is kept', () => {
  const api = 'https://pam.corp.example/BeyondTrust/api/public/v3';
  const old = 'https://pam.corp.example/eEye.RetinaCS.Server/api/public/v3';
  expect(toAddress('pam.corp.example')).toMatchObject({ base: api, host: 'pam.corp.example', note: null });
  expect(toAddress(' https://pam.corp.example/ ')).toMatchObject({ base: api, note: null });
  expect(toAddress('https://pam.corp.example/WebConsole/login?x=1')?.base).toBe(api);
  expect(toAddress('https://pam.corp.example/WebConsole')?.note).toContain('https://pam.corp.example');
  expect(toAddress(`${old}/Auth/SignAppin`)?.base).toBe(old);
  expect(toAddress('https://corp.example/pam/BeyondTrust/api/public/v3')?.base).toBe(
    'https://corp.example/pam/BeyondTrust/api/public/v3',
  );
  for (const wrong of [
    '',
    'ftp://pam.corp.example',
    'https://user:pw@pam.corp.example',
    'https://',
    'not an address',
  ]) {
    expect(toAddress(wrong), wrong).toBeNull();
  }
});
