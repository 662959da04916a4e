import type { Sql } from '@gatehouse/database';
import { newId, type RunId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { KeptFault } from '../connections/index.ts';
import { type Reason, StoredRun, type StreamProgress, waitingStream } from './model.ts';

const columns = sql`
  run_id as "runId", connection_id as "connectionId", reason, state, stage, streams, rate, seconds_left as "secondsLeft",
  waiting, fault, queued_at as "queuedAt", started_at as "startedAt", ended_at as "endedAt", version`;

const one = (rows: readonly unknown[]): StoredRun | null => (rows[0] === undefined ? null : StoredRun.parse(rows[0]));

export const findRun = async (tx: Sql, tenantId: TenantId, connectionId: string, runId: string) => {
  const { rows } = await sql`
    select ${columns} from runs
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and run_id = ${runId}`.execute(tx);
  return one(rows);
};

/** Newest first. `before` is the id of the last run of the page before. */
export const listRuns = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly StoredRun[]> => {
  const { rows } = await sql`
    select ${columns} from runs
    where tenant_id = ${tenantId} and connection_id = ${connectionId}
      and (${page.before}::uuid is null or run_id < ${page.before}::uuid)
    order by run_id desc limit ${page.limit}`.execute(tx);
  return z.array(StoredRun).parse(rows);
};

export const countRuns = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from runs
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return rows[0]?.count ?? 0;
};

/** The run that counts for whoever watches: the one under way, else the newest. */
export const currentRun = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<StoredRun | null> => {
  const { rows } = await sql`
    select ${columns} from runs where tenant_id = ${tenantId} and connection_id = ${connectionId}
    order by (state = 'running') desc, run_id desc limit 1`.execute(tx);
  return one(rows);
};

export interface Wanted {
  readonly connectionId: string;
  readonly reason: Reason;
  readonly streams: readonly string[];
  readonly at: Date;
  readonly notBefore?: Date;
}

/**
 * A run in the queue, newly made or the one that waits there already: its streams and those wanted become one list,
 * and the earlier time holds.
 */
export const queueRun = async (tx: Sql, tenantId: TenantId, wanted: Wanted): Promise<StoredRun> => {
  const streams = JSON.stringify(wanted.streams.map(waitingStream));
  const { rows } = await sql`
    insert into runs (tenant_id, run_id, connection_id, reason, state, stage, streams, queued_at, not_before)
    values (${tenantId}, ${newId(wanted.at.getTime())}, ${wanted.connectionId}, ${wanted.reason}, 'queued', 'reading',
      ${streams}::jsonb, ${wanted.at}, ${wanted.notBefore ?? wanted.at})
    on conflict (tenant_id, connection_id) where state = 'queued' do update set
      not_before = least(runs.not_before, excluded.not_before), version = runs.version + 1,
      reason = case when runs.reason = 'schedule' then excluded.reason else runs.reason end,
      streams = runs.streams || coalesce((
        select jsonb_agg(more) from jsonb_array_elements(excluded.streams) more
        where not exists (select from jsonb_array_elements(runs.streams) has where has ->> 'stream' = more ->> 'stream')
      ), '[]')
    returning ${columns}`.execute(tx);
  const run = one(rows);
  if (!run) throw new Error('An insert that returns its row returned none.');
  return run;
};

/** Asks for the end of a run. A queued one ends at once, a running one within seconds, one that is over stays as it is. */
export const askCancel = async (tx: Sql, tenantId: TenantId, runId: string, at: Date): Promise<StoredRun | null> => {
  const { rows } = await sql`
    update runs set version = version + 1,
      cancel_asked_at = coalesce(cancel_asked_at, ${at}),
      state = case when state = 'queued' then 'cancelled' else state end,
      waiting = case when state = 'queued' then null else waiting end,
      ended_at = case when state = 'queued' then ${at} else ended_at end,
      stage = case when state = 'queued' then 'done' else stage end
    where tenant_id = ${tenantId} and run_id = ${runId} and state in ('queued', 'running')
    returning ${columns}`.execute(tx);
  return one(rows);
};

export interface Progress {
  readonly streams: readonly StreamProgress[];
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly waiting: StoredRun['waiting'];
}

/**
 * Proves that the worker lives and tells how far it is. Null: the run is no longer this worker's, which must stop at
 * once. `isCancelled`: somebody asked for its end.
 */
export const saveProgress = async (
  tx: Sql,
  tenantId: TenantId,
  runId: RunId,
  worker: string,
  progress: Progress,
  at: Date,
): Promise<{ readonly isCancelled: boolean } | null> => {
  const { rows } = await sql<{ cancelled: boolean }>`
    update runs set alive_at = ${at}, version = version + 1, streams = ${JSON.stringify(progress.streams)}::jsonb,
      rate = ${progress.rate}, seconds_left = ${progress.secondsLeft},
      waiting = ${progress.waiting && JSON.stringify(progress.waiting)}::jsonb
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'
    returning cancel_asked_at is not null as cancelled`.execute(tx);
  return rows[0] ? { isCancelled: rows[0].cancelled } : null;
};

/**
 * Moves a run on to a step after reading, of which a tenant has one under way at a time. False: another run of the
 * tenant is at one; ask again.
 */
export const enterStage = async (
  tx: Sql,
  tenantId: TenantId,
  runId: RunId,
  worker: string,
  stage: 'correlating' | 'evaluating',
  aliveSince: Date,
): Promise<boolean> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`after-read ${tenantId}`}, 0))`.execute(tx);
  const { rows } = await sql`
    update runs set stage = ${stage}, rate = 0, seconds_left = null, waiting = null, version = version + 1
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'
      and not exists (
        select from runs other where other.tenant_id = ${tenantId} and other.run_id <> ${runId}
          and other.state = 'running' and other.stage in ('correlating', 'evaluating') and other.alive_at > ${aliveSince})
    returning run_id`.execute(tx);
  return rows.length > 0;
};

export interface Deferral {
  readonly streams: readonly StreamProgress[];
  /** What is shown meanwhile. */
  readonly waiting: StoredRun['waiting'];
  /** Not taken by a worker before this time. */
  readonly until: Date;
}

/**
 * Puts a run back into the queue for a later time; whoever takes it up goes on with it. False: it is no longer this
 * worker's, or a newer run waits in the queue already.
 */
export const deferRun = async (
  tx: Sql,
  tenantId: TenantId,
  runId: RunId,
  worker: string,
  { streams, waiting, until }: Deferral,
): Promise<boolean> => {
  const { rows } = await sql`
    update runs set state = 'queued', stage = 'reading', reason = 'resume', worker = null, not_before = ${until},
      rate = 0, seconds_left = null, waiting = ${JSON.stringify(waiting)}::jsonb, taken = taken - 1,
      streams = ${JSON.stringify(streams)}::jsonb, version = version + 1
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'
      and cancel_asked_at is null and not exists (
        select from runs queued where queued.tenant_id = runs.tenant_id
          and queued.connection_id = runs.connection_id and queued.state = 'queued')
    returning run_id`.execute(tx);
  return rows.length > 0;
};

export interface RunEnd {
  readonly state: 'succeeded' | 'partial' | 'failed' | 'cancelled';
  readonly streams: readonly StreamProgress[];
  readonly fault: KeptFault | null;
  readonly at: Date;
}

/** False: the run is no longer this worker's. */
export const endRun = async (
  tx: Sql,
  tenantId: TenantId,
  runId: RunId,
  worker: string,
  end: RunEnd,
): Promise<boolean> => {
  const { rows } = await sql`
    update runs set state = ${end.state}, stage = 'done', ended_at = ${end.at}, rate = 0, seconds_left = null,
      waiting = null, streams = ${JSON.stringify(end.streams)}::jsonb, version = version + 1, worker = null,
      fault = ${end.fault && JSON.stringify(end.fault)}::jsonb
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'
    returning run_id`.execute(tx);
  return rows.length > 0;
};
