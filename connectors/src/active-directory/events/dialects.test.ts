import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { eventsOfJson } from './json.ts';
import { reason, recorded, recordedIn, whereRecorded } from './test/corpus.ts';
import { toEvent } from './to-event.ts';
import type { WindowsEvent } from './windows-event.ts';

const none = { zone: null, computer: null };
const eventOf = (json: unknown, zone: string | null = null): WindowsEvent =>
  eventsOfJson(json, { zone, computer: null })[0] ?? expect.fail('no event');
const faultOf = (json: unknown, zone: string | null = null): Fault => {
  try {
    eventsOfJson(json, { zone, computer: null });
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return expect.fail('no fault');
};

/** What a record holds apart from what a dialect does not carry. */
const essence = (event: WindowsEvent) => {
  const { raw, ...record } = toEvent(event);
  return { ...record, data: Object.fromEntries(event.data), audit: event.audit, processId: event.processId };
};

type Flat = Record<string, unknown>;
const flat = (value: Flat, way = ''): Flat =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) =>
      typeof held === 'object' && held !== null && !Array.isArray(held)
        ? Object.entries(flat(held as Flat, `${way}${name}.`)) // an object
        : [[`${way}${name}`, held]],
    ),
  );

/** As Winlogbeat 8 writes it. */
const winlogbeat = (event: WindowsEvent): Flat => ({
  '@timestamp': event.time.toISOString(),
  event: { code: String(event.eventId), kind: 'event', outcome: event.audit ?? 'unknown', provider: event.provider },
  host: { name: event.computer },
  agent: { type: 'winlogbeat', version: '8.17.0' },
  winlog: {
    api: 'wineventlog',
    channel: event.channel,
    computer_name: event.computer,
    event_id: String(event.eventId),
    provider_name: event.provider,
    record_id: event.recordId,
    version: event.version,
    keywords: event.audit === null ? [] : [event.audit === 'success' ? 'Audit Success' : 'Audit Failure'],
    process: { pid: event.processId, thread: { id: 5 } },
    ...(event.eventId === 1102
      ? { user_data: { xml_name: 'LogFileCleared', ...Object.fromEntries(event.data) } }
      : { event_data: Object.fromEntries(event.data) }),
  },
});

/** 0x8010…, 0x8020… and 0x4000… as signed numbers. */
const signedKeywords = {
  failure: '-9218868437227405312',
  success: '-9214364837600034816',
  none: '4611686018427387904',
};

/** As NXLog's im_msvistalog and to_json write it: whole seconds, keywords signed. */
const nxlog = (event: WindowsEvent, EventTime: string): Flat => ({
  EventTime,
  Hostname: event.computer,
  Keywords: Number(signedKeywords[event.audit ?? 'none']),
  EventType: event.audit === 'failure' ? 'AUDIT_FAILURE' : 'AUDIT_SUCCESS',
  SeverityValue: 2,
  Severity: 'INFO',
  EventID: event.eventId,
  SourceName: event.provider,
  ProviderGuid: '{54849625-5478-4994-A5BA-3E3B0328C30D}',
  Version: event.version,
  Task: 14339,
  OpcodeValue: 0,
  RecordNumber: event.recordId,
  ProcessID: event.processId,
  ThreadID: 5,
  Channel: event.channel,
  Message: 'A Kerberos …',
  Category: 'Kerberos Authentication Service',
  Opcode: 'Info',
  ...Object.fromEntries(event.data),
  EventReceivedTime: '2026-01-01 00:00:00',
  SourceModuleName: 'in',
  SourceModuleType: 'im_msvistalog',
});

whereRecorded(`real events in other words${reason}`, () => {
  const all = recorded().map(({ json }) => eventOf(json));

  test('Winlogbeat’s words are the same event, nested, dotted, and in an answer of Elasticsearch', () => {
    const expected = all.map(essence);
    const documents = all.map(winlogbeat);
    expect(documents.map((json) => essence(eventOf(json)))).toEqual(expected);
    expect(documents.map((json) => essence(eventOf(flat(json))))).toEqual(expected);
    expect(documents.map((_source) => essence(eventOf({ _index: 'winlogbeat', _id: 'x', _source })))).toEqual(expected);
    const event = all.find(({ eventId }) => eventId === 4769) ?? expect.fail('no 4769');
    const fields = Object.fromEntries(
      Object.entries(flat(winlogbeat(event))).map(([name, value]) => [name, [value].flat()]),
    );
    expect(essence(eventOf({ _index: 'winlogbeat', fields }))).toEqual(essence(event));
  });

  test('NXLog’s words are the same event', () => {
    const seconds = (event: WindowsEvent) => `${event.time.toISOString().slice(0, 19)}Z`;
    const found = all.map((event) => essence(eventOf(nxlog(event, seconds(event)))));
    expect(found).toEqual(all.map((event) => ({ ...essence(event), time: new Date(seconds(event)) })));
  });

  test('an event that a collector forwarded names the computer that wrote it', () => {
    const { json } = recordedIn('ad-cs/Security_4768')[0] ?? expect.fail('no event');
    const forwarded = { ...json, System: { ...(json.System as Flat), Channel: 'ForwardedEvents' } }; // it has a System
    expect(toEvent(eventOf(forwarded))).toEqual(toEvent(eventOf(json)));
  });
});

describe('times of NXLog', () => {
  const event = {
    EventTime: '2026-07-01 12:00:00',
    EventReceivedTime: '2026-07-01 12:00:01',
    Hostname: 'DC1',
    SourceName: 'Microsoft-Windows-Security-Auditing',
    EventID: 4768,
    RecordNumber: 5,
    Channel: 'Security',
  };
  const at = (EventTime: string, zone: string | null) => eventOf({ ...event, EventTime }, zone).time.toISOString();

  test('a local time without a given zone is a fault that says what to set', () => {
    const fault = faultOf(event);
    expect(fault.kind).toBe('misconfigured');
    expect(fault.advice).toMatch(/Set the time zone/);
  });

  test('a local time is read in the given zone, in summer and in winter', () => {
    expect(at('2026-07-01 12:00:00', 'Europe/Zurich')).toBe('2026-07-01T10:00:00.000Z');
    expect(at('2026-01-01 12:00:00', 'Europe/Zurich')).toBe('2026-01-01T11:00:00.000Z');
    expect(at('2026-01-01 12:00:00.25', '-05:30')).toBe('2026-01-01T17:30:00.250Z');
    expect(at('2026-07-01 12:00:00', 'America/New_York')).toBe('2026-07-01T16:00:00.000Z');
  });

  test('the hour that winter time makes twice is its first, and the hour that summer time leaves out is read as before it', () => {
    expect(at('2026-10-25 02:30:00', 'Europe/Zurich')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-03-29 02:30:00', 'Europe/Zurich')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('2026-10-25 03:00:00', 'Europe/Zurich')).toBe('2026-10-25T02:00:00.000Z');
  });

  test('a time with a zone needs none given', () => {
    expect(at('2026-07-01T12:00:00.1234567+02:00', null)).toBe('2026-07-01T10:00:00.123Z');
    expect(at('2026-07-01 12:00:00 +0000', null)).toBe('2026-07-01T12:00:00.000Z');
  });

  test('a zone that does not exist is said', () => {
    expect(faultOf(event, 'Middle/Earth').advice).toMatch(/is not a time zone/);
  });

  test.each(['2026-13-01 00:00:00', '2026-04-31 00:00:00', '2026-01-01 25:00:00', 'yesterday', ''])(
    '“%s” is no time',
    (EventTime) => {
      expect(faultOf({ ...event, EventTime }, 'UTC').detail).toMatch(/its time is/);
    },
  );
});

describe('XML turned into JSON by others', () => {
  const system = {
    EventID: 4624,
    TimeCreated: { '#attributes': { SystemTime: '2026-01-01T00:00:00Z' } },
    Computer: 'DC1',
    Channel: 'Security',
    EventRecordID: 9,
  };

  test('attributes may stand apart, below Event, with or without marks', () => {
    const apart = eventOf({
      Event: {
        '#attributes': { xmlns: 'x' },
        System: { ...system, Provider: { '#attributes': { Name: 'P' } } },
        EventData: { A: 1, B: null },
      },
    });
    expect(apart).toMatchObject({ provider: 'P', eventId: 4624, recordId: 9 });
    expect([...apart.data]).toEqual([
      ['A', '1'],
      ['B', ''],
    ]);
    const marked = eventOf({
      System: { ...system, Provider: { '@Name': 'P' } },
      EventData: { Data: [{ '@Name': 'A', '#text': 'x' }, 'y'] },
    });
    expect(marked.provider).toBe('P');
    expect([...marked.data]).toEqual([
      ['A', 'x'],
      ['param1', 'y'],
    ]);
  });

  test('data without names are counted', () => {
    expect([...eventOf({ System: system, EventData: { Data: { '#text': ['x', 'y'] } } }).data.keys()]).toEqual([
      'param1',
      'param2',
    ]);
  });

  test.each([
    ['nothing', null],
    ['a list', []],
    ['an object of another kind', { hello: 'world' }],
    ['an event without an id', { System: { ...system, EventID: 'x' } }],
    ['an event without a computer', { System: { ...system, Computer: '' } }],
    ['an event without a time', { System: { ...system, TimeCreated: {} } }],
  ])('%s is a fault', (_, json) => {
    expect(faultOf(json).kind).toBe('unexpected');
  });

  test('names like those of every object do no harm', () => {
    const json: unknown = JSON.parse(
      '{"System":{"EventID":1,"TimeCreated":{"SystemTime":"2026-01-01T00:00:00Z"},"Computer":"c","__proto__":{"x":1}},"EventData":{"__proto__":"p","constructor":"q"}}',
    );
    const [event] = eventsOfJson(json, none);
    expect(event?.data.get('__proto__')).toBe('p');
    expect(event?.data.get('constructor')).toBe('q');
  });
});
