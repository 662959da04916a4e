import { Fault, type FaultKind } from '@gatehouse/kernel';
import { bounded, redact } from '../redact.ts';

/** What went wrong, for decisions; a Fault's kind is too coarse for them and its words are for people. */
export type SshProblem =
  /** No connection: wrong address, firewall, nothing listening, no SSH. */
  | 'no connection'
  /** The host showed another key than the pinned ones, or the caller said no to it. */
  | 'host key'
  /** The host refused exactly this proof. */
  | 'refused'
  /** The host does not take this kind of proof from this account. */
  | 'no method'
  /** The host let the account in before it saw any proof. */
  | 'no proof asked'
  /** The password must be changed before anything else. */
  | 'expired'
  /** The host says that the account is locked. */
  | 'locked'
  /** The host took the proof but not the account: expired, or not allowed to sign in. */
  | 'account'
  /** The host closed the connection as soon as it had seen the proof, without a word. */
  | 'closed'
  /** The host asked something that nobody here answers. */
  | 'question'
  /** The private key cannot be read with this passphrase. */
  | 'unreadable key'
  /** The host does not give this: a terminal, a command, file transfer. */
  | 'not given'
  | 'cut'
  | 'timeout'
  | 'too much'
  /** A refused file operation. */
  | 'no such file'
  | 'file';

/** A failure over SSH, with what decides what is done next. */
export class SshFault extends Fault {
  readonly problem: SshProblem;

  constructor(
    of: { kind: FaultKind; advice: string; detail: string; problem: SshProblem },
    options?: { cause?: unknown },
  ) {
    super(of.kind, of.advice, bounded(of.detail), options);
    this.problem = of.problem;
  }
}

/** The problem behind an error; null for any other error. */
export const sshProblemOf = (error: unknown): SshProblem | null => (error instanceof SshFault ? error.problem : null);

/** Makes the faults of one connection; what the other side said is masked by `secrets` and bounded. */
export interface SshFaults {
  of(problem: SshProblem, detail: string): SshFault;
  /** Text of the other side, fit for a detail. */
  safe(text: string): string;
}

export const sshFaults = (of: { system: string; place: string; secrets: readonly string[] }): SshFaults => {
  const { system, place, secrets } = of;
  const safe = (text: string) => bounded(redact(text, secrets), 500);
  return {
    safe,
    of(problem, detail) {
      const [kind, advice] = meanings[problem];
      return new SshFault({ kind, advice: advice(system, place), detail: `${place}: ${safe(detail)}`, problem });
    },
  };
};

type Meaning = readonly [FaultKind, (system: string, place: string) => string];

const meanings: Readonly<Record<SshProblem, Meaning>> = {
  'no connection': [
    'unreachable',
    (system, place) =>
      `${system} did not answer by SSH at ${place}. Check the address, the port, and any firewall between here and there.`,
  ],
  'host key': [
    'misconfigured',
    (system) => `${system} showed another host key than the one that is trusted, so nothing was sent to it.`,
  ],
  refused: ['unauthorized', (system) => `${system} refused the account or its proof. Check both.`],
  'no method': [
    'misconfigured',
    (system) =>
      `${system} does not let this account sign in in this way. Allow it in its SSH server, or choose another.`,
  ],
  'no proof asked': [
    'misconfigured',
    (system) => `${system} lets this account in without any proof. Give it a password or a key there.`,
  ],
  expired: [
    'forbidden',
    (system) => `The account's password at ${system} has expired, or must be changed before it is let in.`,
  ],
  locked: ['forbidden', (system) => `${system} has locked the account. Unlock it there, or wait until that is over.`],
  account: [
    'forbidden',
    (system) =>
      `${system} does not let this account in whatever its proof is. It has expired there, or may not sign in from here.`,
  ],
  closed: [
    'unreachable',
    (system) =>
      `${system} closed the connection in the middle of the sign-in. The account may have no right to sign in from here, or the connection was lost.`,
  ],
  question: [
    'misconfigured',
    (system) => `${system} asked the account for more than a password. Let it sign in with its password alone.`,
  ],
  'unreadable key': [
    'misconfigured',
    () => 'The private key cannot be read. Check that it is whole, and that the passphrase is the right one.',
  ],
  'not given': ['forbidden', (system) => `${system} let the account in but does not give it what was asked for.`],
  cut: ['unreachable', (system) => `The connection to ${system} was lost.`],
  timeout: ['unreachable', (system) => `${system} did not finish in time.`],
  'too much': ['unexpected', (system) => `${system} sent more than is taken in.`],
  'no such file': ['misconfigured', (system) => `${system} has no such file or folder.`],
  file: ['unexpected', (system) => `${system} refused a file operation. The log of this server says why.`],
};
