import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import type { LogLine } from '../exchange.ts';
import { lookupAt } from '../lookup-at.ts';
import { isHost } from '../ssh/open-ssh.ts';
import { Ended } from './read-exactly.ts';
import { greet, signIn } from './sign-in.ts';
import type { Vnc, VncBounds, VncOptions } from './vnc.ts';
import { type VncProblem, vncFaults } from './vnc-faults.ts';

export interface VncSurroundings {
  /** Aborting it ends the connection, with the signal's reason while it is being made. */
  readonly signal: AbortSignal;
  /** One line for the connection; holds no secrets. */
  log?(line: LogLine): void;
}

const defaults: VncBounds = { connectMs: 10_000, signInMs: 30_000 };

/**
 * Connects, makes sure that the endpoint is the right one where it has a certificate, and signs in by the strongest way
 * that it offers. Throws a Fault; see `Vnc`.
 */
export const openVnc = async (options: VncOptions, around: VncSurroundings): Promise<Vnc> => {
  const { host, port = 5900, system, addresses, password } = options;
  const bounds = { ...defaults, ...options.bounds };
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (!isHost(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter a name or an address, and a port.`);
  const faults = vncFaults({ system, place, secrets: [password.reveal()] });
  const { signal } = around;
  signal.throwIfAborted();

  const began = performance.now();
  const lookup = addresses === undefined ? {} : { lookup: lookupAt(addresses) };
  const alive = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const socket: Duplex = options.dial ? await options.dial() : connect({ host, port, ...alive, ...lookup });
  /** How far it came, as what its loss means. */
  let lost: VncProblem = options.dial ? 'silent' : 'no connection';
  /** Why it was ended from here. */
  let over: unknown = null;
  let failure = 'closed';
  // One listener that stays: an error at any time must not end the process.
  socket.on('error', (error: Error & { code?: string }) => {
    failure = error.code ?? error.message;
  });
  socket.once('connect', () => {
    lost = 'silent';
  });
  const end = (reason: unknown) => {
    over ??= reason;
    socket.destroy();
  };
  const stop = () => end(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', stop));
  let timer = setTimeout(() => end(faults.of(lost, 'no greeting in time')), bounds.connectMs);

  const tell = (problem?: string) =>
    around.log?.({
      ...{ system, method: 'CONNECT', path: place, status: null, attempt: 1, bytes: 0 },
      tookMs: Math.round(performance.now() - began),
      ...(problem === undefined ? {} : { problem }),
    });
  try {
    const version = await greet(socket, faults);
    lost = 'cut';
    clearTimeout(timer);
    timer = setTimeout(() => end(faults.of('timeout', 'no sign-in in time')), bounds.signInMs);
    const signedIn = await signIn(socket, version, options, faults);
    // Both may happen in the same moment.
    if (over !== null) throw over;
    tell();
    return { ...signedIn, close: () => socket.destroy() };
  } catch (thrown) {
    socket.destroy();
    const cause = over ?? thrown;
    const error = cause instanceof Ended ? faults.of(lost, failure) : cause;
    tell(error instanceof Fault ? error.kind : 'ended here');
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
