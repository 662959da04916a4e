import type { Sql } from '@gatehouse/database';
import { JobSettings as Settings } from '../api/jobs.ts';
import type { Author } from '../audit/index.ts';
import type { Credential } from '../credentials/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { firstRun, type JobKind, type JobSettings, type Schedule, withUsername } from './model.ts';
import { findJob, insertJob, listTargets, listTemplates } from './store.ts';

type DoorParts = Pick<VaultParts, 'clock'>;

/** A job that others ask for, in their transaction. Rights are theirs to look at. */
export interface JobOrder {
  readonly comment: string;
  /** Who asks for it; `<username>` in the comment becomes that name. */
  readonly by: Author;
}

/** A change of one credential now, once nobody has it checked out any more. Answers the number of the job. */
export const createSpin = (
  tx: Sql,
  parts: DoorParts,
  { credential, comment, by }: JobOrder & { readonly credential: Credential },
): Promise<number> =>
  createJob(tx, parts, {
    ...{ comment, by, schedule: { kind: 'now' }, settings: {}, credentialIds: [credential.credentialId] },
    kind: kindFor(credential),
  });

/** After a check-in: a spin where the credential is set to it, and made by the vault. Null: it is not. */
export const afterCheckIn = async (
  tx: Sql,
  parts: DoorParts,
  credential: Credential,
  by: Author,
): Promise<number | null> =>
  credential.autoSpin && credential.isRandom
    ? await createSpin(tx, parts, { credential, comment: 'Changed after check-in by <username>', by })
    : null;

/** A job like a template, for one credential. @throws Refusal `not_found`, `invalid` where the template is for another type */
export const createJobFromTemplate = async (
  tx: Sql,
  parts: DoorParts,
  order: JobOrder & { readonly templateJobId: number; readonly credential: Credential; readonly runAt: Date | null },
): Promise<number> => {
  const { templateJobId, credential, runAt, by, comment } = order;
  const template = await findJob(tx, templateJobId);
  if (!template?.isTemplate) throw new Refusal('not_found', `There is no template job ${templateJobId}.`);
  if (template.credentialType !== credential.type)
    throw new Refusal(
      'invalid',
      `TemplateJobID: the template ${templateJobId} is for credentials of the type ${template.credentialType}, not ${credential.type}.`,
    );
  const schedule: Schedule = runAt === null ? { kind: 'now' } : { kind: 'at', at: runAt.toISOString() };
  return createJob(tx, parts, {
    ...{ kind: template.kind, schedule, settings: template.settings, by, templateJobId },
    ...{ comment: comment === '' ? template.comment : comment, credentialIds: [credential.credentialId] },
  });
};

/** Any job. What `settings` leaves out has its usual value. */
export const createJob = async (
  tx: Sql,
  { clock }: DoorParts,
  of: JobOrder & {
    readonly kind: JobKind;
    readonly schedule: Schedule;
    readonly settings: Partial<JobSettings>;
    readonly credentialIds: readonly string[];
    readonly templateJobId?: number;
    /** Left out: a job, not a template. */
    readonly credentialType?: string;
  },
): Promise<number> => {
  const { kind, schedule, by, comment, credentialIds, templateJobId = null, credentialType = null } = of;
  const at = clock.now();
  return insertJob(
    tx,
    {
      ...{ kind, schedule, author: by, credentialIds, templateJobId, credentialType },
      ...{ settings: Settings.parse(of.settings), comment: withUsername(comment, by.name) },
      nextRunAt: credentialType === null ? firstRun(schedule, at) : null,
    },
    at,
  );
};

const kindFor = ({ type }: Credential): JobKind => (type === 'ssh_key' ? 'ssh_key_change' : 'password_change');

/** A change of several credentials, once or again and again. */
export const createPasswordChangeJob = (
  tx: Sql,
  parts: DoorParts,
  {
    credentials,
    schedule,
    comment,
    by,
  }: JobOrder & { readonly credentials: readonly Credential[]; readonly schedule: Schedule },
): Promise<number> =>
  createJob(tx, parts, {
    ...{ kind: 'password_change', schedule, settings: {}, comment, by },
    credentialIds: credentials.map(({ credentialId }) => credentialId),
  });

export type JobDoor = typeof jobDoor;
/** What everything else of the vault asks of jobs, in its own transaction and with its own look at rights. */
export const jobDoor = {
  ...{ createSpin, afterCheckIn, createJobFromTemplate, createPasswordChangeJob },
  async findJob(tx: Sql, jobId: number) {
    const job = await findJob(tx, jobId);
    return job && !job.isTemplate ? { ...job, targets: await listTargets(tx, jobId) } : null;
  },
  listTemplateJobs: async (tx: Sql) =>
    (await listTemplates(tx)).flatMap(({ jobId, credentialType, comment }) =>
      credentialType === null ? [] : [{ jobId, credentialType, comment }],
    ),
};
