import { type Parts, said, toWindowsEvent, unreadable, type WindowsEvent } from './windows-event.ts';

/** An element of an event's XML, whether it was text or binary. Names are without prefixes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}

/** The event of an `<Event>` element. @throws Fault `unexpected` */
export const eventOfElement = (event: XmlElement): WindowsEvent => {
  const system = event.name === 'Event' ? childOf(event, 'System') : null;
  if (system === null) throw unreadable(`<${event.name}> has no System`);
  const text = (name: string) => {
    const child = childOf(system, name);
    return child === null ? null : textOf(child);
  };
  const attribute = (name: string, of: string) => childOf(system, name)?.attributes.get(of) ?? null;
  const parts: Parts = {
    provider: attribute('Provider', 'Name') ?? attribute('Provider', 'EventSourceName'),
    providerGuid: attribute('Provider', 'Guid'),
    eventId: text('EventID'),
    version: text('Version'),
    level: text('Level'),
    task: text('Task'),
    opcode: text('Opcode'),
    keywords: text('Keywords'),
    time: attribute('TimeCreated', 'SystemTime'),
    recordId: text('EventRecordID'),
    activityId: attribute('Correlation', 'ActivityID'),
    processId: attribute('Execution', 'ProcessID'),
    threadId: attribute('Execution', 'ThreadID'),
    channel: text('Channel'),
    computer: text('Computer'),
    userSid: attribute('Security', 'UserID'),
    data: dataOf(event),
    message: messageOf(event),
  };
  return toWindowsEvent(parts);
};

export const childOf = (element: XmlElement, name: string): XmlElement | null =>
  (element.children.find((child) => typeof child !== 'string' && child.name === name) as XmlElement | undefined) ??
  null; // not a string

export const textOf = (element: XmlElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

const dataOf = (event: XmlElement): ReadonlyMap<string, string> => {
  const data = new DataMap();
  const eventData = childOf(event, 'EventData');
  for (const child of eventData?.children ?? []) {
    if (typeof child === 'string') continue;
    if (child.name === 'Data' || child.name === 'ComplexData')
      data.add(child.attributes.get('Name') ?? null, textOf(child));
    else data.add(child.name, textOf(child));
  }
  for (const of of childOf(event, 'UserData')?.children ?? []) if (typeof of !== 'string') addFields(data, of, '');
  return data.values;
};

/** UserData holds one element of its provider's own making; what is deeper in it is named by its way, `Outer.Inner`. */
const addFields = (data: DataMap, element: XmlElement, way: string): void => {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const name = `${way}${child.name}`;
    if (child.children.some((below) => typeof below !== 'string')) addFields(data, child, `${name}.`);
    else data.add(name, textOf(child));
  }
};

/** Data by name, in order: those without a name are counted, a name that comes again gets a number. */
export class DataMap {
  readonly values = new Map<string, string>();
  readonly #times = new Map<string, number>();
  #unnamed = 0;

  add(given: string | null, value: string): void {
    const name = said(given) ?? `param${++this.#unnamed}`;
    const times = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, times);
    this.values.set(times === 1 ? name : `${name}_${times}`, value);
  }
}

const messageOf = (event: XmlElement): string | null => {
  const rendering = childOf(event, 'RenderingInfo');
  const message = rendering === null ? null : childOf(rendering, 'Message');
  return message === null ? null : textOf(message);
};
