import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { type ArrivingLog, createHost, type EventLogPart, type EventLogQuery, type EventLogs } from '@gatehouse/host';
import { activeDirectory } from '../../active-directory.ts';
import type { FakeController } from '../../fake/index.ts';
import { settingsFor } from '../../test/bench.ts';

/** One event of Windows' audit as its log writes it. */
export interface Written {
  readonly recordId: number;
  readonly eventId: number;
  readonly at: string;
  readonly computer?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export const xmlOf = ({ recordId, eventId, at, computer = 'dc1.corp.example', data = {} }: Written): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-${
    eventId === 1102 ? 'Eventlog' : 'Security-Auditing'
  }"/><EventID>${eventId}</EventID><Version>0</Version><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="${at}"/><EventRecordID>${recordId}</EventRecordID><Channel>Security</Channel><Computer>${computer}</Computer></System><EventData>${Object.entries(
    data,
  )
    .map(([name, value]) => `<Data Name="${name}">${value}</Data>`)
    .join('')}</EventData></Event>`;

/** A log of parts that tests put in; the position is the number of parts that were kept. */
export const partsLog = (
  parts: readonly (string | Uint8Array | Pick<EventLogPart, 'lost'>)[],
  more: Partial<ArrivingLog> = {},
) => {
  const asked: (string | null)[] = [];
  const log: ArrivingLog = {
    ...{ id: 'parts', name: 'the parts', zone: null, computer: null },
    async *read(from) {
      asked.push(from);
      for (let i = Number(from ?? 0); i < parts.length; i++) {
        const part = parts[i] ?? '';
        yield {
          ...{
            name: `part ${i}`,
            next: String(i + 1),
            lost: typeof part === 'object' && 'lost' in part ? part.lost : null,
          },
          async *read() {
            if (typeof part === 'string') yield new TextEncoder().encode(part);
            else if (part instanceof Uint8Array) yield part;
          },
        };
      }
    },
    ...more,
  };
  return { log, asked };
};

/** Security logs of Windows machines, by the name of the computer. */
export const windowsLogs = (
  written: Readonly<Record<string, readonly Written[]>>,
  fails: Record<string, Error> = {},
) => {
  const queries: EventLogQuery[] = [];
  const windows: EventLogs['windows'] = {
    async *read(query) {
      queries.push(query);
      const failure = fails[query.computer];
      if (failure !== undefined) throw failure;
      const { eventIds, after, since, order, most } = query;
      const found = (written[query.computer] ?? [])
        .filter(({ eventId }) => eventIds.length === 0 || eventIds.includes(eventId))
        .filter(({ recordId }) => after === null || recordId > after)
        .filter(({ at }) => since === null || new Date(at) >= since);
      for (const one of (order === 'oldest-first' ? found : found.toReversed()).slice(0, most))
        yield new TextEncoder().encode(xmlOf({ computer: query.computer, ...one }));
    },
  };
  return { windows, queries };
};

/** Reads the stream again and again from where it stands. */
export const reading = (controller: FakeController, eventLogs: EventLogs | undefined, store = createMemoryStore()) => ({
  store,
  events: () => [...store.records('security-events').values()],
  async run() {
    const outcome = await runStreams({
      ...{ connector: activeDirectory, settings: settingsFor(controller), store, streams: ['security-events'] },
      host: createHost({ signal: new AbortController().signal, ...(eventLogs && { eventLogs }) }),
    });
    const [stream] = outcome.streams;
    if (stream === undefined || outcome.fault !== null) throw outcome.fault ?? new Error('nothing was read');
    return stream;
  },
});
