import type { Outcome } from '@gatehouse/connector-kit';
import { resumesAt } from '@gatehouse/host';
import type { Checked } from '../connections/index.ts';
import type { PerformedRun } from './end.ts';
import type { RunParts } from './lease.ts';
import type { StoredRun, StreamProgress } from './model.ts';
import { limitText } from './progress.ts';
import type { Taken } from './queue.ts';
import { settleRun } from './settle.ts';
import { deferRun } from './store.ts';

const hourMs = 3_600_000;
/** A limit that opens later than this is not waited for: the schedule begins another run. */
const longestWaitMs = 2 * hourMs;
/** What a run may take with all its waits. */
const longestRunMs = 24 * hourMs;

/** When a run goes on that was stopped by a limit which opens later than a request waits; null: it ends as it is. */
export const goesOnAt = (outcome: Outcome, run: StoredRun, now: Date): Date | null => {
  const times = faultsOf(outcome).flatMap((fault) => resumesAt(fault)?.getTime() ?? []);
  if (times.length === 0 || outcome.aborted) return null;
  const at = Math.max(...times);
  const began = run.startedAt?.getTime() ?? now.getTime();
  return at - now.getTime() > longestWaitMs || at - began > longestRunMs ? null : new Date(at);
};

const faultsOf = ({ fault, streams }: Outcome) => [fault, ...streams.map((stream) => stream.fault)];

/**
 * Puts a run back into the queue until the limit opens, so that its worker can serve others meanwhile. What it read is
 * settled, and it goes on behind its last committed pages. False: a newer run waits there already, which does the rest.
 */
export const deferPerformed = async (
  parts: RunParts,
  taken: Taken,
  worker: string,
  performed: PerformedRun & { readonly outcome: Outcome; readonly until: Date },
): Promise<boolean> => {
  const { database, clock, tellConnectivity } = parts;
  const { tenantId, connectionId, runId } = taken;
  const { run, connector, outcome, until } = performed;
  const at = clock.now();
  const streams = performed.streams.map((stream) => (isOver(stream, outcome) ? stream : waitingAgain(stream)));
  // A check that met the limit says nothing about the connection.
  const checked: Checked | null = outcome.fault === null ? performed.checked : null;
  const waiting = { text: limitText(connector?.name ?? 'the system'), until: until.toISOString() };
  return database.tenant(tenantId, async (tx) => {
    if (!(await deferRun(tx, tenantId, runId, worker, { streams, waiting, until }))) return false;
    if (connector) {
      const startedAt = run.startedAt ?? at;
      const over = streams.filter((stream) => isOver(stream, outcome));
      await settleRun(
        tx,
        { tenantId, connectionId, connector, runId, startedAt, at, checked, streams: over },
        tellConnectivity,
      );
    }
    return true;
  });
};

const isOver = ({ stream, state }: StreamProgress, outcome: Outcome): boolean => {
  if (state === 'done') return true;
  const read = outcome.streams.find((one) => one.stream === stream);
  return state === 'failed' && resumesAt(read?.fault) === null;
};

const waitingAgain = (stream: StreamProgress): StreamProgress => ({ ...stream, state: 'waiting', fault: null });
