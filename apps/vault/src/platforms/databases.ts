import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { Fault } from '@gatehouse/kernel';
import type { ManagedSystem } from './platform.ts';

/** How long a database may take to connect, and to answer. */
export const connectMs = 10_000;
export const answerMs = 20_000;

/** Where to connect to: the address that the caller checked, or the name. */
export const hostOf = ({ address, addresses }: ManagedSystem): string => addresses?.[0] ?? address;

/** What a database's certificate must be; null where an administrator chose to go without. */
export const tlsOf = ({ name, address, trust }: ManagedSystem): ConnectionOptions | null => {
  if (trust.kind === 'unencrypted') return null;
  if (trust.kind !== 'certificate')
    throw new Fault('misconfigured', `${name} is a database, which is trusted by a certificate, not by a host key.`);
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(trust.authorities !== null && { ca: trust.authorities }),
    // By the name that was entered, whatever address it leads to.
    checkServerIdentity: (_, certificate) => checkServerIdentity(address, certificate),
  };
};

/** A connection that could not be made, or that broke. */
export const connectionFault = (system: ManagedSystem, error: unknown): Fault => {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const { name } = system;
  if (/CERT|ALTNAME|ISSUER|SIGNATURE|SSL|TLS|EPROTO/.test(code))
    return new Fault(
      'misconfigured',
      `The certificate of ${name} is not one that is trusted for this address, so no password was sent.`,
      code,
    );
  return new Fault(
    'unreachable',
    `${name} did not answer. Check the address, the port, and any firewall between here and there.`,
    code === '' ? 'the connection was lost' : code,
  );
};

/** The code of a network or TLS error; an empty text where there is none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The name of an account of a database, which is quoted besides. */
export const databaseName = (mostBytes: number) => ({
  shape: new RegExp(`^(?!-)[^"'\`\\\\\\p{Cc}]{1,${mostBytes}}$`, 'u'),
  words: `1 to ${mostBytes} characters without quotation marks, backslashes and control characters, not beginning with a dash.`,
});

/** Runs `work` until the signal ends it; `stop` breaks the connection then. */
export const untilAborted = async <T>(signal: AbortSignal, stop: () => void, work: () => Promise<T>): Promise<T> => {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => {
    aborted.reject(signal.reason);
    stop();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};
