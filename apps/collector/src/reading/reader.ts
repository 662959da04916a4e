import { collectedStream, type Outcome, type RunStore, runStreams, type Stream } from '@gatehouse/connector-kit';
import type { Hello, Source } from '@gatehouse/connector-kit/ingest';
import { createHost, type EventLogs } from '@gatehouse/host';
import { createBell, type Log } from '@gatehouse/host/agent';
import { type Clock, type Fault, faults, toFault } from '@gatehouse/kernel';
import { nearby } from '../nearby.ts';
import type { Plugin } from '../plugin.ts';
import type { StandingBoard } from '../sending/index.ts';
import type { SourceSettings } from '../settings/index.ts';
import { BegunAnew, type Spool, type SpooledStream } from '../spool/index.ts';
import { createSchedule } from './schedule.ts';

/** Reads one system for as long as it runs: each stream at its own pace, one run at a time. */
export interface Reader {
  readonly source: Source;
  /** How its streams are, by the names under which they travel. */
  streams(): Hello['streams'];
  /** What testing the system ended with, at the last run. */
  check(): Hello['check'];
  /** A person wants these to be read at once. Those of other systems are not looked at. */
  readNow(streams: readonly string[]): void;
  run(): Promise<void>;
}

export interface ReaderOptions {
  readonly plugin: Plugin;
  readonly of: SourceSettings;
  readonly spool: Spool;
  readonly standing: StandingBoard;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** When streams were last read, by the names under which they travel. */
  readonly lastReads: ReadonlyMap<string, Date>;
  readonly eventLogs?: EventLogs;
  onChange(): void;
}

/** The streams of a plugin as the spool keeps them. */
export const spooledStreams = ({ connector }: Plugin, source: string): readonly SpooledStream[] =>
  Object.entries<Stream<never>>(connector.streams).map(([id, { reading }]) => ({
    ...{ stream: collectedStream(connector.id, id), source },
    isEvents: reading.mode === 'events',
  }));

/** A system that is away, or a read that lost its place, is tried again this soon. */
const soonMs = 300_000;

export const createReader = (options: ReaderOptions): Reader => {
  const { plugin, of, spool, standing, clock, signal, log, lastReads, onChange } = options;
  const { connector } = plugin;
  const { source } = of;
  const nameOf = (id: string) => collectedStream(connector.id, id);
  const schedule = createSchedule(connector.streams, clock, (id) => lastReads.get(nameOf(id)) ?? null);
  const bell = createBell(clock, signal);
  let checked: Hello['check'] = null;
  const ownCaveats = new Map<string, Outcome['caveats']>();

  const readDue = async (ids: readonly string[]): Promise<void> => {
    const begun = clock.now();
    const ending = new AbortController();
    const end = () => {
      if (signal.aborted || !standing.mayRead(source.id)) ending.abort(new Error('the reading was stopped'));
    };
    signal.addEventListener('abort', end, { once: true });
    const unwatch = standing.watch(end);
    end();
    schedule.begin(ids);
    onChange();
    const host = createHost({
      ...{ signal: ending.signal, clock, ...nearby(of.settings, ending.signal) },
      ...(options.eventLogs && { eventLogs: options.eventLogs }),
      log: ({ system, method, path, status, tookMs, problem = null }) =>
        log.write('debug', `${system}: ${method} ${path}`, { status, tookMs, problem }),
    });
    try {
      const outcome = await runStreams({
        ...{ connector, settings: of.settings, host, streams: ids },
        store: renamed(spool.store(), nameOf),
        onProgress: ({ streams }) => {
          const reading = streams.filter(({ state }) => state === 'running').map(({ stream }) => stream);
          if (schedule.reading(reading)) onChange();
        },
      });
      await note(outcome, begun);
    } catch (error) {
      // The disk failed, not the system.
      const { advice, detail } = toFault(error);
      log.write('error', `The spool could not be written: ${advice}`, { detail: detail ?? wordsOf(error) });
      for (const id of ids) schedule.end(id, null, new Date(clock.now().getTime() + 60_000));
    } finally {
      signal.removeEventListener('abort', end);
      unwatch();
      onChange();
    }
  };

  const note = async (outcome: Outcome, begun: Date): Promise<void> => {
    const { fault, streams, aborted } = outcome;
    if (!aborted) checked = { fault: fault && { kind: fault.kind, advice: fault.advice.slice(0, 2_000) }, caveats: [] };
    if (fault !== null)
      log.write('warn', `${source.name} cannot be read: ${fault.advice}`, { detail: fault.detail ?? null });
    for (const one of streams) {
      const failed = fault ?? one.fault;
      const pace = connector.streams[one.stream]?.everyMs ?? soonMs;
      if (one.state === 'done') ownCaveats.set(one.stream, one.caveats);
      if (failed !== null) await tell(one.stream, failed);
      const isSoon = failed !== null && faults[failed.kind].retry;
      const nextMs = aborted && one.state !== 'done' ? 0 : isSoon ? Math.min(pace, soonMs) : pace;
      const readAt = one.state === 'done' ? clock.now() : null;
      schedule.end(one.stream, readAt, new Date(begun.getTime() + nextMs));
      log.write(one.state === 'failed' ? 'warn' : 'info', `${nameOf(one.stream)}: ${one.state}.`, {
        ...{ pages: one.pages, records: one.records, full: one.wasFull },
        ...(one.fault && { advice: one.fault.advice, detail: one.fault.detail ?? null }),
      });
    }
    const caveats = [...outcome.caveats, ...[...ownCaveats.values()].flat()];
    if (checked !== null) checked = { ...checked, caveats: caveats.slice(0, 100).map(toSent) };
  };

  const tell = async (id: string, fault: Fault): Promise<void> => {
    // Nothing to tell: the stream is read again from its beginning, and what was dropped is told by itself.
    if (fault instanceof BegunAnew) return;
    try {
      await spool.fault(nameOf(id), fault);
    } catch (error) {
      log.write('warn', `That ${nameOf(id)} failed could not be noted.`, { why: wordsOf(error) });
    }
  };

  /** Lists that have to be read from their beginning are read soon, once there is somewhere to send them. */
  const wantAnew = () => {
    const { bytes, mostBytes } = spool.size();
    if (!standing.maySend() || bytes > mostBytes / 2) return;
    const anew = Object.keys(connector.streams).filter((id) => spool.isAnew(nameOf(id)));
    schedule.readNow(anew, clock.now());
  };

  return {
    source,
    check: () => checked,
    streams: () =>
      schedule.list().map(({ id, state, readAt, nextAt }) => ({
        ...{ stream: nameOf(id), source: source.id, state },
        ...{ readAt: readAt?.toISOString() ?? null, nextAt: nextAt.toISOString() },
      })),
    readNow(streams) {
      const wanted = Object.keys(connector.streams).filter((id) => streams.includes(nameOf(id)));
      if (schedule.readNow(wanted, clock.now())) bell.ring();
    },
    async run() {
      const unwatch = standing.watch(bell.ring);
      try {
        for (;;) {
          wantAnew();
          const due = standing.mayRead(source.id) ? schedule.due(clock.now()) : [];
          if (due.length > 0) await readDue(due);
          else await bell.wait(Math.min(Math.max(0, schedule.nextAt().getTime() - clock.now().getTime()), 60_000));
          signal.throwIfAborted();
        }
      } finally {
        unwatch();
      }
    },
  };
};

const toSent = ({ code, advice }: Outcome['caveats'][number]) => ({
  code: code.slice(0, 100),
  advice: advice.slice(0, 2_000),
});

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : typeof error);

/** The same store under the names by which streams travel. */
const renamed = (store: RunStore, nameOf: (id: string) => string): RunStore => ({
  position: (id) => store.position(nameOf(id)),
  begin: (id) => store.begin(nameOf(id)),
  save: (id, record, pages) => store.save(nameOf(id), record, pages),
  finish: (id, record, watermark) => store.finish(nameOf(id), record, watermark),
});
