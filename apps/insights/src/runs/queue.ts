import type { Sql } from '@gatehouse/database';
import type { ConnectionId, RunId, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** A run that this worker now performs. */
export interface Taken {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  readonly connectionId: ConnectionId;
}

/** A worker that has not proved for this long that it lives has lost its run. */
export const leaseMs = 45_000;

/**
 * The next run whose time has come, of any tenant: a connection has one under way at a time, on all workers together.
 * Null: nothing to do. Runs as the owner, because a worker serves every tenant; it reads nothing but the queue.
 */
export const takeRun = async (system: Sql, worker: string, at: Date): Promise<Taken | null> => {
  const { rows } = await sql<{ tenant_id: TenantId; run_id: RunId; connection_id: ConnectionId }>`
    update runs set state = 'running', worker = ${worker}, alive_at = ${at}, started_at = coalesce(started_at, ${at}),
      taken = taken + 1, version = version + 1, stage = 'reading', waiting = null
    where (tenant_id, run_id) = (
      select next.tenant_id, next.run_id from runs next
      join connections c on c.tenant_id = next.tenant_id and c.connection_id = next.connection_id
      where next.state = 'queued' and next.not_before <= ${at} and c.enabled and c.deleted_at is null
        and not exists (
          select from runs under_way where under_way.tenant_id = next.tenant_id
            and under_way.connection_id = next.connection_id and under_way.state = 'running')
      order by next.not_before limit 1 for update of next skip locked)
    returning tenant_id, run_id, connection_id`.execute(system);
  const [row] = rows;
  return row ? { tenantId: row.tenant_id, runId: row.run_id, connectionId: row.connection_id } : null;
};

/** A run that ended every worker that took it would do so for ever. */
const takesAtMost = 12;

/**
 * Puts the runs of workers that died back into the queue. They go on at their last committed page. Answers with those
 * that were given up because they were taken too often.
 */
export const reclaimRuns = async (system: Sql, at: Date): Promise<readonly Taken[]> => {
  const before = new Date(at.getTime() - leaseMs);
  await sql`
    update runs set state = 'queued', reason = 'resume', worker = null, not_before = ${at}, rate = 0, waiting = null,
      version = version + 1
    where state = 'running' and alive_at < ${before} and taken < ${takesAtMost} and cancel_asked_at is null
      and not exists (
        select from runs queued where queued.tenant_id = runs.tenant_id
          and queued.connection_id = runs.connection_id and queued.state = 'queued')`.execute(system);
  // A run whose place in the queue is taken by a newer one, or that was cancelled, is simply over.
  const { rows } = await sql<{ tenant_id: TenantId; run_id: RunId; connection_id: ConnectionId; given_up: boolean }>`
    update runs set state = case when cancel_asked_at is null then 'failed' else 'cancelled' end, stage = 'done',
      ended_at = ${at}, worker = null, rate = 0, waiting = null, version = version + 1
    where state = 'running' and alive_at < ${before}
    returning tenant_id, run_id, connection_id, taken >= ${takesAtMost} as given_up`.execute(system);
  return rows
    .filter((row) => row.given_up)
    .map((row) => ({ tenantId: row.tenant_id, runId: row.run_id, connectionId: row.connection_id }));
};

/** Gives a run back at a clean stop, so that the next start goes on with it at once. */
export const releaseRun = async (system: Sql, { tenantId, runId }: Taken, worker: string, at: Date): Promise<void> => {
  await sql`
    update runs set state = 'queued', reason = 'resume', worker = null, not_before = ${at}, rate = 0, waiting = null,
      taken = taken - 1, version = version + 1
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'
      and not exists (
        select from runs queued where queued.tenant_id = runs.tenant_id
          and queued.connection_id = runs.connection_id and queued.state = 'queued')`.execute(system);
  // Where a newer run waits already it does the rest, and this one is over.
  await sql`
    update runs set state = 'partial', stage = 'done', ended_at = ${at}, worker = null, rate = 0, waiting = null,
      version = version + 1
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'`.execute(system);
};

/** Takes a run back that had nothing to do, as if it had never been queued. */
export const dropRun = async (system: Sql, { tenantId, runId }: Taken, worker: string): Promise<void> => {
  await sql`
    delete from runs
    where tenant_id = ${tenantId} and run_id = ${runId} and worker = ${worker} and state = 'running'`.execute(system);
};
