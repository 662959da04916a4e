import type { Host } from '@gatehouse/host';
import { type Fault, faults, type Health, worst } from '@gatehouse/kernel';
import { type AnyConnector, type Caveat, type Connector, erased, letGo, type Stream } from './connector.ts';
import { parseSettings } from './settings.ts';
import { faultFrom, streamFault } from './stream-fault.ts';

/** What "Test connection" found. Nothing in it is secret, except what operators may see in a fault's detail. */
export interface ConnectionCheck {
  readonly health: Health;
  /** What the settings or the check failed with; no stream is probed then. */
  readonly fault: Fault | null;
  /** About values that the connector mended on the way. */
  readonly notes: readonly string[];
  readonly caveats: readonly Caveat[];
  readonly streams: readonly StreamCheck[];
}

export interface StreamCheck {
  readonly stream: string;
  readonly title: string;
  readonly ok: boolean;
  /** What to do, where it is not ok: "Users cannot be read: grant the scope okta.users.read." */
  readonly advice: string | null;
  readonly fault: Fault | null;
}

/** Tries settings without keeping anything: the check, then the cheapest request of every stream, four at a time. */
export const checkConnection = async (of: {
  readonly connector: AnyConnector;
  /** As entered, secrets in the clear. */
  readonly settings: unknown;
  /** Made with few attempts, because a person waits. */
  readonly host: Host;
}): Promise<ConnectionCheck> => {
  const { host } = of;
  const connector = erased(of.connector);
  let notes: readonly string[] = [];
  try {
    const settings = parseSettings(connector.config, of.settings);
    notes = connector.notes?.(settings) ?? [];
    const client = connector.connect(settings, host);
    const { caveats, streams } = await tryAll(connector, client, host);
    const healths = streams.map(({ fault }) => (fault === null ? 'connected' : faults[fault.kind].onStream));
    const health = worst([...healths, caveats.length > 0 ? 'warning' : 'connected']);
    return { health, fault: null, notes, caveats, streams };
  } catch (error) {
    host.signal.throwIfAborted();
    const fault = faultFrom(error, connector.name);
    return { health: faults[fault.kind].onCheck, fault, notes, caveats: [], streams: [] };
  }
};

const tryAll = async (connector: Connector, client: unknown, host: Host) => {
  try {
    const caveats = await connector.check(client);
    const streams = await eachOf(Object.entries(connector.streams), 4, ([id, stream]) =>
      probe(id, stream, client, connector.name, host.signal),
    );
    return { caveats, streams };
  } finally {
    await letGo(connector, client, host);
  }
};

const probe = async (
  id: string,
  stream: Stream<unknown>,
  client: unknown,
  system: string,
  signal: AbortSignal,
): Promise<StreamCheck> => {
  const { title } = stream;
  try {
    if (stream.probe === undefined) await firstPage(stream, client);
    else await stream.probe(client);
    return { stream: id, title, ok: true, advice: null, fault: null };
  } catch (error) {
    signal.throwIfAborted();
    const fault = streamFault(error, system, stream);
    const advice = fault.kind === 'forbidden' ? fault.advice : `${title} cannot be read: ${fault.advice}`;
    return { stream: id, title, ok: false, advice, fault };
  }
};

const firstPage = async (stream: Stream<unknown>, client: unknown): Promise<void> => {
  // Leaving the loop ends the read.
  for await (const _ of stream.read(client, null)) return;
};

/** The results in order, at most `width` under way at once. */
const eachOf = async <T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
};
