import type { Cursor, Page } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { type AnyConnector, type Caveat, type Reading, type Stream, stream } from './connector.ts';
import type { RecordKind, Records } from './records.ts';

/** Where the pages that an agent sent are read from. The client of a connector with an agent. */
export interface Relay {
  /** Goes on where `from` ends; throws `MoreToCome` where the agent is not done. */
  read(stream: string, from: Cursor | null): AsyncIterable<Page<Records[RecordKind]>>;
  check(): Promise<readonly Caveat[]>;
}

/** What a stream of a plugin is called where a collector reads it: `active-directory-users`. */
export const collectedStream = (plugin: string, id: string): string => `${plugin}-${id}`;

/**
 * Connectors as they are offered: the one with an agent gets the streams of every connector that its agent may run, so
 * that ids, titles, records and permissions are written once, in the plugin. The plugins stay as they are, for the agent.
 */
export const withCollected = (connectors: readonly AnyConnector[]): readonly AnyConnector[] => {
  const plugins = connectors.filter(({ collected }) => collected !== undefined);
  return connectors.map((connector) => (connector.agent ? relayed(connector, plugins) : connector));
};

const relayed = (connector: AnyConnector, plugins: readonly AnyConnector[]): AnyConnector => ({
  ...connector,
  streams: Object.fromEntries(
    plugins.flatMap((plugin) =>
      Object.entries(plugin.streams).map(([id, one]) => {
        const name = collectedStream(plugin.id, id);
        return [name, relayedStream(name, plugin, one)];
      }),
    ),
  ),
  connect: (): Relay => {
    throw new Fault(
      'misconfigured',
      `${connector.name} cannot be asked from here: its ${connector.agent?.program} reports.`,
    );
  },
  check: (relay: Relay) => relay.check(),
});

const relayedStream = (name: string, plugin: AnyConnector, { record, title, needs, everyMs, reading }: Stream<never>) =>
  stream<Relay, RecordKind>({
    ...{ record, plugin: plugin.id, system: plugin.name, title: `${plugin.name}: ${title}`, needs, everyMs },
    reading: reading.mode === 'events' ? reading : untilAnew,
    read: (relay, from) => relay.read(name, from),
  });

/** The agent alone decides when a list is read from the beginning; a newer generation of its says so. */
const untilAnew: Reading = { mode: 'delta', fullEveryMs: Number.POSITIVE_INFINITY };
