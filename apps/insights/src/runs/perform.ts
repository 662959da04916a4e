import { type AnyConnector, type Outcome, type Progress as Reading, runStreams } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import {
  type Checked,
  findConnection,
  type KeptFault,
  keepFault,
  revealSettings,
  type StoredConnection,
} from '../connections/index.ts';
import { openRunStore } from '../inventory/index.ts';
import { afterReading } from './after-reading.ts';
import { deferPerformed, goesOnAt } from './defer.ts';
import { endPerformed } from './end.ts';
import { type Lease, openLease, type RunParts } from './lease.ts';
import type { StoredRun, StreamProgress } from './model.ts';
import { patientStore } from './patient-store.ts';
import { mergeStreams, toProgress } from './progress.ts';
import { dropRun, releaseRun, type Taken } from './queue.ts';
import type { RunRelay } from './relay.ts';
import { findRun } from './store.ts';

/**
 * Performs one run from where its streams stand to its end: reads, then correlates and evaluates. Resolves when the run
 * is over, was given back because `stopping` aborted, or belongs to another worker now.
 */
export const performRun = async (
  parts: RunParts,
  taken: Taken,
  worker: string,
  stopping: AbortSignal,
): Promise<void> => {
  const { database, connectors, log } = parts;
  const { tenantId, connectionId, runId } = taken;
  const found = await database.tenant(tenantId, async (tx) => ({
    run: await findRun(tx, tenantId, connectionId, runId),
    connection: await findConnection(tx, tenantId, connectionId),
  }));
  const { run, connection } = found;
  if (!run || !connection) return;
  const connector = connectors.get(connection.connector);
  const lease = openLease(parts, taken, worker, run.streams, stopping);
  try {
    if (!connector) {
      const fault = new Fault('misconfigured', `This server has no connector "${connection.connector}" any more.`);
      await endPerformed(parts, taken, worker, {
        run,
        connection,
        connector,
        streams: run.streams,
        checked: null,
        fault,
      });
      return;
    }
    const relay = connector.agent ? parts.relay(connector, { ...taken, signal: lease.signal, wait: lease.wait }) : null;
    // Batches that the run before it took along leave one with nothing to do.
    const isIdle =
      relay && run.reason === 'schedule' && !(await relay.hasWork(run.streams.map(({ stream }) => stream)));
    if (isIdle) return await database.system((tx) => dropRun(tx, taken, worker));
    await perform(parts, { taken, run, connection, connector, relay, lease, worker, stopping });
  } catch (error) {
    if (lease.isLost()) return;
    if (stopping.aborted) return;
    log.error({ err: error, runId }, 'a run could not be performed to its end');
    // The row keeps its worker; when that stops to prove its life the run is resumed.
  } finally {
    lease.close();
  }
};

interface Performed {
  readonly taken: Taken;
  readonly run: StoredRun;
  readonly connection: StoredConnection;
  readonly connector: AnyConnector;
  /** Reads in the connector's place where an agent sends what it read. */
  readonly relay: ReturnType<RunRelay> | null;
  readonly lease: Lease;
  readonly worker: string;
  readonly stopping: AbortSignal;
}

const perform = async (parts: RunParts, performed: Performed): Promise<void> => {
  const { database, clock, log } = parts;
  const { taken, run, connection, connector, relay, lease, worker, stopping } = performed;
  const { outcome, streams } = await read(parts, performed);
  if (lease.isLost()) return;
  if (stopping.aborted && !lease.isCancelled()) {
    await lease.beat();
    await database.system((tx) => releaseRun(tx, taken, worker, clock.now()));
    return;
  }
  const found = outcome && toChecked(outcome, connection, clock.now());
  const checked = found && relay ? await relay.checked(found.caveats) : found;
  const end = { run, connection, connector, streams, checked };
  if (lease.isCancelled()) return await endPerformed(parts, taken, worker, { ...end, isCancelled: true });
  const wasRead = streams.some((stream) => stream.pages > 0 || stream.state === 'done');
  let fault: Fault | null = outcome?.fault ?? null;
  if (wasRead) {
    try {
      await afterReading(parts, taken, worker, lease);
    } catch (error) {
      if (lease.isLost() || (stopping.aborted && !lease.isCancelled())) {
        if (!lease.isLost()) await database.system((tx) => releaseRun(tx, taken, worker, clock.now()));
        return;
      }
      if (lease.isCancelled()) return await endPerformed(parts, taken, worker, { ...end, isCancelled: true });
      log.error({ err: error, runId: taken.runId }, 'what was read could not be evaluated');
      const { detail } = toFault(error);
      fault = new Fault(
        'unexpected',
        'What was read is stored, but could not be evaluated. It is tried again after the next run; the log of this server says more.',
        detail,
        { cause: error },
      );
    }
  }
  const until = outcome && goesOnAt(outcome, run, clock.now());
  if (until && (await deferPerformed(parts, taken, worker, { ...end, outcome, until }))) return;
  await endPerformed(parts, taken, worker, { ...end, fault });
};

/** Reads the streams that no worker before finished. Without an outcome the settings could not even be opened. */
const read = async (
  parts: RunParts,
  { taken, run, connection, connector, relay, lease }: Performed,
): Promise<{ outcome: Outcome | null; streams: readonly StreamProgress[] }> => {
  const { database, sealer, clock, log } = parts;
  const { tenantId, connectionId } = taken;
  const host = createHost({
    signal: lease.signal,
    clock,
    log: (line) => log.debug({ ...line, runId: taken.runId }, 'asked'),
  });
  const expected = new Map(
    connection.streams.filter(({ records }) => records > 0).map((one) => [one.stream, one.records]),
  );
  let reading: Reading | null = null;
  const store = patientStore(openRunStore(database, { tenantId, connectionId, connector }), {
    clock,
    signal: lease.signal,
    forMs: parts.patienceMs,
    holdLease: lease.hold,
    onTrouble: (trouble) =>
      lease.wait(
        trouble && { text: `Waiting for the database. ${trouble.advice}`, until: trouble.until.toISOString() },
      ),
  });
  const todo = run.streams.filter(({ state }) => state !== 'done' && state !== 'failed').map(({ stream }) => stream);
  try {
    const outcome = await runStreams({
      connector: relay?.connector ?? connector,
      settings: revealSettings(connection.settings, sealer, [tenantId, connectionId]),
      host,
      store,
      streams: todo,
      onProgress: (progress) => {
        reading = progress;
        lease.tell(toProgress(run.streams, progress, expected, clock.now()));
      },
    });
    logFaults(parts, taken, outcome);
    return {
      outcome,
      streams: reading ? mergeStreams(run.streams, withOutcome(reading, outcome), clock.now()) : run.streams,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const outcome: Outcome = {
      health: 'failed',
      fault: error,
      caveats: [],
      streams: [],
      aborted: lease.signal.aborted,
    };
    return { outcome, streams: run.streams };
  }
};

/** The last progress of a run that was ended early does not know its end. */
const withOutcome = (reading: Reading, outcome: Outcome): Reading['streams'] => {
  const ends = new Map(outcome.streams.map((stream) => [stream.stream, stream]));
  return reading.streams.map((stream) => {
    const end = ends.get(stream.stream);
    return end ? { ...stream, state: end.state, fault: end.fault, counts: end.counts } : stream;
  });
};

const toChecked = (outcome: Outcome, connection: StoredConnection, at: Date): Checked | null => {
  if (outcome.aborted) return null;
  const fault: KeptFault | null = outcome.fault && keepFault(outcome.fault, at);
  // Of streams that this worker did not come to, or that one before it finished, the last word stays.
  const read = new Set(outcome.streams.flatMap(({ stream, state }) => (state === 'skipped' ? [] : [stream])));
  return {
    health: outcome.fault ? outcome.health : 'connected',
    fault,
    at,
    caveats: [
      ...outcome.caveats.map(({ code, advice }) => ({ code, advice })),
      ...outcome.streams.flatMap(({ stream, caveats }) =>
        caveats.map(({ code, advice }) => ({ code, advice, stream })),
      ),
      ...connection.caveats.filter(({ stream }) => stream !== undefined && !read.has(stream)),
    ],
  };
};

/** The detail of a fault is for operators: it goes to the log and nowhere else. */
const logFaults = ({ log }: RunParts, { runId, connectionId }: Taken, outcome: Outcome): void => {
  for (const { fault, stream } of [{ fault: outcome.fault, stream: null }, ...outcome.streams]) {
    if (fault) log.warn({ err: fault, runId, connectionId, stream }, 'a read failed');
  }
};
