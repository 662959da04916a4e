import { Fault } from '@gatehouse/kernel';
import { EcmError, type ErrorKind, toFaultKind } from '@gatehouse/remote-access/ecm';
import type { EcmConnection } from './connection.ts';
import type { EcmIdentity } from './model.ts';

/** The ECMs that are connected to this copy of the program, the one connected longest first. */
export interface Connections {
  readonly all: readonly EcmConnection[];
  add(connection: EcmConnection): void;
  remove(connection: EcmConnection): void;
  /** Those of a group that may be asked; null: those in no group. */
  ofGroup(group: number | null): readonly EcmConnection[];
  /** Those that may be asked and call themselves so. */
  named(ecm: EcmIdentity): readonly EcmConnection[];
}

export const createConnections = (): Connections => {
  const all: EcmConnection[] = [];
  return {
    all,
    add: (connection) => void all.push(connection),
    remove(connection) {
      const at = all.indexOf(connection);
      if (at >= 0) all.splice(at, 1);
    },
    ofGroup: (group) => all.filter(({ isReady, account }) => isReady && account.ecmGroupId === group),
    named: ({ accountId, name }) =>
      all.filter(
        ({ isReady, identity }) =>
          isReady && identity !== null && identity.accountId === accountId && identity.name === name,
      ),
  };
};

/** After these another ECM may do better. */
const othersMayDoBetter: ReadonlySet<ErrorKind> = new Set([
  ...['deadline', 'disconnected', 'busy', 'not_ready'],
  ...['unreachable', 'misconfigured', 'internal'],
] as const);

export interface TurnOptions {
  readonly totalMs: number;
  readonly turnMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the ECM connected longest, and the next one where it fails, for as long as a person can be expected to wait.
 * `ask` is given what is left for it. @throws Fault of the last one that was asked, or that there is none
 */
export const askInTurn = async <T>(
  candidates: () => readonly EcmConnection[],
  { totalMs, turnMs, signal }: TurnOptions,
  ask: (ecm: EcmConnection, deadlineMs: number) => Promise<T>,
): Promise<T> => {
  const ends = performance.now() + totalMs;
  const asked = new Set<EcmConnection>();
  let failure: EcmError | null = null;
  for (;;) {
    const [ecm, ...others] = candidates().filter((one) => !asked.has(one));
    const left = Math.floor(ends - performance.now());
    if (ecm === undefined || left < 1) throw failure === null ? noEcm() : toFault(failure);
    asked.add(ecm);
    try {
      return await ask(ecm, others.length > 0 ? Math.min(turnMs, left) : left);
    } catch (error) {
      if (!(error instanceof EcmError)) throw error;
      if (signal.aborted || !othersMayDoBetter.has(error.kind)) throw toFault(error);
      failure = error;
    }
  }
};

const noEcm = () =>
  new Fault(
    'unreachable',
    'No ECM is connected, so no credentials can be had from a vault. An administrator sees which ones are in Status > Information.',
  );

const toFault = ({ kind, advice, message }: EcmError): Fault => {
  const words: Partial<Record<ErrorKind, string>> = {
    deadline: 'The vault, or the ECM that asks it, did not answer in time. Try again in a moment.',
    disconnected: 'The ECM was lost while it was asked, and no other one is connected. Try again in a moment.',
  };
  // What such a failure says is for whoever runs the vault, and not for whoever wants a session.
  const told = ofVault.has(kind) ? `The vault cannot be asked at the moment. Tell an administrator: ${advice}` : advice;
  return new Fault(toFaultKind(kind), words[kind] ?? told, message);
};

const ofVault: ReadonlySet<ErrorKind> = new Set([
  ...['unreachable', 'misconfigured', 'unauthorized'],
  ...['unexpected', 'internal'],
] as const);
