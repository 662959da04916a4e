import { isObject, type JsonObject, textOfJson } from './json-shape.ts';
import { toWindowsEvent, type WindowsEvent } from './windows-event.ts';

/** Whether it is an event of NXLog's im_msvistalog, written by to_json: flat, with the data beside the header. */
export const isNxlog = (value: JsonObject): boolean =>
  value.EventID !== undefined && (value.EventTime !== undefined || value.SourceName !== undefined);

/**
 * An event of NXLog. `EventTime` is local where its DateFormat says no more; `EventReceivedTime` is the sender's clock
 * and stands for nothing here. @throws Fault `unexpected`; `misconfigured` for a local time where `zone` is null
 */
export const eventOfNxlog = (value: JsonObject, zone: string | null): WindowsEvent => {
  const text = (name: string) => textOfJson(value[name]);
  const data = Object.entries(value).filter(([name, held]) => !header.has(name) && !isObject(held));
  return toWindowsEvent(
    {
      provider: text('SourceName'),
      providerGuid: text('ProviderGuid'),
      eventId: text('EventID'),
      version: text('Version'),
      task: text('Task') ?? text('TaskValue'),
      opcode: text('OpcodeValue'),
      keywords: maskOf(value.Keywords) ?? text('EventType'),
      time: text('EventTime'),
      recordId: text('RecordNumber') ?? text('RecordID'),
      activityId: text('ActivityID'),
      processId: text('ExecutionProcessID') ?? text('ProcessID'),
      threadId: text('ExecutionThreadID') ?? text('ThreadID'),
      channel: text('Channel'),
      computer: text('Hostname') ?? text('Computer'),
      userSid: text('UserID'),
      data: new Map(data.map(([name, held]) => [name, textOfJson(held) ?? ''])),
      message: text('Message'),
    },
    zone,
  );
};

/** Written as a signed number of 64 bits, which JavaScript keeps only to its upper 53; the audit bits are among them. */
const maskOf = (keywords: unknown): string | null =>
  typeof keywords === 'number' && Number.isInteger(keywords) ? BigInt(keywords).toString() : textOfJson(keywords);

/** NXLog's own fields; everything else is EventData. ProcessID is the header's, ProcessId the data's. */
const header: ReadonlySet<string> = new Set([
  'EventTime',
  'EventReceivedTime',
  'Hostname',
  'Computer',
  'Keywords',
  'EventType',
  'SeverityValue',
  'Severity',
  'EventID',
  'SourceName',
  'ProviderGuid',
  'Version',
  'Task',
  'TaskValue',
  'OpcodeValue',
  'Opcode',
  'RecordNumber',
  'RecordID',
  'ActivityID',
  'RelatedActivityID',
  'ExecutionProcessID',
  'ExecutionThreadID',
  'ProcessID',
  'ThreadID',
  'Channel',
  'Category',
  'Message',
  'Domain',
  'AccountName',
  'AccountType',
  'UserID',
  'Level',
  'LevelValue',
  'EventXML',
  'SourceModuleName',
  'SourceModuleType',
  'MessageSourceAddress',
]);
