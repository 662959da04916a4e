import type { Fault, FaultKind } from '@gatehouse/kernel';
import { z } from 'zod';
import { FaultWords as Words } from '../api/connections.ts';

export type FaultWords = z.output<typeof Words>;

/** A fault as it is kept: nothing of its detail, which is for the log only. */
export const KeptFault = z.object({
  kind: Words.shape.kind,
  advice: z.string(),
  at: z.string().optional(),
  /** Our own storage failed, not the system. */
  ours: z.boolean().optional(),
});
export type KeptFault = z.output<typeof KeptFault>;

export const keepFault = (fault: Fault, at: Date): KeptFault => ({
  kind: fault.kind,
  advice: fault.advice.slice(0, 2_000),
  at: at.toISOString(),
});

/** What failed: the whole connection (no stream), or one of its streams by its title. */
export interface Failed {
  readonly system: string;
  readonly stream: string | null;
}

/** The three sentences that people read about a fault. */
export const toFaultWords = (fault: KeptFault, failed: Failed): FaultWords => ({
  kind: fault.kind,
  happened: fault.ours ? 'What was read could not be stored.' : happened[fault.kind](failed.system, failed.stream),
  means: fault.ours ? interrupted : means(fault.kind, failed.stream),
  advice: fault.advice,
});

const interrupted =
  'The run stopped at the last page that was stored, and the next one continues there. Nothing was deleted.';

const happened: Readonly<Record<FaultKind, (system: string, stream: string | null) => string>> = {
  misconfigured: (system) => `The settings of this connection do not fit ${system}.`,
  unauthorized: (system) => `${system} refused the credentials.`,
  forbidden: (system, stream) =>
    stream
      ? `${system} does not let these credentials read "${stream}".`
      : `${system} accepts the credentials but does not let them read.`,
  unsupported: (system, stream) =>
    stream ? `"${stream}" cannot be read from here.` : `${system} cannot be read from here.`,
  throttled: (system) => `${system} asked us to slow down for longer than a run may wait.`,
  unreachable: (system, stream) =>
    stream ? `${system} stopped answering while "${stream}" was read.` : `${system} did not answer.`,
  unexpected: (system, stream) =>
    stream
      ? `Reading "${stream}" ended with something we did not expect from ${system}.`
      : `${system} answered with something we did not expect.`,
};

const means = (kind: FaultKind, stream: string | null): string => {
  const kept = 'What was read before is kept; nothing was deleted.';
  if (kind === 'unsupported' && stream !== null)
    return `Nothing is wrong with the connection. Recommendations that need "${stream}" stay blind, and say so. ${kept}`;
  if (kind === 'throttled') return `It is late, not lost: the next run continues where this one stopped. ${kept}`;
  if (stream === null) return `Nothing new was read. ${kept}`;
  return kind === 'unreachable'
    ? `"${stream}" is only partly up to date. The next run continues where this one stopped. ${kept}`
    : `"${stream}" was not brought up to date, the other streams were. ${kept}`;
};
