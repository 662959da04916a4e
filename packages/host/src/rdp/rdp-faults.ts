import { Fault, type FaultKind } from '@gatehouse/kernel';
import { bounded } from '../redact.ts';

/** What can go wrong on the way to a desktop. */
export type RdpProblem =
  | 'no connection'
  | 'no rdp'
  | 'no tls'
  | 'refused protocol'
  | 'certificate'
  | 'stalled'
  | 'cut'
  | 'strange'
  | 'not bound'
  | 'no right'
  | 'refused'
  | 'closed'
  | 'locked'
  | 'disabled'
  | 'expired account'
  | 'expired password'
  | 'restricted'
  | 'hours'
  | 'no controller'
  | 'clock';

/** Makes the faults of one connection. */
export interface RdpFaults {
  of(problem: RdpProblem, detail: string): Fault;
  /** What the host said by an NTSTATUS when it was to let the account in. */
  status(status: number): Fault;
}

export const rdpFaults = (system: string, place: string): RdpFaults => {
  const of = (problem: RdpProblem, detail: string) => {
    const [kind, advice] = meanings[problem];
    return new Fault(kind, advice(system, place), bounded(`${place}: ${detail}`));
  };
  return { of, status: (status) => of(statuses.get(status) ?? 'refused', `NTSTATUS 0x${status.toString(16)}`) };
};

/** MS-ERREF 2.3.1, and what security packages call the same (2.1). Others say no, and no more. */
const statuses: ReadonlyMap<number, RdpProblem> = new Map([
  [0xc0000234, 'locked'],
  [0xc0000072, 'disabled'],
  [0xc0000193, 'expired account'],
  [0xc0000071, 'expired password'],
  [0xc0000224, 'expired password'],
  [0xc000006f, 'hours'],
  [0xc0000070, 'restricted'],
  [0xc000006e, 'restricted'],
  [0xc0000413, 'restricted'],
  [0xc000015b, 'no right'],
  [0xc000005e, 'no controller'],
  [0xc0000133, 'clock'],
  [0x80090324, 'clock'],
  [0x80090311, 'no controller'],
]);

type Meaning = readonly [FaultKind, (system: string, place: string) => string];

const meanings: Readonly<Record<RdpProblem, Meaning>> = {
  'no connection': [
    'unreachable',
    (system, place) =>
      `${system} did not answer at ${place}. Check the address, the port, and any firewall between here and there.`,
  ],
  'no rdp': [
    'misconfigured',
    (system, place) => `What answers at ${place} is no remote desktop. Check the address and the port of ${system}.`,
  ],
  'no tls': [
    'unsupported',
    (system) =>
      `${system} offers only the old security of remote desktops, which protects nothing. Let it take TLS or network level authentication.`,
  ],
  'refused protocol': [
    'misconfigured',
    (system) => `${system} takes neither TLS nor network level authentication from here. Check its security layer.`,
  ],
  certificate: [
    'misconfigured',
    (system) =>
      `${system} showed another key than the one that is trusted, so nothing was sent to it. If it was set up anew, trust the new key; if not, somebody is in between.`,
  ],
  stalled: ['unreachable', (system) => `${system} fell silent before it let anyone in.`],
  cut: ['unreachable', (system) => `The connection to ${system} was lost before it let anyone in.`],
  strange: [
    'unexpected',
    (system) => `${system} answered in a way that is not understood. The log of this server says more.`,
  ],
  'not bound': [
    'misconfigured',
    (system) =>
      `${system} could not prove that the key of its certificate is its own, so the password was not sent. Somebody may be in between.`,
  ],
  'no right': [
    'forbidden',
    (system) => `The account may not sign in to ${system} by remote desktop. Add it to those who may.`,
  ],
  refused: ['unauthorized', (system) => `${system} refused the account or its password. Check both.`],
  closed: [
    'unauthorized',
    (system) =>
      `${system} ended the connection when it saw the proof of the account. It has most likely refused the account or its password. Check both.`,
  ],
  locked: ['forbidden', (system) => `The account is locked at ${system}. Unlock it there, or wait until that is over.`],
  disabled: ['forbidden', (system) => `The account is disabled at ${system}. Enable it there.`],
  'expired account': ['forbidden', (system) => `The account has expired at ${system}.`],
  'expired password': [
    'forbidden',
    (system) => `The account's password at ${system} has expired, or must be changed before it is let in.`,
  ],
  restricted: ['forbidden', (system) => `${system} does not let the account in from here.`],
  hours: ['forbidden', (system) => `${system} does not let the account in at this time of day.`],
  'no controller': [
    'unreachable',
    (system) => `${system} reaches no controller of its domain that could check the password.`,
  ],
  clock: ['misconfigured', (system) => `The clocks of ${system} and of its domain are too far apart.`],
};
