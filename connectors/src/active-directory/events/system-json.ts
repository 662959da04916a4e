import { DataMap } from './element.ts';
import { isObject, type JsonObject, textOfJson } from './json-shape.ts';
import { toWindowsEvent, type WindowsEvent } from './windows-event.ts';

/** Whether it is an event's XML turned into JSON: `{ System: {…}, EventData: {…} }`, also below `Event`. */
export const isSystemJson = (value: JsonObject): boolean =>
  isObject(value.System) || (isObject(value.Event) && isObject(value.Event.System));

/**
 * An event's XML turned into JSON, by any of the usual turners: attributes beside `#text`, below `#attributes`, or with
 * `@` before their names. @throws Fault `unexpected`
 */
export const eventOfSystemJson = (value: JsonObject): WindowsEvent => {
  const event = isObject(value.Event) && !isObject(value.System) ? value.Event : value;
  const system = isObject(event.System) ? event.System : {};
  const attribute = (name: string, of: string) => attributeOf(system[name], of);
  const rendering = isObject(event.RenderingInfo) ? event.RenderingInfo : {};
  return toWindowsEvent({
    provider: attribute('Provider', 'Name') ?? attribute('Provider', 'EventSourceName'),
    providerGuid: attribute('Provider', 'Guid'),
    eventId: textOfJson(system.EventID),
    version: textOfJson(system.Version),
    level: textOfJson(system.Level),
    task: textOfJson(system.Task),
    opcode: textOfJson(system.Opcode),
    keywords: textOfJson(system.Keywords),
    time: attribute('TimeCreated', 'SystemTime'),
    recordId: textOfJson(system.EventRecordID),
    activityId: attribute('Correlation', 'ActivityID'),
    processId: attribute('Execution', 'ProcessID'),
    threadId: attribute('Execution', 'ThreadID'),
    channel: textOfJson(system.Channel),
    computer: textOfJson(system.Computer),
    userSid: attribute('Security', 'UserID'),
    data: dataOf(event),
    message: textOfJson(rendering.Message),
  });
};

const attributeOf = (node: unknown, name: string): string | null => {
  if (!isObject(node)) return null;
  const apart = isObject(node['#attributes']) ? node['#attributes'] : {};
  return textOfJson(node[name] ?? apart[name] ?? node[`@${name}`] ?? node[`@_${name}`]);
};

const isAttribute = (name: string) => name === '#attributes' || name === 'xmlns' || name.startsWith('@');

const dataOf = (event: JsonObject): ReadonlyMap<string, string> => {
  const data = new DataMap();
  if (isObject(event.EventData))
    for (const [name, value] of Object.entries(event.EventData)) {
      if (isAttribute(name)) continue;
      if (name === 'Data') addData(data, value);
      else data.add(name, textOfJson(value) ?? '');
    }
  if (isObject(event.UserData))
    for (const [name, of] of Object.entries(event.UserData))
      if (!isAttribute(name) && isObject(of)) addFields(data, of, '');
  return data.values;
};

/** `Data` as a list: texts have no name, objects may have one. */
const addData = (data: DataMap, value: unknown): void => {
  for (const item of Array.isArray(value) ? value : [value]) {
    const texts = isObject(item) ? item['#text'] : item;
    const name = attributeOf(item, 'Name');
    if (name === null && Array.isArray(texts)) for (const text of texts) data.add(null, textOfJson(text) ?? '');
    else data.add(name, textOfJson(texts) ?? '');
  }
};

const addFields = (data: DataMap, object: JsonObject, way: string): void => {
  for (const [name, value] of Object.entries(object)) {
    if (isAttribute(name)) continue;
    if (isObject(value) && !Object.hasOwn(value, '#text')) addFields(data, value, `${way}${name}.`);
    else data.add(`${way}${name}`, textOfJson(value) ?? '');
  }
};
