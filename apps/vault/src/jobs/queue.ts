import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import { JobSettings, Schedule } from '../api/jobs.ts';
import type { Author } from '../audit/index.ts';
import { type JobKind, nextRunAfter } from './model.ts';

/** A credential of a job. */
export interface Claim {
  readonly jobId: number;
  readonly credentialId: string;
}

/** One credential of a job that this worker now takes care of. */
export interface Claimed extends Claim {
  readonly kind: JobKind;
  readonly settings: z.output<typeof JobSettings>;
  readonly author: Author;
  /** From 1. */
  readonly attempt: number;
}

/** A worker that has not said for this long that it lives has lost what it claimed. */
export const claimLeaseMs = 60_000;
/** Any number of its own: "jobs" in ASCII. One worker claims at a time, so that none sees what another is about to take. */
const claimLock = 0x6a6f6273;

/**
 * Lets jobs whose time has come begin: their targets wait now, and the next time is set. What has to happen now is never
 * to come, whatever the clock said when it was made.
 */
export const beginDue = async (tx: Sql, at: Date): Promise<number> => {
  await sql`select pg_advisory_xact_lock(${claimLock})`.execute(tx);
  const { rows } = await sql<{ jobId: number; schedule: unknown }>`
    select job_id as "jobId", schedule from jobs
    where (next_run_at <= ${at} or (next_run_at is not null and schedule ->> 'kind' = 'now')) and not is_template
    order by next_run_at limit 200 for no key update`.execute(tx);
  for (const { jobId, schedule } of rows) {
    const next = nextRunAfter(Schedule.parse(schedule), at);
    await sql`update job_targets set state = 'waiting', attempt = 0, next_attempt_at = ${at}, message = '', finished_at = null
      where job_id = ${jobId} and state <> 'running'`.execute(tx);
    await sql`update jobs set next_run_at = ${next}, version = version + 1, state = case
        when exists (select from job_targets where job_id = ${jobId}) then 'running' else 'succeeded' end
      where job_id = ${jobId}`.execute(tx);
  }
  return rows.length;
};

/** The next credential whose time has come, on a system on which nothing else is under way. Null: nothing to do. */
export const claimTarget = async (tx: Sql, worker: string, at: Date): Promise<Claimed | null> => {
  await sql`select pg_advisory_xact_lock(${claimLock})`.execute(tx);
  const { rows } = await sql<Omit<Claimed, 'settings'> & { settings: unknown }>`
    update job_targets set state = 'running', worker = ${worker}, alive_at = ${at}, attempt = attempt + 1
    from jobs
    where jobs.job_id = job_targets.job_id and (job_targets.job_id, job_targets.credential_id) = (
      select t.job_id, t.credential_id from job_targets t join credentials c using (credential_id)
      where t.state = 'waiting' and t.next_attempt_at <= ${at} and not exists (
        select from job_targets r join credentials rc using (credential_id)
        where r.state = 'running' and rc.system_id = c.system_id)
      order by t.next_attempt_at limit 1 for update of t skip locked)
    returning job_targets.job_id as "jobId", credential_id as "credentialId", kind, settings, author, attempt`.execute(
    tx,
  );
  const [row] = rows;
  return row ? { ...row, settings: JobSettings.parse(row.settings) } : null;
};

/** Says that these are worked on. What a worker lost sight of is not among them, and waits again when its time is over. */
export const keepClaims = async (tx: Sql, worker: string, claims: readonly Claim[], at: Date): Promise<void> => {
  const [jobIds, credentialIds] = [claims.map(({ jobId }) => jobId), claims.map(({ credentialId }) => credentialId)];
  await sql`update job_targets set alive_at = ${at} where worker = ${worker} and state = 'running'
    and (job_id, credential_id) in (select * from unnest(${jobIds}::int[], ${credentialIds}::uuid[]))`.execute(tx);
};

/** No attempt is made later than so long after the one before it. */
export const longestRetryMs = 3_600_000;

/** Puts what a worker that died had claimed back to those that wait, and what waits for a time that was none: the clock was ahead. */
export const reclaim = async (tx: Sql, at: Date): Promise<void> => {
  await sql`update job_targets set state = 'waiting', worker = null, next_attempt_at = ${at}
    where state = 'running' and (alive_at < ${new Date(at.getTime() - claimLeaseMs)}
      or alive_at > ${new Date(at.getTime() + claimLeaseMs)})`.execute(tx);
  await sql`update job_targets set next_attempt_at = ${at}
    where state = 'waiting' and next_attempt_at > ${new Date(at.getTime() + longestRetryMs + claimLeaseMs)}`.execute(
    tx,
  );
};

/** How a claimed target goes on. */
export type Settlement =
  | { readonly state: 'succeeded' | 'failed' | 'cancelled'; readonly message: string }
  | { readonly state: 'waiting'; readonly message: string; readonly nextAttemptAt: Date; readonly counts: boolean };

/** Writes how it ended, and the state of the job once nothing of it is under way. */
export const settleTarget = async (
  tx: Sql,
  { jobId, credentialId }: Claim,
  worker: string,
  to: Settlement,
  at: Date,
): Promise<void> => {
  const next = to.state === 'waiting' ? to.nextAttemptAt : null;
  const back = to.state === 'waiting' && !to.counts ? 1 : 0;
  // A job that was cancelled meanwhile is not tried again.
  await sql`
    update job_targets set message = ${to.message.slice(0, 2_000)}, worker = null, alive_at = null, attempt = attempt - ${back},
      state = case when ${to.state} = 'waiting' and (select state from jobs where job_id = ${jobId}) = 'cancelled'
        then 'cancelled' else ${to.state} end,
      next_attempt_at = ${next}, finished_at = ${to.state === 'waiting' ? null : at}
    where job_id = ${jobId} and credential_id = ${credentialId} and worker = ${worker}`.execute(tx);
  // Whoever wrote a message of this job holds on to its row, too, so this must not ask to be alone with it.
  await sql`select from jobs where job_id = ${jobId} for no key update`.execute(tx);
  await sql`
    update jobs set version = version + 1, state = case
      when jobs.state = 'cancelled' then 'cancelled'
      when n.open > 0 then 'running'
      when n.failed = 0 then 'succeeded'
      when n.done = 0 then 'failed' else 'partial' end
    from (select count(*) filter (where state in ('waiting', 'running')) as open,
        count(*) filter (where state in ('failed', 'cancelled')) as failed,
        count(*) filter (where state = 'succeeded') as done
      from job_targets where job_id = ${jobId}) n
    where jobs.job_id = ${jobId}`.execute(tx);
};

/** Who else has a credential checked out at this moment. */
export const isCheckedOut = async (tx: Sql, credentialId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from checkouts where credential_id = ${credentialId} and checked_in_at is null
      and expires_at > ${at}) as "is"`.execute(tx);
  return rows[0]?.is ?? false;
};
