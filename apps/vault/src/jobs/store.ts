import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Author } from '../audit/index.ts';
import type { Job, JobKind, JobSettings, Schedule, TargetState } from './model.ts';

/** Columns of a `Job`, of `jobs`. */
export const jobColumns = sql`job_id as "jobId", kind, is_template as "isTemplate", credential_type as "credentialType",
  template_job_id as "templateJobId", comment, settings, schedule, state, next_run_at as "nextRunAt", author,
  created_at as "createdAt", version`;

export interface NewJob {
  readonly kind: JobKind;
  readonly comment: string;
  readonly settings: JobSettings;
  readonly schedule: Schedule;
  readonly author: Author;
  /** Of a template; null: it is a job. */
  readonly credentialType: string | null;
  readonly templateJobId: number | null;
  readonly nextRunAt: Date | null;
  readonly credentialIds: readonly string[];
}

/** Answers its number. */
export const insertJob = async (tx: Sql, job: NewJob, at: Date): Promise<number> => {
  const { rows } = await sql<{ jobId: number }>`
    insert into jobs (kind, is_template, credential_type, template_job_id, comment, settings, schedule, state, next_run_at,
      author, created_at)
    values (${job.kind}, ${job.credentialType !== null}, ${job.credentialType}, ${job.templateJobId}, ${job.comment},
      ${JSON.stringify(job.settings)}::jsonb, ${JSON.stringify(job.schedule)}::jsonb, 'waiting', ${job.nextRunAt},
      ${JSON.stringify(job.author)}::jsonb, ${at}) returning job_id as "jobId"`.execute(tx);
  const jobId = rows[0]?.jobId ?? 0;
  await addTargets(tx, jobId, job.credentialIds);
  return jobId;
};

export const addTargets = async (tx: Sql, jobId: number, credentialIds: readonly string[]): Promise<void> => {
  await sql`insert into job_targets (job_id, credential_id, state)
    select ${jobId}, unnest(${[...credentialIds]}::uuid[]), 'idle' on conflict do nothing`.execute(tx);
};

export const findJob = async (tx: Sql, jobId: number): Promise<Job | null> => {
  const { rows } = await sql<Job>`select ${jobColumns} from jobs where job_id = ${jobId}`.execute(tx);
  return rows[0] ?? null;
};

/** Templates by their number, oldest first. */
export const listTemplates = async (tx: Sql): Promise<readonly Job[]> => {
  const { rows } = await sql<Job>`select ${jobColumns} from jobs where is_template order by job_id limit 500`.execute(
    tx,
  );
  return rows;
};

export interface JobTarget {
  readonly credentialId: string;
  readonly systemName: string;
  readonly namespace: string;
  readonly accountName: string;
  readonly state: TargetState;
  readonly attempt: number;
  readonly message: string;
  readonly nextAttemptAt: Date | null;
  readonly finishedAt: Date | null;
}

export const listTargets = async (tx: Sql, jobId: number, most = 1_000): Promise<readonly JobTarget[]> => {
  const { rows } = await sql<JobTarget>`
    select t.credential_id as "credentialId", s.name as "systemName", c.namespace, c.account_name as "accountName", t.state,
      t.attempt, t.message, t.next_attempt_at as "nextAttemptAt", t.finished_at as "finishedAt"
    from job_targets t join credentials c using (credential_id) join systems s using (system_id)
    where t.job_id = ${jobId} order by lower(s.name), lower(c.account_name) limit ${most}`.execute(tx);
  return rows;
};

export interface JobMessage {
  readonly messageId: number;
  readonly credentialId: string | null;
  readonly at: Date;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

export const addMessage = async (
  tx: Sql,
  jobId: number,
  message: Pick<JobMessage, 'credentialId' | 'level' | 'text'>,
  at: Date,
): Promise<void> => {
  await sql`insert into job_messages (job_id, credential_id, at, level, text)
    values (${jobId}, ${message.credentialId}, ${at}, ${message.level}, ${message.text.slice(0, 2_000)})`.execute(tx);
};

/** Newest first. */
export const listMessages = async (tx: Sql, jobId: number, most: number): Promise<readonly JobMessage[]> => {
  const { rows } = await sql<JobMessage>`
    select message_id as "messageId", credential_id as "credentialId", at, level, text from job_messages
    where job_id = ${jobId} order by message_id desc limit ${most}`.execute(tx);
  return rows;
};

/** What is under way ends by itself; what waits does not begin. False where it is over, or not there. */
export const cancelJob = async (tx: Sql, jobId: number, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update jobs set state = 'cancelled', next_run_at = null, version = version + 1
    where job_id = ${jobId} and not is_template and (state in ('waiting', 'running') or next_run_at is not null)
    returning job_id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`update job_targets set state = 'cancelled', next_attempt_at = null, finished_at = ${at}
    where job_id = ${jobId} and state in ('idle', 'waiting')`.execute(tx);
  return true;
};

/** Lets a job begin at once, whatever its schedule. False where it is under way, a template, or not there. */
export const runAgain = async (tx: Sql, jobId: number, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update jobs set next_run_at = ${at}, state = 'waiting', version = version + 1
    where job_id = ${jobId} and not is_template and state <> 'running' returning job_id`.execute(tx);
  return rows.length > 0;
};

/** False where something of it is due or under way. */
export const deleteJob = async (tx: Sql, jobId: number): Promise<boolean> => {
  const { rows } = await sql`
    delete from jobs where job_id = ${jobId} and (is_template or (state <> 'running' and next_run_at is null))
    returning job_id`.execute(tx);
  return rows.length > 0;
};

/** Why not all of these can be credentials of a job of this kind; null: they can. */
export const missingCredentials = async (
  tx: Sql,
  credentialIds: readonly string[],
  kind: JobKind,
): Promise<string | null> => {
  const { rows } = await sql<{ id: string; isKey: boolean }>`
    select credential_id as id, type = 'ssh_key' as "isKey" from credentials
    where credential_id = any(${[...credentialIds]}::uuid[])`.execute(tx);
  if (rows.length < new Set(credentialIds).size) return 'One of these credentials is not there.';
  if (kind === 'verify') return null;
  return rows.some(({ isKey }) => isKey !== (kind === 'ssh_key_change'))
    ? 'SSH keys are changed by ssh_key_change, and everything else by password_change.'
    : null;
};
