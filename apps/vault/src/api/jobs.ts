import { z } from 'zod';
import { Comment, credentialTypes, When } from './words.ts';

export const jobKinds = ['password_change', 'ssh_key_change', 'verify'] as const;
export const jobStates = ['waiting', 'running', 'succeeded', 'failed', 'partial', 'cancelled'] as const;
/** `idle`: nothing is due. */
export const targetStates = ['idle', 'waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** How a job does it. */
export const JobSettings = z.strictObject({
  /** What happens to a credential that somebody has checked out: it waits for the check-in, is left out, or is changed all the same. */
  ifCheckedOut: z.enum(['wait', 'cancel', 'change']).default('wait'),
  /** Attempts at most, of each run and credential. */
  attempts: z.number().int().min(1).max(50).default(8),
  /** Seconds until the second attempt; each further wait is twice as long, up to an hour. */
  firstRetrySeconds: z.number().int().min(1).max(3_600).default(30),
});

const time = { hour: z.number().int().min(0).max(23), minute: z.number().int().min(0).max(59) };

/** When a job runs. All times are UTC. */
export const Schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('now') }),
  z.strictObject({ kind: z.literal('at'), at: When }),
  z.strictObject({ kind: z.literal('every'), minutes: z.number().int().min(5).max(525_600) }),
  z.strictObject({ kind: z.literal('daily'), ...time }),
  /** 0 is Sunday. */
  z.strictObject({ kind: z.literal('weekly'), day: z.number().int().min(0).max(6), ...time }),
  /** In a month that is shorter, on its last day. */
  z.strictObject({ kind: z.literal('monthly'), dayOfMonth: z.number().int().min(1).max(31), ...time }),
  z.strictObject({
    ...{ kind: z.literal('yearly'), month: z.number().int().min(1).max(12) },
    ...{ dayOfMonth: z.number().int().min(1).max(31), ...time },
  }),
]);

export const JobInput = z.strictObject({
  kind: z.enum(jobKinds),
  /** `<username>` becomes the name of whoever makes it. */
  comment: Comment.default(''),
  schedule: Schedule.default({ kind: 'now' }),
  settings: JobSettings.prefault({}),
  credentialIds: z.array(z.uuid()).max(1_000, 'At most 1000 credentials.').default([]),
  /** Makes it a template for credentials of this type: never run, others are made from it. */
  templateFor: z.enum(credentialTypes).optional(),
});

/** GET /api/jobs → list(Job), newest first; `templates=true` lists those. */
export const Job = z.object({
  jobId: z.number().int(),
  kind: z.enum(jobKinds),
  /** The type of credential that a template is for; null: it is a job. */
  templateFor: z.string().nullable(),
  templateJobId: z.number().int().nullable(),
  comment: z.string(),
  settings: JobSettings,
  schedule: Schedule,
  state: z.enum(jobStates),
  /** Null: nothing is due any more. */
  nextRunAt: When.nullable(),
  createdBy: z.string(),
  createdAt: When,
});

/** GET /api/jobs/:jobId: how every credential of it stands, and what was said, newest first. */
export const JobDetail = Job.extend({
  targets: z.array(
    z.object({
      credentialId: z.uuid(),
      systemName: z.string(),
      namespace: z.string(),
      accountName: z.string(),
      state: z.enum(targetStates),
      attempt: z.number().int(),
      message: z.string(),
      nextAttemptAt: When.nullable(),
      finishedAt: When.nullable(),
    }),
  ),
  messages: z.array(
    z.object({
      at: When,
      level: z.enum(['info', 'warning', 'error']),
      credentialId: z.uuid().nullable(),
      text: z.string(),
    }),
  ),
});

/** What was made of a request to change or to verify one credential. */
export const JobMade = z.object({ jobId: z.number().int() });
