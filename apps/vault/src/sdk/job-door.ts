import type { Sql } from '@gatehouse/database';
import type { Author } from '../audit/index.ts';
import type { Rotation } from '../checkouts/index.ts';
import type { Credential } from '../credentials/index.ts';
import type { VaultParts } from '../parts.ts';

/** What the web services ask of jobs. Rights are looked at before. */
export interface JobDoor extends Rotation {
  /** A change of the password now, by the policy of the credential. Answers the id of the job. */
  createSpin(
    tx: Sql,
    parts: VaultParts,
    of: { readonly credential: Credential; readonly comment: string; readonly by: Author },
  ): Promise<number>;
  /** @throws Refusal `not_found` where there is no such template, `invalid` where it is for another type */
  createJobFromTemplate(
    tx: Sql,
    parts: VaultParts,
    of: {
      readonly templateJobId: number;
      readonly credential: Credential;
      /** Null: now. */
      readonly runAt: Date | null;
      readonly comment: string;
      readonly by: Author;
    },
  ): Promise<number>;
  createPasswordChangeJob(
    tx: Sql,
    parts: VaultParts,
    of: {
      readonly credentials: readonly Credential[];
      readonly schedule: JobSchedule;
      readonly comment: string;
      readonly by: Author;
    },
  ): Promise<number>;
  /** Null: there is none. */
  findJob(tx: Sql, jobId: number): Promise<FoundJob | null>;
  listTemplateJobs(tx: Sql): Promise<readonly TemplateJob[]>;
}

/** When a job runs, in UTC. */
export type JobSchedule =
  | { readonly kind: 'now' }
  | { readonly kind: 'at'; readonly at: string }
  | { readonly kind: 'monthly'; readonly dayOfMonth: number; readonly hour: number; readonly minute: number }
  | {
      readonly kind: 'yearly';
      readonly month: number;
      readonly dayOfMonth: number;
      readonly hour: number;
      readonly minute: number;
    };

export interface FoundJob {
  readonly jobId: number;
  readonly kind: string;
  readonly state: string;
  readonly comment: string;
  readonly nextRunAt: Date | null;
  readonly targets: readonly {
    readonly credentialId: string;
    readonly systemName: string;
    readonly accountName: string;
    readonly state: string;
    readonly message: string;
    readonly finishedAt: Date | null;
  }[];
}

export interface TemplateJob {
  readonly jobId: number;
  readonly credentialType: string;
  readonly comment: string;
}
