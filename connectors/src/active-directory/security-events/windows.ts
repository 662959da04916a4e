import { ldapCodeOf, type WindowsEventLogs } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { DirectoryClient } from '../client.ts';
import { textOf } from '../entry.ts';
import { readEvents } from '../events/event-reader.ts';
import { advance, caveatOf, type Gap, gapsOf, reachEnd } from '../events/positions.ts';
import type { WindowsEvent } from '../events/windows-event.ts';
import type { Place } from './place.ts';

/** A computer whose Security log is read, and which events of it. */
export interface Audited {
  readonly computer: string;
  readonly eventIds: readonly number[];
}

export interface AuditedComputers {
  readonly computers: readonly Audited[];
  /** Distinguished names of those whose host name is none. */
  readonly unread: readonly string[];
}

/** RFC 4511 4.1.9. */
const noSuchObject = 32;

const clearing = 1102;
const onControllers = [clearing, 4740, 4742, 4768, 4769, 4770, 4771, 4776, 4777, 5136];
const onEnrolmentServers = [clearing, 4886, 4887, 5145];

/** Controllers (SERVER_TRUST_ACCOUNT, MS-ADTS 2.2.16) and enrolment servers, as the directory names them. */
export const auditedComputers = async (client: DirectoryClient): Promise<AuditedComputers> => {
  const { root } = await client.forest();
  const ids = new Map<string, Set<number>>();
  const unread: string[] = [];
  const collect = async (base: string, filter: string, eventIds: readonly number[]) => {
    for await (const entry of client.entries({ base, scope: 'sub', filter, attributes: ['dNSHostName'] })) {
      const computer = textOf(entry, 'dNSHostName')?.toLowerCase();
      if (computer === undefined) continue;
      if (isHost.test(computer)) ids.set(computer, new Set([...(ids.get(computer) ?? []), ...eventIds]));
      else unread.push(entry.dn);
    }
  };
  await collect(
    root.defaultNamingContext,
    '(&(objectClass=computer)(userAccountControl:1.2.840.113556.1.4.803:=8192))',
    onControllers,
  );
  await collect(
    `CN=Enrollment Services,CN=Public Key Services,CN=Services,${root.configurationNamingContext}`,
    '(objectClass=pKIEnrollmentService)',
    onEnrolmentServers,
  ).catch((error: unknown) => {
    // A forest without certificate services.
    if (ldapCodeOf(error) !== noSuchObject) throw error;
  });
  if (ids.size === 0 && unread.length > 0)
    throw new Fault(
      'unexpected',
      `${client.system} names its controllers in a way that cannot be understood. The next run tries again.`,
      `${unread.length} computers without a host name that is one, the first: ${unread[0]}`,
    );
  const computers = [...ids].map(([computer, all]) => ({ computer, eventIds: [...all].sort((a, b) => a - b) }));
  return { computers, unread };
};

/** What may stand where a computer is asked for by name. */
const isHost = /^[a-z0-9_][a-z0-9_.-]{0,253}$/;

const channel = 'Security';
/** Events of one question; some megabytes. */
const most = 1_000;
/** A busy controller writes millions of events a day; the first read goes back one. */
const firstReadMs = 24 * 3_600_000;

/**
 * The new events of one computer's Security log, in order. The place is the one after each stretch of them at the moment
 * its last is given. @throws Fault
 */
export async function* windowsEvents(
  logs: WindowsEventLogs,
  { computer, eventIds }: Audited,
  place: Place,
  now: Date,
): AsyncGenerator<WindowsEvent | Fault> {
  const edge = async (order: 'oldest-first' | 'newest-first') => {
    const query = { ...{ computer, channel, order }, eventIds: [], after: null, since: null, most: 1 } as const;
    for await (const event of eventsOf(logs, query)) if (!(event instanceof Fault)) return event;
    return null;
  };
  const oldest = await edge('oldest-first');
  // Asked for before the events, so that none written meanwhile counts as read.
  const newest = await edge('newest-first');
  if (oldest === null || newest === null || newest.recordId === null) return;
  const { gaps, positions } = gapsOf(place.positions(), [
    {
      ...{ computer: newest.computer, channel: newest.channel },
      ...{ firstRecordId: oldest.recordId ?? 0, firstAt: oldest.time, lastRecordId: newest.recordId },
    },
  ]);
  place.reach(positions);
  const known = [...positions.values()].find((one) => isOf(one, newest));
  let after = known?.recordId ?? null;
  const since = after === null && gaps.length === 0 ? new Date(now.getTime() - firstReadMs) : null;
  const clearings: Gap[] = [];
  for (let isOver = false; !isOver; ) {
    const query = { ...{ computer, channel, eventIds, after, since, most }, order: 'oldest-first' } as const;
    const events: WindowsEvent[] = [];
    const faults: Fault[] = [];
    for await (const item of eventsOf(logs, query)) {
      if (item instanceof Fault) faults.push(item);
      else events.push(item);
    }
    yield* faults;
    const step = advance(place.positions(), events, true);
    clearings.push(...step.gaps);
    const last: number = events.reduce((largest, { recordId }) => Math.max(largest, recordId ?? 0), after ?? 0);
    isOver = events.length + faults.length < most || last === (after ?? 0);
    after = last;
    yield* step.fresh.slice(0, -1);
    // What was written of other ids is behind us, too: else the log would seem to wrap over what nobody wanted.
    place.reach(isOver ? reachEnd(step.positions, newest) : step.positions);
    if (isOver) for (const gap of merged(gaps, clearings)) place.lose(caveatOf(gap));
    yield* step.fresh.slice(-1);
  }
}

const isOf = (one: { computer: string; channel: string }, event: WindowsEvent): boolean =>
  one.computer === event.computer.toLowerCase() && one.channel.toLowerCase() === event.channel.toLowerCase();

/** A log that was cleared shows it twice: its numbers are low again, and its first event says by whom. */
const merged = (gaps: readonly Gap[], clearings: readonly Gap[]): readonly Gap[] => {
  const [first, ...others] = clearings;
  const cleared = gaps.find(({ cause }) => cause === 'cleared');
  if (cleared === undefined || first === undefined) return [...gaps, ...clearings];
  return [{ ...cleared, by: first.by, to: first.to }, ...others];
};

const eventsOf = (logs: WindowsEventLogs, query: Parameters<WindowsEventLogs['read']>[0]) =>
  readEvents(
    { name: `the ${query.channel} log of ${query.computer}`, read: () => logs.read(query) },
    { zone: null, computer: query.computer },
  );
