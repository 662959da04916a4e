import type { receiverFormats, receiverTransports } from '../api/receivers.ts';

/** Where lines of the audit go, and how. */
export interface Way {
  readonly transport: (typeof receiverTransports)[number];
  readonly host: string;
  readonly port: number;
  readonly format: (typeof receiverFormats)[number];
  /** PEM; null: those of this machine. */
  readonly certificateAuthorities: string | null;
}

/** A receiver of syslog that gets every entry of the audit. */
export interface Receiver extends Way {
  readonly receiverId: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The newest entry that it has. */
  readonly acknowledgedSeq: number;
  readonly acknowledgedAt: Date | null;
  /** Failures in a row. */
  readonly attempt: number;
  readonly advice: string | null;
  readonly nextAttemptAt: Date | null;
}

const firstWaitMs = 2_000;
const longestWaitMs = 300_000;

/** How long after so many failures in a row it is left alone. */
export const waitAfter = (failures: number): number =>
  Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 20));
