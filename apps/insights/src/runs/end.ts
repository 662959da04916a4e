import type { AnyConnector } from '@gatehouse/connector-kit';
import { type Fault, type Health, worst } from '@gatehouse/kernel';
import type { Checked, StoredConnection } from '../connections/index.ts';
import { writeActivity } from '../connections/index.ts';
import type { RunParts } from './lease.ts';
import type { StoredRun, StreamProgress } from './model.ts';
import { keep } from './progress.ts';
import type { Taken } from './queue.ts';
import { settleRun } from './settle.ts';
import { endRun, type RunEnd } from './store.ts';

export interface PerformedRun {
  readonly run: StoredRun;
  readonly connection: StoredConnection;
  /** Undefined: this server does not have it any more. */
  readonly connector: AnyConnector | undefined;
  readonly streams: readonly StreamProgress[];
  readonly checked: Checked | null;
  readonly fault?: Fault | null;
  readonly isCancelled?: boolean;
}

/** Writes the end of a run, what it means for the connection, and its entry of the timeline, in one transaction. */
export const endPerformed = async (
  parts: RunParts,
  taken: Taken,
  worker: string,
  performed: PerformedRun,
): Promise<void> => {
  const { database, clock, tellConnectivity } = parts;
  const { tenantId, connectionId, runId } = taken;
  const { run, connector, checked, isCancelled = false } = performed;
  const at = clock.now();
  const fault = performed.fault ? keep(performed.fault, at) : null;
  const streams = performed.streams.map((stream) =>
    stream.state === 'waiting' || stream.state === 'running' ? { ...stream, state: 'skipped' as const } : stream,
  );
  const state = isCancelled ? 'cancelled' : stateOf(streams, fault !== null, checked?.fault != null);
  await database.tenant(tenantId, async (tx) => {
    if (!(await endRun(tx, tenantId, runId, worker, { state, streams, fault, at }))) return;
    if (connector) {
      const startedAt = run.startedAt ?? at;
      await settleRun(
        tx,
        { tenantId, connectionId, connector, runId, startedAt, at, checked, streams },
        tellConnectivity,
      );
    }
    if (isWorthTelling(run, state, streams, connector)) {
      await writeActivity(tx, tenantId, {
        ...{ connectionId, at, kind: 'run', title: titleOf(state, streams), fault, runId },
        health: isCancelled ? null : healthOf(streams, checked),
      });
    }
  });
};

const stateOf = (streams: readonly StreamProgress[], hasFault: boolean, isBlocked: boolean): RunEnd['state'] => {
  const failed = streams.filter(
    ({ state, fault }) => (state === 'failed' || state === 'skipped') && fault?.kind !== 'unsupported',
  ).length;
  if (isBlocked || (failed > 0 && failed === streams.length)) return 'failed';
  return failed > 0 || hasFault ? 'partial' : 'succeeded';
};

const healthOf = (streams: readonly StreamProgress[], checked: Checked | null): Health => {
  const failed = streams.filter(({ fault }) => fault !== null && fault.kind !== 'unsupported').length;
  if (checked?.fault) return checked.health;
  return worst([failed === 0 ? 'connected' : failed === streams.length ? 'failed' : 'warning']);
};

/** A stream of events is read every minute or so; its uneventful reads would bury everything else in the timeline. */
const isWorthTelling = (
  run: StoredRun,
  state: RunEnd['state'],
  streams: readonly StreamProgress[],
  connector: AnyConnector | undefined,
): boolean => {
  if (run.reason !== 'schedule' || state === 'cancelled') return true;
  return streams.some(
    ({ stream, inserted, changed, gone }) =>
      connector?.streams[stream]?.reading.mode !== 'events' && inserted + changed + gone > 0,
  );
};

const titleOf = (state: RunEnd['state'], streams: readonly StreamProgress[]): string => {
  const sum = (of: 'records' | 'inserted' | 'changed' | 'gone') =>
    streams.reduce((all, stream) => all + stream[of], 0).toLocaleString('en-US');
  const read = `Read ${sum('records')} records: ${sum('inserted')} new, ${sum('changed')} changed, ${sum('gone')} gone`;
  if (state === 'cancelled') return `Run cancelled. ${read}`;
  if (state === 'failed') return 'Run failed';
  return state === 'partial' ? `${read}. Not everything could be read` : read;
};
