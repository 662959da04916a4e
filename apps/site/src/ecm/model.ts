import type { EcmEndpoint } from '@gatehouse/remote-access/ecm';

/** ECMs that may be connected at once: of one group of ECMs, or of those in none. */
export const mostEcms = 5;

/** Every wait of the hub, in milliseconds. */
export interface Pace {
  /** Between two rounds: this copy says that it lives, looks whether accounts may still connect, and repeats releases. */
  readonly roundMs: number;
  /** A copy that did not say that it lives for so long is gone. */
  readonly goneMs: number;
  /** A connection has to greet, and tell its leases, in this time. */
  readonly greetMs: number;
  /** What a person waits at most, all ECMs that are asked for them together. */
  readonly totalMs: number;
  /** What one ECM has where another one can be asked after it. */
  readonly turnMs: number;
  readonly releaseMs: number;
}

export const usualPace: Pace = {
  ...{ roundMs: 2_000, goneMs: 15_000, greetMs: 10_000 },
  ...{ totalMs: 4_800, turnMs: 2_000, releaseMs: 10_000 },
};

/** Which ECM has a lease: its name, as its account. A connection of it may come and go. */
export interface EcmIdentity {
  readonly accountId: number;
  readonly name: string;
}

/** Why a lease ends. */
export type Why = 'asked' | 'failed' | 'session-over' | 'expired';

export interface NewLease {
  readonly leaseId: string;
  readonly sessionId: string;
  readonly processId: string;
  readonly userId: number;
  readonly person: string;
  readonly item: { readonly type: string; readonly id: number };
  readonly endpoint: EcmEndpoint;
  readonly credential: string;
  readonly ecm: EcmIdentity;
  readonly correlationId: string;
  readonly lifetimeMs: number;
}

/** What is known of a lease that ends. */
export interface Ending {
  readonly leaseId: string;
  readonly sessionId: string;
  readonly correlationId: string;
  readonly accountId: number;
  readonly ecmName: string;
  readonly hostname: string;
  readonly tries: number;
}
