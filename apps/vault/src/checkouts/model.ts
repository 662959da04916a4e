import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Author } from '../audit/index.ts';
import type { Credential } from '../credentials/index.ts';
import type { VaultParts } from '../parts.ts';
import type { ListEntry } from './entries.ts';

/** What can be checked out: the account of a system, or an entry of a shared list. */
export type Subject =
  | { readonly kind: 'stored'; readonly credential: Credential }
  | { readonly kind: 'shared'; readonly entry: ListEntry };

/** Somebody has a secret, from check-out to check-in. Never the secret itself. */
export interface Checkout {
  readonly checkoutId: string;
  readonly credentialId: string | null;
  readonly entryId: string | null;
  readonly identityId: string;
  /** Name of the identity. */
  readonly holder: string;
  readonly impersonatorId: string | null;
  /** Chosen by whoever checks out, so that asking again is not a second one. */
  readonly leaseId: string | null;
  /** The first one of several that stand beside each other. */
  readonly isExclusive: boolean;
  readonly comment: string;
  /** From the request to the rotation. */
  readonly correlationId: string;
  readonly checkedOutAt: Date;
  readonly expiresAt: Date;
  readonly checkedInAt: Date | null;
  readonly endedBy: EndedBy | null;
}

export type EndedBy = 'check-in' | 'expiry' | 'administrator';

export interface CheckOutInput {
  readonly subject: Subject;
  /** Why, in the words of whoever asks. */
  readonly comment: string;
  /** Null: two hours; more than a day is a day. */
  readonly minutes: number | null;
  readonly leaseId: string | null;
}

export interface CheckedOut {
  readonly checkout: Checkout;
  readonly secret: Secret;
}

/** Has a password changed once nobody has it any more. */
export interface Rotation {
  /** Makes a spin where the credential is auto-spin; answers its job, or null. In the transaction of the check-in. */
  afterCheckIn(tx: Sql, parts: VaultParts, credential: Credential, by: Author): Promise<number | null>;
}
