import { Fault, type Json } from '@gatehouse/kernel';
import { readTime } from './event-time.ts';

/** One event of a Windows event log, however it reached us. */
export interface WindowsEvent {
  readonly provider: string;
  readonly eventId: number;
  readonly version: number | null;
  /** The log in which the computer wrote it: `Security`, also where a collector keeps it in its `ForwardedEvents`. */
  readonly channel: string;
  /** The computer that wrote it, in its own words: a DNS name, or a NetBIOS name outside of a domain. */
  readonly computer: string;
  /** EventRecordID: counts within a channel of a computer, until the log is cleared. Null where the way has none. */
  readonly recordId: number | null;
  /** To the millisecond, rounded down; `raw` has it to the 100 nanoseconds of a FILETIME. */
  readonly time: Date;
  /** What the keywords say of the audit. Null for events that are no audit, such as 1102. */
  readonly audit: 'success' | 'failure' | null;
  /** Correlation/ActivityID, with braces, in lower case. */
  readonly activityId: string | null;
  /** Execution/ProcessID: the process that wrote the event, not one that it is about. */
  readonly processId: number | null;
  /** Security/UserID; audits have none and name their subject in `data`. */
  readonly userSid: string | null;
  /** EventData, or the fields of UserData, in the order of the event. Data without a name are `param1`, `param2` … */
  readonly data: ReadonlyMap<string, string>;
  /** Names of what Windows would tell and this way does not; empty for everything that Windows wrote. */
  readonly lacks: readonly string[];
  /** The original words under the names of the event's XML: `System`, `EventData`, and `Message` where it was rendered. */
  readonly raw: { readonly [name: string]: Json };
}

/** What a dialect found in its own form. Null and '' both mean that it was not there. */
export interface Parts {
  readonly provider: string | null;
  readonly providerGuid?: string | null;
  readonly eventId: string | null;
  readonly version?: string | null;
  readonly level?: string | null;
  readonly task?: string | null;
  readonly opcode?: string | null;
  /** The mask (`0x8020000000000000`, or signed and decimal as NXLog writes it), or names (`Audit Success`). */
  readonly keywords?: string | null;
  readonly time: string | null;
  readonly recordId: string | null;
  readonly activityId?: string | null;
  readonly processId?: string | null;
  readonly threadId?: string | null;
  readonly channel: string | null;
  readonly computer: string | null;
  readonly userSid?: string | null;
  readonly data: ReadonlyMap<string, string>;
  readonly message?: string | null;
  readonly lacks?: readonly string[];
  /** The words of a system that is not Windows, kept beside. */
  readonly original?: { readonly [name: string]: Json };
}

/**
 * The event that a dialect's parts make. `zone` is the time zone of times that have none, for dialects that may lack it.
 * @throws Fault `unexpected` where what makes an event one is missing, `misconfigured` where a zone is needed.
 */
export const toWindowsEvent = (parts: Parts, zone?: string | null): WindowsEvent => {
  const eventId = wholeOf(parts.eventId);
  if (eventId === null) throw unreadable(`its EventID is “${parts.eventId ?? ''}”`);
  const computer = said(parts.computer);
  if (computer === null) throw unreadable('it names no computer');
  const when = readTime(parts.time ?? '', zone);
  if (when === null) throw unreadable(`its time is “${parts.time ?? ''}”`);
  const provider = said(parts.provider) ?? '';
  const channel = originOf(said(parts.channel) ?? '', provider);
  const { mask, audit } = keywordsOf(said(parts.keywords));
  const recordId = wholeOf(parts.recordId);
  const version = wholeOf(parts.version ?? null);
  const activityId = said(parts.activityId)?.toLowerCase() ?? null;
  const processId = wholeOf(parts.processId ?? null);
  const userSid = said(parts.userSid);
  const data = new Map([...parts.data].map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]));
  const message = said(parts.message);
  return {
    provider,
    eventId,
    version,
    channel,
    computer,
    recordId,
    time: when.time,
    audit,
    activityId,
    processId,
    userSid,
    data,
    lacks: parts.lacks ?? [],
    raw: {
      System: present({
        Provider: present({ Name: provider, Guid: said(parts.providerGuid)?.toLowerCase() ?? null }),
        EventID: eventId,
        Version: version,
        Level: said(parts.level),
        Task: said(parts.task),
        Opcode: said(parts.opcode),
        Keywords: mask,
        TimeCreated: when.text,
        EventRecordID: recordId,
        ActivityID: activityId,
        ProcessID: processId,
        ThreadID: wholeOf(parts.threadId ?? null),
        Channel: channel,
        Computer: computer,
        UserID: userSid,
      }),
      EventData: Object.fromEntries(data),
      ...(message === null ? {} : { Message: message.replaceAll('\r\n', '\n') }),
      ...(parts.lacks === undefined || parts.lacks.length === 0 ? {} : { lacks: parts.lacks }),
      ...parts.original,
    },
  };
};

/** One event that cannot be read; what is around it can. */
export const unreadable = (detail: string, cause?: unknown): Fault =>
  new Fault(
    'unexpected',
    'An event could not be read and was left out. The log of this server says why.',
    `an event cannot be read: ${detail.slice(0, 500)}`,
    cause === undefined ? undefined : { cause },
  );

/** '' and '-' are Windows' ways to say that there is nothing. */
export const said = (value: string | null | undefined): string | null => {
  const text = value?.trim() ?? '';
  return text === '' || text === '-' ? null : text;
};

const wholeOf = (value: string | null): number | null => {
  if (value === null || !/^\s*(?:\d{1,16}|0x[\da-f]{1,13})\s*$/i.test(value)) return null;
  return Number(value);
};

const present = (fields: { readonly [name: string]: Json }): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));

/** A collector leaves an event's System as it was; software that names the collector's own log hides where it was written. */
const originOf = (channel: string, provider: string): string =>
  channel.toLowerCase() === 'forwardedevents' && securityProviders.has(provider) ? 'Security' : channel;

const securityProviders = new Set(['Microsoft-Windows-Security-Auditing', 'Microsoft-Windows-Eventlog']);

const auditFailure = 0x10_0000_0000_0000n;
const auditSuccess = 0x20_0000_0000_0000n;

const keywordsOf = (text: string | null): { readonly mask: string | null; readonly audit: WindowsEvent['audit'] } => {
  if (text === null) return { mask: null, audit: null };
  if (/^(?:0x[\da-f]{1,16}|-?\d{1,20})$/i.test(text)) {
    const bits = BigInt.asUintN(64, BigInt(text));
    const audit = (bits & auditFailure) !== 0n ? 'failure' : (bits & auditSuccess) !== 0n ? 'success' : null;
    return { mask: `0x${bits.toString(16)}`, audit };
  }
  if (/audit[ _]failure/i.test(text)) return { mask: '0x8010000000000000', audit: 'failure' };
  if (/audit[ _]success/i.test(text)) return { mask: '0x8020000000000000', audit: 'success' };
  return { mask: text, audit: null };
};
