import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

export interface LeaseJob {
  readonly leaseId: string;
  readonly credentialId: string;
  /** Null: a spin. */
  readonly templateJobId: number | null;
}

export const rememberJob = async (tx: Sql, of: LeaseJob & { readonly jobId: number }): Promise<void> => {
  await sql`insert into lease_jobs (lease_id, credential_id, template_job_id, job_id)
    values (${of.leaseId}, ${of.credentialId}, ${of.templateJobId ?? 0}, ${of.jobId}) on conflict do nothing`.execute(
    tx,
  );
};

/** Held until the transaction ends, so that a job asked for twice at once is made once; null: none was made yet. */
export const findJobOfLease = async (tx: Sql, of: LeaseJob): Promise<number | null> => {
  await sql`select from credentials where credential_id = ${of.credentialId} for no key update`.execute(tx);
  const { rows } = await sql<{ jobId: number }>`
    select job_id as "jobId" from lease_jobs where lease_id = ${of.leaseId} and credential_id = ${of.credentialId}
      and template_job_id = ${of.templateJobId ?? 0}`.execute(tx);
  return rows[0]?.jobId ?? null;
};
