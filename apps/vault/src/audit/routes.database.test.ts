import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import type { Author } from './index.ts';
import { type KeptEntry, lineOf } from './lines.ts';

let vault: TestVault;
const evil = 'a|b\\c=d"e]f\r\ng';
beforeAll(async () => {
  vault = await testVault();
  const by: Author = { name: evil, impersonator: null, address: '192.0.2.7', through: 'sdk', correlationId: 'evil-1' };
  await vault.database.system((tx) =>
    vault.parts.audit.write(
      tx,
      by,
      ...Array.from({ length: 1_203 }, (_, n) => ({
        event: 'EVENT_ID_PASSWORD_CHECKED_OUT' as const,
        ...{ target: `HOST${n}`, message: `checked-out password for (HOST${n})'${evil}'`, succeeded: n % 2 === 0 },
        arguments: { evil },
      })),
    ),
  );
});
afterAll(() => vault.close());

const get = async (query: string) => (await vault.operator.get(`/api/audit?${query}`)).body;

test('entries are found by event, actor, target, correlation, outcome and time, page by page', async () => {
  for (const [query, count] of [
    ['event=2002', 1_203],
    ['event=EVENT_ID_PASSWORD_CHECKED_OUT&target=host1202', 1],
    ['event=2003', 0],
    [`actor=${encodeURIComponent('A|B')}`, 1_203],
    ['correlationId=evil-1&succeeded=false', 601],
    ['correlationId=evil-2', 0],
    [`from=${encodeURIComponent('2020-01-01T00:00:00Z')}&event=2002`, 1_203],
    [`until=${encodeURIComponent('2020-01-01T00:00:00+02:00')}`, 0],
  ] as const)
    expect((await get(query)).total.value, query).toBe(count);
  const first = await get('event=2002&limit=500');
  expect(first.items[0]).toMatchObject({
    target: 'HOST1202',
    eventId: 2_002,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const second = await get(`event=2002&limit=500&cursor=${first.next}`);
  expect(second.items[0].target).toBe('HOST702');
  const wrong = await get(`event=2003&limit=500&cursor=${first.next}`);
  expect(wrong.errors[0].field).toBe('cursor');
  expect((await get('from=yesterday')).errors[0].field).toBe('from');
  expect((await get('event=x')).errors[0].field).toBe('event');
});

test('the chain is verified, and an export leaves its own entry', async () => {
  const verdict = (await vault.operator.post('/api/audit/verify')).body;
  expect(verdict).toMatchObject({ isWhole: true, firstBroken: null });
  const lines = (await vault.operator.get('/api/audit/export?event=2002')).text.trimEnd().split('\n');
  expect(lines).toHaveLength(1_203);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ target: 'HOST0', actor: evil, arguments: { evil } });
  const [newest] = (await get('limit=1')).items;
  expect(newest).toMatchObject({ event: 'EVENT_ID_EXPORTED', message: 'exported the audit as json' });
});

const entry: KeptEntry = {
  ...{ seq: 7, at: new Date('2027-01-31T10:00:00.123Z'), event: 'EVENT_ID_PASSWORD_CHECKED_OUT', eventId: 2_002 },
  ...{ succeeded: false, actor: evil, impersonator: null, address: '192.0.2.7', through: 'sdk', target: 'HOST' },
  ...{ message: `for ${evil}`, arguments: { a: 'x=1' }, correlationId: 'c|1', hash: Buffer.alloc(32) },
};

test('a line of CEF has the fields that parsers look for, each escaped as CEF asks', () => {
  expect(lineOf.cef(entry)).toBe(
    [
      'CEF:0|Gatehouse|Privileged Identity|0.1.0|2002|EVENT_ID_PASSWORD_CHECKED_OUT|6|rt=1801389600123 externalId=7',
      'suser=a|b\\\\c\\=d"e]f\\r\\ng src=192.0.2.7 outcome=failure cs1Label=Result cs1=Failure',
      'cs2Label=CorrelationId cs2=c|1 cs3Label=SourceIP cs3=192.0.2.7 cs5Label=Target cs5=HOST',
      'cs6Label=Arguments cs6={"a":"x\\=1"} deviceFacility=sdk msg=for a|b\\\\c\\=d"e]f\\r\\ng',
    ].join(' '),
  );
});

test('a line of syslog is one of RFC 5424, each value escaped', () => {
  const line = lineOf.syslog(entry);
  expect(line).toMatch(/^<108>1 2027-01-31T10:00:00\.123Z \S+ gatehouse-vault - 2002 \[audit@32473 seq="7" /);
  expect(line).toContain('actor="a|b\\\\c=d\\"e\\]f  g"');
  expect(line.endsWith('] \ufefffor a|b\\c=d"e]f  g')).toBe(true);
  expect(lineOf.syslog({ ...entry, succeeded: true })).toMatch(/^<109>/);
});

test('every form of export has one line for each entry, whatever is in it', async () => {
  for (const format of ['cef', 'syslog', 'json']) {
    const { text, status } = await vault.operator.get(`/api/audit/export?event=2002&format=${format}`);
    expect(status).toBe(200);
    expect(text.trimEnd().split(/\r\n|[\r\n\u2028]/), format).toHaveLength(1_203);
  }
  expect((await vault.operator.get('/api/audit/export?format=xml')).body.errors[0].field).toBe('format');
});
