import { type Event, empty } from '@gatehouse/connector-kit';
import { auditProviders, toOcsf } from './ocsf.ts';
import { partiesOf } from './parties.ts';
import { codeOf, reasonOf } from './status.ts';
import { said, type WindowsEvent } from './windows-event.ts';

const none = empty('events');

/**
 * A Windows event as a record.
 *
 * - `id`: computer, channel, record id and second: the same for every way an event takes. The second tells apart what a
 *   cleared log numbers anew; more of the time is not in it, because not every way keeps it.
 * - `action`: the event id for Windows' audit (`4768`), with the provider before it for all others.
 * - `actorId`, `actorLogin`, `targets`: see `Parties`. Sign-ins and tickets have as actor who signs in.
 * - `outcome`: what the status says, else the audit keyword; `reason`: the status in words, for failures.
 * - `sessionId`: `<computer>/<logon id>`: unique until the computer starts again.
 * - `raw`: everything, under Windows' own names, for rules: LogonType, TicketEncryptionType, PreAuthType, CertThumbprint …
 */
export const toEvent = (event: WindowsEvent): Event => {
  const { classUid, activityId } = toOcsf(event);
  const { outcome, reason } = outcomeOf(event);
  return {
    ...none,
    ...partiesOf(event),
    id: idOf(event),
    time: event.time,
    action: actionOf(event),
    classUid,
    activityId,
    outcome,
    reason,
    ip: ipOf(said(event.data.get('IpAddress')) ?? said(event.data.get('ClientAddress'))),
    sessionId: sessionOf(event),
    raw: event.raw,
  };
};

const isAudit = ({ provider }: WindowsEvent) => auditProviders.has(provider.toLowerCase());

const actionOf = (event: WindowsEvent): string => {
  if (event.eventId === 0 && event.channel !== '') return event.channel;
  return isAudit(event) ? String(event.eventId) : `${event.provider} ${event.eventId}`.trim();
};

/** Ids longer than this are replaced by their hash; the kit keeps 500. */
const longestReadable = 400;

const idOf = (event: WindowsEvent): string => {
  const where = `${event.computer.toLowerCase()}/${event.channel}`;
  const id =
    event.recordId === null
      ? `${where}/${event.time.toISOString()}/${hashOf(JSON.stringify([event.eventId, event.raw]))}`
      : `${where}/${event.recordId}/${event.time.toISOString().slice(0, 19)}Z`;
  return id.length <= longestReadable ? id : hashOf(id);
};

/** 64 bits of FNV-1a in two halves of different offset: tells apart what is different, and is no proof against an attacker. */
const hashOf = (text: string): string => {
  let [a, b] = [0x811c9dc5, 0x050c5d1f];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + i), 0x01000193);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
};

interface Result {
  readonly outcome: Event['outcome'];
  readonly reason: string | null;
}

/** Events that say by their id alone that something failed. */
const failures: ReadonlySet<number> = new Set([4625, 4766, 4771, 4777, 4888]);

const outcomeOf = (event: WindowsEvent): Result => {
  if (!isAudit(event)) return { outcome: 'unknown', reason: null };
  const status = statusOf(event);
  const reason = status === null ? null : reasonOf(status);
  if (failures.has(event.eventId)) return { outcome: 'failure', reason: reason ?? saidReason(event) };
  if (status !== null && codeOf(status) !== null) return { outcome: reason === null ? 'success' : 'failure', reason };
  // 1102 is written when it has happened and has no audit keyword.
  if (event.audit === null) return { outcome: event.eventId === 1102 ? 'success' : 'unknown', reason };
  return { outcome: event.audit, reason: event.audit === 'failure' ? (reason ?? saidReason(event)) : null };
};

/** 4625's SubStatus is the narrower one, where it is set. */
const statusOf = ({ data }: WindowsEvent): string | null => {
  const subStatus = said(data.get('SubStatus'));
  if (subStatus !== null && codeOf(subStatus) !== 0) return subStatus;
  return said(data.get('Status'));
};

/** Words of Windows that are words, not the number of a text in a library (`%%2313`). */
const saidReason = ({ data }: WindowsEvent): string | null => {
  const words = said(data.get('FailureReason')) ?? said(data.get('AccessReason'));
  return words === null || words.startsWith('%%') ? null : words.slice(0, 500);
};

/** `::ffff:10.0.0.1` is written as `10.0.0.1`; the computer's own address stays; what is not an address is none. */
const ipOf = (address: string | null): string | null => {
  const bare = address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%\w+$/, '') ?? '';
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(bare) || (bare.includes(':') && /^[\da-f:.]{2,45}$/i.test(bare))
    ? bare
    : null;
};

/** The session that was opened, else the one in which it was done. */
const sessionOf = ({ data, computer }: WindowsEvent): string | null => {
  const logonId = [said(data.get('TargetLogonId')), said(data.get('SubjectLogonId'))].find(
    (id) => id !== null && !/^(?:0x)?0+$/.test(id),
  );
  if (logonId == null || !/^0x[\da-f]{1,16}$/i.test(logonId)) return null;
  return `${computer.toLowerCase()}/0x${logonId.slice(2).replace(/^0+/, '').toLowerCase()}`;
};
