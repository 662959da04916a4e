import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { type EventLogSource, eventReader, readEvents } from './event-reader.ts';
import type { Missing } from './json.ts';
import { reason, recorded, whereRecorded } from './test/corpus.ts';
import { templated } from './test/evtx-events.ts';
import { writeEvtx } from './test/evtx-writer.ts';
import { randomFrom } from './test/random.ts';
import type { WindowsEvent } from './windows-event.ts';
import { eventOfXml } from './xml.ts';

const none: Missing = { zone: null, computer: null };

const xmlOf = (recordId: number, data = '<Data Name="TargetUserName">ada</Data>') =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Security-Auditing"/>` +
  `<EventID>4624</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="2026-01-02T03:04:05.1234567Z"/>` +
  `<EventRecordID>${recordId}</EventRecordID><Channel>Security</Channel><Computer>DC1</Computer></System><EventData>${data}</EventData></Event>`;
const jsonOf = (recordId: number, TargetUserName = 'ada') =>
  JSON.stringify({
    System: {
      EventID: '4624',
      TimeCreated: { SystemTime: '2026-01-02T03:04:05Z' },
      EventRecordID: recordId,
      Channel: 'Security',
      Computer: 'DC1',
    },
    EventData: { TargetUserName },
  });

const bytesOf = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, isBig: boolean, mark = true) => {
  const whole = `${mark ? '\ufeff' : ''}${text}`;
  const bytes = new Uint8Array(whole.length * 2);
  for (let i = 0; i < whole.length; i++) new DataView(bytes.buffer).setUint16(2 * i, whole.charCodeAt(i), !isBig);
  return bytes;
};

const readAll = (bytes: Uint8Array, pieceSize = 65_536, missing = none): readonly (WindowsEvent | Fault)[] => {
  const reader = eventReader(missing);
  const found: (WindowsEvent | Fault)[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) found.push(...reader.push(bytes.subarray(at, at + pieceSize)));
  found.push(...reader.end());
  return found;
};
/** What was read until a fault ended the reading, and that fault. */
const allOrFault = (text: string): readonly (WindowsEvent | Fault)[] => {
  try {
    return readAll(bytesOf(text));
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
};
/** Record ids, and for faults what they say. */
const told = (found: readonly (WindowsEvent | Fault)[]) =>
  found.map((item) =>
    item instanceof Fault ? `fault: ${item.detail?.replace('an event cannot be read: ', '')}` : item.recordId,
  );
const read = (text: string, pieceSize?: number) => told(readAll(bytesOf(text), pieceSize));

const dataOf = (xml: string) => Object.fromEntries(eventOfXml(xml).data);

describe('one event as XML', () => {
  test('entities, characters by number and CDATA are text', () => {
    const data =
      '<Data Name="A">&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</Data><Data Name="B"><![CDATA[<&amp;>]]></Data><Data Name="C"/><Data>x</Data><Binary>AB</Binary>';
    expect(dataOf(xmlOf(1, data))).toEqual({ A: '<&>"\'A😀', B: '<&amp;>', C: '', param1: 'x', Binary: 'AB' });
  });

  test('UserData gives the fields of its element, and rendered words are kept', () => {
    const xml = xmlOf(1).replace(
      /<EventData>.*<\/EventData>/,
      '<RenderingInfo Culture="en-US"><Message>The audit log was cleared.</Message></RenderingInfo><UserData><LogFileCleared xmlns="x"><SubjectUserName>ada</SubjectUserName><Outer><Inner>1</Inner></Outer></LogFileCleared></UserData>',
    );
    expect(dataOf(xml)).toEqual({ SubjectUserName: 'ada', 'Outer.Inner': '1' });
    expect(eventOfXml(xml).raw).toMatchObject({ Message: 'The audit log was cleared.' });
  });

  test('a name that comes again keeps both values', () => {
    expect(dataOf(xmlOf(1, '<Data Name="A">1</Data><Data Name="A">2</Data>'))).toEqual({ A: '1', A_2: '2' });
  });

  test.each([
    ['declares entities', `<!DOCTYPE Event [<!ENTITY a "aaaa">]>${xmlOf(1, '<Data>&a;</Data>')}`],
    ['declares entities that it does not use', `<!DOCTYPE Event [<!ENTITY a "aaaa">]>${xmlOf(1)}`],
    ['declares anything inside of itself', xmlOf(1, '<!ENTITY a "b"><Data>x</Data>')],
    ['uses an unknown entity', xmlOf(1, '<Data>&bomb;</Data>')],
    ['names a character that there is not', xmlOf(1, '<Data>&#x110000;</Data>')],
    ['has an ampersand alone', xmlOf(1, '<Data>a & b</Data>')],
    ['ends elements it did not begin', xmlOf(1, '<Data>x</Wrong>')],
    ['is not an event', '<Other/>'],
    ['has two roots', `${xmlOf(1)}${xmlOf(2)}`],
    ['is nested too deeply', xmlOf(1, `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`)],
    ['is empty', ''],
  ])('a text that %s is a fault', (_, xml) => {
    expect(() => eventOfXml(xml)).toThrow(Fault);
  });
});

describe('a stream of events', () => {
  const three = [xmlOf(1), xmlOf(2), xmlOf(3)];

  test.each([
    ['one after the other', three.join('')],
    ['in a document', `<?xml version="1.0" encoding="utf-8"?>\r\n<Events>${three.join('\r\n')}</Events>`],
    ['each with its own declaration', three.map((xml) => `<?xml version="1.0"?>${xml}`).join('\n')],
    [
      'in an envelope of WS-Management',
      `<s:Envelope xmlns:s="x"><s:Body>${three.map((xml) => `<w:Event Action="y"><![CDATA[${xml}]]></w:Event>`).join('')}</s:Body></s:Envelope>`,
    ],
    ['after a prefix of syslog', three.map((xml) => `<13>1 2026-01-01T00:00:00Z dc1 app - - - ${xml}\n`).join('')],
  ])('of XML is read %s, in pieces of any size', (_, text) => {
    for (const pieceSize of [1, 2, 7, 100, 65_536]) expect(read(text, pieceSize)).toEqual([1, 2, 3]);
  });

  test.each([
    ['in lines', [jsonOf(1), jsonOf(2), jsonOf(3)].join('\n')],
    ['in an array', `[${[jsonOf(1), jsonOf(2), jsonOf(3)].join(',')}]`],
    [
      'printed over many lines',
      JSON.stringify(
        [1, 2, 3].map((id) => JSON.parse(jsonOf(id))),
        null,
        2,
      ),
    ],
    ['with brackets and quotes inside of texts', `${jsonOf(1, '}{"[\\')}\n${jsonOf(2, '\\"')}\n${jsonOf(3, '{')}`],
    ['after a prefix of syslog', [1, 2, 3].map((id) => `<134>Jul 22 20:29:36 dc1 samba[99]: ${jsonOf(id)}\n`).join('')],
    [
      'after the head of a debug log',
      [1, 2, 3].map((id) => `[2026/01/01 00:00:00.000000,  3] auth_log.c:653\n  ${jsonOf(id)}\n`).join(''),
    ],
  ])('of JSON is read %s, in pieces of any size', (_, text) => {
    for (const pieceSize of [1, 2, 7, 100, 65_536]) expect(read(text, pieceSize)).toEqual([1, 2, 3]);
  });

  test('may be UTF-8 or UTF-16, with a mark or without', () => {
    const xml = xmlOf(1, '<Data Name="A">Zoë 😀</Data>');
    const encodings = [
      bytesOf(`\ufeff${xml}`),
      bytesOf(xml),
      utf16(xml, false),
      utf16(xml, true),
      utf16(xml, false, false),
      utf16(xml, true, false),
    ];
    for (const bytes of encodings)
      for (const pieceSize of [1, 3, 65_536]) {
        const [event] = readAll(bytes, pieceSize);
        expect(event instanceof Fault ? event.detail : event?.data.get('A')).toBe('Zoë 😀');
      }
  });

  test('may be a file of an event log', () => {
    const event = eventOfXml(xmlOf(42));
    expect(told(readAll(writeEvtx([templated(event)]), 1_000))).toEqual([42]);
  });

  test('is read from a source, whatever opens it', async () => {
    const source: EventLogSource = {
      name: 'a pipe',
      async *read() {
        yield bytesOf(three[0] ?? '');
        yield bytesOf(three[1] ?? '');
      },
    };
    const found: (WindowsEvent | Fault)[] = [];
    for await (const item of readEvents(source, none)) found.push(item);
    expect(told(found)).toEqual([1, 2]);
  });

  test('that holds none is said, unless it is empty', () => {
    expect(read('')).toEqual([]);
    expect(read(' \n')).toEqual([]);
    expect(read('hello')).toEqual([expect.stringContaining('neither XML, JSON nor an .evtx file')]);
    expect(read('<html><body>Sign in</body></html>')).toEqual([
      expect.stringContaining('neither XML, JSON nor an .evtx file'),
    ]);
  });
});

describe('what is damaged', () => {
  test('an event that is not finished costs itself', () => {
    const cut = xmlOf(2).slice(0, 300);
    expect(read(`${xmlOf(1)}${cut}${xmlOf(3)}`)).toEqual([1, 'fault: it is not finished', 3]);
    expect(read(`${xmlOf(1)}${cut}`)).toEqual([1, 'fault: it is not finished']);
  });

  test('a line that is cut off costs itself', () => {
    const lines = [
      jsonOf(1),
      jsonOf(2).slice(0, 40),
      jsonOf(3),
      jsonOf(4).slice(0, -3),
      jsonOf(5),
      '{"a":1}}',
      jsonOf(6),
    ];
    expect(read(`${jsonOf(1)}\n{"System":{"EventID":"4624",\n${jsonOf(3)}`)).toEqual([
      1,
      'fault: its JSON is not finished',
      3,
    ]);
    const found = read(lines.join('\n'));
    expect(found.filter((item) => typeof item === 'number')).toEqual([1, 3, 5, 6]);
    expect(found.filter((item) => typeof item === 'string')).toHaveLength(3);
  });

  test('an event of another kind is left out and the rest is read', () => {
    expect(read(`${jsonOf(1)}\n{"hello":"world"}\n${jsonOf(2)}`)).toEqual([
      1,
      'fault: its form is not known; it has hello',
      2,
    ]);
  });

  test('what holds for every event ends the reading, unless an event before it was read', () => {
    const nxlog = JSON.stringify({ EventID: 1, EventTime: '2026-01-01 00:00:00', Hostname: 'x', SourceName: 'y' });
    expect(() => read(nxlog)).toThrow(/Set the time zone/);
    expect(readAll(bytesOf(`${jsonOf(1)}${nxlog}`)).at(1)).toMatchObject({ kind: 'misconfigured' });
  });

  test.each([
    ['a text of 10 MB', xmlOf(2, `<Data>${'x'.repeat(10_000_000)}</Data>`)],
    ['an event that never ends', `${xmlOf(2).replace('</Event>', '')}${'x'.repeat(10_000_000)}`],
    ['ten million beginnings', '<Event '.repeat(1_500_000)],
    [
      'a million open elements',
      `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${'<a>'.repeat(1_000_000)}</Event>`,
    ],
    [
      'a million attributes',
      `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event" ${'a="b" '.repeat(150_000)}></Event>`,
    ],
    ['a million data of one name', xmlOf(2, '<Data Name="A">1</Data>'.repeat(43_000))],
    ['a million ampersands', xmlOf(2, `<Data>${'&amp'.repeat(250_000)}</Data>`)],
    [
      'a bomb of entities',
      `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1_000)}">${Array.from({ length: 20 }, (_, i) => `<!ENTITY b${i} "${`&b${i - 1};`.repeat(10)}">`).join('')}]>${xmlOf(2, '<Data>&b19;</Data>')}`,
    ],
    ['a million braces', '{'.repeat(3_000_000)],
    ['a million brackets', `{"a":${'['.repeat(3_000_000)}`],
    ['a text of JSON without end', `{"a":"${'x'.repeat(10_000_000)}`],
    ['lines that all begin and none end', '{"a":1,\n'.repeat(400_000)],
    ['a long number', `{"a":${'9'.repeat(5_000_000)}}`],
  ])('%s ends in time, and what follows is read', (_, hostile) => {
    const began = performance.now();
    const isXml = hostile.trimStart().startsWith('<');
    const found = allOrFault(`${hostile}\n${isXml ? xmlOf(9) : `\n${jsonOf(9)}`}`);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(found.length).toBeGreaterThan(0);
    if (isXml) expect(told(found).at(-1)).toBe(9);
    expect(found.every((item) => !(item instanceof Fault) || item.kind === 'unexpected')).toBe(true);
  });

  test('a stream of any length needs the memory of one event', async () => {
    // In a thread of its own, which ends where it needs more.
    const reading = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module).then(({ eventReader }) => {
        const reader = eventReader({ zone: null, computer: null });
        let events = 0;
        for (let i = 0; i < 800; i++) for (const _ of reader.push(workerData.piece)) events++;
        parentPort.postMessage(events);
      });`,
      {
        ...{ eval: true, resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 8 } },
        workerData: {
          module: new URL('event-reader.ts', import.meta.url).href,
          piece: bytesOf(xmlOf(1, `<Data>${'x'.repeat(3_000)}</Data>`).repeat(20)),
        },
      },
    );
    expect((await once(reading, 'message'))[0]).toBe(16_000);
  });
});

whereRecorded(`fuzzed real events${reason}`, () => {
  const all = recorded().filter(({ xml }) => xml !== null);

  test('whatever is changed in XML or JSON, reading ends in events and faults', () => {
    for (let seed = 1; seed <= 1_500; seed++) {
      const random = randomFrom(seed);
      const { xml, json } = random.pick(all);
      const isXml = random.below(2) === 0;
      const one = isXml ? (xml ?? '') : JSON.stringify(json);
      const bytes = bytesOf(isXml ? `${one}${one}${one}` : `${one}\n${one}\n${one}`);
      for (let i = random.below(6); i >= 0; i--) {
        const at = random.below(bytes.length);
        const letter = random.pick(['<', '>', '"', '&', '{', '}', '[', ']', ':', ',', '\\', '\n', '/', '\0']);
        if (random.below(2) === 0) bytes[at] = letter.charCodeAt(0);
        else bytes.copyWithin(at, random.below(bytes.length));
      }
      for (const item of readAll(bytes, 1 + random.below(2_000)))
        if (item instanceof Fault) expect(item.kind).toBe('unexpected');
    }
  });
});
