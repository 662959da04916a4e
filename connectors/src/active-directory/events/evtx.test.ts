import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { listOf, textOfValue, valueType } from './binxml-values.ts';
import { crc32 } from './crc32.ts';
import { evtxReader } from './evtx.ts';
import { eventsOfJson } from './json.ts';
import { reason, recorded, whereRecorded } from './test/corpus.ts';
import { listOfTexts, plain, shape, templated } from './test/evtx-events.ts';
import { encoded, sign, type WrittenRecord, writeEvtx } from './test/evtx-writer.ts';
import { randomFrom } from './test/random.ts';
import { toEvent } from './to-event.ts';
import type { WindowsEvent } from './windows-event.ts';

interface Read {
  readonly events: readonly WindowsEvent[];
  readonly faults: readonly Fault[];
}

const read = (file: Uint8Array, pieceSize = file.length): Read => {
  const reader = evtxReader();
  const found: (WindowsEvent | Fault)[] = [];
  for (let at = 0; at < file.length; at += pieceSize) found.push(...reader.push(file.subarray(at, at + pieceSize)));
  found.push(...reader.end());
  return {
    events: found.filter((item) => !(item instanceof Fault)) as WindowsEvent[], // what is not a fault is an event
    faults: found.filter((item) => item instanceof Fault),
  };
};

const made = (recordId: number, data: Record<string, string> = { TargetUserName: 'ada' }): WindowsEvent =>
  eventsOfJson(
    {
      System: {
        Provider: { Name: 'Microsoft-Windows-Security-Auditing', Guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}' },
        EventID: '4624',
        Version: '2',
        Keywords: '0x8020000000000000',
        TimeCreated: { SystemTime: '2026-01-02T03:04:05.1234567Z' },
        EventRecordID: String(recordId),
        Execution: { ProcessID: '600', ThreadID: '700' },
        Channel: 'Security',
        Computer: 'DC1.corp.example',
        Security: {},
      },
      EventData: data,
    },
    { zone: null, computer: null },
  )[0] ?? expect.fail('no event');

const count = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const idsOf = ({ events }: Read) => events.map(({ recordId }) => recordId);
const file = (records: readonly WrittenRecord[] = count(1, 500).map((id) => templated(made(id)))) => writeEvtx(records);
const chunkAt = (bytes: Uint8Array, index: number) =>
  bytes.subarray(4096 + index * 65_536, 4096 + (index + 1) * 65_536);

whereRecorded(`.evtx files made of real events${reason}`, () => {
  const events = recorded().map(
    ({ json }) => eventsOfJson(json, { zone: null, computer: null })[0] ?? expect.fail('no event'),
  );

  test.each([
    ['with templates and typed values', templated],
    ['without templates', plain],
  ])('every event comes back from a file %s as the record it was', (_, write) => {
    const found = read(writeEvtx(events.map(write)), 10_007);
    expect(found.faults).toEqual([]);
    expect(found.events.map(toEvent)).toEqual(events.map(toEvent));
  });
});

describe('a file of an event log', () => {
  test('is the same in pieces of any size', () => {
    const bytes = file();
    expect(idsOf(read(bytes))).toEqual(count(1, 500));
    expect(read(bytes, 4_097)).toEqual(read(bytes));
  });

  test('uses the record id of the event, which a collector leaves as it was, before that of the file', () => {
    expect(idsOf(read(writeEvtx([{ ...templated(made(77)), recordId: 5 }])))).toEqual([77]);
  });

  test('repeats an element for each text of a list, and keeps it once for an empty list', () => {
    const hole = { kind: 'hole', index: 0, isOptional: false } as const;
    const list = (texts: readonly string[]): WrittenRecord => {
      const record = plain(made(1, {}));
      if ('key' in record.content) return expect.fail('it has a template');
      const children = record.content.children.filter(
        (part) => part.kind !== 'element' || part.element.name !== 'EventData',
      );
      const data = shape('EventData', [{ kind: 'element', element: shape('Data', [hole]) }]);
      const event = shape('Event', [...children, { kind: 'element', element: data }]);
      const values = [{ type: listOf | valueType.string, bytes: listOfTexts(texts) }];
      return { recordId: 1, content: { key: 'list', shape: event, values } };
    };
    const dataOf = (texts: readonly string[]) => [...(read(writeEvtx([list(texts)])).events[0]?.data ?? [])];
    expect(dataOf(['a', 'b', 'c'])).toEqual([
      ['param1', 'a'],
      ['param2', 'b'],
      ['param3', 'c'],
    ]);
    expect(dataOf([])).toEqual([['param1', '']]);
  });

  test('space that is allocated and not yet used is no damage', () => {
    const bytes = file();
    const grown = new Uint8Array(bytes.length + 3 * 65_536);
    grown.set(bytes);
    expect(read(grown)).toEqual(read(bytes));
  });

  test('a file in use, whose header is older than its events, is read to its last event', () => {
    const bytes = file(count(1, 20).map((id) => templated(made(id))));
    const chunk = chunkAt(bytes, 0);
    const view = new DataView(chunk.buffer, chunk.byteOffset);
    const second = 512 + view.getUint32(512 + 4, true);
    view.setUint32(48, second, true);
    sign(chunk);
    bytes[120] = 1;
    const found = read(bytes);
    expect(idsOf(found)).toEqual(count(1, 20));
    expect(found.faults).toEqual([]);
  });

  test('events left from an earlier use of a chunk are not read again', () => {
    const records = [...count(1, 4), 90, 91].map((id) => templated(made(id)));
    const bytes = file(records);
    const chunk = chunkAt(bytes, 0);
    const view = new DataView(chunk.buffer, chunk.byteOffset);
    let end = 512;
    for (let i = 0; i < 3; i++) end += view.getUint32(end + 4, true);
    view.setUint32(48, end, true);
    sign(chunk);
    expect(idsOf(read(bytes))).toEqual([1, 2, 3]);
  });
});

describe('damage', () => {
  test('in one event costs that event, and is said', () => {
    const bytes = file();
    const chunk = chunkAt(bytes, 1);
    const view = new DataView(chunk.buffer, chunk.byteOffset);
    const second = 512 + view.getUint32(512 + 4, true);
    const victim = Number(view.getBigUint64(second + 8, true));
    chunk.fill(0xee, second + 30, second + 60);
    const found = read(bytes);
    expect(idsOf(found)).toEqual(count(1, 500).filter((id) => id !== victim));
    expect(found.faults.map(({ detail }) => detail)).toEqual([
      '.evtx: the checksum of the events of chunk 1 is wrong',
      expect.stringContaining('an event cannot be read'),
    ]);
  });

  test('of a record’s frame skips to the next record', () => {
    const bytes = file();
    const chunk = chunkAt(bytes, 0);
    const view = new DataView(chunk.buffer, chunk.byteOffset);
    const second = 512 + view.getUint32(512 + 4, true);
    view.setUint32(second, 0, true);
    const found = read(bytes);
    expect(idsOf(found)).toEqual([1, ...count(3, 500)]);
    expect(found.faults.map(({ detail }) => detail)).toContain(`.evtx: chunk 0 has no event at ${second}`);
  });

  test('of a chunk’s signature costs that chunk, and the others are read', () => {
    const bytes = file();
    chunkAt(bytes, 0)[0] = 0;
    const found = read(bytes);
    const first = found.events[0]?.recordId ?? 0;
    expect(first).toBeGreaterThan(1);
    expect(idsOf(found)).toEqual(count(first, 500));
    expect(found.faults.map(({ detail }) => detail)).toEqual(['.evtx: chunk 0 has no signature']);
  });

  test('of the header is said, and everything is read', () => {
    const bytes = file();
    bytes[24] = 99;
    const found = read(bytes);
    expect(idsOf(found)).toEqual(count(1, 500));
    expect(found.faults.map(({ detail }) => detail)).toEqual(['.evtx: the checksum of its header is wrong']);
  });

  test('a file that is cut off is read as far as it goes', () => {
    const bytes = file();
    const found = read(bytes.subarray(0, bytes.length - 50_000));
    expect(idsOf(found)).toEqual(count(1, found.events.length + 1));
    expect(found.events.length).toBeGreaterThan(200);
    expect(found.faults[0]?.detail).toMatch(/the file ends inside of chunk/);
    expect(read(bytes.subarray(0, 100)).faults[0]?.detail).toMatch(/inside of its header/);
  });

  test('templates that contain themselves and values repeated without end are faults', () => {
    const holes = Array.from({ length: 2_000 }, () => ({ kind: 'hole', index: 0, isOptional: false }) as const);
    const bomb: WrittenRecord = {
      recordId: 1,
      content: {
        key: 'bomb',
        shape: shape('Event', holes),
        values: [{ type: valueType.string, text: 'x'.repeat(20_000) }],
      },
    };
    const found = read(writeEvtx([bomb, templated(made(2))]));
    expect(found.faults.map(({ detail }) => detail)).toEqual([expect.stringContaining('longer than')]);
    expect(idsOf(found)).toEqual([2]);

    const bytes = file([templated(made(1))]);
    const chunk = chunkAt(bytes, 0);
    // The template's first element becomes an instance of the template itself.
    const template = new DataView(chunk.buffer, chunk.byteOffset).getUint32(512 + 24 + 4 + 6, true);
    chunk.set([0x0c, 0x01, 0, 0, 0, 0, template & 0xff, template >> 8, 0, 0], template + 24 + 4);
    sign(chunk);
    expect(read(bytes).faults.map(({ detail }) => detail)).toEqual([expect.stringContaining('nested too deeply')]);
  });

  test('whatever the bytes are, reading ends in events and faults', () => {
    const good = file(count(1, 60).map((id) => (id % 3 === 0 ? plain(made(id)) : templated(made(id)))));
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const bytes = good.slice();
      const kind = random.below(3);
      const changes = kind === 0 ? 1 : 1 + random.below(kind === 1 ? 20 : 2_000);
      for (let i = 0; i < changes; i++) {
        const at = 4096 + random.below(30_000);
        bytes[at] = random.pick([0, 1, 2, 0x0c, 0x0d, 0x41, 0x21, 0x81, 0xff, random.below(256)]);
      }
      const found = read(bytes.subarray(0, random.below(5) === 0 ? random.below(bytes.length) : bytes.length));
      for (const fault of found.faults) expect(fault.kind).toBe('unexpected');
      expect(found.events.length).toBeLessThanOrEqual(70);
    }
  });
});

describe('values', () => {
  const bytes = (...values: readonly number[]) => Uint8Array.from(values);

  test.each([
    ['nothing', valueType.null, bytes(), ''],
    ['a text', valueType.string, bytes(0x41, 0, 0xe9, 0), 'Aé'],
    ['a text with its NUL', valueType.string, bytes(0x41, 0, 0, 0), 'A'],
    ['ANSI', valueType.ansi, bytes(0x41, 0xe9, 0), 'Aé'],
    ['-1 of 8 bits', valueType.int8, bytes(0xff), '-1'],
    ['255', valueType.uint8, bytes(0xff), '255'],
    ['-2 of 16 bits', valueType.int16, bytes(0xfe, 0xff), '-2'],
    ['4768', valueType.uint16, bytes(0xa0, 0x12), '4768'],
    ['-1 of 32 bits', valueType.int32, bytes(0xff, 0xff, 0xff, 0xff), '-1'],
    ['4294967295', valueType.uint32, bytes(0xff, 0xff, 0xff, 0xff), '4294967295'],
    ['-1 of 64 bits', valueType.int64, bytes(...Array(8).fill(0xff)), '-1'],
    ['the largest number', valueType.uint64, bytes(...Array(8).fill(0xff)), '18446744073709551615'],
    ['1.5 of 32 bits', valueType.real32, bytes(0, 0, 0xc0, 0x3f), '1.5'],
    ['1.5 of 64 bits', valueType.real64, bytes(0, 0, 0, 0, 0, 0, 0xf8, 0x3f), '1.5'],
    ['true', valueType.bool, bytes(1, 0, 0, 0), 'true'],
    ['bytes', valueType.binary, bytes(0xde, 0xad), 'DEAD'],
    [
      'a GUID',
      valueType.guid,
      encoded(valueType.guid, '{54849625-5478-4994-a5ba-3e3b0328c30d}'),
      '{54849625-5478-4994-a5ba-3e3b0328c30d}',
    ],
    ['a size of 32 bits', valueType.size, bytes(0, 1, 0, 0), '0x100'],
    ['a size of 64 bits', valueType.size, bytes(0, 1, 0, 0, 0, 0, 0, 0), '0x100'],
    [
      'a time',
      valueType.fileTime,
      encoded(valueType.fileTime, '2020-07-22T20:29:36.4148271Z'),
      '2020-07-22T20:29:36.4148271Z',
    ],
    [
      'a system time',
      valueType.systemTime,
      bytes(0xe4, 7, 7, 0, 3, 0, 22, 0, 20, 0, 29, 0, 36, 0, 0x9e, 1),
      '2020-07-22T20:29:36.414Z',
    ],
    ['a SID', valueType.sid, encoded(valueType.sid, 'S-1-5-21-1-2-4294967295'), 'S-1-5-21-1-2-4294967295'],
    ['a mask of 32 bits', valueType.hex32, bytes(0x12, 0, 0, 0), '0x12'],
    ['a mask of 64 bits', valueType.hex64, bytes(0, 0, 0, 0, 0, 0, 0x20, 0x80), '0x8020000000000000'],
    ['a list of texts', listOf | valueType.string, listOfTexts(['a', '', 'b']), ['a', '', 'b']],
    ['a list of numbers', listOf | valueType.uint16, bytes(1, 0, 2, 0), ['1', '2']],
    ['a list of ANSI', listOf | valueType.ansi, bytes(0x61, 0, 0x62, 0), ['a', 'b']],
    [
      'a list of SIDs',
      listOf | valueType.sid,
      Uint8Array.from([...encoded(valueType.sid, 'S-1-5-18'), ...encoded(valueType.sid, 'S-1-1-0')]),
      ['S-1-5-18', 'S-1-1-0'],
    ],
  ])('%s', (_, type, value, expected) => {
    expect(textOfValue(type, value)).toEqual(expected);
  });

  test.each([
    ['a number of the wrong size', valueType.uint32, bytes(1, 2)],
    ['a cut-off SID', valueType.sid, bytes(1, 5, 0, 0, 0, 0, 0, 5, 1)],
    ['a list that does not come out even', listOf | valueType.uint32, bytes(1, 2, 3, 4, 5)],
    ['an unknown type', 0x77, bytes(1)],
  ])('%s is a fault', (_, type, value) => {
    expect(() => textOfValue(type, value)).toThrow(Fault);
  });

  test('the checksum is that of RFC 1952, whole and continued', () => {
    const check = new TextEncoder().encode('123456789');
    expect(crc32(check)).toBe(0xcbf43926);
    expect(crc32(check.subarray(4), crc32(check.subarray(0, 4)))).toBe(0xcbf43926);
  });
});
