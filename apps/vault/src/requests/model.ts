import type { Credential } from '../credentials/index.ts';

export const requestStates = ['pending', 'granted', 'denied', 'expired', 'withdrawn', 'used'] as const;
export type RequestState = (typeof requestStates)[number];

/**
 * `use`: to check out without the right to view. `reveal`: to see a password on a page, for those who may view it; it
 * takes a second person, whatever rights there are.
 */
export type RequestPurpose = 'use' | 'reveal';

/** Somebody asks for a password, and somebody else decides. */
export interface PasswordRequest {
  readonly requestId: string;
  readonly credentialId: string;
  readonly identityId: string;
  /** Name of the identity. */
  readonly asker: string;
  /** The program that asked in its name; null: it asked itself. */
  readonly impersonatorId: string | null;
  readonly purpose: RequestPurpose;
  readonly leaseId: string | null;
  readonly comment: string;
  /** For how long it wants the password. */
  readonly minutes: number;
  readonly state: RequestState;
  /** Name of whoever decided, and why; null: nobody did. */
  readonly decidedBy: string | null;
  readonly decision: string | null;
  readonly correlationId: string;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly expiresAt: Date;
}

/** What somebody asks for. */
export interface RequestInput {
  readonly credential: Credential;
  readonly purpose: RequestPurpose;
  readonly leaseId: string | null;
  readonly comment: string;
  /** Null: two hours. */
  readonly minutes: number | null;
}

/** How long a check-out lasts where nobody says, and at most. */
export const checkOutMinutes = { standard: 120, most: 1_440 } as const;
/** How long somebody may decide, and how long what was granted may be used. */
export const requestMinutes = { pending: 1_440, granted: 240 } as const;
/** So many may be open for one identity. */
export const mostOpen = 100;
