import { sql } from 'kysely';
import { z } from 'zod';
import type { Credential } from '../credentials/index.ts';
import { globalRightsOf, rightsOn } from '../delegation/index.ts';
import type { JobDoor, JobTarget } from '../jobs/index.ts';
import { Refusal } from '../refusal.ts';
import { findJobOfLease, rememberJob } from './lease-jobs.ts';
import { comment, leaseId, time, wholeNumber } from './members.ts';
import { findNamed, flatNaming, type Naming, toNaming } from './naming.ts';
import { answerOf, type Call, commentOf, defineOperation, done, type Operation, UtcTime } from './operation.ts';
import { MadeJob, passwordChangeOperation } from './password-change.ts';

const JobID = wholeNumber(1, 2_147_483_647).refine((id) => id !== null, 'is missing');
const Spin = z.object({ ...flatNaming, Comment: comment, LeaseID: leaseId });

const JobOnSystem = answerOf('JobOnSystem', {
  ...{ SystemName: z.string(), AccountName: z.string(), State: z.string(), Message: z.string() },
  FinishedUTC: UtcTime.nullable(),
});
const Job = answerOf('Job', {
  ...{ JobID: z.int(), Kind: z.string(), State: z.string(), Comment: z.string(), NextRunUTC: UtcTime.nullable() },
  Systems: z.array(JobOnSystem),
});
const TemplateJob = answerOf('TemplateJob', {
  ...{ JobID: z.int(), CredentialType: z.string().nullable(), Comment: z.string() },
});

/** Jobs that change passwords. They take the right *Spin* on each credential. */
export const jobOperations = (jobs: JobDoor): readonly Operation[] => [
  defineOperation({
    name: 'AccountStoreOps_StoredCredential_Spin',
    summary: 'Change the password of an account now',
    body: Spin,
    answer: MadeJob,
    perform: async (call, body) => {
      const credential = await findSpinnable(call, toNaming(body));
      const made = await once(call, credential, { leaseId: body.LeaseID, templateJobId: null }, () =>
        jobs.createSpin(call.tx, call.parts, {
          credential,
          comment: commentOf(call, body.Comment),
          by: call.acting.by,
        }),
      );
      return { ...done, JobID: made };
    },
  }),
  defineOperation({
    name: 'JobOps_CreateJobFromTemplate',
    summary: 'Make a job for an account from a template',
    body: Spin.extend({ TemplateJobID: JobID, RunAtUTC: time }),
    answer: MadeJob,
    perform: async (call, body) => {
      const credential = await findSpinnable(call, toNaming(body));
      const templateJobId = body.TemplateJobID ?? 0;
      const made = await once(call, credential, { leaseId: body.LeaseID, templateJobId }, () =>
        jobs.createJobFromTemplate(call.tx, call.parts, {
          ...{ templateJobId, credential, runAt: body.RunAtUTC, comment: commentOf(call, body.Comment) },
          by: call.acting.by,
        }),
      );
      return { ...done, JobID: made };
    },
  }),
  passwordChangeOperation(jobs),
  defineOperation({
    name: 'JobOps_GetJob',
    summary: 'How a job stands',
    body: z.object({ JobID }),
    answer: Job,
    perform: async (call, body) => {
      const job = await jobs.findJob(call.tx, body.JobID ?? 0);
      const seen = job === null ? [] : await seenBy(call, job.targets);
      if (!job || seen.length === 0) throw new Refusal('not_found', 'There is no such job, or you may not see it.');
      return {
        ...{ JobID: job.jobId, Kind: job.kind, State: job.state, Comment: job.comment },
        NextRunUTC: job.nextRunAt?.toISOString() ?? null,
        Systems: seen.map((one) => ({
          ...{ SystemName: one.systemName, AccountName: one.accountName, State: one.state, Message: one.message },
          FinishedUTC: one.finishedAt?.toISOString() ?? null,
        })),
      };
    },
  }),
  defineOperation({
    name: 'JobOps_ListTemplateJobs',
    summary: 'List the jobs that others are made from',
    body: z.object({}),
    answer: answerOf('TemplateJobs', { ListValues: z.array(TemplateJob) }),
    perform: async (call) => {
      if (!(await maySpinAnything(call))) return { ListValues: [] };
      const templates = await jobs.listTemplateJobs(call.tx);
      return {
        ListValues: templates.slice(0, 1_000).map(({ jobId, credentialType, comment: words }) => ({
          ...{ JobID: jobId, CredentialType: credentialType, Comment: words },
        })),
      };
    },
  }),
];

/** @throws Refusal `not_found`, `not_permitted` */
const findSpinnable = async (call: Call, naming: Naming): Promise<Credential> => {
  const { credential, rights } = await findNamed(call.tx, call.acting, naming);
  if (rights.spin) return credential;
  throw new Refusal('not_permitted', `${call.acting.actor.identity.name} needs the right Spin on this credential.`);
};

/** The job that was made for this lease before, or a new one. */
const once = async (
  { tx }: Call,
  { credentialId }: Credential,
  of: { readonly leaseId: string | null; readonly templateJobId: number | null },
  make: () => Promise<number>,
): Promise<number> => {
  if (of.leaseId === null) return make();
  const lease = { leaseId: of.leaseId, credentialId, templateJobId: of.templateJobId };
  const before = await findJobOfLease(tx, lease);
  if (before !== null) return before;
  const jobId = await make();
  await rememberJob(tx, { ...lease, jobId });
  return jobId;
};

/** Those of its accounts that the actor may spin, or all with All Access. */
const seenBy = async (
  { tx, acting: { actor } }: Call,
  targets: readonly JobTarget[],
): Promise<readonly JobTarget[]> => {
  const global = await globalRightsOf(tx, actor);
  if (global.allAccess) return targets;
  const { rows } = await sql<{ id: string }>`
    select r.credential_id as id from ${rightsOn(actor, global)} r
    where r.spin and r.credential_id = any(${targets.map(({ credentialId }) => credentialId)}::uuid[])`.execute(tx);
  const may = new Set(rows.map(({ id }) => id));
  return targets.filter(({ credentialId }) => may.has(credentialId));
};

const maySpinAnything = async ({ tx, acting: { actor } }: Call): Promise<boolean> => {
  const global = await globalRightsOf(tx, actor);
  const { rows } = await sql<{ may: boolean }>`
    select ${global.allAccess} or exists (select from ${rightsOn(actor, global)} r where r.spin) as may`.execute(tx);
  return rows[0]?.may ?? false;
};
