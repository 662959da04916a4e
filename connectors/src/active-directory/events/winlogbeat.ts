import { atPath, fieldsAt, type JsonObject, textOfJson } from './json-shape.ts';
import { toWindowsEvent, type WindowsEvent } from './windows-event.ts';

/** Whether it is an event of Winlogbeat or of the Elastic Agent, nested or with dotted names. */
export const isWinlogbeat = (value: JsonObject): boolean => atPath(value, 'winlog.event_id') !== undefined;

/**
 * An event of Winlogbeat. Elastic's pipelines move nothing out of `winlog`, so what ECS repeats is not read.
 * `@timestamp` is the event's own time, to the millisecond. @throws Fault `unexpected`
 */
export const eventOfWinlogbeat = (value: JsonObject): WindowsEvent => {
  const text = (path: string) => textOfJson(atPath(value, path));
  const eventData = fieldsAt(value, 'winlog.event_data');
  const data = eventData.size > 0 ? eventData : withoutXmlName(fieldsAt(value, 'winlog.user_data'));
  return toWindowsEvent({
    provider: text('winlog.provider_name'),
    providerGuid: text('winlog.provider_guid'),
    eventId: text('winlog.event_id'),
    version: text('winlog.version'),
    task: text('winlog.task'),
    opcode: text('winlog.opcode'),
    keywords: text('winlog.keywords') ?? outcomes[text('event.outcome') ?? ''] ?? null,
    time: text('winlog.time_created') ?? text('@timestamp'),
    recordId: text('winlog.record_id'),
    activityId: text('winlog.activity_id'),
    processId: text('winlog.process.pid'),
    threadId: text('winlog.process.thread.id'),
    channel: text('winlog.channel'),
    computer: text('winlog.computer_name'),
    userSid: text('winlog.user.identifier'),
    data,
    message: text('message'),
  });
};

const outcomes: Readonly<Record<string, string>> = { success: 'Audit Success', failure: 'Audit Failure' };

const withoutXmlName = (fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...fields].filter(([name]) => name !== 'xml_name'));
