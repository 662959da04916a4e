import { Fault, type FaultKind } from '@gatehouse/kernel';
import { bounded, redact } from '../redact.ts';

export type VncProblem =
  /** Wrong address, firewall, nothing listening. */
  | 'no connection'
  /** Something listens there and does not greet in time. */
  | 'silent'
  /** It speaks, but not RFB. */
  | 'no VNC'
  /** It offers no way to sign in that is spoken here. */
  | 'no way'
  /** Every way it offers asks for an account, and there is none. */
  | 'no account'
  /** It is known by its certificate and shows none. */
  | 'no certificate'
  | 'another certificate'
  | 'no encryption'
  | 'refused'
  | 'too many'
  /** It turns everybody away, or everybody from here, whatever the password. */
  | 'turned away'
  | 'cut'
  | 'timeout'
  | 'garbled';

/** Makes the faults of one connection; what the other side said is masked by `secrets` and bounded. */
export interface VncFaults {
  of(problem: VncProblem, detail: string): Fault;
}

export const vncFaults = (of: { system: string; place: string; secrets: readonly string[] }): VncFaults => {
  const { system, place, secrets } = of;
  return {
    of(problem, detail) {
      const [kind, advice] = meanings[problem];
      return new Fault(kind, advice(system, place), `${place}: ${bounded(redact(detail, secrets), 500)}`);
    },
  };
};

type Meaning = readonly [FaultKind, (system: string, place: string) => string];

const meanings: Readonly<Record<VncProblem, Meaning>> = {
  'no connection': [
    'unreachable',
    (system, place) =>
      `${system} did not answer at ${place}. Check the address, the port, and any firewall between here and there.`,
  ],
  silent: [
    'unreachable',
    (system, place) =>
      `${system} took the connection at ${place} but did not greet as a VNC server does. Check the port, and that its VNC server is well.`,
  ],
  'no VNC': [
    'misconfigured',
    (system, place) => `What answers for ${system} at ${place} is no VNC server. Check the address and the port.`,
  ],
  'no way': [
    'unsupported',
    (system) =>
      `${system} offers no way to sign in that is known here. Allow VncAuth, or VeNCrypt (X509Vnc, X509Plain), in its VNC server.`,
  ],
  'no account': [
    'misconfigured',
    (system) => `${system} asks for an account and its password. Choose a credential that has a user name.`,
  ],
  'no certificate': [
    'misconfigured',
    (system) =>
      `${system} is known by its certificate but showed none, so nothing was sent to it. If its VNC server was set up anew, forget the certificate; if not, somebody is in between.`,
  ],
  'another certificate': [
    'misconfigured',
    (system) =>
      `${system} showed another certificate than the one that is trusted, so nothing was sent to it. If it was set up anew, trust the new one; if not, somebody is in between.`,
  ],
  'no encryption': [
    'misconfigured',
    (system) => `The connection to ${system} could not be encrypted. Check TLS and the certificate of its VNC server.`,
  ],
  refused: ['unauthorized', (system) => `${system} refused the password. Check it.`],
  'too many': [
    'throttled',
    (system) =>
      `${system} takes no sign-in from here for a while, because too many have failed. Wait a few minutes, and check the password before the next one.`,
  ],
  'turned away': [
    'forbidden',
    (system) => `${system} turned the connection away. Its VNC server may not allow any from here.`,
  ],
  cut: [
    'unreachable',
    (system) =>
      `${system} closed the connection in the middle of the sign-in. It may refuse the password in this way, or the connection was lost.`,
  ],
  timeout: ['unreachable', (system) => `${system} did not finish the sign-in in time.`],
  garbled: [
    'unexpected',
    (system) => `${system} did not keep to the protocol of VNC. The log of this server says how.`,
  ],
};
