import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { Fault } from '@gatehouse/kernel';
import type { LogLine } from '../exchange.ts';
import { Malformed } from '../ldap/ber.ts';
import { lookupAt } from '../lookup-at.ts';
import { NotTaken, proveByCredSsp } from './credssp.ts';
import type { Rdp, RdpBounds, RdpOptions } from './rdp.ts';
import { type RdpFaults, rdpFaults } from './rdp-faults.ts';
import { type Secured, secure } from './secure.ts';
import { Cut, take } from './take.ts';
import { connectionRequest, packetLength, parseConfirm, protocols } from './x224.ts';

export interface RdpSurroundings {
  /** Aborting it ends the connection with the signal's reason. */
  readonly signal: AbortSignal;
  /** One line for each connection; holds no secret. */
  log?(line: LogLine): void;
}

const defaults: RdpBounds = { connectMs: 10_000, tlsMs: 15_000, signInMs: 30_000 };

/**
 * Connects, makes sure that the host is the right one, and signs in where the host takes credentials before it shows
 * anything; where it does not, it is for the caller to hand them over. Until the host's key is settled nothing is sent
 * that concerns the account. Throws a Fault: `unreachable`, `unauthorized`, `forbidden`, `misconfigured`, `unsupported`
 * or `unexpected`.
 */
export const openRdp = async (options: RdpOptions, around: RdpSurroundings): Promise<Rdp> => {
  const { host, port = 3389, system, account } = options;
  if (!isHost(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter a name or an address, and a port.`);
  for (const text of [account.username, account.domain ?? ''])
    if (!/^[^\p{Cc}]{0,256}$/u.test(text))
      throw new Fault(
        'misconfigured',
        `The account's name or domain for ${system} is too long, or has control characters.`,
      );
  if (account.username === '') throw new Fault('misconfigured', `Enter the account's name at ${system}.`);
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const began = performance.now();
  const tell = (method: string, problem?: string) =>
    around.log?.({
      ...{ system, method, path: place, status: null, attempt: 1, bytes: 0 },
      tookMs: Math.round(performance.now() - began),
      ...(problem === undefined ? {} : { problem }),
    });
  const faults = rdpFaults(system, place);
  try {
    // A host that takes NTLM only as it is says no to the first word of SPNEGO; no proof has been shown by then.
    const rdp = await open(options, faults, around.signal, 'spnego').catch((error: unknown) => {
      if (!(error instanceof NotTaken)) throw error;
      return open(options, faults, around.signal, 'none');
    });
    tell('CONNECT');
    return rdp;
  } catch (error) {
    around.signal.throwIfAborted();
    const fault = error instanceof NotTaken ? toFault(error.cause, faults) : error;
    tell('CONNECT', fault instanceof Fault ? fault.kind : 'failed');
    throw fault;
  }
};

/** Throws a Fault, or `NotTaken` where the host did not take the first message of network level authentication. */
const open = async (
  options: RdpOptions,
  faults: RdpFaults,
  signal: AbortSignal,
  wrapping: 'spnego' | 'none',
): Promise<Rdp> => {
  const { host, port = 3389, addresses } = options;
  const bounds = { ...defaults, ...options.bounds };
  signal.throwIfAborted();
  const lookup = addresses === undefined ? {} : { lookup: lookupAt(addresses) };
  const dialled = options.dial ? null : connect({ host, port, noDelay: true, ...lookup });
  const socket: Duplex = dialled ?? (await dial(options));
  // Whatever is waited for hears of it; an error that comes later must not end the process.
  socket.on('error', () => undefined);
  let tls: TLSSocket | null = null;
  try {
    const confirm = await within(bounds.connectMs, signal, faults, async (limit) => {
      if (dialled !== null) await connected(dialled, faults, limit);
      return negotiate(socket, faults, limit);
    });
    const confirmed = confirmedBy(confirm, faults);
    const secured = await within(bounds.tlsMs, signal, faults, (limit) =>
      secure(socket, options, { faults, signal: limit }),
    );
    tls = secured.stream;
    tls.on('error', () => undefined);
    const protocol = confirmed === protocols.tls ? 'tls' : 'nla';
    if (protocol === 'nla')
      await within(bounds.signInMs, signal, faults, (limit) =>
        signIn(options, secured, { wrapping, faults, signal: limit, confirmed }),
      );
    const { stream, certificates, fingerprint } = secured;
    return { confirm, protocol, certificates, fingerprint, stream, close: () => void stream.destroy() };
  } catch (error) {
    tls?.destroy();
    socket.destroy();
    throw error;
  }
};

const dial = ({ dial: through, system }: RdpOptions): Promise<Duplex> => {
  if (through === undefined) throw new Error(`nobody dials ${system}`);
  return through();
};

/** One step in its time; what goes wrong in it becomes a Fault. */
const within = async <T>(
  timeoutMs: number,
  signal: AbortSignal,
  faults: RdpFaults,
  step: (limit: AbortSignal) => Promise<T>,
): Promise<T> => {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(faults.of('stalled', `silent for ${timeoutMs} ms`)), timeoutMs);
  try {
    return await step(AbortSignal.any([signal, timer.signal]));
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NotTaken ? error : toFault(error, faults);
  } finally {
    clearTimeout(timeout);
  }
};

const toFault = (error: unknown, faults: RdpFaults): Fault => {
  if (error instanceof Fault) return error;
  return error instanceof Malformed ? faults.of('strange', error.message) : faults.of('cut', wordsOf(error));
};

const negotiate = async (socket: Duplex, faults: RdpFaults, signal: AbortSignal): Promise<Buffer> => {
  socket.write(connectionRequest(protocols.tls | protocols.nla | protocols.nlaWithResult));
  const length = (bytes: Buffer) => {
    const found = packetLength(bytes);
    if (found !== null && (found < 0 || found > 64)) throw faults.of('no rdp', `answered ${printed(bytes)}`);
    return found;
  };
  try {
    const packet = await take(socket, length, signal);
    if (socket.readableLength > 0) throw faults.of('no rdp', 'more than an answer');
    return packet;
  } catch (error) {
    throw error instanceof Cut ? faults.of('no rdp', 'ended at the connection request') : error;
  }
};

const connected = (socket: Socket, faults: RdpFaults, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      const { reason } = signal;
      reject(reason instanceof Fault ? faults.of('no connection', 'no connection in time') : reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    socket.once('error', (error) => reject(faults.of('no connection', wordsOf(error))));
  });

const confirmedBy = (packet: Buffer, faults: RdpFaults): number => {
  const confirmed = parseConfirm(packet);
  if (confirmed === null) throw faults.of('no rdp', `answered ${printed(packet)}`);
  if (confirmed.kind === 'old') throw faults.of('no tls', 'standard security');
  // 2 and 3: TLS is not allowed there, or there is no certificate for it.
  if (confirmed.kind === 'refused')
    throw faults.of(
      confirmed.code === 2 || confirmed.code === 3 ? 'no tls' : 'refused protocol',
      `code ${confirmed.code}`,
    );
  const { protocol } = confirmed;
  if (protocol !== protocols.tls && protocol !== protocols.nla && protocol !== protocols.nlaWithResult)
    throw faults.of('strange', `protocol ${protocol} was not asked for`);
  return protocol;
};

const signIn = async (
  { host, account }: RdpOptions,
  { stream, publicKey }: Secured,
  around: { wrapping: 'spnego' | 'none'; faults: RdpFaults; signal: AbortSignal; confirmed: number },
): Promise<void> => {
  const { username, password } = account;
  const shown = { username, domain: account.domain ?? '', password: password.reveal() };
  await proveByCredSsp({ ...around, stream, publicKey, host, account: shown });
  if (around.confirmed !== protocols.nlaWithResult) return;
  // Whether the account may, now that it is known to be itself (MS-RDPBCGR 2.2.10.2).
  const result = (await take(stream, () => 4, around.signal)).readUInt32LE();
  if (result !== 0) throw around.faults.of(result === 5 ? 'no right' : 'strange', `authorization result ${result}`);
};

/** A name, an IPv4 or an IPv6 address; neither options nor spaces. */
const isHost = (text: string) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$|^[0-9a-fA-F:]{2,39}(?:%[A-Za-z0-9]{1,16})?$/.test(text);

const printed = (bytes: Buffer) => JSON.stringify(bytes.subarray(0, 40).toString('latin1'));

/** The code of a network error; its words may hold what is nobody's business. */
const wordsOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'the connection ended';
