import { z } from 'zod';
import type { Author } from '../audit/index.ts';

export const jobKinds = ['password_change', 'ssh_key_change', 'verify'] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ['waiting', 'running', 'succeeded', 'failed', 'partial', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** `idle`: nothing is due. */
export const targetStates = ['idle', 'waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type TargetState = (typeof targetStates)[number];

/** How a job does it. */
export const JobSettings = z.strictObject({
  /** What happens to a credential that somebody has checked out: it waits for the check-in, is left out, or is changed all the same. */
  ifCheckedOut: z.enum(['wait', 'cancel', 'change']).default('wait'),
  /** Attempts at most, of each run and credential. */
  attempts: z.number().int().min(1).max(50).default(8),
  /** Seconds until the second attempt; each further wait is twice as long, up to an hour. */
  firstRetrySeconds: z.number().int().min(1).max(3_600).default(30),
});
export type JobSettings = z.output<typeof JobSettings>;

const time = { hour: z.number().int().min(0).max(23), minute: z.number().int().min(0).max(59) };

/** When a job runs. All times are UTC. */
export const Schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('now') }),
  z.strictObject({ kind: z.literal('at'), at: z.iso.datetime() }),
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
export type Schedule = z.output<typeof Schedule>;

export interface Job {
  readonly jobId: number;
  readonly kind: JobKind;
  readonly isTemplate: boolean;
  /** The type of credential that a template is for. */
  readonly credentialType: string | null;
  readonly templateJobId: number | null;
  readonly comment: string;
  readonly settings: JobSettings;
  readonly schedule: Schedule;
  readonly state: JobState;
  readonly nextRunAt: Date | null;
  readonly author: Author;
  readonly createdAt: Date;
  readonly version: number;
}

/** The first time of a schedule after a moment; null: never again. What was missed is run once, not as often as it was. */
export const nextRunAfter = (schedule: Schedule, after: Date): Date | null => {
  switch (schedule.kind) {
    case 'now':
      return null;
    case 'at': {
      const at = new Date(schedule.at);
      return at > after ? at : null;
    }
    case 'every':
      return new Date(after.getTime() + schedule.minutes * 60_000);
    case 'daily':
      return firstAfter(after, 2, (day) =>
        onDay(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate() + day, schedule),
      );
    case 'weekly': {
      const ahead = (schedule.day - after.getUTCDay() + 7) % 7;
      const date = after.getUTCDate() + ahead;
      return firstAfter(after, 2, (week) =>
        onDay(after.getUTCFullYear(), after.getUTCMonth(), date + 7 * week, schedule),
      );
    }
    case 'monthly':
      return firstAfter(after, 2, (month) => inMonth(after.getUTCFullYear(), after.getUTCMonth() + month, schedule));
    case 'yearly':
      return firstAfter(after, 2, (year) => inMonth(after.getUTCFullYear() + year, schedule.month - 1, schedule));
  }
};

/** When a job that is made now runs for the first time. */
export const firstRun = (schedule: Schedule, now: Date): Date =>
  schedule.kind === 'at' ? new Date(schedule.at) : schedule.kind === 'now' ? now : (nextRunAfter(schedule, now) ?? now);

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const firstAfter = (after: Date, most: number, at: (step: number) => Date): Date | null => {
  for (let step = 0; step < most; step++) if (at(step) > after) return at(step);
  return null;
};

const onDay = (year: number, month: number, date: number, { hour, minute }: TimeOfDay) =>
  new Date(Date.UTC(year, month, date, hour, minute));

const inMonth = (year: number, month: number, at: TimeOfDay & { readonly dayOfMonth: number }) =>
  onDay(year, month, Math.min(at.dayOfMonth, new Date(Date.UTC(year, month + 1, 0)).getUTCDate()), at);

/** The comment of a job: `<username>` stands for whoever it is made for. */
export const withUsername = (comment: string, name: string): string =>
  comment.replaceAll('<username>', name).slice(0, 1_000);
