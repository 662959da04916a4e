import type { z } from 'zod';
import type { jobKinds, jobStates, JobSettings as Settings, Schedule as Times, targetStates } from '../api/jobs.ts';
import type { Author } from '../audit/index.ts';

export type JobKind = (typeof jobKinds)[number];
export type JobState = (typeof jobStates)[number];
export type TargetState = (typeof targetStates)[number];
export type JobSettings = z.output<typeof Settings>;
export type Schedule = z.output<typeof Times>;

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
