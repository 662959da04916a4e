import { Fault } from '@gatehouse/kernel';
import { ChangeFault, refusedBy, refusedNext } from './change-fault.ts';
import { codeOf, connectionFault } from './databases.ts';
import type { ManagedSystem, Proof } from './platform.ts';
import { withoutSecrets } from './proofs.ts';
import { SqlServerError } from './sql-server-connection.ts';

/** Numbers of SQL Server's messages. */
export const loginFailed = 18_456;

export const numberOf = (error: unknown): number | null => (error instanceof SqlServerError ? error.number : null);

export const otherInstance = (name: string, instance: string): ChangeFault =>
  new ChangeFault(
    'not-made',
    new Fault(
      'misconfigured',
      `The port of ${name} leads to another instance than ${instance}. Enter its own, or none.`,
    ),
  );

export const signInFault = (system: ManagedSystem, error: unknown): unknown => {
  const number = numberOf(error);
  const { name } = system;
  if (number === loginFailed) return refusedBy('unauthorized', `${name} refused the password.`, String(number));
  const state = states[number ?? 0];
  if (state !== undefined) return new Fault(state[0], state[1](name), String(number));
  if (number !== null)
    return new Fault('unexpected', `${name} refused the sign-in. The log of this server says why.`, String(number));
  if (codeOf(error) === 'EENCRYPT')
    return system.trust.kind === 'unencrypted'
      ? new Fault('misconfigured', `${name} takes encrypted connections only. Trust its certificate.`, 'TLS')
      : new Fault('misconfigured', `${name} does not encrypt connections, so no password was sent.`, 'no TLS');
  return connectionFault(system, causeOf(error));
};

/** The client wraps what the network said. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && !(error instanceof Fault) && error.cause instanceof Error ? causeOf(error.cause) : error;

type State = readonly ['forbidden' | 'misconfigured' | 'unreachable', (name: string) => string];
const expired: State = [
  'forbidden',
  (name) => `The account's password at ${name} has expired, or must be changed first.`,
];
const busy: State = ['unreachable', (name) => `${name} has no connection left.`];
const starting: State = ['unreachable', (name) => `${name} is starting, stopping, or kept for one person.`];
const states: Readonly<Record<number, State>> = {
  ...{ 18487: expired, 18488: expired, 17809: busy, 17810: busy, 17300: busy, 10928: busy, 10929: busy },
  ...{ 6005: starting, 17142: starting, 17147: starting, 18401: starting, 18461: starting },
  4060: ['forbidden', (name) => `${name} does not let this account use the database master.`],
  17892: ['forbidden', (name) => `A trigger of ${name} does not let this account sign in.`],
  18452: ['misconfigured', (name) => `${name} takes accounts of Windows only, which are changed in their domain.`],
  18470: ['forbidden', (name) => `The account is disabled at ${name}.`],
  18486: ['forbidden', (name) => `The account is locked at ${name}. Unlock it there.`],
};

/** An answer in due form means that nothing was changed, unless the server ended the connection with it. */
export const changeFault = (system: ManagedSystem, error: unknown, secrets: readonly Proof[]): unknown => {
  if (error instanceof Fault) return error;
  if (!(error instanceof SqlServerError) || error.severity >= 20) return connectionFault(system, causeOf(error));
  const said = withoutSecrets(`${error.number} ${error.message}`, secrets);
  if (error.number === 15_151)
    return refusedBy(
      'forbidden',
      `${system.name} has no login of this name, or it may not be changed from this one.`,
      said,
    );
  if (error.number === 102 || error.number === 156)
    return new ChangeFault('not-made', new Fault('misconfigured', `${system.name} is not SQL Server.`, said));
  return refusedNext(system.name, said);
};
