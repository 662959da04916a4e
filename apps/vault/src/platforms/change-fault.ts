import { sshProblemOf } from '@gatehouse/host';
import { Fault, type FaultKind, toFault } from '@gatehouse/kernel';

/** A change that did not end well. */
export class ChangeFault extends Fault {
  /** `not-made`: the old proof is surely still the one. `unknown`: either may be; both must be tried. */
  readonly outcome: 'not-made' | 'unknown';
  /** What was refused, where that is known: the new proof (by its policy), or whoever makes the change. */
  readonly refused: 'next' | 'by' | null;

  constructor(outcome: ChangeFault['outcome'], of: Fault, refused: ChangeFault['refused'] = null) {
    super(of.kind, of.advice, of.detail, { cause: of.cause });
    this.outcome = outcome;
    this.refused = refused;
  }
}

/** The new proof was refused; `said` is the system's reason, without secrets. */
export const refusedNext = (system: string, said: string): ChangeFault =>
  new ChangeFault(
    'not-made',
    new Fault('misconfigured', `${system} refused the new password${reasonOf(said)}`),
    'next',
  );

/** Whoever makes the change may not, or was refused. */
export const refusedBy = (kind: FaultKind, advice: string, detail: string): ChangeFault =>
  new ChangeFault('not-made', new Fault(kind, advice, detail), 'by');

/**
 * Runs a change. Until `work` calls `sending` nothing was made, whatever goes wrong; from there on nobody knows, unless
 * `work` throws a ChangeFault of its own.
 */
export const changing = async (work: (sending: () => void) => Promise<void>): Promise<void> => {
  let isSent = false;
  try {
    await work(() => {
      isSent = true;
    });
  } catch (error) {
    if (error instanceof ChangeFault) throw error;
    // The command never began.
    const began = isSent && sshProblemOf(error) !== 'not given';
    const wasRefused = sshProblemOf(error) === 'refused' || (error instanceof Fault && error.kind === 'unauthorized');
    throw new ChangeFault(began ? 'unknown' : 'not-made', toFault(error), !began && wasRefused ? 'by' : null);
  }
};

const reasonOf = (said: string): string => {
  const text = said.replace(/\s+/g, ' ').trim().slice(0, 200);
  return text === '' ? '.' : `: ${text}`;
};
