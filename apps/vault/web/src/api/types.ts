import type { z } from 'zod';
import type * as audit from '../../../src/api/audit.ts';
import type * as checkouts from '../../../src/api/checkouts.ts';
import type * as credentials from '../../../src/api/credentials.ts';
import type * as platforms from '../../../src/api/custom-platforms.ts';
import type * as delegation from '../../../src/api/delegation.ts';
import type * as identities from '../../../src/api/identities.ts';
import type * as jobs from '../../../src/api/jobs.ts';
import type * as lists from '../../../src/api/lists.ts';
import type * as overview from '../../../src/api/overview.ts';
import type * as policies from '../../../src/api/policies.ts';
import type * as receivers from '../../../src/api/receivers.ts';
import type * as systems from '../../../src/api/systems.ts';

export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}
/** Lists that are not counted. */
export interface Newest<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
export interface Person {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly systemAdministrator: boolean;
  readonly twoFactor: boolean;
  readonly welcomed: boolean;
  readonly lastSignInAt: string | null;
}

export type AuditEntry = z.output<typeof audit.AuditEntry>;
export type Verdict = z.output<typeof audit.Verdict>;
export type Checkout = z.output<typeof checkouts.Checkout>;
export type MyEntry = z.output<typeof checkouts.MyEntry>;
export type PasswordRequest = z.output<typeof checkouts.PasswordRequest>;
export type Credential = z.output<typeof credentials.Credential>;
export type MyCredential = z.output<typeof credentials.MyCredential>;
export type ImportResult = z.output<typeof credentials.ImportResult>;
export type Delegation = z.output<typeof delegation.Delegation>;
export type Impersonation = z.output<typeof delegation.Impersonation>;
export type Permission = z.output<typeof delegation.Permission>;
export type Registration = z.output<typeof delegation.Registration>;
export type NewRegistration = z.output<typeof delegation.NewRegistration>;
export type Directory = z.output<typeof identities.Directory>;
export type Identity = z.output<typeof identities.Identity>;
export type NewIdentity = z.output<typeof identities.NewIdentity>;
export type Job = z.output<typeof jobs.Job>;
export type JobDetail = z.output<typeof jobs.JobDetail>;
export type Schedule = Job['schedule'];
export type SharedList = z.output<typeof lists.SharedList>;
export type ListEntry = z.output<typeof lists.ListEntry>;
export type ListDelegation = z.output<typeof lists.ListDelegation>;
export type My = z.output<typeof overview.My>;
export type Overview = z.output<typeof overview.Overview>;
export type CustomPlatform = z.output<typeof platforms.CustomPlatform>;
export type CustomRules = CustomPlatform['rules'];
export type Policy = z.output<typeof policies.Policy>;
export type PasswordRules = z.output<typeof policies.PasswordRules>;
export type PolicyPreset = z.output<typeof policies.PolicyPreset>;
export type PolicyTrial = z.output<typeof policies.PolicyTrial>;
export type Receiver = z.output<typeof receivers.Receiver>;
export type System = z.output<typeof systems.System>;
export type ManagementSet = z.output<typeof systems.ManagementSet>;
