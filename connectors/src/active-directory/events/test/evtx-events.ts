import type { Part, Shape } from '../binxml.ts';
import { valueType } from '../binxml-values.ts';
import type { WindowsEvent } from '../windows-event.ts';
import { encoded, type Filling, type WrittenRecord } from './evtx-writer.ts';

const hole = (index: number, isOptional = false): Part => ({ kind: 'hole', index, isOptional });
const text = (value: string): Part => ({ kind: 'text', text: value });
const element = (name: string, children: readonly Part[], attributes: Shape['attributes'] = []): Part => ({
  kind: 'element',
  element: { name, attributes, children },
});
export const shape = (name: string, children: readonly Part[], attributes: Shape['attributes'] = []): Shape => ({
  name,
  attributes,
  children,
});

type System = Readonly<Record<string, unknown>>;
const systemOf = (event: WindowsEvent) => event.raw.System as System; // as toWindowsEvent makes it
const said = (value: unknown): string => (value === undefined ? '' : String(value));

/** Windows ends lines in values with both characters. */
const withBoth = (value: string) => value.replaceAll('\n', '\r\n');

/**
 * The event as Windows lays it out: one template for the System of all events, with numbers, times, GUIDs and SIDs in their
 * own types, and in its last hole another template for the data of the event's kind.
 */
export const templated = (event: WindowsEvent): WrittenRecord => {
  const system = systemOf(event);
  const provider = system.Provider as System; // as toWindowsEvent makes it
  const values: Filling[] = [];
  const put = (type: number, value: unknown): number =>
    values.push(value === undefined ? { type: valueType.null, text: '' } : { type, text: String(value) }) - 1;
  const filled = (name: string, type: number, value: unknown) => element(name, [hole(put(type, value), true)]);
  const attribute = (name: string, type: number, value: unknown) => [name, [hole(put(type, value), true)]] as const;
  const content = shape(
    'Event',
    [
      element('System', [
        element(
          'Provider',
          [],
          [
            ['Name', [text(said(provider.Name))]],
            ['Guid', [text(said(provider.Guid))]],
          ],
        ),
        filled('EventID', valueType.uint16, system.EventID),
        filled('Version', valueType.uint8, system.Version),
        filled('Level', valueType.uint8, system.Level),
        filled('Task', valueType.uint16, system.Task),
        filled('Opcode', valueType.uint8, system.Opcode),
        filled('Keywords', valueType.hex64, system.Keywords),
        element('TimeCreated', [], [attribute('SystemTime', valueType.fileTime, system.TimeCreated)]),
        filled('EventRecordID', valueType.uint64, system.EventRecordID),
        element('Correlation', [], [attribute('ActivityID', valueType.guid, system.ActivityID)]),
        element(
          'Execution',
          [],
          [
            attribute('ProcessID', valueType.uint32, system.ProcessID),
            attribute('ThreadID', valueType.uint32, system.ThreadID),
          ],
        ),
        filled('Channel', valueType.string, system.Channel),
        filled('Computer', valueType.string, system.Computer),
        element('Security', [], [attribute('UserID', valueType.sid, system.UserID)]),
      ]),
      hole(values.push({ instance: dataOf(event) }) - 1),
    ],
    [['xmlns', [text('http://schemas.microsoft.com/win/2004/08/events/event')]]],
  );
  return { recordId: event.recordId ?? 0, content: { key: `system ${said(provider.Name)}`, shape: content, values } };
};

const dataOf = (event: WindowsEvent) => {
  const names = [...event.data.keys()];
  const isUserData = event.eventId === 1102;
  const children = names.map((name, i) =>
    isUserData ? element(name, [hole(i)]) : element('Data', [hole(i)], [['Name', [text(name)]]]),
  );
  return {
    key: `data ${names.join()}`,
    shape: isUserData ? shape('UserData', [element('LogFileCleared', children)]) : shape('EventData', children),
    values: [...event.data.values()].map((value): Filling => {
      const type = typeOf(value);
      return { type, text: type === valueType.string ? withBoth(value) : value };
    }),
  };
};

/** The type that Windows gives such a value, where it gives the same text back. */
const typeOf = (value: string): number => {
  if (/^S-1-\d{1,9}(?:-\d{1,10}){1,14}$/.test(value)) return valueType.sid;
  if (/^0x(?:0|[1-9a-f][\da-f]{0,7})$/.test(value)) return valueType.hex32;
  if (/^\{[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}$/.test(value)) return valueType.guid;
  return valueType.string;
};

/** The event without templates: every value a text in its element. */
export const plain = (event: WindowsEvent): WrittenRecord => {
  const system = systemOf(event);
  const provider = system.Provider as System; // as toWindowsEvent makes it
  const simple = (name: string) => (system[name] === undefined ? [] : [element(name, [text(said(system[name]))])]);
  const attribute = (name: string) => (system[name] === undefined ? [] : [[name, [text(said(system[name]))]] as const]);
  const data = [...event.data].map(([name, value]) =>
    event.eventId === 1102
      ? element(name, [text(withBoth(value))])
      : element('Data', value === '' ? [] : [text(withBoth(value))], [['Name', [text(name)]]]),
  );
  return {
    recordId: event.recordId ?? 0,
    content: shape('Event', [
      element('System', [
        element(
          'Provider',
          [],
          Object.entries(provider).map(([name, value]) => [name, [text(said(value))]] as const),
        ),
        ...[
          'EventID',
          'Version',
          'Level',
          'Task',
          'Opcode',
          'Keywords',
          'EventRecordID',
          'Channel',
          'Computer',
        ].flatMap(simple),
        element('TimeCreated', [], [['SystemTime', [text(said(system.TimeCreated))]]]),
        element('Correlation', [], attribute('ActivityID')),
        element('Execution', [], [...attribute('ProcessID'), ...attribute('ThreadID')]),
        element('Security', [], attribute('UserID')),
      ]),
      event.eventId === 1102 ? element('UserData', [element('LogFileCleared', data)]) : element('EventData', data),
    ]),
  };
};

/** A list of texts, each with its NUL. */
export const listOfTexts = (texts: readonly string[]): Uint8Array =>
  encoded(valueType.string, texts.map((item) => `${item}\0`).join(''));
