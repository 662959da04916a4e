import { type Caveat, type Event, stream } from '@gatehouse/connector-kit';
import type { Cursor, EventLogs, Page } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import type { DirectoryClient } from '../client.ts';
import { toEvent } from '../events/to-event.ts';
import type { WindowsEvent } from '../events/windows-event.ts';
import { arrivingEvents } from './arriving.ts';
import { type Place, placeOf } from './place.ts';
import { auditedComputers, windowsEvents } from './windows.ts';

const needs = 'membership in Event Log Readers, or a source of forwarded events';

/** Events of one page, some megabytes. */
const pageSize = 500;

/**
 * What was signed in, asked for and changed: from the Security logs of controllers and enrolment servers where the
 * collector runs on Windows, and from whatever arrives. A source that fails costs the others nothing.
 */
async function* readSecurityEvents(client: DirectoryClient, from: Cursor | null): AsyncIterable<Page<Event>> {
  const logs = sourcesOf(client);
  const now = client.now();
  const place = placeOf(from, now);
  const pages = createPages(place);
  const failures: { readonly what: string; readonly fault: Fault }[] = [];
  let works = 0;

  async function* trying(what: string, events: AsyncIterable<WindowsEvent | Fault>): AsyncIterable<Page<Event>> {
    try {
      for await (const item of events) {
        pages.add(item);
        if (pages.isFull()) yield pages.take();
      }
      works++;
    } catch (error) {
      const fault = toFault(error);
      // Another part of the program failed, or the read is stopped.
      if (fault !== error) throw error;
      failures.push({ what, fault });
    }
  }

  for (const log of logs.arriving) yield* trying(log.name, arrivingEvents(log, place));
  const unnamed: Caveat[] = [];
  if (logs.windows !== undefined) {
    const { computers, unread } = await auditedComputers(client);
    for (const audited of computers) yield* trying(audited.computer, windowsEvents(logs.windows, audited, place, now));
    for (const dn of unread.slice(0, mostNamed)) unnamed.push(withoutHost(dn));
  }
  const worst = failures.find(({ fault }) => fault.kind === 'misconfigured') ?? (works === 0 ? failures[0] : undefined);
  yield pages.take([...failures.map(toCaveat), ...unnamed]);
  if (worst !== undefined) throw worst.fault;
}

const toCaveat = ({ what, fault }: { what: string; fault: Fault }): Caveat => ({
  code: 'events-unread',
  advice: `The events of ${what} were not read to their end. ${fault.advice}`,
});

const withoutHost = (dn: string): Caveat => ({
  code: 'events-unread',
  advice: `The events of ${dn} were not read: its attribute dNSHostName is no name of a host.`,
});
const mostNamed = 20;

interface Pages {
  add(item: WindowsEvent | Fault): void;
  isFull(): boolean;
  /** What was added since the last, with the place of this moment. */
  take(more?: readonly Caveat[]): Page<Event>;
}

const createPages = (place: Place): Pages => {
  let records: Event[] = [];
  let leftOut: string[] = [];
  let count = 0;
  let before: Cursor | null = null;
  return {
    add(item) {
      count++;
      if (item instanceof Fault) {
        leftOut.push(item.detail ?? item.advice);
        return;
      }
      const event = toEvent(item);
      // Forwarders send whole channels; what has no class, nobody can do anything with.
      if (event.classUid !== 0) records.push(event);
    },
    // Events that are read together have one place after them all, and each page must lead on.
    isFull: () => count >= pageSize && place.toCursor() !== before,
    take(more = []) {
      const page = { records, leftOut, cursor: place.toCursor(), caveats: [...place.losses(), ...more] };
      records = [];
      leftOut = [];
      count = 0;
      before = page.cursor;
      return page;
    },
  };
};

/** @throws Fault `forbidden` where there is nothing to read events from */
const sourcesOf = ({ eventLogs }: DirectoryClient): EventLogs => {
  if (eventLogs !== null && (eventLogs.arriving.length > 0 || eventLogs.windows !== undefined)) return eventLogs;
  throw new Fault(
    'forbidden',
    'There is nothing to read security events from. Run a collector on Windows whose account is a member of Event Log Readers, or set where events arrive: a folder of event files, Samba’s audit log, or the port to which Winlogbeat, NXLog or a Windows Event Collector sends them.',
  );
};

export const securityEvents = stream<DirectoryClient, 'events'>({
  record: 'events',
  title: 'Security events',
  needs,
  reading: { mode: 'events' },
  everyMs: 10 * 60_000,
  read: readSecurityEvents,
  async probe(client) {
    const { windows } = sourcesOf(client);
    const [first] = windows === undefined ? [] : (await auditedComputers(client)).computers;
    if (windows === undefined || first === undefined) return;
    const query = { computer: first.computer, channel: 'Security', eventIds: [], after: null, since: null } as const;
    for await (const _ of windows.read({ ...query, order: 'newest-first', most: 1 })) return;
  },
});
