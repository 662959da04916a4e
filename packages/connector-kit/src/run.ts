import type { RunHost } from '@gatehouse/host';
import { faults, worst } from '@gatehouse/kernel';
import { type AnyConnector, type Caveat, type Connector, erased, letGo } from './connector.ts';
import { nothing, type Outcome, type StreamOutcome, streamHealth } from './outcome.ts';
import { createSpeed, type Progress, type StreamProgress, waitingStream } from './progress.ts';
import { MoreToCome, type ReadSoFar, readStream, StoreFailed, unread } from './read-stream.ts';
import type { RunStore } from './run-store.ts';
import { parseSettings } from './settings.ts';
import { faultFrom, streamFault } from './stream-fault.ts';

export interface Run {
  readonly connector: AnyConnector;
  /** As entered, secrets in the clear; parsed here. */
  readonly settings: unknown;
  /** Carries the run's signal, its clock and what it may spend on retries. */
  readonly host: RunHost;
  readonly store: RunStore;
  /** Which streams, by id; left out: all. They are read one after the other in the connector's order. */
  readonly streams?: readonly string[];
  /** Called at every step: after each page, and when a wait begins or ends. Throttle what you send on. */
  onProgress?(progress: Progress): void;
  /** Milliseconds until the run has to end. Default six hours. */
  readonly budgetMs?: number;
}

/**
 * One run: checks the connection, then reads its streams. A stream that fails leaves the others and deletes nothing.
 * Rejects only when the store fails with something other than a Fault; everything else is in the outcome.
 */
export const runStreams = async (run: Run): Promise<Outcome> => {
  const { host } = run;
  const connector = erased(run.connector);
  const wanted = Object.keys(connector.streams).filter((id) => run.streams?.includes(id) ?? true);
  // Begins before the check, which may have to wait as well.
  const report = createReport(run, wanted);
  try {
    const client = connector.connect(parseSettings(connector.config, run.settings), host);
    try {
      const caveats = await connector.check(client);
      return await readAll(run, connector, client, wanted, caveats, report);
    } finally {
      await letGo(connector, client, host);
    }
  } catch (error) {
    if (error instanceof StoreFailed) throw error.cause;
    const streams = wanted.map((id) => skipped(id));
    if (host.signal.aborted) return { health: 'connected', fault: null, caveats: [], streams, aborted: true };
    const fault = faultFrom(error, connector.name);
    return { health: faults[fault.kind].onCheck, fault, caveats: [], streams, aborted: false };
  } finally {
    report.end();
  }
};

const readAll = async (
  run: Run,
  connector: Connector,
  client: unknown,
  wanted: readonly string[],
  caveats: readonly Caveat[],
  report: ReturnType<typeof createReport>,
): Promise<Outcome> => {
  const { host, store } = run;
  const { clock, signal } = host;
  const until = new Date(clock.now().getTime() + (run.budgetMs ?? 6 * 3_600_000));
  const streams: StreamOutcome[] = [];
  for (const id of wanted) {
    const stream = connector.streams[id];
    if (stream === undefined || signal.aborted) {
      streams.push(skipped(id));
      report.move(id, { state: 'skipped' });
      continue;
    }
    let sofar = unread;
    const onCommit = (now: ReadSoFar) => {
      report.read(id, now.records - sofar.records, now);
      sofar = now;
    };
    report.move(id, { state: 'running' });
    const ending = await endOf(
      readStream({ id, stream, client, store, clock, signal, until, onCommit }),
      signal,
      (error) => streamFault(error, connector.name, stream),
    );
    const { caveats: own, total: _, ...read } = sofar;
    streams.push({ stream: id, ...ending, ...read, caveats: own, health: streamHealth(ending.fault, own) });
    report.move(id, ending);
  }
  const health = worst([...streams.map((stream) => stream.health), caveats.length > 0 ? 'warning' : 'connected']);
  return { health, fault: null, caveats, streams, aborted: signal.aborted };
};

const endOf = async (
  work: Promise<void>,
  signal: AbortSignal,
  toFault: (error: unknown) => StreamOutcome['fault'],
): Promise<Pick<StreamOutcome, 'state' | 'fault'>> => {
  try {
    await work;
    return { state: 'done', fault: null };
  } catch (error) {
    // Whoever stops a run also stops the store from waiting; what was not stored is read again.
    if (signal.aborted) return { state: 'stopped', fault: null };
    if (error instanceof StoreFailed) throw error;
    if (error instanceof MoreToCome) return { state: 'done', fault: null };
    return { state: 'failed', fault: toFault(error) };
  }
};

const skipped = (stream: string): StreamOutcome => ({
  ...{ stream, state: 'skipped', health: 'connected', fault: null, caveats: [] },
  ...{ pages: 0, records: 0, counts: nothing, wasFull: false },
});

/** Tells who watches the run about every step. */
const createReport = ({ connector, host, onProgress }: Run, wanted: readonly string[]) => {
  const speed = createSpeed(host.clock);
  const streams = new Map<string, StreamProgress>();
  for (const id of wanted) streams.set(id, waitingStream(id, connector.streams[id]?.title ?? id));

  const tell = () => {
    if (onProgress === undefined) return;
    const rate = speed.perSecond();
    const running = [...streams.values()].find(({ state }) => state === 'running');
    const left = running?.total == null ? null : Math.max(0, running.total - running.records);
    onProgress({
      streams: [...streams.values()],
      rate,
      secondsLeft: left === null || rate === 0 ? null : Math.ceil(left / rate),
      waits: host.waits(),
    });
  };
  const move = (id: string, step: Partial<StreamProgress>) => {
    const before = streams.get(id);
    if (before !== undefined) streams.set(id, { ...before, ...step });
    tell();
  };
  const unwatch = host.watch(tell);
  tell();
  return {
    move,
    read(id: string, records: number, { pages, records: all, counts, total }: ReadSoFar) {
      speed.add(records);
      move(id, { pages, records: all, counts, total });
    },
    end: unwatch,
  };
};
