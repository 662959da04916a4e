// A process of its own: a collector that reads the access entries of a domain once for each message, and goes on from
// where it stood. Answers with the time it took and how many objects it read.
import { type RunStore, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { createHost } from '@gatehouse/host';

/** What the parent sends: settings of the connector. */
export interface DirectoryTask {
  readonly controllers: string;
  readonly bindName: string;
  readonly password: string;
  /** PEM. */
  readonly certificateAuthorities: string;
}

export interface DirectoryRead {
  readonly ms: number;
  /** Objects whose descriptors were read. */
  readonly objects: number;
  readonly records: number;
}

const stream = 'access-entries';
const memory = createMemoryStore({ keeps: false });

process.on('message', async (settings: DirectoryTask) => {
  let objects = 0;
  const store: RunStore = {
    ...memory,
    save(id, record, pages) {
      // A large object comes in stretches, of which only the first has no beginning.
      for (const { wholes = [] } of pages) objects += wholes.filter(({ from }) => from === undefined).length;
      return memory.save(id, record, pages);
    },
  };
  const started = performance.now();
  const host = createHost({ signal: new AbortController().signal });
  const { fault, streams } = await runStreams({ connector: activeDirectory, settings, host, store, streams: [stream] });
  const ms = performance.now() - started;
  const failed = fault ?? streams[0]?.fault;
  if (failed) throw failed;
  const result: DirectoryRead = { ms, objects, records: streams[0]?.records ?? 0 };
  process.send?.(result);
});
